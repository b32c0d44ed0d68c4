"""Completions of a text in the composer: commands, their values, paths."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.ui.commands import BY_SLASH
from groqchat.ui.terminal.files import in_home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_MOST = 50
_PAGES = "https://"
# So many names in a folder are looked up before those that git ignores are left out.
_MOST_TRIED = 200
# A folder of more is read no further.
_MOST_IN_FOLDER = 2_000
_COMMAND = re.compile(r"/(\S*)")
_VALUE = re.compile(r"/(\S+)[ \t]+(\S*)")
_PATH = re.compile(
    r"""(?s:.*)(?<!\S)@(["']?)([^"'\n]*)"""
    r"""|/(?:attach|import|backup)[ \t]+(["']?)([^"'\n]*)"""
    # Several files, those with spaces in quotation marks; the last of them is completed.
    r"""|/transcribe[ \t]+(?:(?:"[^"\n]*"|'[^'\n]*'|[^\s"']+)[ \t]+)*(["']?)([^"'\n]*)"""
)
# The group of the path that may have spaces without quotation marks.
_WHOLE = 4
# Values of these are known by any part of them, others by how they begin.
_BY_PART = frozenset({"model", "theme"})


@dataclass(frozen=True, slots=True)
class Completion:
    """A completion: the whole text with it, its label, and its description.

    ``is_last``: nothing more can follow, so that Enter takes it and sends the text.
    """

    text: str
    label: str
    help: str = ""
    is_last: bool = False


def completions(text: str, values: Mapping[str, Callable[[], Iterable[str]]]) -> list[Completion]:
    """Commands that begin as the text does, or values that the command's argument may become.

    Args:
        text: All that is written.
        values: Tells the values of a command, by its id.
    """
    if written := _COMMAND.fullmatch(text):
        return _commands(written[1].lower())
    written = _VALUE.fullmatch(text)
    command = BY_SLASH.get(written[1].lower()) if written else None
    if written is None or command is None or command.id not in values:
        return []
    found = _fitting(written[2].lower(), list(values[command.id]()), command.id in _BY_PART)
    return [Completion(f"/{written[1]} {value}", value, is_last=True) for value in found[:_MOST]]


def the_only(text: str, found: Sequence[Completion]) -> Completion | None:
    """The completion, where there is one alone and it says more than the text."""
    return found[0] if len(found) == 1 and found[0].text.strip() != text.strip() else None


def names_a_path(text: str) -> bool:
    """Whether a path is being written at the end of a text, behind ``@`` or a command."""
    return _path(text) is not None


def paths(text: str) -> list[Completion]:
    """The files and folders that the path at the end of a text may become; reads folders.

    Behind ``@`` also files anywhere in the project whose paths are like it, all files of a folder
    or a pattern, and changes: each with its size and estimated tokens.
    """
    if (written := _path(text)) is None:
        return []
    before, quote, path = written
    head, name = os.path.split(path)
    folder = head if not head or head.endswith(("/", os.sep)) else f"{head}/"
    names = sorted(_in_folder(head, name))
    if not before.endswith("@"):
        return [Completion(before + _named(folder + each, quote), each) for each in names[:_MOST]]
    from groqchat.ui.terminal.path_finder import found_names, of_path
    from groqchat.ui.terminal.project_files import ignored

    left_out = ignored(in_home(head), names[:_MOST_TRIED])
    begun = [each for each in names[:_MOST_TRIED] if each not in left_out][:_MOST]
    found = [
        Completion(before + _named(folder + each, quote), each, of_path(folder + each))
        for each in begun
    ]
    known = {folder + each for each in begun}
    others = [
        Completion(before + _whole(each.name, quote), each.name, each.help)
        for each in found_names(path)
        if each.name not in known
    ]
    if path and _PAGES.startswith(path):
        others.append(Completion(before + _PAGES, _PAGES, "text of a web page, fetched with Enter"))
    # All files of the folder that is written stand before each of them.
    is_folder = bool(others) and path.endswith("/")
    return [*others, *found] if is_folder else [*found, *others]


def _fitting(typed: str, known: Sequence[str], by_part: bool) -> list[str]:
    """The values that begin so; by part, those with a word that does, else those that hold it."""
    whole = [value for value in known if value.lower() == typed]
    if whole or not by_part:
        return whole or [value for value in known if value.lower().startswith(typed)]
    begins = re.compile(rf"(?<![a-z0-9]){re.escape(typed)}")
    return [value for value in known if begins.search(value.lower())] or [
        value for value in known if typed in value.lower()
    ]


def _commands(typed: str) -> list[Completion]:
    begun = ((slash, command) for slash, command in BY_SLASH.items() if slash.startswith(typed))
    return [
        Completion(f"/{slash} ", f"/{slash} {command.argument}", command.help)
        for slash, command in begun
    ]


def _path(text: str) -> tuple[str, str, str] | None:
    """The text before a path, its quotation mark, and the path as far as it is written."""
    written = _PATH.fullmatch(text)
    if written is None:
        return None
    group = next(number for number in (2, 4, 6) if written[number] is not None)
    path, quote = written[group], written[group - 1]
    if group != _WHOLE and not quote and re.search(r"\s", path):
        return None  # behind a space the sentence goes on
    return text[: written.start(group - 1)], quote, path


def _named(path: str, quote: str) -> str:
    """A path as it is written: with quotation marks where it has spaces, and a space behind it."""
    mark = quote or ('"' if " " in path else "")
    is_folder = path.endswith("/")
    return f"{mark}{path}" if is_folder else f"{mark}{path}{mark} "


def _whole(name: str, quote: str) -> str:
    """A name to which nothing is added: a space stands behind it."""
    from groqchat.ui.terminal.named_texts import CHANGES

    is_plain = " " not in name or name in CHANGES
    mark = quote or '"'
    return f"{name} " if is_plain and not quote else f"{mark}{name}{mark} "


def _in_folder(head: str, name: str) -> Iterator[str]:
    """The names in a folder that begin so; hidden files only where a dot is written."""
    folder = in_home(head) if head else Path()
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, _MOST_IN_FOLDER):
                is_meant = name.startswith(".") or not entry.name.startswith(".")
                if is_meant and entry.name.lower().startswith(name.lower()):
                    yield f"{entry.name}/" if entry.is_dir() else entry.name
    except (OSError, ValueError):
        return
