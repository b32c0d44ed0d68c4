"""A window whose rows come from the settings file, which it follows while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from groqchat.ui.dialogs.dialog import T
from groqchat.ui.dialogs.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from textual.events import Resize

    from groqchat.ui.settings.desk import SettingsDesk

# How often the file is looked at, in seconds.
LOOKS_S = 1.0


class SettingsWindow(Picker[T], Generic[T]):
    """A list of what the settings file says, which stays open while that is changed.

    Args:
        desk: Reads and changes the settings.
        query: The words to search for at first.
    """

    DEFAULT_CSS = """
    SettingsWindow > #frame { width: 96%; max-width: 116; }
    SettingsWindow.-narrow > #frame { width: 100%; }
    """
    guide = "settings"

    def __init__(self, desk: SettingsDesk, query: str = "") -> None:
        super().__init__(query)
        self._desk = desk
        # What was done last.
        self._words = ""

    def on_mount(self) -> None:
        """Follow the file while the window is open."""
        self.set_interval(LOOKS_S, self._look)

    def on_resize(self, event: Resize) -> None:
        """Fit the rows to the new width."""
        self.call_after_refresh(self._refresh)

    # -- for subclasses -------------------------------------------------------------------------

    def _show(self, query: str, chosen: T | None = None) -> None:
        """Show the rows that match, with one of them highlighted."""
        raise NotImplementedError

    @property
    def _are_old(self) -> bool:
        """Whether the file has changed since the rows were shown."""
        raise NotImplementedError

    @property
    def _is_asking(self) -> bool:
        """Whether a key or a value is being entered, so that other news wait."""
        raise NotImplementedError

    # -- rows -----------------------------------------------------------------------------------

    def narrow(self, query: str) -> None:
        """Show the rows that match."""
        self._words = ""
        self._show(query)

    def _say(self, words: str) -> None:
        self._words = words
        self._refresh()

    def _refresh(self) -> None:
        if self.is_mounted:
            self._show(self.line.value, self.highlighted)
            now = self.highlighted
            self.said.update(self._words if now is None else self.describe(now))

    async def _look(self) -> None:
        """Show what another program has changed."""
        said = await self._desk.news()
        if said and not self._is_asking:
            self._say(said)
        elif self._are_old:
            self._refresh()

    def _work(self, work: Coroutine[Any, Any, object]) -> None:
        self.run_worker(work, group="change", exclusive=True)
