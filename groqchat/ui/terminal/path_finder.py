"""What the beginning of a name behind ``@`` may become, each with its size and estimated tokens."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from textual.fuzzy import FuzzySearch

from groqchat.domain.text.humanize import counted, size
from groqchat.domain.turns.token_estimate import estimate_tokens
from groqchat.ui.terminal.files import is_file, path_from
from groqchat.ui.terminal.named_texts import CHANGES, names_folder, names_many
from groqchat.ui.terminal.project_files import changes, matching, project_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# So much of a file is read to estimate the tokens of all of it.
_SAMPLE = 4096
# Of more files together the size alone is told.
_MOST_SAMPLED = 100
_MOST_FOUND = 20
# So long the list of a project serves the next letters too.
_KEPT_S = 3


class FoundName(NamedTuple):
    """A name that may stand behind ``@``, and what is told of it: its size and tokens."""

    name: str
    help: str


def found_names(typed: str) -> Iterator[FoundName]:
    """Names that a person may mean, beside those that begin so in a folder: best first.

    Args:
        typed: What is written behind ``@``, as far as it is.
    """
    if any(name.startswith(typed) for name in CHANGES):
        yield from _changes()
    if names_many(typed):
        names = matching(typed)
        if names:
            yield FoundName(typed, _of_many(names))
        yield from (FoundName(name, of_path(name)) for name in names[:_MOST_FOUND])
    elif names_folder(typed):
        names = [f"{typed}{name}" for name in project_files(path_from(typed))]
        if names:
            yield FoundName(typed, f"all in it: {_of_many(names)}")
    elif typed and not typed.startswith(("/", "~", ".")):
        yield from (FoundName(name, of_path(name)) for name in _alike(typed))


def of_path(name: str) -> str:
    """What is told of a file: its size and tokens, or that it is no text; of a folder nothing."""
    path = path_from(name)
    if not is_file(path):
        return ""
    bytes_, tokens = _measured(path)
    if tokens is not None:
        return _told(bytes_, tokens)
    return f"{size(bytes_)}, PDF" if path.suffix.lower() == ".pdf" else f"{size(bytes_)}, no text"


def _alike(typed: str) -> Sequence[str]:
    search = FuzzySearch()
    scored = ((search.match(typed, name)[0], name) for name in _project(_now()))
    best = sorted((-score, len(name), name) for score, name in scored if score > 0)
    return [name for _, _, name in islice(best, _MOST_FOUND)]


def _now() -> tuple[str, int]:
    return str(Path.cwd()), int(monotonic() / _KEPT_S)


@lru_cache(maxsize=1)
def _project(_: tuple[str, int]) -> Sequence[str]:
    return project_files(Path())


def _changes() -> Iterator[FoundName]:
    if text := changes(Path()):
        told = _told(len(text.encode()), round(estimate_tokens(text)))
        files = counted(text.count("\ndiff --git ") + 1, "file")
        yield FoundName(CHANGES[0], f"changes in {files}, {told}")


def _of_many(names: Sequence[str]) -> str:
    files = [path for name in names if is_file(path := path_from(name))]
    many = counted(len(files), "file")
    if len(files) > _MOST_SAMPLED:
        return f"{many}, more than go at once"
    return f"{many}, {_sum(map(_measured, files))}"


def _sum(measured: Iterable[tuple[int, int | None]]) -> str:
    texts = [(bytes_, tokens) for bytes_, tokens in measured if tokens is not None]
    return _told(sum(bytes_ for bytes_, _ in texts), sum(tokens for _, tokens in texts))


def _told(bytes_: int, tokens: int) -> str:
    return f"{size(bytes_)}, ≈ {counted(tokens, 'token')}"


def _measured(path: Path) -> tuple[int, int | None]:
    """The bytes of a file, and its estimated tokens; None if it is no text or cannot be read."""
    try:
        status = path.stat()
        return status.st_size, _tokens(path, status.st_size, status.st_mtime_ns)
    except OSError:
        return 0, None


@lru_cache(maxsize=4096)
def _tokens(path: Path, bytes_: int, _changed_ns: int) -> int | None:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if b"\0" in sample or sample.startswith(b"%PDF-"):
        return None
    tokens = estimate_tokens(sample.decode("utf-8", "replace"))
    return round(tokens * bytes_ / max(1, len(sample)))
