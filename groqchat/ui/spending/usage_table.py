"""The rows of the usage window, laid out for the width there is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from groqchat.domain.ledger.sums import Grouping
from groqchat.domain.text.humanize import aligned, count, money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.geometry import Size

    from groqchat.domain.ledger.sums import Sums

# Cells for a name before bars take the room, and for a bar; shorter bars say nothing.
_NAME, _LONGEST_BAR, _SHORTEST_BAR = 32, 24, 4
_GAP, _GAPS = "  ", 4
_ALL = "all"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the table; ``tokens`` and ``cost`` are texts, the shares are from 0 to 1."""

    name: str
    tokens: str
    cost: str
    of_tokens: float = 0.0
    of_cost: float = 0.0


class UsageTable(Widget):
    """A head, a row for all, and one for each share: name, tokens and cost, each with its bar."""

    DEFAULT_CSS = """
    UsageTable { height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._by = Grouping.DAY
        self._rows: list[_Row] = []

    def show(self, by: Grouping, shares: Sequence[tuple[str, Sums]], total: Sums) -> None:
        """Show these from now on.

        Args:
            by: What the sums are taken over.
            shares: A name and its sums for each row.
            total: The sums of all.
        """
        self._by = by
        self._rows = _rows(shares, total) if shares else []
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line for each row and one for the head."""
        return 1 + len(self._rows)

    def render(self) -> Content:
        """The lines, none of them wider than there is room."""
        width = max(1, self.content_size.width)
        lines = _lines(self._by, self._rows, width) if self._rows else [Content("No requests yet.")]
        return Content("\n").join(line.truncate(width) for line in lines)


def _rows(shares: Sequence[tuple[str, Sums]], total: Sums) -> list[_Row]:
    """The row for all, and those of the shares; their bars are measured by the greatest."""
    tokens = [sums.prompt_tokens + sums.completion_tokens for _, sums in shares]
    most, dearest = max(1, *tokens), max(sums.cost for _, sums in shares)
    written = aligned([sums.cost_text(money) for sums in (total, *(sums for _, sums in shares))])
    of_all = _Row(_ALL, count(total.prompt_tokens + total.completion_tokens), written[0])
    return [of_all] + [
        _Row(
            name,
            count(number),
            cost,
            number / most,
            float(sums.cost / dearest) if dearest > Decimal(0) else 0.0,
        )
        for (name, sums), number, cost in zip(shares, tokens, written[1:], strict=True)
    ]


def _lines(by: Grouping, rows: Sequence[_Row], width: int) -> Iterable[Content]:
    """Names get the room that figures and bars leave; bars go first where that is little."""
    left = max(len("tokens"), *(len(row.tokens) for row in rows))
    right = max(len("cost"), *(len(row.cost) for row in rows))
    longest = max(len(by.value), *(Content(row.name).cell_length for row in rows))
    room = width - left - right - _GAPS
    bar = min(_LONGEST_BAR, (room - min(longest, _NAME)) // 2 - 1)
    bar = bar if bar >= _SHORTEST_BAR else 0
    name = max(1, min(longest, room - 2 * (bar + 1) if bar else room))
    yield Content.styled(
        _plain(_Row(by.value, "tokens", "cost"), name, left, right, bar), "$text-muted"
    )
    for place, row in enumerate(rows):
        if place == 0:
            yield Content.styled(_plain(row, name, left, right, bar), "bold")
            continue
        yield Content.assemble(
            _named(row.name, name, is_model=by is Grouping.MODEL),
            f"{_GAP}{row.tokens:>{left}}",
            (_bar(row.of_tokens, bar), "$accent"),
            f"{_GAP}{row.cost:>{right}}",
            (_bar(row.of_cost, bar), "$success"),
        )


def _plain(row: _Row, name: int, left: int, right: int, bar: int) -> str:
    """A row without bars, whose figures stand where those of the others do."""
    return f"{row.name:<{name}}{_GAP}{row.tokens:>{left}}{_bar(0, bar)}{_GAP}{row.cost:>{right}}"


def _named(name: str, cells: int, *, is_model: bool) -> Content:
    """A name in so many cells; models differ at their ends, which stay."""
    whole = Content(name)
    if is_model and whole.cell_length > cells:
        name = name.rpartition("/")[2]
        name = name if len(name) <= cells else f"…{name[len(name) - cells + 1 :]}"
    return Content(name).truncate(cells, ellipsis=True, pad=True)


def _bar(share: float, width: int) -> str:
    """The bar of a share, after a blank; a share above zero has at least one cell."""
    full = max(round(share * width), 1 if share > 0 and width else 0)
    return f" {'━' * full:<{width}}" if width else ""
