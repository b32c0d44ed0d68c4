"""What is being written follows its session, however sessions are opened, on the real services."""

import asyncio

import pytest
from textual.events import Key

from groqchat.domain.errors.table import failure
from groqchat.domain.sessions.unsaved import UNSAVED
from tests.ui.chat.test_chat_screen import PROMPT, ask, chatting
from tests.ui.stage import kept, seen, until


async def two_sessions(pilot, screen):
    """Ids of two sessions with a draft each; an empty one is on the screen."""
    ids = []
    for name in ("first", "second"):
        await ask(pilot, screen, PROMPT)
        await pilot.press(*name)
        ids.append(screen.conversation.session.id)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.branch.leaf_id is None)
        await until(pilot, lambda: screen.composer.text == "")
    for name, session_id in zip(("first", "second"), ids, strict=True):
        await kept(pilot, screen, session_id, name)
    return ids


@pytest.mark.parametrize("gap", [0, 0.001, 0.01, 0.05, 0.2])
async def test_no_draft_is_lost_where_sessions_are_opened_in_a_hurry(groq, gap):
    async with chatting() as (pilot, screen):
        first, second = await two_sessions(pilot, screen)
        for session_id in (first, second, first, second):
            screen.chat.session_list.post_message(screen.chat.session_list.Chosen(session_id))
            await asyncio.sleep(gap)
        await until(pilot, lambda: screen.conversation.session.id == second)
        await until(pilot, lambda: screen.composer.text == "second")
        await pilot.pause(1)
        assert await screen.workspace.services.drafts.draft(first) == "first"
        assert await screen.workspace.services.drafts.draft(second) == "second"


async def test_a_prompt_without_an_answer_waits_in_its_session_when_the_turn_stops_unseen(groq):
    prompt = "Explain limits. simulate: slow_first_byte=60"
    async with chatting() as (pilot, screen):
        conversation = screen.conversation
        screen.composer.text = prompt
        await pilot.press("enter")
        await until(pilot, lambda: conversation.branch.leaf_id and conversation.is_busy)
        await until(pilot, lambda: screen.composer.text == "")
        first = conversation.session.id
        await pilot.press("x", "enter")
        await until(pilot, lambda: "1 queued" in seen(screen))
        await pilot.press("ctrl+n")
        await until(pilot, lambda: conversation.branch.leaf_id is None)
        assert conversation.turns.is_running(first)
        await conversation.turns.stop(first)
        await kept(pilot, screen, first, prompt)
        assert screen.composer.text == ""
        screen.chat.session_list.post_message(screen.chat.session_list.Chosen(first))
        await until(pilot, lambda: screen.composer.text == prompt)


@pytest.mark.parametrize("is_new", [True, False])
async def test_a_prompt_that_is_sent_as_its_session_is_left_stays_in_no_composer(groq, is_new):
    async with chatting() as (pilot, screen):
        if not is_new:
            await ask(pilot, screen, "Why?")
        first = screen.conversation.session.id
        screen.composer.text = "Explain limits. simulate: slow_first_byte=60"
        screen.chat.prompting.submit(screen.composer.text)
        await until(pilot, lambda: screen.conversation.is_busy)
        await screen.conversation.start_new()
        await pilot.pause()
        drafts = screen.workspace.services.drafts
        assert screen.composer.text == ""
        assert [await drafts.draft(name) for name in (first, UNSAVED)] == ["", ""]
        assert screen.conversation.turns.is_running(first)
        await screen.conversation.turns.stop(first)


async def test_a_session_left_before_it_was_there_keeps_its_draft(groq, monkeypatch):
    async with chatting() as (pilot, screen):
        first, second = await two_sessions(pilot, screen)
        outline = screen.conversation.branch.outline

        async def slow():
            await asyncio.sleep(1.2)
            return await outline()

        monkeypatch.setattr(screen.conversation.branch, "outline", slow)
        screen.chat.session_list.post_message(screen.chat.session_list.Chosen(first))
        await until(pilot, lambda: screen.conversation.session.id == first)
        pilot.app.post_message(Key("!", "!"))
        await pilot.pause(1)  # longer than a draft waits to be written
        screen.chat.session_list.post_message(screen.chat.session_list.Chosen(second))
        await until(pilot, lambda: screen.composer.text == "second")
        assert await screen.workspace.services.drafts.draft(first) == "first!"


async def test_what_is_left_is_kept_though_the_program_ends_or_the_disk_is_full(groq, monkeypatch):
    async with chatting() as (pilot, screen):
        first, _ = await two_sessions(pilot, screen)
        await pilot.press(*"new")
        save = screen.workspace.services.drafts.save_draft

        async def full(*_):
            raise failure("disk", detail="full")

        monkeypatch.setattr(screen.workspace.services.drafts, "save_draft", full)
        screen.chat.session_list.post_message(screen.chat.session_list.Chosen(first))
        await until(pilot, lambda: screen.conversation.session.id == first)
        await pilot.pause(0.3)
        monkeypatch.setattr(screen.workspace.services.drafts, "save_draft", save)
        await screen.save()
        assert await screen.workspace.services.drafts.draft(UNSAVED) == "new"
        assert await screen.workspace.services.drafts.draft(first) == "first"


async def test_a_session_that_cannot_be_read_takes_no_text_along(groq, monkeypatch):
    async with chatting() as (pilot, screen):
        first, _ = await two_sessions(pilot, screen)
        await pilot.press(*"new")

        tried = []

        async def damaged(*_, **__):
            tried.append("path")
            raise failure("disk", detail="damaged")

        with monkeypatch.context() as broken:
            broken.setattr(screen.workspace.services.store, "path", damaged)
            screen.chat.session_list.post_message(screen.chat.session_list.Chosen(first))
            await until(pilot, lambda: tried)
        await until(pilot, lambda: screen.composer.text == "new")
        assert screen.conversation.branch.leaf_id is None


async def test_what_was_being_written_comes_back_after_an_edit(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await pilot.press(*"draft", "tab", "e")
        await until(pilot, lambda: screen.composer.text == PROMPT)
        await pilot.press("escape")
        await until(pilot, lambda: screen.composer.text == "draft")
        await pilot.press("tab", "e")
        await until(pilot, lambda: screen.composer.text == PROMPT)
        await pilot.press("!", "enter")
        await until(pilot, lambda: screen.composer.text == "draft")
        await until(pilot, lambda: not screen.conversation.is_busy)


async def test_what_was_cleared_or_replaced_can_be_brought_back(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await pilot.press(*"draft", "ctrl+c")
        await until(pilot, lambda: screen.composer.text == "")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: screen.composer.text == "draft")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "Prompts sent before" in seen(pilot.app.screen))
        await until(pilot, lambda: PROMPT in seen(pilot.app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: screen.composer.text == PROMPT)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: screen.composer.text == "draft")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.composer.text == "")
        await pilot.press("ctrl+z")  # the text of another session is none of this one's
        assert screen.composer.text == ""


async def test_no_window_takes_keys_from_somebody_who_writes(groq):
    async with chatting() as (pilot, screen):
        groq.arm("slow_first_byte=1*1")
        groq.arm("key_rejected*1")
        screen.composer.text = PROMPT
        await pilot.press("enter")
        await until(pilot, lambda: screen.conversation.is_busy)
        await until(pilot, lambda: screen.composer.text == "")
        await pilot.press(*"next")
        await until(pilot, lambda: "401" in seen(screen))
        await pilot.press(*"!")
        assert pilot.app.screen is screen
        assert screen.composer.text == "next!"
        assert "k new key" in seen(screen)
