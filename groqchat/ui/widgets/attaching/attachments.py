"""Files in a prompt: those named by ``@path``, and changes, are added below it, as chips."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.text.fences import attached
from groqchat.domain.text.sanitize import sanitize
from groqchat.services.pages.ports import PageError, PrivateAddressError
from groqchat.services.pages.web_pages import WebPages
from groqchat.ui.terminal.files import path_from, read_text
from groqchat.ui.terminal.named_texts import NamedTexts, named_texts
from groqchat.ui.widgets.attaching.chips import Chip, ChipKind, file_chip, image_chip
from groqchat.ui.widgets.attaching.file_ranges import ForeignText, Span
from groqchat.ui.widgets.attaching.named_files import (
    NamedFiles,
    is_image_taken,
    names_in,
    names_page,
    read_named,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.worker import Worker

    from groqchat.domain.images.image import Image
    from groqchat.services.images.ports import ImageStore
    from groqchat.ui.widgets.attaching.chip_area import ChipArea
    from groqchat.ui.widgets.attaching.named_files import Name

    # Shows for as long as its block runs that files are being read.
    Telling = Callable[[], AbstractContextManager[object]]

# Reading that takes longer is told, in seconds.
TOLD_AFTER_S = 0.3
ENTER_SENDS = "; Enter sends it."
CHANGED = "The prompt was changed meanwhile; Enter sends it."


@dataclass(frozen=True, slots=True)
class Reading:
    """What Enter was pressed on: the whole text, and how it is shown."""

    text: str
    shown: str


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of the names in a text, ``shown``; it holds only for this text.

    ``missed`` cannot be attached, and another Enter sends the text without them; ``private`` are
    addresses in the user's own network, which another Enter fetches.
    """

    shown: str = ""
    missed: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()

    def news(self, shown: str, missed: dict[str, str]) -> dict[str, str]:
        """Of the names that cannot be attached, those that were not told yet."""
        known = self.missed if shown == self.shown else frozenset()
        return {name: why for name, why in missed.items() if name not in known}

    def allowed(self, shown: str) -> frozenset[str]:
        """The addresses in the user's own network that are fetched."""
        return self.private if shown == self.shown else frozenset()

    def then(self, asked: str, shown: str, found: NamedFiles) -> Told:
        """What is told once these files are read, and another text may be shown."""
        private = self.allowed(asked) | found.private.keys()
        return Told(shown, frozenset(found.missed), private)


class Attaching:
    """Adds files to what is being written in one area; nothing they hold names others.

    Files are read in a thread: meanwhile one writes on.

    Args:
        area: Where it is written.
        telling: Shows that files are being read, where that takes a while.
        pages: Reads web pages.
        images: Keeps the images that are named.
    """

    def __init__(
        self,
        area: ChipArea,
        telling: Telling = nullcontext,
        pages: WebPages | None = None,
        images: ImageStore | None = None,
    ) -> None:
        self._area = area
        self._telling = telling
        self._pages = pages or WebPages(None)
        self._images = area.images = images
        self._foreign = area.foreign = ForeignText(self.stop)
        self._told = Told()
        self._looked_up = ""
        self._worker: Worker[None] | None = None
        # What Enter was pressed on since files are being read: it is sent once they are there.
        self._next: Reading | None = None
        self.latest: dict[str, NamedTexts] = {}
        """What the last prompt named and was attached, by the name as it is written."""

    @property
    def is_reading(self) -> bool:
        """Whether files are being read."""
        return self._worker is not None and not self._worker.is_finished

    def stop(self) -> bool:
        """Stop reading files; the prompt stays as it is. Returns whether any were being read."""
        is_reading = self.is_reading
        if self._worker is not None:
            self._worker.cancel()
        return is_reading

    async def attach(self, written: str) -> None:
        """Add a file, or whatever else a name stands for, below the prompt.

        Raises:
            StorageError: It cannot be read, or is no text.
        """
        found = NamedFiles()
        if await asyncio.to_thread(is_image_taken, written.strip().strip("'\""), found):
            for why in found.missed.values():
                raise failure("disk", detail=f"{written}: {why}")
            await self.attach_images(found.images.values())
            return
        named = await asyncio.to_thread(_named, written)
        self._write(self._area.shown, [_chip(named)])

    async def attach_images(self, images: Iterable[Image]) -> None:
        """Add images below the prompt.

        Raises:
            StorageError: They cannot be kept.
        """
        found = list(images)
        await self._keep(found)
        self._write(self._area.shown, map(image_chip, found))

    async def _keep(self, images: list[Image]) -> None:
        """Keep images where their marks will be looked up."""
        if images and self._images is not None:
            await self._images.keep_images(images)

    def attach_text(self, name: str, text: str) -> None:
        """Add a text below the prompt, as that of a file with a name."""
        self._write(self._area.shown, [file_chip(name, sanitize(text))])

    def insert(self, text: str) -> None:
        """Insert a text at the cursor that somebody else wrote, so that it names no files."""
        area = self._area
        before = area.get_text_range((0, 0), area.cursor_location)
        after = area.shown[len(before) :]
        words = sanitize(text)
        left = " " if before and not before[-1].isspace() else ""
        right = " " if not after or not after[0].isspace() else ""
        area.insert(f"{left}{words}{right}")
        self._foreign.follow(area.shown)
        self._foreign.add(area.shown, len(words), len(before) + len(left))

    # -- what a prompt names ------------------------------------------------------------------

    def holds_up(self, text: str, say: Callable[[str], None], send: Callable[[str], None]) -> bool:
        """Read the files that a prompt names, so that they are seen before it is sent.

        Args:
            text: The whole prompt, with which the text of the area begins.
            say: Called with what is told once the files stand below the prompt, or cannot be read.
            send: Called with the prompt instead, where it names none, or Enter came once more.

        Returns:
            Whether ``say`` or ``send`` will be called; False: the prompt names nothing unread.
        """
        if self.is_reading:
            self._next = Reading(text, self._area.shown)
            return True
        is_looked_up, self._looked_up = text == self._looked_up, ""
        names = [] if is_looked_up else self._names(self._area.shown)
        if not names:
            return False
        asked = Reading(text, self._area.shown)
        self._next = None
        self._worker = self._area.run_worker(
            partial(self._attach_named, asked, names, say, send), group="attach", exclusive=True
        )
        return True

    def _names(self, shown: str) -> list[Name]:
        chips = (Span(place.start, place.end) for place in self._area.chips.places(shown))
        return names_in(shown, [*self._foreign.spans(shown), *chips])

    async def _attach_named(
        self,
        asked: Reading,
        names: list[Name],
        say: Callable[[str], None],
        send: Callable[[str], None],
    ) -> None:
        found = await self._read(names)
        self._worker = None
        missed = self._told.news(asked.shown, found.missed)
        if not (found.has_any or missed or found.private):
            self._let_pass(self._next or asked, say, send)
            return
        following = None if missed or found.private else self._next
        shown = self._area.shown
        head = following.shown if following and shown.startswith(following.shown) else shown
        self.latest = found.texts
        if found.has_any:
            self._replace_names(head, shown[len(head) :], found)
        self._told = self._told.then(asked.shown, self._area.shown, found)
        if following is None:
            say(_sentence(found.words, missed, found.private))
        else:
            whole = self._area.text
            send(whole.removesuffix(shown[len(head) :]))

    async def _read(self, names: list[Name]) -> NamedFiles:
        reading = asyncio.create_task(self._looked_up_all(names))
        await asyncio.wait([reading], timeout=TOLD_AFTER_S)
        if reading.done():
            return reading.result()
        with self._telling():
            return await reading

    async def _looked_up_all(self, names: list[Name]) -> NamedFiles:
        files = [name for name in names if not name.is_page]
        allowed = self._told.allowed(self._area.shown)
        found = await asyncio.to_thread(read_named, files)
        for url in {way: None for name in names if name.is_page for way in name.ways}:
            try:
                page = await self._pages.read(url, is_private_allowed=url in allowed)
                if page.image is not None:
                    found.images[url] = page.image
                    continue
                found.texts[url] = NamedTexts(url, ((url, sanitize(page.text)),))
            except PrivateAddressError as error:
                found.private[url] = str(error)
            except PageError as error:
                found.missed[url] = f"it {error}"
        await self._keep(list(found.images.values()))
        return found

    def _let_pass(
        self, asked: Reading, say: Callable[[str], None], send: Callable[[str], None]
    ) -> None:
        """Send a prompt that names nothing; what was written behind it stays."""
        if self._area.shown.startswith(asked.shown):
            self._looked_up = asked.text
            send(asked.text)
        else:
            say(CHANGED)

    def _replace_names(self, head: str, rest: str, found: NamedFiles) -> None:
        """Write plain names in place of ``@path``, and the files below."""
        for span, name in reversed(found.places(self._names(head))):
            head = head[: span.start] + name + head[span.end :]
            self._foreign.follow(head + rest)
        chips = [*map(_chip, found.texts.values()), *map(image_chip, found.images.values())]
        self._write(head, chips, rest)

    def _write(self, head: str, chips: Iterable[Chip], rest: str = "") -> None:
        labels = "\n".join(map(self._area.chips.label, chips))
        self._area.write(f"{head.rstrip()}\n\n{labels}\n".lstrip() + rest)


def _named(written: str) -> NamedTexts:
    """What is named behind ``/attach``."""
    named = named_texts(written.strip().strip("'\""))
    if named is None:
        path = path_from(written)
        named = NamedTexts(path.name, ((path.name, read_text(path)),))
    if not named.texts:
        raise failure("disk", detail=f"{written} names no text files")
    return named


def _chip(named: NamedTexts) -> Chip:
    if len(named.texts) == 1:
        chip = file_chip(*named.texts[0])
        if not names_page(named.name):
            return chip
        return replace(chip, kind=ChipKind.PAGE, name=named.name.partition("://")[2])
    inners = [(name, "\n".join(text.splitlines())) for name, text in named.texts]
    content = "\n\n".join(attached(name, inner) for name, inner in inners)
    return Chip(ChipKind.FILE, named.words, content, content)


def _sentence(names: list[str], missed: dict[str, str], private: dict[str, str]) -> str:
    stand = "stands" if len(names) == 1 else "stand"
    taken = f"{', '.join(names)} {stand} below the prompt now{ENTER_SENDS}" if names else ""
    left = "; ".join(f"@{name}: {why}" for name, why in missed.items())
    again = "" if names or private else " Enter again sends the prompt as it is."
    lacking = f"Not attached: {left}.{again}" if left else ""
    asked = " ".join(f"@{url} {why}; Enter again fetches it." for url, why in private.items())
    return " ".join(filter(None, (taken, lacking, asked)))
