"""The usage and its cost by day, model, session or profile, with bars."""

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
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.spending.usage_table import UsageTable
from groqchat.ui.terminal.files import path_from
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from pathlib import Path

    from textual.widget import Widget

    from groqchat.domain.ledger.sums import Share, Sums

# Titles of sessions are cut to this many characters, however wide the screen is.
_NAME = 60
# The most days or sessions that are shown.
_MOST_ROWS = 100


class UsageScreen(Dialog[None]):
    """Sums of the ledger on this machine.

    Args:
        shares: Reads them.
        spent: Reads the sum of all.
        title_of: What a session is called, by its id.
        save: Writes a file, over none that holds anything else.
        forecast: Forecasts the cost of the month in a sentence; empty where nothing was used.
    """

    DEFAULT_CSS = """
    UsageScreen > #frame { height: 90%; }
    UsageScreen.-narrow > #frame { height: 100%; }
    UsageScreen #notes { height: auto; margin-top: 1; color: $text-muted; }
    UsageScreen VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(group.value[0], f"by('{group.value}')", show=False) for group in Grouping),
        Binding("c", "export('csv')", show=False),
        Binding("j", "export('json')", show=False),
    ]
    heading = "Usage at list price"
    purpose = "What your requests used and cost, from the ledger on this machine, at list price."
    guide = "limits"

    def __init__(
        self,
        shares: Callable[..., Awaitable[Sequence[Share]]],
        spent: Callable[[], Awaitable[Sums]],
        title_of: Callable[[str], Awaitable[str]],
        save: Callable[..., Path | None],
        forecast: Callable[[], Awaitable[str]],
    ) -> None:
        super().__init__()
        self._read = shares
        self._spent = spent
        self._title_of = title_of
        self._save = save
        self._forecast = forecast
        self._by = Grouping.DAY

    def content(self) -> Iterable[Widget]:
        """The rows with what is to be said of them, and a line for what was done last."""
        self._table = UsageTable(id="usage")
        self._said = Static(id="said", markup=False)
        self._notes = Static(id="notes", markup=False)
        return (VerticalScroll(self._table, self._notes), self._said)

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
        # One more than is shown tells that there are more.
        shares = await self._read(self._by, limit=_MOST_ROWS + 1)
        is_cut = self._by.is_by_time and len(shares) > _MOST_ROWS
        shown = shares[:_MOST_ROWS] if is_cut else shares
        rows = [(await self._titled(share.key), share.sums) for share in shown]
        total = await self._spent()
        self._table.show(self._by, rows, total)
        said = total.without_price()
        notes = [f"The newest {_MOST_ROWS} of more; c and j save all."] if is_cut else []
        notes += [f"+ {said}"] if said else []
        notes += [total.from_cache(), total.of_sound(), await self._forecast()]
        self._notes.update(Content(" ".join(filter(None, notes))))

    async def _titled(self, key: str) -> str:
        named = await self._title_of(key) if self._by is Grouping.SESSION and key else key
        return line(named or "–", _NAME)

    async def action_export(self, form: str) -> None:
        """Save all rows beside where the program was started."""
        path = path_from(f"groqchat-usage-by-{self._by}.{form}")
        try:
            shares = await self._read(self._by)
            text = shares_csv(shares)
            if form == "json":
                text = json.dumps(share_rows(shares), indent=2) + "\n"
            saved = self._save(path, text, lambda there: there == text, is_chosen=True)
        except GroqchatError as error:
            self._said.update(Content(error.message))
        else:
            self._said.update(Content(f"Saved as {saved}."))
