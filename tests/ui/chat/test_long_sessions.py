"""Sessions of many turns on the real screen: they open at their end, whole, one at a time."""

import asyncio

from groqchat.domain.turns.chat import Message, Role, Session, State
from tests.ui.chat.test_chat_screen import chatting, shows
from tests.ui.stage import seen, until

TURNS = 80


async def fill(screen, session_id, turns=TURNS):
    store, parent = screen.workspace.services.store, None
    await store.create_session(Session(session_id, session_id, 1.0, 2.0, "openai/gpt-oss-120b"))
    for number in range(turns):
        for role in (Role.USER, Role.ASSISTANT):
            own = f"{session_id}-{number}-{role}"
            text = f"{role} says {session_id} {number}"
            said = Message(own, session_id, parent, role, text, 3.0 + number, State.COMPLETE)
            await store.add_message(said)
            parent = own


async def test_a_long_session_opens_at_its_end_and_scrolls_to_its_beginning(groq):
    async with chatting() as (pilot, screen):
        await fill(screen, "long")
        await screen.chat.opening.open("long")
        transcript = screen.conversation.transcript
        await shows(pilot, screen, "assistant says long 79")
        assert len(transcript.entries) == 2 * TURNS
        transcript.action_home()
        await shows(pilot, screen, "user says long 0")
        transcript.follow()
        await shows(pilot, screen, "assistant says long 79")
        screen.conversation.find_bar.open()
        transcript.find("79")
        assert transcript.find_next()


async def test_a_message_in_the_middle_is_shown_with_what_is_around_it(groq):
    async with chatting() as (pilot, screen):
        await fill(screen, "long")
        await screen.chat.opening.open("long", "long-40-user")
        await shows(pilot, screen, "user says long 40")
        assert "says long 79" not in seen(screen)


async def test_of_sessions_opened_at_once_the_last_one_stays(groq):
    async with chatting() as (pilot, screen):
        await fill(screen, "first")
        await fill(screen, "second")
        await asyncio.gather(screen.chat.opening.open("first"), screen.chat.opening.open("second"))
        conversation = screen.conversation
        assert conversation.session.id == "second"
        assert conversation.branch.leaf_id == f"second-{TURNS - 1}-assistant"
        assert conversation.transcript.entries[0].id == "second-0-user"
        assert len(conversation.transcript.entries) == 2 * TURNS
        first = await screen.workspace.services.store.session("first")
        await asyncio.gather(conversation.open(first), conversation.start_new())
        assert conversation.branch.leaf_id is None
        await until(pilot, lambda: not conversation.has_class("-begun"))


async def test_find_goes_through_all_of_a_long_session(groq):
    async with chatting() as (pilot, screen):
        await fill(screen, "long", turns=1_000)
        await screen.chat.opening.open("long")
        await shows(pilot, screen, "assistant says long 999")
        await until(pilot, lambda: screen.workspace.draft._has_arrived)  # everything has followed
        transcript, bar = screen.conversation.transcript, screen.conversation.find_bar
        assert not any(entry.text for entry in transcript.entries[:1_000])
        bar.open('"LONG 7"')
        await shows(pilot, screen, "222 found")  # 7, 70 to 79, 700 to 799: asked and answered
        for key, place in (
            ("down", "user says long 7"),
            ("down", "assistant says long 7"),
            ("up", "user says long 7"),
            ("up", "assistant says long 799"),
            ("down", "user says long 7"),
            ("enter", "assistant says long 7"),
            ("down", "user says long 70"),
        ):
            await pilot.press(key)
            await until(pilot, lambda place=place: stands_at(screen) == place)
            await shows(pilot, screen, place)
        await pilot.press("end", "backspace", "9", "9")
        await shows(pilot, screen, "2 found")
        await pilot.press("up")
        await shows(pilot, screen, "assistant says long 799")


async def test_find_counts_no_other_branch_and_no_other_session(groq):
    async with chatting() as (pilot, screen):
        await fill(screen, "long")
        await fill(screen, "other")
        store = screen.workspace.services.store
        aside = Message(
            "aside", "long", "long-3-user", Role.ASSISTANT, "says long 3", 9.0, State.COMPLETE
        )
        await store.add_message(aside)
        await screen.chat.opening.open("long", f"long-{TURNS - 1}-assistant")
        await until(pilot, lambda: len(screen.conversation.transcript.entries) == 2 * TURNS)
        screen.conversation.find_bar.open('"says long 3"')
        await shows(pilot, screen, "22 found")


def stands_at(screen):
    """The text of the entry that the last step of a search led to."""
    transcript = screen.conversation.transcript
    return transcript.source(transcript.search._entry_id) if transcript.search._entry_id else ""
