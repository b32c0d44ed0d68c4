"""What would be sent before the text that is being written, read again when that changes."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widget import Widget

    from groqchat.domain.turns.chat import Options
    from groqchat.services.turns.chat import Turns
    from groqchat.services.turns.sizing import Prospect


class Foresight:
    """Remembers how long all is that is sent before a prompt, so that keys cost only their text.

    Args:
        host: Runs the reading.
        told: Called when something has been read that was asked for in vain.
    """

    def __init__(self, host: Widget, told: Callable[[], None]) -> None:
        self._host = host
        self._told = told
        self._key: tuple[Turns, str | None, Options] | None = None
        self._prospect: Prospect | None = None

    def prospect(self, turns: Turns, parent_id: str | None, options: Options) -> Prospect | None:
        """What a prompt is sent with; None as long as it has to be read.

        Args:
            turns: Who would send it.
            parent_id: The message that it follows.
            options: Model and parameters.
        """
        key = turns, parent_id, options
        if key != self._key:
            self._key, self._prospect = key, None
            self._host.run_worker(self._read(*key), group="foresight")
        return self._prospect

    async def _read(self, turns: Turns, parent_id: str | None, options: Options) -> None:
        with suppress(StorageError):  # sending says it
            prospect = await turns.prospect(parent_id, options)
            if self._key == (turns, parent_id, options):
                self._prospect = prospect
                self._told()
