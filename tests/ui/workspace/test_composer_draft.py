"""The draft in the composer goes with its session, without a screen."""

from types import SimpleNamespace

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.sessions.draft import KeptDraft
from groqchat.domain.sessions.unsaved import UNSAVED
from groqchat.ui.workspace.composer_draft import ComposerDraft
from groqchat.ui.workspace.draft_writer import Draft, DraftWriter
from tests.ui.without_a_screen import Area, prompt, run

KEY = "gsk_" + "a1B2" * 13


class Disk:
    """Drafts in a dictionary; while it is full, nothing is saved."""

    def __init__(self, **texts):
        self.texts, self.chips = texts, {}
        self.is_full = False

    async def save_draft(self, session_id, text, chips=()):
        if self.is_full:
            raise failure("disk", detail="disk full")
        self.texts[session_id], self.chips[session_id] = text, tuple(chips)

    async def draft(self, session_id):
        return self.texts.get(session_id, "")

    async def kept_draft(self, session_id):
        return KeptDraft(await self.draft(session_id), self.chips.get(session_id, ()))


class Desk:
    """A composer whose session changes."""

    def __init__(self, **texts):
        self.area, self.disk = Area(), Disk(**texts)
        self.branch = SimpleNamespace(draft_id="first")
        self.draft = ComposerDraft(self.area, self.branch, self.disk, run)

    async def open(self, session_id, *, typed=""):
        """Open another session; letters are typed before it is on the screen."""
        self.draft.leave()
        self.area.text += typed
        self.branch.draft_id = session_id
        await self.draft.arrive()


async def test_a_draft_stays_with_its_session_and_comes_back():
    desk = Desk(second="begun ")
    await desk.draft.arrive()
    desk.area.text = "for the first"
    await desk.open("second", typed="and more")
    assert desk.area.text == "begun and more"
    await desk.open("first")
    assert (desk.area.text, desk.disk.texts["second"]) == ("for the first", "begun and more")


async def test_what_is_typed_before_a_session_was_read_follows_its_draft():
    desk = Desk(first="saved ")
    desk.area.text = "typed"
    await desk.open("second")
    assert (desk.area.text, desk.disk.texts["first"]) == ("", "saved typed")


async def test_a_text_goes_along_into_the_session_that_is_opened_next():
    desk = Desk(second="its own")
    await desk.draft.arrive()
    desk.area.text = "half a thought"
    await desk.draft.save()
    desk.draft.go_along("first")
    await desk.open("second")
    assert desk.area.text == "its ownhalf a thought"
    assert desk.disk.texts == {"first": "", "second": "its ownhalf a thought"}


async def test_a_text_that_is_lent_is_saved_for_its_session_and_comes_back():
    desk = Desk()
    await desk.draft.arrive()
    desk.area.text = "compare"
    elsewhere = Area(desk.draft.text)
    with desk.draft.lent_to(elsewhere, lambda: "columns"):
        elsewhere.text += " this"
        await desk.draft.save()
        assert (desk.area.text, desk.disk.texts["columns"]) == ("", "compare this")
    assert desk.area.text == "compare this"


async def test_a_full_disk_loses_no_draft():
    desk = Desk()
    await desk.draft.arrive()
    desk.area.text, desk.disk.is_full = "for the first", True
    with pytest.raises(StorageError):
        await desk.open("second")
    assert desk.draft.is_for("second")
    desk.disk.is_full = False
    await desk.draft.save()
    assert desk.disk.texts["first"] == "for the first"


async def test_the_end_of_the_program_saves_what_stands_before_a_session_was_read():
    desk = Desk(first="saved ")
    desk.area.text = "typed"
    await desk.draft.rescue()
    assert desk.disk.texts["first"] == "saved typed"


async def test_a_prompt_without_an_answer_waits_unless_its_session_has_a_draft():
    desk = Desk(busy="a draft")
    await desk.draft.keep_for(prompt("Explain rate limits"))
    assert desk.disk.texts["s1"] == "Explain rate limits"
    unanswered = SimpleNamespace(session_id="busy", content="another")
    await desk.draft.keep_for(unanswered)
    assert desk.disk.texts["busy"] == "a draft"


async def test_of_an_unsaved_session_only_what_follows_the_prompt_is_left():
    desk = Desk(**{UNSAVED: "Explain limits\nand then"})
    await desk.draft._forget("Explain limits")
    desk.draft._stop_timer()
    assert desk.disk.texts[UNSAVED] == "and then"


async def test_a_key_is_written_into_no_file():
    disk = Disk(s1="before")
    writer = DraftWriter(disk)
    writer.leave(Draft("s1", KeptDraft(f"my key is {KEY}"), is_whole=True))
    await writer.flush()
    assert disk.texts["s1"] == ""
