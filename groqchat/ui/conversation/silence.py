"""The time since the last part of an answer arrived, shown where the answer will be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.services.ports import Clock
    from groqchat.ui.transcript.view import Transcript

SHOWN_AFTER_S = 1.0
TICK_S = 1.0


class Silence:
    """Watches one turn; call :meth:`tick` about once a second while it runs.

    Args:
        transcript: Where the answer is awaited.
        clock: Time.
        comes_whole: Whether the answer is not streamed, so that nothing comes before its end.
    """

    def __init__(self, transcript: Transcript, clock: Clock, *, comes_whole: bool = False) -> None:
        self._transcript = transcript
        self._clock = clock
        self._words = "the answer comes as a whole:" if comes_whole else "waiting"
        self._said = self._words
        self._entry_id = ""
        self._since: float | None = None
        self._is_shown = False

    def begin(self, entry_id: str, words: str = "") -> None:
        """Start counting; the line is shown below this entry, maybe with other words."""
        self.end()
        self._entry_id = entry_id
        self._said = words or self._words
        self._since = self._clock.monotonic()

    def end(self) -> None:
        """Stop counting and remove the line: a part arrived, or the turn ended."""
        self._since = None
        if self._is_shown:
            self._is_shown = False
            self._transcript.update(self._entry_id, footer="")

    def tick(self) -> None:
        """Show how long nothing has come, from ``SHOWN_AFTER_S`` seconds on."""
        if self._since is None:
            return
        waited = self._clock.monotonic() - self._since
        if waited >= SHOWN_AFTER_S:
            self._is_shown = True
            footer = f"{self._said} {waited:.0f} s… · Esc stops"
            self._transcript.update(self._entry_id, footer=footer)
