"""Saved conversations on their way in: our own exports, and what others write down as messages."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from groqchat.services.sessions.json_fields import Fields
from groqchat.services.sessions.session_reader import read_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from groqchat.domain.sessions.archive import Archive
    from groqchat.services.ports import SessionStore


class Omission(NamedTuple):
    """What is not imported: where it stands in the file, and why."""

    where: str
    reason: str
    title: str = ""


@dataclass(slots=True)
class ParsedFile:
    """What a file holds: ``failed`` are its sessions that cannot be read, ``left_out`` messages."""

    archives: list[Archive] = field(default_factory=list)
    failed: list[Omission] = field(default_factory=list)
    left_out: list[Omission] = field(default_factory=list)


class ImportResult(NamedTuple):
    """What an import came to: sessions that are new or were there already, and new messages."""

    added: int
    known: int
    messages: int


async def import_sessions(store: SessionStore, archives: Sequence[Archive]) -> ImportResult:
    """Add those sessions that are not there yet, one after another, each whole or not at all."""
    done = [await store.add_archive(archive) for archive in archives]
    new = sum(added.is_new for added in done)
    return ImportResult(new, len(done) - new, sum(added.messages for added in done))


def read_sessions(text: str, now: float) -> ParsedFile:
    """Read sessions: JSON or JSON lines, of objects with ``messages`` or lists of messages.

    What has no id gets one that follows from its content, so that the same line is always the
    same session.

    Args:
        text: The whole file.
        now: The Unix time that stands in where none is told.
    """
    reading = ParsedFile()
    for where, document in _documents(text, reading):
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


def _documents(text: str, reading: ParsedFile) -> Iterator[tuple[str, object]]:
    """The sessions of a file as JSON has them, each with where it stands."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) > 1:
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError) as error:
            yield from _lines(lines, reading, str(error))
        else:
            yield from _parts(whole)
    else:
        yield from _lines(lines, reading, "")


def _parts(whole: object) -> Iterator[tuple[str, object]]:
    """The sessions of one JSON document: itself, or those in its list."""
    if isinstance(whole, list) and not any(Fields.of(each).text("role") for each in whole):
        yield from ((f"session {number}", each) for number, each in enumerate(whole, 1))
    else:
        yield "the file", whole


def _lines(
    lines: Sequence[tuple[int, str]], reading: ParsedFile, as_one: str
) -> Iterator[tuple[str, object]]:
    """The sessions of JSON lines; where none is JSON, what was wrong with the file ``as_one``."""
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
