"""What was used and what it cost, by day, model, session or profile, with bars."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.ledger.sums import Grouping
from groqchat.domain.ledger.usage_report import share_rows, shares_csv
from groqchat.domain.text.humanize import aligned, count, money
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.terminal.files import path_from
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from pathlib import Path

    from textual.widget import Widget

    from groqchat.domain.ledger.sums import Share, Sums

# Names are cut to this many cells; the bars share what figures leave of a line.
_NAME, _LONGEST_BAR = 24, 24
_ALL = "all"


class UsageScreen(Dialog[None]):
    """Sums of the ledger on this machine.

    Args:
        shares: Reads them.
        spent: Reads the sum of all.
        title_of: What a session is called, by its id.
        save: Writes a file, over none that holds anything else.
    """

    DEFAULT_CSS = """
    UsageScreen > #frame { height: 90%; }
    UsageScreen.-narrow > #frame { height: 100%; }
    UsageScreen VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    UsageScreen #usage { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(group.value[0], f"by('{group.value}')", show=False) for group in Grouping),
        Binding("c", "export('csv')", show=False),
        Binding("j", "export('json')", show=False),
    ]
    heading = "Usage at list price"

    def __init__(
        self,
        shares: Callable[[Grouping], Awaitable[Sequence[Share]]],
        spent: Callable[[], Awaitable[Sums]],
        title_of: Callable[[str], Awaitable[str]],
        save: Callable[..., Path | None],
    ) -> None:
        super().__init__()
        self._read = shares
        self._spent = spent
        self._title_of = title_of
        self._save = save
        self._by = Grouping.DAY
        self._shares: Sequence[Share] = ()

    def content(self) -> Iterable[Widget]:
        """The rows, and a line for what was said last."""
        self._table = Static(id="usage", markup=False)
        self._said = Static(id="said", markup=False)
        return (VerticalScroll(self._table), self._said)

    def hints(self) -> Sequence[KeyHint]:
        """A letter for each grouping."""
        groups = [KeyHint(group.value[0], f"by {group}", group.value[0]) for group in Grouping]
        return (*groups, KeyHint("c", "save CSV", "c"), KeyHint("j", "save JSON", "j"), CLOSE)

    async def on_mount(self) -> None:
        """Days first."""
        self.query_one(VerticalScroll).focus()
        await self.action_by(Grouping.DAY)

    async def action_by(self, group: str) -> None:
        """Take the sums over something else."""
        self._by = Grouping(group)
        self._shares = await self._read(self._by)
        names = [await self._titled(share.key) for share in self._shares]
        width = max(20, self._table.content_size.width or self.app.size.width - 12)
        total = await self._spent()
        lines = _lines(self._by, names, self._shares, total, width)
        self._table.update(Content("\n").join(lines))

    async def _titled(self, key: str) -> str:
        named = await self._title_of(key) if self._by is Grouping.SESSION and key else key
        return line(named or "–", _NAME)

    def action_export(self, form: str) -> None:
        """Save what is shown beside where the program was started."""
        text = shares_csv(self._shares)
        if form == "json":
            text = json.dumps(share_rows(self._shares), indent=2) + "\n"
        path = path_from(f"groqchat-usage-by-{self._by}.{form}")
        try:
            saved = self._save(path, text, lambda there: there == text, is_chosen=True)
        except GroqchatError as error:
            self._said.update(Content(error.message))
        else:
            self._said.update(Content(f"Saved as {saved}."))


def _lines(
    by: Grouping, names: Sequence[str], shares: Sequence[Share], total: Sums, width: int
) -> Iterable[Content]:
    """A head, a line for all, and one for each share: name, tokens and cost, each with its bar."""
    if not shares:
        yield Content("No requests yet.")
        return
    tokens = [share.sums.prompt_tokens + share.sums.completion_tokens for share in shares]
    costs = [share.sums.cost for share in shares]
    name = max(len(by.value), len(_ALL), *map(len, names))
    numbers = [count(number) for number in (total.prompt_tokens + total.completion_tokens, *tokens)]
    amounts = aligned([sums.told(money) for sums in (total, *(share.sums for share in shares))])
    left = max(len("tokens"), *map(len, numbers))
    right = max(len("cost"), *map(len, amounts))
    bar = max(0, min(_LONGEST_BAR, (width - name - left - right - 6) // 2))
    head = f"{by.value:<{name}}  {'tokens':>{left}} {'':{bar}}  {'cost':>{right}}"
    yield Content.styled(head, "$text-muted")
    in_all, of_all = numbers.pop(0), amounts.pop(0)
    yield Content.styled(f"{_ALL:<{name}}  {in_all:>{left}} {'':{bar}}  {of_all:>{right}}", "bold")
    said = zip(names, tokens, costs, numbers, amounts, strict=True)
    for title, number, cost, in_tokens, in_money in said:
        yield Content.assemble(
            f"{title:<{name}}  {in_tokens:>{left}} ",
            (_bar(number / max(1, *tokens), bar), "$accent"),
            f"  {in_money:>{right}} ",
            (_bar(float(cost / max(costs)) if max(costs) else 0.0, bar), "$success"),
        )


def _bar(share: float, width: int) -> str:
    """As long as the share; what is not nothing shows."""
    full = max(round(share * width), 1 if share > 0 and width else 0)
    return f"{'━' * full:<{width}}"
