"""The ways to send a prompt whose file is too long for one request, each with its price."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Input, Static

from groqchat.domain.text.humanize import count, counted, duration, money
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.dialogs.picker import FewPicker
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

    from textual.widget import Widget

    from groqchat.ui.widgets.attaching.chips import Chip

_LONGEST_NAME = 30


class Part(StrEnum):
    """The way in which a long text is sent."""

    FIRST = "first"
    LINES = "lines"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Offer:
    """One way: its name, what it does, its tokens, and its list price; None: not known.

    ``wait_s`` is how long the requests have to wait for each other at least. A way that
    ``is_closed`` cannot be taken here; its words say why.
    """

    part: Part
    title: str
    words: str
    tokens: int | None = None
    cost: Decimal | None = None
    wait_s: float = 0.0
    is_closed: bool = False

    @property
    def price(self) -> str:
        """The tokens and their price, and the time where that is long."""
        if self.is_closed:
            return "not possible"
        if self.tokens is None:
            return "price as you write"
        return figures_of(self.tokens, self.cost, self.wait_s)


def figures_of(tokens: int, cost: Decimal | None, wait_s: float = 0.0) -> str:
    """``≈ 6,300 tokens · ≈ $0.0009``, as it is told before a choice."""
    price = f"≈ {money(cost)}" if cost is not None else "price unknown"
    wait = [f"≈ {duration(wait_s)}"] if wait_s else []
    return " · ".join([f"≈ {counted(tokens, 'token')}", price, *wait])


class OversizedPicker(FewPicker[Offer]):
    """The choice of what of a long text is sent; its result is None where nothing is.

    Args:
        chip: The text.
        tokens: The length of the prompt.
        most: The tokens that a request may have.
        offers: The ways.
    """

    DEFAULT_CSS = """
    OversizedPicker > #frame { width: 100%; max-width: 90; height: auto; }
    OversizedPicker.-narrow > #frame { width: 100%; height: 100%; }
    OversizedPicker #rows { height: auto; max-height: 1fr; }
    OversizedPicker.-short #rows { max-height: 3; }
    OversizedPicker.-short #said { max-height: 5; min-height: 4; }
    """
    heading = "Too long for one request"
    purpose = (
        "Ways to send a prompt that no request can hold, each with how many requests it takes "
        "and what they cost."
    )
    guide = "limits"

    def __init__(self, chip: Chip, tokens: int, most: int, offers: Sequence[Offer]) -> None:
        super().__init__()
        name = line(chip.name, _LONGEST_NAME)
        self._now = (
            f"With {name} the prompt has ≈ {counted(tokens, 'token')}, of at most {count(most)}."
        )
        self._offers = offers

    def narrow(self, query: str) -> None:
        """Show all ways."""
        self.show_rows([(_row(each), each) for each in self._offers])

    def choose(self, value: Offer) -> None:
        """Take a way that is open."""
        if not value.is_closed:
            super().choose(value)

    def describe(self, value: Offer) -> Content:
        """The price first, which a narrow row may cut; then what the way does."""
        price = "" if value.is_closed else f"{value.price}. "
        return Content(f"{price}{value.words} {self._now}")


def _row(offer: Offer) -> Content:
    return Content.assemble(offer.title, (f" · {offer.price}", "$text-muted"))


class LinesDialog(Dialog[tuple[int, int]]):
    """Asks for the lines of a text that are sent; the result is the first and the last.

    Args:
        name: The name of the text.
        lines: The number of its lines.
        last: The last line of the range that is there at first.
        figures: Tells tokens and price of a range, and whether it is too long.
    """

    DEFAULT_CSS = """
    LinesDialog > #frame { max-width: 72; }
    LinesDialog Input { margin: 1 0; }
    LinesDialog.-low Input { margin: 0; }
    """
    purpose = "The lines of the file that are sent. The others are left out."
    guide = "attachments"

    def __init__(
        self, name: str, lines: int, last: int, figures: Callable[[int, int], tuple[str, bool]]
    ) -> None:
        self.heading = f"Lines of {line(name, _LONGEST_NAME)}"
        super().__init__()
        self._lines, self._first_range = lines, f"1-{max(1, last)}"
        self._figures = figures

    def content(self) -> Iterable[Widget]:
        """The line to write on, with tokens and price below."""
        self._input = Input(self._first_range, max_length=24)
        self._below = Static("", id="said", markup=False)
        yield self._input
        yield self._below

    def hints(self) -> Sequence[KeyHint]:
        """The keys: Enter takes the lines."""
        return (KeyHint("Enter", "take them", "enter"), CLOSE)

    def on_mount(self) -> None:
        """Ready to write."""
        self._input.focus()

    def on_input_changed(self) -> None:
        """Tell tokens and price of what is written."""
        self._below.update(Content(self._told()[0]))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the lines, if they fit."""
        event.stop()
        if self._told()[1] and (chosen := self._range()):
            self.finish(chosen)

    def _range(self) -> tuple[int, int] | None:
        first, _, last = self._input.value.replace(" ", "").partition("-")
        if not (first.isdecimal() and (last or first).isdecimal()):
            return None
        begin, end = int(first), min(int(last or first), self._lines)
        return (begin, end) if 0 < begin <= end else None

    def _told(self) -> tuple[str, bool]:
        chosen = self._range()
        if chosen is None:
            return f"Write two numbers from 1 to {count(self._lines)}, such as 10-80.", False
        return self._figures(*chosen)
