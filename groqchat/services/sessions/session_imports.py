"""Reads sessions from JSON: our own exports, lists of messages, and exports of other programs."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from groqchat.services.sessions.broken_json import parts_of_broken_list
from groqchat.services.sessions.importers.conversation import NothingInItError, archive_of
from groqchat.services.sessions.importers.formats import importer_of
from groqchat.services.sessions.importers.images import ImportedImages
from groqchat.services.sessions.json_fields import Fields
from groqchat.services.sessions.session_reader import read_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from groqchat.domain.sessions.archive import Added, Archive
    from groqchat.services.ports import SessionStore
    from groqchat.services.sessions.importers.conversation import Conversation


MOST_MESSAGES = 5_000
"""The size of a transaction: it pays for one pass of the index, and other processes that write wait
for it less than a second."""


EMPTY = "empty chat"
"""The name under which chats without a message are counted."""


# How half a character may be written in JSON: a surrogate, of which a whole one has two.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class Omission(NamedTuple):
    """A part of a file that is not imported: its place in the file, and the reason."""

    where: str
    reason: str
    title: str = ""


@dataclass(slots=True)
class ParsedFile:
    """The sessions of a file.

    ``failed`` are unreadable sessions, ``left_out`` single messages; ``omitted`` counts what else
    is not imported, by its name in the singular. ``remarks`` are sentences on what a format lacks.
    """

    archives: list[Archive] = field(default_factory=list)
    failed: list[Omission] = field(default_factory=list)
    left_out: list[Omission] = field(default_factory=list)
    omitted: Counter[str] = field(default_factory=Counter)
    remarks: dict[str, None] = field(default_factory=dict)

    def add(self, other: ParsedFile, name: str) -> None:
        """Add what another file holds, whose name goes before its places."""
        self.archives += other.archives
        self.failed += (each._replace(where=f"{name}: {each.where}") for each in other.failed)
        self.left_out += (each._replace(where=f"{name}: {each.where}") for each in other.left_out)
        self.omitted += other.omitted
        self.remarks |= other.remarks

    def add_conversation(
        self, read: Callable[[], Conversation], where: str, now: float, title: str = ""
    ) -> None:
        """Add a conversation of another program, or the reason why it cannot be read.

        Args:
            read: Reads the conversation; a ``ValueError`` says why it cannot.
            where: Its place in the file.
            now: The Unix time that stands in where the source has none.
            title: Its title, for the message.
        """
        try:
            talk = read()
            title = talk.title or title
            self.archives.append(archive_of(talk, now))
        except NothingInItError:
            self.omitted[EMPTY] += 1
        except ValueError as error:
            self.failed.append(Omission(where, str(error), title))


@dataclass(slots=True)
class ImportResult:
    """The number of sessions added and of those known before, and of messages added.

    ``grown`` of the known ones were given messages that they lacked.
    """

    added: int = 0
    known: int = 0
    messages: int = 0
    grown: int = 0

    def count(self, done: Iterable[Added]) -> None:
        """Count what a transaction has added."""
        for added in done:
            self.added += added.is_new
            self.known += not added.is_new
            self.grown += not added.is_new and added.messages > 0
            self.messages += added.messages


async def import_sessions(
    store: SessionStore,
    archives: Sequence[Archive],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    result: ImportResult | None = None,
) -> ImportResult:
    """Add sessions that are not stored yet, in large transactions, each whole or not at all.

    Messages that a stored session lacks are added to it. When it is cancelled, the transaction
    under way is finished first, so that ``result`` is right.

    Args:
        store: Where they are added.
        archives: The sessions.
        progress: Called after each transaction with the number of sessions that are stored, and the
            number of all.
        result: The counts so far, which change with each transaction.
    """
    counts = ImportResult() if result is None else result
    for batch in _batches(archives):
        adding = asyncio.ensure_future(store.add_archives(batch))
        try:
            counts.count(await asyncio.shield(adding))
        except asyncio.CancelledError:
            counts.count(await adding)
            raise
        progress(counts.added + counts.known, len(archives))
    return counts


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


_PAGE = re.compile(r"\s*(?:#{1,6} |<!doctype html|<html)", re.IGNORECASE)
_NO_WAY_BACK = "this is Markdown or HTML: sessions come back from exports in JSON or JSONL alone"


def read_sessions(
    text: str,
    now: float,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    form: str | None = None,
    images: ImportedImages | None = None,
) -> ParsedFile:
    """Read sessions: JSON or JSON lines, of objects with ``messages`` or lists of messages.

    Documents may also be those of `groqchat.services.sessions.importers.formats`. A session without
    an id gets one made from its content, so that the same line is always the same session.

    Args:
        text: The whole file.
        now: The Unix time to use where the file has none.
        progress: Called for each of many lines with their number so far, and the number of all.
        form: The name of a format; None finds it by the content of each document.
        images: Takes the images of other programs' chats, where they are beside the text.
    """
    reading = ParsedFile()
    images = images or ImportedImages()
    if _PAGE.match(text):
        reading.failed.append(Omission("the file", _NO_WAY_BACK))
        return reading
    may_have_halves = _HALF.search(text) is not None
    for where, found in _documents(text, reading, progress):
        document = _of_whole_characters(found) if may_have_halves else found
        fields = Fields.of(document)
        importer = importer_of(fields, form)
        if importer is not None:
            read = partial(importer.read, fields, reading.omitted, images)
            title = fields.text("title") or fields.text("name") or ""
            reading.add_conversation(read, where, now, title)
            reading.remarks |= dict.fromkeys(filter(None, [importer.REMARK]))
            continue
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


def _of_whole_characters(document: object) -> object:
    """A JSON value without halves of characters, which no database holds; None if too deep."""
    written = ""
    try:
        written = json.dumps(document, ensure_ascii=False)
        written.encode()
    except RecursionError:
        return None
    except UnicodeEncodeError:
        return json.loads(written.encode("utf-8", "replace"))
    return document


def _documents(
    text: str, reading: ParsedFile, progress: Callable[[int, int], None]
) -> Iterator[tuple[str, object]]:
    """The sessions of a file as JSON values, each with its place in the file."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if _is_used(line)]
    if len(lines) > 1:
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError) as error:
            if _is_broken_list(lines[0][1]):
                yield from _whole_items(text, reading)
                return
            for done, document in enumerate(_lines(lines, reading, str(error)), 1):
                yield document
                progress(done, len(lines))
        else:
            yield from _parts(whole, "the file")
    elif lines and _is_broken_list(lines[0][1]):
        yield from _whole_items(text, reading)
    else:
        yield from _lines(lines, reading, "")


def _is_broken_list(first_line: str) -> bool:
    """Whether a file that begins so, and is no JSON as a whole, is a list, and no JSON lines."""
    if not first_line.lstrip().startswith("["):
        return False
    try:
        json.loads(first_line)
    except (ValueError, RecursionError):
        return True
    return False


def _whole_items(text: str, reading: ParsedFile) -> Iterator[tuple[str, object]]:
    """The sessions of a broken list that are whole."""
    number, is_broken = 0, False
    for part in parts_of_broken_list(text):
        if part.reason:
            is_broken = True
            where = f"behind session {number} (character {part.start + 1:,})"
            reading.failed.append(Omission(where, part.reason))
        elif not is_broken or _is_session(part.value):
            number += 1
            yield f"session {number}", part.value


def _is_used(line: str) -> bool:
    """Whether a line holds more than blanks; a line may be as long as a session."""
    return bool(line) and not line.isspace()


def _parts(whole: object, name: str) -> Iterator[tuple[str, object]]:
    """The sessions of one JSON document: the document itself, or the items of its list."""
    if isinstance(whole, list) and not any(Fields.of(each).text("role") for each in whole):
        yield from ((f"session {number}", each) for number, each in enumerate(whole, 1))
    else:
        yield name, whole


def _is_session(document: object) -> bool:
    """Whether a value looks like a session of any format."""
    fields = Fields.of(document)
    return isinstance(fields.values.get("messages"), list) or importer_of(fields, None) is not None


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
            is_list = isinstance(document, list) and any(map(_is_session, document))
            yield from (
                _parts(document, f"line {number}") if is_list else [(f"line {number}", document)]
            )
    if as_one and failed == len(lines):
        reading.failed[:] = [Omission("the file", f"this is no JSON: {as_one}")]
