"""The files of a project: those that git does not ignore, else those that a short walk finds."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING

from groqchat.domain.text.secret import without_keys
from groqchat.ui.terminal.files import in_home

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_FILES = 20_000
"""The most files of a project that are looked at."""
LIMIT_S = 1.0
"""The longest time for git, or for a walk through folders, in seconds."""
_MOST_BYTES = 8 * 2**20
# Folders of other people's code, where there is no git to ignore them.
_SKIPPED = frozenset({"node_modules", "__pycache__", "venv", "target"})
_LIST = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
_IGNORED = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "HEAD")
# A repository's own settings start no program.
_GIT = ("git", "-c", "core.fsmonitor=false", "--no-optional-locks", "--literal-pathspecs")


def project_files(folder: Path) -> Sequence[str]:
    """The paths of files below a folder, relative to it, with forward slashes, sorted.

    In a git repository ignored files are left out. What takes too long ends the list early.
    """
    listed = _git(folder, *_LIST)
    if listed is None:
        return sorted(_walked(folder))
    names = (os.fsdecode(name) for name in listed.split(b"\0")[:MOST_FILES] if name)
    return sorted(set(names))


def ignored(folder: Path, names: Sequence[str]) -> set[str]:
    """The names in a folder that git ignores, folders with a slash; none without a repository."""
    printed = _git(folder, *_IGNORED, "--", *names) if names else None
    return {os.fsdecode(name) for name in (printed or b"").split(b"\0") if name}


def matching(pattern: str) -> list[str]:
    """The files that a pattern names; ``*`` is anything within a name, ``**`` also folders."""
    start = pattern[: pattern.index("*")].rpartition("/")
    base, rest = start[0] + start[1], pattern[len(start[0] + start[1]) :]
    named = re.compile("".join(map(_translated, re.split(r"(\*\*/|\*+)", rest))))
    folder = in_home(base) if base else Path()
    return [f"{base}{name}" for name in project_files(folder) if named.fullmatch(name)]


def changes(folder: Path) -> str | None:
    """The changes since the last commit, as ``git diff HEAD`` prints them.

    Returns:
        None where there is no repository, no commit, or more than can be read in time.
    """
    printed = _git(folder, *_DIFF)
    if printed is None or len(printed) >= _MOST_BYTES:
        return None
    return printed.decode("utf-8", "replace")


def _translated(part: str) -> str:
    if part == "**/":
        return "(?:.*/)?"
    return re.escape(part) if "*" not in part else "[^/]*" if len(part) == 1 else ".*"


def _git(folder: Path, *words: str) -> bytes | None:
    """The output of git in a folder, at most so many bytes; None where it fails."""
    try:
        program = subprocess.Popen(  # noqa: S603 - no shell, and words of ours alone
            [*_GIT, *words],
            cwd=folder,
            env=without_keys(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, ValueError):
        return None
    timer = Timer(LIMIT_S, program.kill)
    timer.daemon = True
    timer.start()
    with program:
        output = program.stdout.read(_MOST_BYTES) if program.stdout else b""
        if len(output) >= _MOST_BYTES:
            program.kill()
    timer.cancel()
    return output if program.returncode == 0 or len(output) >= _MOST_BYTES else None


def _walked(folder: Path) -> Iterator[str]:
    end, left = monotonic() + LIMIT_S, MOST_FILES
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in _SKIPPED
        )
        for name in names:
            if left <= 0 or monotonic() > end:
                return
            if not name.startswith("."):
                left -= 1
                yield Path(root, name).relative_to(folder).as_posix()
