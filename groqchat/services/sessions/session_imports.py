"""Reads sessions from our own exports and from lists of messages that others write."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from groqchat.services.sessions.json_fields import Fields
from groqchat.services.sessions.session_reader import read_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from groqchat.domain.sessions.archive import Added, Archive
    from groqchat.services.ports import SessionStore


MOST_MESSAGES = 5_000
"""The size of a transaction: it pays for one pass of the index, and other processes that write wait
for it less than a second."""


class Omission(NamedTuple):
    """A part of a file that is not imported: its place in the file, and the reason."""

    where: str
    reason: str
    title: str = ""


@dataclass(slots=True)
class ParsedFile:
    """The sessions of a file; ``failed`` are unreadable sessions, ``left_out`` single messages."""

    archives: list[Archive] = field(default_factory=list)
    failed: list[Omission] = field(default_factory=list)
    left_out: list[Omission] = field(default_factory=list)


class ImportResult(NamedTuple):
    """The number of sessions added and of those known before, and of messages added."""

    added: int
    known: int
    messages: int


async def import_sessions(
    store: SessionStore,
    archives: Sequence[Archive],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> ImportResult:
    """Add sessions that are not stored yet, in large transactions, each whole or not at all.

    Args:
        store: Where they are added.
        archives: The sessions.
        progress: Called after each transaction with the number of sessions that are stored, and the
            number of all.
    """
    done: list[Added] = []
    for batch in _batches(archives):
        done += await store.add_archives(batch)
        progress(len(done), len(archives))
    new = sum(added.is_new for added in done)
    return ImportResult(new, len(done) - new, sum(added.messages for added in done))


def _batches(archives: Iterable[Archive]) -> Iterator[list[Archive]]:
    """The sessions in order, in groups of up to ``MOST_MESSAGES`` unless one has more."""
    batch: list[Archive] = []
    size = 0
    for archive in archives:
        if batch and size + len(archive.messages) > MOST_MESSAGES:
            yield batch
            batch, size = [], 0
        batch.append(archive)
        size += len(archive.messages)
    if batch:
        yield batch


def read_sessions(
    text: str, now: float, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> ParsedFile:
    """Read sessions: JSON or JSON lines, of objects with ``messages`` or lists of messages.

    A session without an id gets one made from its content, so that the same line is always the same
    session.

    Args:
        text: The whole file.
        now: The Unix time to use where the file has none.
        progress: Called for each of many lines with their number so far, and the number of all.
    """
    reading = ParsedFile()
    for where, document in _documents(text, reading, progress):
        try:
            archive, notes = read_session(document, now)
        except ValueError as error:
            title = Fields.of(document).text("title") or ""
            reading.failed.append(Omission(where, str(error), title))
        else:
            reading.archives.append(archive)
            title = archive.session.title
            reading.left_out += (
                Omission(f"{where}, message {number}", note, title) for number, note in notes
            )
    return reading


def _documents(
    text: str, reading: ParsedFile, progress: Callable[[int, int], None]
) -> Iterator[tuple[str, object]]:
    """The sessions of a file as JSON values, each with its place in the file."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if _is_used(line)]
    if len(lines) > 1:
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError) as error:
            for done, document in enumerate(_lines(lines, reading, str(error)), 1):
                yield document
                progress(done, len(lines))
        else:
            yield from _parts(whole)
    else:
        yield from _lines(lines, reading, "")


def _is_used(line: str) -> bool:
    """Whether a line holds more than blanks; a line may be as long as a session."""
    return bool(line) and not line.isspace()


def _parts(whole: object) -> Iterator[tuple[str, object]]:
    """The sessions of one JSON document: the document itself, or the items of its list."""
    if isinstance(whole, list) and not any(Fields.of(each).text("role") for each in whole):
        yield from ((f"session {number}", each) for number, each in enumerate(whole, 1))
    else:
        yield "the file", whole


def _lines(
    lines: Sequence[tuple[int, str]], reading: ParsedFile, as_one: str
) -> Iterator[tuple[str, object]]:
    """The sessions of JSON lines; if no line is JSON, the error ``as_one`` of the whole file."""
    failed = 0
    for number, line in lines:
        try:
            document = json.loads(line)
        except json.JSONDecodeError as error:
            failed += 1
            why = f"this is no JSON: {error.msg} (column {error.colno})"
            reading.failed.append(Omission(f"line {number}", why))
        except (ValueError, RecursionError) as error:
            failed += 1
            reading.failed.append(Omission(f"line {number}", f"this is no JSON: {error}"))
        else:
            yield f"line {number}", document
    if as_one and failed == len(lines):
        reading.failed[:] = [Omission("the file", f"this is no JSON: {as_one}")]
