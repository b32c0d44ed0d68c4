"""Output of commands: data on stdout, narration on stderr; neither controls the terminal."""

from __future__ import annotations

import os
import sys
import unicodedata
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from groqchat.domain.text.humanize import aligned
from groqchat.domain.text.redact import without_keys
from groqchat.domain.text.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# The fields of JSON that are printed to the letter.
WRITTEN_BY_MODELS = frozenset(
    {"answer", "parsed", "reasoning", "partial", "failed_generation", "text"}
)
BOLD, DIM, RED, YELLOW, GREEN = "1", "2", "31", "33", "32"


class OutputError(Exception):
    """Stdout cannot be written: a full disk, or it is closed; the message is the system's."""


def prepare_streams() -> None:
    """Make the streams accept any text, and replace closed ones.

    A closed stdin is empty; writing to a closed stdout fails; what is written to a closed stderr
    is lost.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  # for good
    if sys.stdout is None:
        unwritable = os.open(os.devnull, os.O_RDONLY)
        sys.stdout = os.fdopen(unwritable, "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # for good
    for stream in (sys.stdout, sys.stderr):
        # Tests and embedding programs put other objects in their place.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            # Pipes on Windows have an old code page otherwise, which lacks most characters.
            encoding = "utf-8" if sys.platform == "win32" else None
            reconfigure(encoding=encoding, errors="replace")


def write(text: str) -> None:
    """Print a piece of data as it arrives: exact in a pipe, sanitised on a terminal."""
    _put(sanitize(text) if sys.stdout.isatty() else text)
    flush()


def say(text: str = "", style: str = "") -> None:
    """Print a line of data, with keys left out."""
    said = without_keys(text)
    shown = sanitize(said) if sys.stdout.isatty() else said
    _put(f"{_styled(shown, style, sys.stdout)}\n")


def say_wrapped(text: str, indent: str = "  ") -> None:
    """Print a sentence: in one line; on a terminal wrapped, all lines but the first indented.

    Args:
        text: The sentence.
        indent: What stands before the further lines.
    """
    import shutil
    import textwrap

    if not sys.stdout.isatty():
        say(text)
        return
    width = max(len(indent) + 20, shutil.get_terminal_size().columns)
    for line in textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False):
        say(line)


def say_marked(lead: str, pieces: Iterable[tuple[str, bool]]) -> None:
    """Print a line of (text, whether it is marked) pieces, the marked ones bold on a terminal."""
    parts = list(pieces)
    whole = "".join(text for text, _ in parts)
    if without_keys(whole) != whole or not sys.stdout.isatty():
        say(lead + " ".join(whole.split()))
        return
    styled = (
        _styled(sanitize(text), BOLD if is_marked else "", sys.stdout) for text, is_marked in parts
    )
    _put(f"{lead}{''.join(styled)}\n")


def flush() -> None:
    """Flush stdout.

    Raises:
        OutputError: Stdout cannot be written.
        BrokenPipeError: The reader of the pipe has ended.
    """
    _put("", at_once=True)


def abandon() -> None:
    """Print no more; Python would complain about unflushed data when it closes stdout."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Narration:
    """Whether anything but errors goes to stderr."""

    is_wanted = True


@contextmanager
def narrating(wanted: bool) -> Iterator[None]:
    """Print on stderr, or nothing there but errors, while this lasts."""
    _Narration.is_wanted = wanted
    try:
        yield
    finally:
        _Narration.is_wanted = True


def is_narrating() -> bool:
    """Whether anything but errors goes to stderr."""
    return _Narration.is_wanted


def narrate(text: str, style: str = "") -> None:
    """Print a line about progress on stderr, where that is wanted; see :func:`narrate_error`."""
    if _Narration.is_wanted:
        narrate_error(text, style)


def narrate_error(text: str, style: str = RED) -> None:
    """Print a line about an error on stderr; a stderr that fails stops no work.

    Keys are left out: stderr may be a log.
    """
    with suppress(OSError):
        said = without_keys(sanitize(text))
        print(_styled(said, style, sys.stderr), file=sys.stderr, flush=True)


def draws_bars(rows: int = 1) -> bool:
    """Whether stderr is a terminal with room for bars of so many rows, which are redrawn."""
    is_seen = _Narration.is_wanted and sys.stderr.isatty()
    if not is_seen or _is_dumb():
        return False
    return os.get_terminal_size(sys.stderr.fileno()).lines > rows + 3


def print_json(document: object) -> None:
    """Print one JSON document; keys are left out, except of what models wrote."""
    import json

    write(f"{json.dumps(_without_keys(document), ensure_ascii=False, indent=2)}\n")


def print_json_line(document: object) -> None:
    """Print one JSON document on a line; keys are left out like by :func:`print_json`."""
    import json

    write(f"{json.dumps(_without_keys(document), ensure_ascii=False)}\n")


def _without_keys(value: object) -> object:
    if isinstance(value, dict):
        return {
            name: part if name in WRITTEN_BY_MODELS else _without_keys(part)
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [_without_keys(part) for part in value]
    return without_keys(value) if isinstance(value, str) else value


def rounded(seconds: float | None) -> float | None:
    """A time as JSON shows it, to the millisecond."""
    return None if seconds is None else round(seconds, 3)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print aligned columns.

    The head of a column of whole numbers ends in ``>``: it is aligned to the right. A head that
    ends in ``.>`` aligns decimal points. In the plain chat each row names its columns.
    """
    names = [name.rstrip(".>") for name in head]
    if getattr(sys.stdout, "is_heard", False):
        _say_rows(names, rows)
        return
    clean = [[" ".join(sanitize(cell).split()) for cell in row] for row in rows]
    for place, name in enumerate(head):
        if name.endswith(".>"):
            for row, figure in zip(clean, aligned([row[place] for row in clean]), strict=True):
                row[place] = figure
    widths = [max(map(_cells, column)) for column in zip(names, *clean, strict=True)]
    for number, row in enumerate([names, *clean]):
        gaps = (" " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=True))
        placed = (
            gap + cell if name.endswith(">") else cell + gap
            for cell, gap, name in zip(row, gaps, head, strict=True)
        )
        say("  ".join(placed).rstrip(), "" if number else BOLD)


def _say_rows(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print each row with the names of its columns, for who hears one line after the other."""
    for row in rows:
        cells = (f"{name} {cell}".strip() for name, cell in zip(names, row, strict=True) if cell)
        say(", ".join(cells))


def _put(text: str, *, at_once: bool = False) -> None:
    try:
        sys.stdout.write(text)
        if at_once:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(error.strerror) from None


def _cells(text: str) -> int:
    """The number of columns that a text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def _is_dumb() -> bool:
    """Whether the terminal is said to know no codes, as one without a name is outside Windows."""
    return os.environ.get("TERM", "" if sys.platform == "win32" else "dumb") == "dumb"


def _is_old_console() -> bool:
    """Whether this may be a console of Windows that prints colour codes as they are."""
    return sys.platform == "win32" and not {"WT_SESSION", "TERM"} & os.environ.keys()


def _styled(text: str, style: str, stream: TextIO) -> str:
    """The text in a colour or weight, where stdout is a terminal that shows it."""
    plain = "NO_COLOR" in os.environ or _is_dumb() or _is_old_console()
    if not style or plain or not stream.isatty():
        return text
    return f"\x1b[{style}m{text}\x1b[0m"
