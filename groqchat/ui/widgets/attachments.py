"""Files in a prompt: those named by ``@path``, and changes, are added below it, as text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.text.fences import attached
from groqchat.domain.text.sanitize import sanitize
from groqchat.ui.terminal.files import is_folder, path_from, read_text
from groqchat.ui.terminal.named_texts import NamedTexts, named_texts
from groqchat.ui.widgets.file_ranges import ForeignText, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.ui.widgets.prompt_area import PromptArea

_NAMED = re.compile(r"""(?<!\S)@(?:"([^"\n]+)"|'([^'\n]+)'|(git diff(?!\w)\S*|\S+))""")
# Behind a path these belong to the sentence.
_STOPS = ".,;:!?)"
# What is meant as a file, though there is none: it begins as a path, or ends as a file's name.
_MEANT = re.compile(r"(?:~|\.{0,2})/.*\w.*|[^()\"'<>{}@]*\w\.\w{1,5}")

_EMPTY = "it is a folder without text files"


@dataclass(slots=True)
class NamedFiles:
    """The files that a prompt names: where and how they are called, and what they hold.

    ``missed`` are the names that cannot be attached, with the reason.
    """

    names: list[tuple[Span, str]] = field(default_factory=list)
    texts: dict[str, NamedTexts] = field(default_factory=dict)
    missed: dict[str, str] = field(default_factory=dict)


def named_files(prompt: str, foreign: Iterable[Span] = ()) -> NamedFiles:
    """Find and read the files that a prompt names, each once.

    Args:
        prompt: The prompt.
        foreign: What of it is none of the user's words, so that it names nothing.
    """
    found = NamedFiles()
    spans = list(foreign)
    for match in _NAMED.finditer(prompt):
        if not any(span.start <= match.start() < span.end for span in spans):
            _look_up(match, found)
    return found


def _look_up(match: re.Match[str], found: NamedFiles) -> None:
    quoted, bare = match[1] or match[2], match[3] or ""
    ways = (quoted,) if quoted else (bare, bare.rstrip(_STOPS))
    for written in ways:
        if _take(match, written, bare[len(written) :], found):
            return
    meant = ways[-1]
    if is_folder(path_from(meant)) and re.search(r"\w", meant):
        is_all = meant.endswith("/")
        found.missed[meant] = _EMPTY if is_all else f"it is a folder; @{meant}/ is all in it"
    elif quoted or _MEANT.fullmatch(meant):
        found.missed[meant] = "there is no such file"


def _take(match: re.Match[str], written: str, behind: str, found: NamedFiles) -> bool:
    """Take what a name stands for; returns whether it stands for anything."""
    try:
        named = found.texts.get(written) or named_texts(written)
    except StorageError as error:
        detail = error.facts.detail
        found.missed[written] = detail.removeprefix(str(path_from(written))).lstrip(": ")
        return True
    if named is None:
        return False
    if named.left_out:
        found.missed[written] = f"{', '.join(named.left_out)}: no text in UTF-8"
    if named.texts:
        found.texts[written] = named
        found.names.append((Span(*match.span()), named.name + behind))
    return True


class Attaching:
    """Adds files to what is being written in one area; nothing they hold names others.

    Args:
        area: Where it is written.
    """

    def __init__(self, area: PromptArea) -> None:
        self._area = area
        self._foreign = area.foreign = ForeignText()
        self._reported_for = ""
        self.latest: dict[str, NamedTexts] = {}
        """What the last prompt named and was attached, by the name as it is written."""

    def attach(self, written: str) -> None:
        """Add a file, or whatever else a name stands for, below the prompt.

        Raises:
            StorageError: It cannot be read, or is no text.
        """
        named = named_texts(written.strip().strip("'\""))
        if named is None:
            path = path_from(written)
            named = NamedTexts(path.name, ((path.name, read_text(path)),))
        if not named.texts:
            raise failure("disk", detail=f"{written} names no text files")
        self._add(self._area.text, named.texts)

    def attach_text(self, name: str, text: str) -> None:
        """Add a text below the prompt, as that of a file with a name."""
        self._add(self._area.text, [(name, sanitize(text))])

    def insert(self, text: str) -> None:
        """Insert a text at the cursor that somebody else wrote, so that it names no files."""
        area = self._area
        before = area.get_text_range((0, 0), area.cursor_location)
        after = area.text[len(before) :]
        words = sanitize(text)
        left = " " if before and not before[-1].isspace() else ""
        right = " " if not after or not after[0].isspace() else ""
        area.insert(f"{left}{words}{right}")
        self._foreign.follow(area.text)
        self._foreign.add(area.text, len(words), len(before) + len(left))

    def attach_named(self) -> str:
        """Add the files that the prompt names by ``@path``, so that they are seen before they go.

        Returns:
            What to say instead of sending it; empty where there was none, or nothing new to say.
        """
        prompt = self._area.text
        found = named_files(prompt, self._foreign.spans(prompt))
        missed = {} if prompt == self._reported_for else found.missed
        self.latest = found.texts
        for span, name in reversed(found.names):
            prompt = prompt[: span.start] + name + prompt[span.end :]
            self._foreign.follow(prompt)
        if found.names:
            self._add(prompt, [text for named in found.texts.values() for text in named.texts])
        self._reported_for = self._area.text
        return _sentence([named.words for named in found.texts.values()], missed)

    def _add(self, prompt: str, texts: Iterable[tuple[str, str]]) -> None:
        for name, text in texts:
            block = attached(name, "\n".join(text.splitlines()))
            prompt = f"{prompt.rstrip()}\n\n{block}".lstrip()
            self._foreign.follow(prompt)
            self._foreign.add(prompt, len(block), len(prompt) - len(block))
        self._area.write(f"{prompt}\n")


def _sentence(names: list[str], missed: dict[str, str]) -> str:
    stand = "stands" if len(names) == 1 else "stand"
    taken = f"{', '.join(names)} {stand} below the prompt now; Enter sends it." if names else ""
    left = "; ".join(f"@{name}: {why}" for name, why in missed.items())
    again = "" if names else " Enter again sends the prompt as it is."
    lacking = f"Not attached: {left}.{again}" if left else ""
    return f"{taken} {lacking}".strip()
