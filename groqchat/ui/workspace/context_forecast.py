"""The size of the history that is sent before the text in the composer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widget import Widget

    from groqchat.domain.turns.chat import Options
    from groqchat.services.turns.ports import Asking
    from groqchat.services.turns.sizing import RequestPreview


class ContextForecast:
    """The size of the history before a prompt, kept so that a key costs only its own text.

    Args:
        host: The widget whose worker reads the history.
        on_preview: Called when a preview that was asked for has been read.
    """

    def __init__(self, host: Widget, on_preview: Callable[[], None]) -> None:
        self._host = host
        self._on_preview = on_preview
        self._key: tuple[Asking, str | None, Options] | None = None
        self._preview: RequestPreview | None = None
        self._is_read = asyncio.Event()
        self._is_read.set()
        self._waiting = 0

    def preview(
        self, turns: Asking, parent_id: str | None, options: Options
    ) -> RequestPreview | None:
        """The request that a prompt would be sent with; None until the history has been read.

        Args:
            turns: The service that would send it.
            parent_id: The message that it follows.
            options: Model and parameters.
        """
        key = turns, parent_id, options
        if key != self._key:
            self._key, self._preview = key, None
            self._is_read.clear()
            self._host.run_worker(self._read(*key), group="forecast")
        return self._preview

    async def _read(self, turns: Asking, parent_id: str | None, options: Options) -> None:
        preview = None
        try:
            with suppress(StorageError):  # sending says it
                preview = await turns.preview(parent_id, options)
        finally:
            if self._key == (turns, parent_id, options):
                self._preview = preview
                self._is_read.set()
        if preview is not None and self._preview is preview and not self._waiting:
            self._on_preview()

    async def known(self) -> None:
        """Wait until the history that was asked for has been read; whoever waits shows it."""
        self._waiting += 1
        try:
            await self._is_read.wait()
        finally:
            self._waiting -= 1
