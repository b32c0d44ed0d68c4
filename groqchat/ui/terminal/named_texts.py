"""The texts that a name in a prompt stands for: a file, some of its lines, many files, changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.text.humanize import count, counted, size
from groqchat.ui.terminal.files import is_file, is_folder, path_from, read_text
from groqchat.ui.terminal.project_files import changes, matching, project_files

if TYPE_CHECKING:
    from collections.abc import Sequence

CHANGES = ("git diff", "diff")
"""The names of the changes since the last commit."""
MOST_TOGETHER = 100
"""The most files that one name attaches."""
_MOST_BYTES = 2**20
_RANGE = re.compile(r"(.+?):(\d{1,9})(?:-(\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class NamedTexts:
    """The texts of one name: each with its title, and the files left out as they are no text."""

    name: str
    texts: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...] = field(default=())

    @property
    def words(self) -> str:
        """The name, with the number of files where there are several."""
        return f"{self.name} ({counted(len(self.texts), 'file')})" * self.is_many or self.name

    @property
    def is_many(self) -> bool:
        """Whether the name stands for several files."""
        return self.name.endswith("/") or "*" in self.name


def named_texts(written: str) -> NamedTexts | None:
    """The texts that a name stands for, as it is written behind ``@`` or ``/attach``.

    A file; ``file:10-80`` for some of its lines; ``folder/`` for the text files in it and below;
    ``src/*.py`` for all that match; ``git diff`` for the changes since the last commit.

    Returns:
        None: it names nothing that is there.

    Raises:
        StorageError: It cannot be read, is no text, or is too much.
    """
    path, part = path_from(written), _RANGE.fullmatch(written)
    if is_file(path):
        return NamedTexts(path.name, ((path.name, _filled(path, read_text(path))),))
    if part and is_file(path_from(part[1])):
        return _lines(path_from(part[1]), int(part[2]), int(part[3] or part[2]))
    if names_folder(written):
        below = written.rstrip("/")
        return _all(written, [f"{below}/{name}" for name in project_files(path)])
    if names_many(written):
        return _all(written, matching(written))
    if written in CHANGES:
        return _changes(written)
    return None


def names_folder(written: str) -> bool:
    """Whether a name is that of a folder, with the slash that asks for all in it."""
    return (
        written.endswith("/") and bool(re.search(r"\w", written)) and is_folder(path_from(written))
    )


def names_many(written: str) -> bool:
    """Whether a name is a pattern with a star, such as ``src/*.py``."""
    return "*" in written and bool(re.search(r"\w", written))


def _lines(path: Path, first: int, last: int) -> NamedTexts:
    lines = _filled(path, read_text(path)).splitlines()
    if first > last:
        back = f"the range {first}-{last} runs backward; {last}-{first} is the same forward"
        raise failure("disk", detail=back)
    if not 0 < first <= len(lines):
        has = counted(len(lines), "line")
        raise failure("disk", detail=f"{path} has {has}; {first}-{last} are none of them")
    last = min(last, len(lines))
    title = f"{path.name}:{first}-{last}"
    text = _filled(f"{path}:{first}-{last}", "\n".join(lines[first - 1 : last]))
    return NamedTexts(title, ((title, text),))


def _filled(name: Path | str, text: str) -> str:
    """A text, unless nothing can be read in it.

    Raises:
        StorageError: It is empty.
    """
    if not text.strip():
        raise failure("disk", detail=f"{name} is empty")
    return text


def _all(written: str, names: Sequence[str]) -> NamedTexts | None:
    """The text files of some names.

    Raises:
        StorageError: They are too many, or too large together.
    """
    paths = [path for name in names if is_file(path := path_from(name))]
    if not paths:
        return None
    if len(paths) > MOST_TOGETHER:
        many = f"{written} names {count(len(paths))} files; at most {MOST_TOGETHER} go at once"
        raise failure("disk", detail=many)
    together = sum(path.stat().st_size for path in paths)
    if together > _MOST_BYTES:
        large = f"{written} names {size(together)}; at most {size(_MOST_BYTES)} go at once"
        raise failure("disk", detail=large)
    texts, left_out = [], []
    for path in paths:
        try:
            texts.append((path.as_posix(), read_text(path)))
        except StorageError:
            left_out.append(path.name)
    if texts:
        _filled(written, "".join(text for _, text in texts))
    return NamedTexts(written, tuple(texts), tuple(left_out))


def _changes(written: str) -> NamedTexts | None:
    text = changes(Path())
    if text:
        return NamedTexts(CHANGES[0], ((CHANGES[0], text),))
    if written != CHANGES[0]:
        return None  # diff alone is a word
    why = "there are no changes since the last commit"
    raise failure("disk", detail=why if text == "" else "git shows no changes here")
