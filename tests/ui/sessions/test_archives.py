"""``/import`` and ``/backup``: what comes, what is said, and how they are stopped."""

import asyncio
import json
import sqlite3
import threading
from contextlib import closing

from groqchat.domain.errors.table import failure
from groqchat.services.sessions import session_imports
from groqchat.storage.archive_files import ArchiveFiles
from groqchat.storage.database.sessions import Sessions
from groqchat.ui.widgets.cost_meter import CostMeter
from groqchat.ui.widgets.toast_cards import Notice
from groqchat.ui.widgets.work_card import WorkCard
from tests.samples import SAMPLES
from tests.ui.chat.test_chat_screen import chatting, shows
from tests.ui.stage import seen, until

SIZE = (140, 45)


def told(screen):
    """What the notices and the work under way say."""
    cards = [*screen.query(Notice), *screen.query(WorkCard)]
    return " ".join(str(card.body()) for card in cards)


async def run(pilot, screen, written, *said):
    """Run a command, and wait until a notice says all that."""
    for notice in screen.query(Notice):
        notice.on_click()
    await until(pilot, lambda: not screen.query(Notice))
    screen.composer.text = written
    await pilot.press("enter")
    await until(pilot, lambda: all(each in told(screen) for each in said))


async def titles(screen):
    return {each.title for each in await screen.chat.services.store.sessions()}


async def test_conversations_of_other_programs_come_into_the_list(groq):
    async with chatting(size=SIZE) as (pilot, screen):
        file = SAMPLES / "claude-export.zip"
        await run(
            pilot, screen, f"/import {file}", "claude-export.zip: 2 added, 0 were there already.",
            "Not imported: ", "1 empty chat", "Claude's export names no models.",
        )  # fmt: skip
        assert {"Sorting", "Old question"} <= await titles(screen)
        await run(pilot, screen, f"/import '{file}'", "0 added, 2 were there already.")
        await pilot.press("ctrl+s")
        await shows(pilot, screen, "Sorting")


async def test_what_cannot_be_read_is_said_and_the_command_comes_back(groq, tmp_path):
    async with chatting(size=SIZE) as (pilot, screen):
        await run(pilot, screen, "/import", "Write /import and the path of a file")
        assert screen.composer.text == "/import "
        await run(pilot, screen, "/import none.zip", "There is no file none.zip")
        assert screen.composer.text == "/import none.zip"
        (tmp_path / "half.zip").write_bytes(b"PK\x03\x04 and no more")
        await run(pilot, screen, f"/import {tmp_path / 'half.zip'}", "is a damaged archive")
        assert await titles(screen) == set()
        file = SAMPLES / "chatgpt-export.zip"
        await run(pilot, screen, f"/import {file}", "2 added", "Not read: Damaged: there are no")


async def test_what_an_imported_session_cost_is_unknown_and_not_nothing(groq):
    async with chatting(size=(150, 40)) as (pilot, screen):
        await run(pilot, screen, f"/import {SAMPLES / 'openwebui-bare.json'}", "1 added")
        (session,) = await screen.chat.services.store.sessions()
        await screen.chat.opening.open(session.id)
        await shows(pilot, screen, "cost unknown")

        def rows():
            made = screen.query_one(CostMeter).made_rows()
            return [" ".join(row.plain.split()) for row in made]

        await until(pilot, lambda: rows()[1:3] == ["this turn –", "this session unknown"])
        assert not any("paid" in row for row in rows())


async def test_the_open_session_shows_what_an_import_adds_to_it(groq, tmp_path):
    talk = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}]
    more = [
        *talk,
        {"role": "user", "content": "More"},
        {"role": "assistant", "content": "That is it."},
    ]
    file = tmp_path / "talk.jsonl"
    async with chatting(size=SIZE) as (pilot, screen):
        for messages in (talk, more):
            file.write_text(json.dumps({"id": "s", "title": "Talk", "messages": messages}))
            await run(
                pilot, screen, f"/import {file}", "1 added" if messages is talk else "0 added"
            )
            if messages is talk:
                session = await screen.chat.services.store.session("s")
                await screen.conversation.open(session)
        await until(pilot, lambda: len(screen.conversation.transcript.entries) == len(more))
        assert "That is it." in seen(screen)


async def test_esc_stops_an_import_and_keeps_what_is_stored(groq, tmp_path, monkeypatch):
    monkeypatch.setattr(session_imports, "MOST_MESSAGES", 1)
    add, begun, may_go_on = Sessions.add_archives, threading.Event(), asyncio.Event()

    async def slowly(store, archives):
        if archives[0].session.id == "s3":
            begun.set()
            await may_go_on.wait()
        return await add(store, archives)

    monkeypatch.setattr(Sessions, "add_archives", slowly)
    file = tmp_path / "many.jsonl"
    talk = [{"role": "user", "content": "Hi"}]
    file.write_text("".join(json.dumps({"id": f"s{n}", "messages": talk}) + "\n" for n in range(9)))
    async with chatting(size=SIZE) as (pilot, screen):
        await run(pilot, screen, f"/import {file}", "3 of 9 conversations stored")
        await until(pilot, begun.is_set)
        await run(pilot, screen, f"/import {file}", "is still running")
        screen.composer.text = ""
        await pilot.press("escape")
        may_go_on.set()
        await until(
            pilot, lambda: "Stopped after 4 conversations, each stored whole;" in told(screen)
        )
        await until(pilot, lambda: not screen.query(WorkCard))
        assert len(await screen.chat.services.store.sessions()) == 4
        await run(pilot, screen, f"/import {file}", "5 added, 4 were there already.")


async def test_a_backup_has_a_name_of_the_day_and_goes_over_nothing(groq, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with chatting(size=SIZE) as (pilot, screen):
        await run(pilot, screen, f"/import {SAMPLES / 'openwebui-bare.json'}", "1 added")
        await run(
            pilot, screen, "/backup", "Backed up 1 session to", "`groqchat restore` puts it back"
        )
        await run(pilot, screen, "/backup mine.db", "mine.db (")
        await run(pilot, screen, "/backup mine.db", "is there already")
        assert screen.composer.text == "/backup mine.db"
        await run(pilot, screen, "/backup none/mine.db", "its folder does not exist")
        screen.composer.text = ""
        await run(pilot, screen, "/backup", "-2.db")
    made = sorted(tmp_path.glob("groqchat-20*.db"))
    assert len(made) == 2
    for path in (*made, tmp_path / "mine.db"):
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("SELECT title FROM sessions").fetchall() == [("Bare",)]


async def test_a_backup_that_the_disk_refuses_is_an_error_with_its_keys(groq, monkeypatch):
    def refuse(*_):
        raise failure("disk", detail="mine.db: No space left on device")

    monkeypatch.setattr(ArchiveFiles, "back_up", refuse)
    async with chatting(size=SIZE) as (pilot, screen):
        screen.composer.text = "/backup mine.db"
        await pilot.press("enter")
        await shows(pilot, screen, "No space left on device")
        await until(pilot, lambda: screen.composer.text == "/backup mine.db")


async def test_both_are_found_in_the_palette(groq):
    async with chatting(size=SIZE) as (pilot, _screen):
        await pilot.press("ctrl+p")
        for letter in "import":
            await pilot.press(letter)
        await shows(pilot, pilot.app.screen, "Import conversations")
