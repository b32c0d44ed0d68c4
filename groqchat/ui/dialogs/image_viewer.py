"""The window that shows images of a prompt.

Terminals that are known for it show them in pixels; in others they are drawn with half blocks, two
pixels in a cell. Sixels are left out: which terminals have them is known by asking alone, and the
compositor, which cuts rows into cells, would paint over them.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from itertools import count
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.images.image import cost_words, read_from
from groqchat.domain.text.humanize import size
from groqchat.services.images.pixels import pixel_rows, png_of
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.terminal import kitty_images
from groqchat.ui.terminal.textual_internals import driver_of
from groqchat.ui.transcript.picture_lines import HALF, runs_of
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from groqchat.domain.images.image import Image
    from groqchat.services.images.pixels import Pixel
    from groqchat.services.images.ports import ImageStore
    from groqchat.ui.dialogs.dialog import Ask
    from groqchat.ui.transcript.picture_lines import Run

_LONGEST_TITLE = 60
# Other programs in the same terminal have images with numbers of their own.
_NUMBERS = count(secrets.randbelow(2**31) + 1)
_NOT_READ = "The image cannot be read: it is not kept here."
_NO_COLOURS = "This terminal shows no colours, and so no images."


class Picture(Widget):
    """An image as large as there is room for, drawn with half blocks.

    Args:
        say: Called with why an image is not shown, or with nothing once it is.
    """

    DEFAULT_CSS = "Picture { height: 1fr; width: 1fr; }"

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__()
        self._say = say
        self._image: Image | None = None
        self._strips: list[Strip] = []
        self._number = 0  # of what the terminal shows in pixels; 0: nothing

    def show(self, image: Image | None) -> None:
        """Show an image with its bytes; None: it was not read."""
        self._image, self._strips = image, []
        self._draw_soon()

    def on_resize(self) -> None:
        """Draw it again, as large as there is room now."""
        self._draw_soon()

    def on_unmount(self) -> None:
        """Take the pixels away."""
        self.hide()

    def hide(self) -> None:
        """Take the pixels away, which would stand over whatever covers the window."""
        if self._number:
            self._write(kitty_images.removed(self._number))
            self._number = 0

    def _draw_soon(self) -> None:
        self.hide()
        if self.size:
            self.run_worker(self._draw(), group="picture", exclusive=True)

    async def _draw(self) -> None:
        if self._image is None:
            self._say(_NOT_READ)
        elif self.app.console.color_system is None:
            self._say(_NO_COLOURS)
        else:
            try:
                if self._has_pixels():
                    await self._show_pixels(self._image)
                else:
                    self._strips = await asyncio.to_thread(strips_of, self._image, *self.size)
                self._say("")
            except ValueError as mistake:
                self._say(str(mistake))
        self.refresh()

    def _has_pixels(self) -> bool:
        is_terminal = not (self.app.is_web or self.app.is_headless)
        return is_terminal and kitty_images.can_show(os.environ)

    async def _show_pixels(self, image: Image) -> None:
        """Have the terminal show the image once the window is painted."""
        cell, room = kitty_images.cell_size(), kitty_images.Box(*self.region)
        most = room.columns * cell[0], room.rows * cell[1]
        png, width, height = await asyncio.to_thread(png_of, image, *most)
        box = kitty_images.box_of(width, height, room, cell)
        self._number = next(_NUMBERS)
        sequence = kitty_images.shown(self._number, png, box)
        self.call_after_refresh(self._place, self._number, sequence)

    def _place(self, number: int, sequence: str) -> None:
        """Show pixels, unless they were taken away before they came."""
        if number == self._number:
            self._write(sequence)

    def _write(self, sequence: str) -> None:
        if (driver := driver_of(self.app)) is not None:
            driver.write(sequence)

    def render_line(self, y: int) -> Strip:
        """A row of the image, in the middle."""
        width, ground = self.size.width, self.rich_style
        row = y - max(0, self.size.height - len(self._strips)) // 2
        if not 0 <= row < len(self._strips):
            return Strip.blank(width, ground)
        strip = self._strips[row]
        left = Segment(" " * ((width - strip.cell_length) // 2), ground)
        return Strip([left, *strip]).adjust_cell_length(width, ground)


def strips_of(image: Image, columns: int, rows: int) -> list[Strip]:
    """The rows of an image that is drawn with half blocks.

    Args:
        image: The image, with its bytes.
        columns: The most cells of a row.
        rows: The most rows.

    Raises:
        ValueError: It cannot be shown; the message is a sentence for the user.
    """
    return [Strip(map(_segment, row)) for row in runs_of(pixel_rows(image, columns, 2 * rows))]


def _segment(run: Run) -> Segment:
    """Cells of two pixels each; below the last row stands the ground."""
    return Segment(HALF * run.width, Style(color=_colour(run.above), bgcolor=_colour(run.below)))


def _colour(pixel: Pixel | None) -> str | None:
    return "#{:02x}{:02x}{:02x}".format(*pixel) if pixel else None


class ImageViewer(Dialog[bool]):
    """Images of a prompt, one at a time; the result is True where the one is to be removed.

    Args:
        images: The images, at least one; those without bytes are named.
        first: The number of the one that is shown first, from 0.
        can_remove: Whether a key removes it.
    """

    DEFAULT_CSS = """
    ImageViewer > #frame { width: 100%; max-width: 200; height: 100%; }
    ImageViewer #why { height: auto; color: $text-warning; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "go(-1)", show=False),
        Binding("right", "go(1)", show=False),
        Binding("backspace,delete", "remove", show=False),
        Binding("enter", "close", show=False),
    ]
    purpose = "The images of a prompt, as large as the window allows."
    guide = "attachments"

    def __init__(
        self, images: Sequence[Image], first: int = 0, *, can_remove: bool = False
    ) -> None:
        super().__init__()
        self._images, self._number = images, first
        self._can_remove = can_remove
        self._is_covered = False
        self.heading = line(images[first].words, _LONGEST_TITLE)

    def content(self) -> Iterable[Widget]:
        """What the image is, why it is not shown, and the image."""
        self._about = Static(id="said", markup=False)
        self._why = Static(id="why", markup=False)
        self._picture = Picture(self._tell)
        return self._about, self._why, self._picture

    def hints(self) -> Sequence[KeyHint]:
        """The keys between several images, and what can be done with one."""
        several = (KeyHint("←→", "other images"),) if len(self._images) > 1 else ()
        remove = (KeyHint("Backspace", "remove", "backspace"),) if self._can_remove else ()
        return (*several, *remove, CLOSE)

    def on_mount(self) -> None:
        """Show the first image."""
        self._show()

    def on_screen_suspend(self) -> None:
        """Another window covers this one."""
        self._is_covered = True
        self._picture.hide()

    def on_screen_resume(self) -> None:
        """The window is on top again, or for the first time."""
        if self._is_covered:
            self._is_covered = False
            self._show()

    def action_go(self, step: int) -> None:
        """Show the image before (-1) or after (1)."""
        number = self._number + step
        if 0 <= number < len(self._images):
            self._number = number
            self._show()

    def action_remove(self) -> None:
        """Close, and have the image removed."""
        if self._can_remove:
            self.finish(True)

    def _show(self) -> None:
        image = self._images[self._number]
        parts = [cost_words(1)]
        if image.data:
            kind = image.media_type.removeprefix("image/").upper()
            parts = [line(kind), size(len(image.data)), *parts]
        if len(self._images) > 1:
            parts.append(f"image {self._number + 1} of {len(self._images)}")
        self._about.update(" · ".join(parts))
        self.query_one("#frame").border_title = line(image.words, _LONGEST_TITLE)
        self._picture.show(image if image.data else None)

    def _tell(self, why: str) -> None:
        self._why.update(why)
        self._why.display = bool(why)


def first_named(images: Sequence[Image], words: str) -> int:
    """The number of the first image whose words begin so; 0 where there is none."""
    named = (number for number, image in enumerate(images) if image.words.startswith(words))
    return next(named, 0)


async def show_images(
    images: Sequence[Image],
    store: ImageStore | None,
    ask: Ask,
    *,
    first: int = 0,
    can_remove: bool = False,
) -> bool:
    """Show images of a prompt; returns whether the one shown is to be removed.

    Args:
        images: The images, at least one, as their marks name them.
        store: Where their bytes are kept.
        ask: Opens a window and waits for its result.
        first: The number of the one that is shown first, from 0.
        can_remove: Whether a key removes it.
    """
    try:
        kept = await store.images([image.digest for image in images]) if store else {}
    except StorageError:
        kept = {}
    read = [read_from(image, kept) or image for image in images]
    is_unwanted = await ask(ImageViewer(read, first, can_remove=can_remove))
    return bool(is_unwanted)
