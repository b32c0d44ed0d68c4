"""The files that a prompt names by ``@path``: found in its text, and read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.images.image import cost_words
from groqchat.ui.terminal.files import absence, is_folder, is_special, path_from, reason_of
from groqchat.ui.terminal.named_texts import named_texts
from groqchat.ui.widgets.attaching.file_ranges import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.domain.images.image import Image
    from groqchat.ui.terminal.named_texts import NamedTexts

_NAMED = re.compile(r"""(?<!\S)@(?:"([^"\n]+)"|'([^'\n]+)'|(git diff(?!\w)\S*|\S+))""")
# Behind a path these belong to the sentence.
_STOPS = ".,;:!?)"
# What is meant as a file, though there is none: it has what only paths, patterns and addresses
# have, or ends as a file's name. Names of people and of decorators have none of it.
_MEANT = re.compile(r"(?:~|[^()\"'<>{}@]*[/*])[^()\"'<>{}@]*|[^()\"'<>{}@]*\w\.\w{1,5}")
_PATH = re.compile(r"(?:~\w*|\.{0,2})/.*\w.*")

_PAGE = re.compile(r"https?://", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_EMPTY = "it is a folder without text files"


@dataclass(frozen=True, slots=True)
class Name:
    """A name behind ``@``: where it stands, and what is written, with and without quotes."""

    span: Span
    quoted: str
    bare: str

    @property
    def is_page(self) -> bool:
        """Whether it is the address of a web page."""
        return names_page(self.quoted or self.bare)

    @property
    def ways(self) -> tuple[str, ...]:
        """What may be meant, the most likely first."""
        if self.is_page:
            return (self.quoted or _address(self.bare),)
        return (self.quoted,) if self.quoted else (self.bare, self.bare.rstrip(_STOPS))


@dataclass(slots=True)
class NamedFiles:
    """What the names in a prompt stand for.

    ``texts`` and ``images`` are by the name as it is written; ``missed`` are the names that cannot
    be attached, with the reason; ``private`` are addresses of pages that are fetched once Enter
    says so again.
    """

    texts: dict[str, NamedTexts] = field(default_factory=dict)
    missed: dict[str, str] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)
    images: dict[str, Image] = field(default_factory=dict)

    @property
    def has_any(self) -> bool:
        """Whether anything can be attached."""
        return bool(self.texts or self.images)

    @property
    def words(self) -> list[str]:
        """What is attached, as people call it."""
        images = (f"{image.words} ({cost_words(1)})" for image in self.images.values())
        return [*(each.words for each in self.texts.values()), *images]

    def places(self, names: Iterable[Name]) -> list[tuple[Span, str]]:
        """Where names of these texts stand, and what is written there once they are attached."""
        found = []
        for name in names:
            way = next((way for way in name.ways if way in self.texts or way in self.images), None)
            if way is not None:
                behind = name.bare[len(way) :]
                found.append((name.span, (self.texts.get(way) or self.images[way]).name + behind))
        return found


def names_page(written: str) -> bool:
    """Whether a name is the address of a web page."""
    return bool(_PAGE.match(written))


def _address(bare: str) -> str:
    """An address without what belongs to the sentence; brackets of its own stay."""
    address = bare.rstrip(".,;:!?")
    return address.rstrip(")").rstrip(".,;:!?") if "(" not in address else address


def names_in(prompt: str, foreign: Iterable[Span] = ()) -> list[Name]:
    """The names behind ``@`` in a prompt, whether or not they are those of files.

    Args:
        prompt: The prompt.
        foreign: What of it is none of the user's words, so that it names nothing.
    """
    spans = list(foreign)
    return [
        Name(Span(*match.span()), match[1] or match[2] or "", match[3] or "")
        for match in _NAMED.finditer(prompt)
        if not any(span.start <= match.start() < span.end for span in spans)
    ]


def read_named(names: Iterable[Name]) -> NamedFiles:
    """Read the files of some names, each once; this may take seconds."""
    found = NamedFiles()
    for name in names:
        if not any(_is_taken(way, found) for way in name.ways):
            _miss(name, found)
    return found


def _is_taken(written: str, found: NamedFiles) -> bool:
    """Take what a name stands for; returns whether it stands for anything."""
    if written in found.texts or written in found.missed or written in found.images:
        return True
    if is_image_taken(written, found):
        return True
    try:
        named = named_texts(written)
    except StorageError as error:
        found.missed[written] = _reason(written, error.facts.detail)
        return True
    if named is None:
        return False
    if named.left_out:
        found.missed[written] = f"{', '.join(named.left_out)}: no text in UTF-8"
    if named.texts:
        found.texts[written] = named
    return True


def is_image_taken(written: str, found: NamedFiles) -> bool:
    """Take the image that a name stands for; returns whether it is that of an image."""
    from groqchat.services.images.loading import is_image_file, read_image  # not at first

    path = path_from(written)
    if not is_image_file(path):
        return False
    try:
        found.images[written] = read_image(path)
    except OSError as error:
        found.missed[written] = reason_of(error)
    except ValueError as mistake:
        found.missed[written] = f"it {mistake}"
    return True


def _miss(name: Name, found: NamedFiles) -> None:
    """Note a name that is meant as a file, though there is none."""
    meant = name.ways[-1]
    if is_folder(path_from(meant)) and re.search(r"\w", meant):
        is_all = meant.endswith("/")
        found.missed[meant] = _EMPTY if is_all else f"it is a folder; @{meant}/ is all in it"
    elif name.quoted or _is_meant(meant):
        found.missed[meant] = _absence(meant)


def _is_meant(written: str) -> bool:
    """Whether a name is surely that of a file, a pattern or an address."""
    is_path = bool(_MEANT.fullmatch(written) or _PATH.fullmatch(written))
    return is_path or is_special(path_from(written))


def _absence(written: str) -> str:
    """Why a name stands for nothing."""
    if _SCHEME.match(written):
        return "only addresses with http and https are fetched"
    if "*" in written and not is_special(path_from(written)):
        return "no file matches"
    return absence(path_from(written))


def _reason(written: str, detail: str) -> str:
    """Why a file cannot be attached, behind its name: the name in the reason becomes ``it``."""
    for name in (written, str(path_from(written))):
        if detail.startswith((f"{name} ", f"{name}: ")):
            rest = detail.removeprefix(name)
            return rest.removeprefix(": ") if rest.startswith(":") else f"it{rest}"
    return detail
