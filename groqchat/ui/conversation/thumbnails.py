"""The images of prompts as small pictures, where the terminal shows all colours."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.cache import LRUCache

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.images.image import MOST_IMAGES
from groqchat.services.images.pixels import pixel_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import App

    from groqchat.domain.images.image import Image
    from groqchat.services.images.ports import ImageStore
    from groqchat.ui.transcript.picture_lines import Pixels

_COLUMNS, _ROWS = 32, 8
# In a low window there is room for the text first.
_SHARE = 4
_KEPT = 64


class Thumbnails:
    """Draws the images of prompts.

    Args:
        store: Where their bytes are kept.
        terminal: The app, which knows the terminal, once there is one.
        is_on: Whether they are drawn.
    """

    def __init__(
        self, store: ImageStore, terminal: Callable[[], App[object]], *, is_on: bool
    ) -> None:
        self._store = store
        self._terminal = terminal
        self.is_on = is_on
        self._drawn: LRUCache[tuple[str, int], Pixels] = LRUCache(_KEPT)

    async def draw(self, images: Sequence[Image]) -> Sequence[Pixels]:
        """The first images of a prompt as rows of pixels; empty for one that cannot be shown."""
        app = self._terminal()
        is_colourful = app.console.color_system == "truecolor" and not app.no_color
        rows = min(_ROWS, app.size.height // _SHARE)
        if not (self.is_on and is_colourful and rows):
            return ()
        shown = images[:MOST_IMAGES]
        new = [each.digest for each in shown if (each.digest, rows) not in self._drawn]
        try:
            kept = await self._store.images(new) if new else {}
        except StorageError:
            return ()
        for digest, image in kept.items():
            self._drawn[digest, rows] = await asyncio.to_thread(_pixels, image, rows)
        return [self._drawn.get((each.digest, rows), ()) for each in shown]


def _pixels(image: Image, rows: int) -> Pixels:
    try:
        return pixel_rows(image, _COLUMNS, 2 * rows)
    except ValueError:  # without Pillow, or broken: its name in the text has to do
        return ()
