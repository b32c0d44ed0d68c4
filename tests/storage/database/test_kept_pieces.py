"""Transcripts that are paid: kept with their ledger entry, forgotten from the file, never old."""

from contextlib import asynccontextmanager

import pytest

from groqchat.domain.audio.kept import KeptPiece
from groqchat.domain.audio.transcript import Segment, Transcript, Word
from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.services.clock import SystemClock
from groqchat.storage.database.database import Database
from groqchat.storage.database.kept_piece_rows import KEPT_S
from groqchat.storage.database.kept_pieces import KeptPieces
from groqchat.storage.database.ledger import Ledger

SPOKEN = Transcript(
    "Zürich is \ud800 quiet.",
    "de",
    12.5,
    (Segment("Zürich is quiet.", 0.0, 2.0),),
    (Word("Zürich", 0.0, 0.7), Word("is", 0.7, 1.0)),
)


@asynccontextmanager
async def opened(path):
    database = Database(path, print)
    yield database, KeptPieces(database), Ledger(database)
    await database.close()


def entry():
    return LedgerEntry(1.0, "default", "f", "whisper-large-v3", "ok", audio_s=12.5)


def piece(digest="d", age=0.0):
    return KeptPiece(digest, SystemClock().now() - age, 12.5, SPOKEN)


async def test_a_piece_comes_back_as_it_was_kept_with_its_entry(tmp_path):
    async with opened(tmp_path / "a.db") as (_, pieces, ledger):
        kept = piece()
        await ledger.record(entry(), piece=kept)
        assert (await ledger.spent()).requests == 1
        found = await pieces.kept(["d", "another"])
        assert list(found) == ["d"]
        assert found["d"].transcript.words == SPOKEN.words
        assert found["d"].transcript.segments == SPOKEN.segments
        assert found["d"].transcript.text == "Zürich is ? quiet."
        assert (found["d"].length_s, found["d"].time) == (12.5, kept.time)


async def test_an_entry_that_cannot_be_written_keeps_nothing(tmp_path):
    async with opened(tmp_path / "a.db") as (database, pieces, ledger):
        await database.write(lambda db: db.execute("ALTER TABLE kept_pieces RENAME TO gone"))
        with pytest.raises(Exception, match="kept_pieces"):
            await ledger.record(entry(), piece=piece())
        await database.write(lambda db: db.execute("ALTER TABLE gone RENAME TO kept_pieces"))
        assert (await ledger.spent()).requests == 0
        assert await pieces.kept(["d"]) == {}


async def test_what_is_forgotten_is_not_in_the_file(tmp_path):
    path = tmp_path / "a.db"
    async with opened(path) as (_, pieces, ledger):
        await ledger.record(entry(), piece=piece())
        await pieces.forget(["d"])
        assert await pieces.kept(["d"]) == {}
    files = [each.read_bytes() for each in tmp_path.iterdir()]
    assert not any("Zürich".encode() in content for content in files)


@pytest.mark.parametrize(("age", "there"), [(KEPT_S - 60, True), (KEPT_S + 60, False)])
async def test_a_piece_is_kept_for_seven_days(tmp_path, age, there):
    path = tmp_path / "a.db"
    async with opened(path) as (_, _, ledger):
        await ledger.record(entry(), piece=piece(age=age))
    async with opened(path) as (_, pieces, _):
        assert bool(await pieces.kept(["d"])) is there
