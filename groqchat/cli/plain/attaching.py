"""What a prompt names by ``@path`` and by ``/attach``: read, and put before its words."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from groqchat.domain.text.fences import attached
from groqchat.services.pages.ports import PageError
from groqchat.ui.widgets.attaching.named_files import NamedFiles, names_in, read_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.plain.console.lines import Lines
    from groqchat.ui.widgets.attaching.named_files import Name


class Attaching:
    """Reads files, folders, web pages and images that are named.

    Args:
        services: The services.
        lines: Where it is told what is attached.
    """

    def __init__(self, services: LocalServices, lines: Lines) -> None:
        self._services = services
        self._lines = lines
        self._held: list[str] = []

    def hold(self, name: str, text: str) -> None:
        """Put a text before the next prompt."""
        self._held.append(attached(name, text))

    def drop(self) -> bool:
        """Attach nothing of what was held; returns whether there was anything."""
        had_any, self._held = bool(self._held), []
        return had_any

    async def attach(self, path: str) -> None:
        """Hold the file that ``/attach`` names for the next prompt."""
        if not path:
            self._lines.say("Write /attach and the path of a file; @path in a prompt does it too.")
            return
        text, missed = await self.filled(f'@"{path}"')
        if missed:
            self._lines.say(f"Not attached. {'; '.join(missed)}.")
        elif text.startswith("@"):
            self._lines.say(f"Not attached: there is no file {path}.")
        else:
            self._held.append(text)
            self._lines.say("It goes with the next prompt; /drop leaves it out.")

    async def filled(self, text: str) -> tuple[str, Sequence[str]]:
        """A prompt with what it names, and with what was held.

        Returns:
            The prompt, and a sentence for each name that is meant as a file and cannot be attached.
        """
        names = names_in(text)
        if not names:
            return self._with_held(text), ()
        files = await asyncio.to_thread(read_named, [each for each in names if not each.is_page])
        pieces = [attached(*one) for found in files.texts.values() for one in found.texts]
        missed = [f"@{name}: {why}" for name, why in files.missed.items()]
        for page in (name for name in names if name.is_page):
            await self._read_page(page, pieces, files, missed)
        if files.images:
            await self._services.store.keep_images(list(files.images.values()))
        told = [*files.words, *(name.ways[0] for name in names if name.is_page)]
        if pieces or files.images:
            self._lines.say(f"Attached: {', '.join(told)}.")
        words = _renamed(text, files, names)
        marks = [image.mark for image in files.images.values()]
        whole = "\n\n".join(part for part in (*pieces, words, *marks) if part.strip())
        return self._with_held(whole), missed

    async def _read_page(
        self, name: Name, pieces: list[str], files: NamedFiles, missed: list[str]
    ) -> None:
        url = name.ways[0]
        try:
            page = await self._services.pages.read(url)
        except PageError as mistake:
            missed.append(f"@{url} {mistake}")
            return
        if page.image is not None:
            files.images[url] = page.image
        else:
            pieces.append(attached(url, page.text))

    def _with_held(self, text: str) -> str:
        return "\n\n".join([*self._held, text]) if text.strip() else text


def _renamed(text: str, files: NamedFiles, names: Sequence[Name]) -> str:
    """The words of a prompt, with the names of files as they stand above them."""
    for span, name in sorted(files.places(names), reverse=True):
        text = text[: span.start] + name + text[span.end :]
    return text
