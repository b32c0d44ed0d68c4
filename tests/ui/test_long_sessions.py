"""Sessions of many turns on the real screen: they open at their end, whole, one at a time."""

import asyncio

from groqchat.domain.chat import Message, Role, Session, State
from tests.ui.stage import seen, until
from tests.ui.test_chat_screen import chatting, shows

TURNS = 80


async def fill(screen, session_id):
    store, parent = screen.parts.store, None
    await store.create_session(Session(session_id, session_id, 1.0, 2.0, "openai/gpt-oss-120b"))
    for number in range(TURNS):
        for role in (Role.USER, Role.ASSISTANT):
            own = f"{session_id}-{number}-{role}"
            text = f"{role} says {session_id} {number}"
            said = Message(own, session_id, parent, role, text, 3.0 + number, State.COMPLETE)
            await store.add_message(said)
            parent = own


async def test_a_long_session_opens_at_its_end_and_scrolls_to_its_beginning(groq):
    async with chatting() as (pilot, screen):
        await fill(screen, "long")
        await screen.open_session("long")
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
        await screen.open_session("long", "long-40-user")
        await shows(pilot, screen, "user says long 40")
        assert "says long 79" not in seen(screen)


async def test_of_sessions_opened_at_once_the_last_one_stays(groq):
    async with chatting() as (pilot, screen):
        await fill(screen, "first")
        await fill(screen, "second")
        await asyncio.gather(screen.open_session("first"), screen.open_session("second"))
        conversation = screen.conversation
        assert conversation.session.id == "second"
        assert conversation.branch.leaf_id == f"second-{TURNS - 1}-assistant"
        assert conversation.transcript.entries[0].id == "second-0-user"
        assert len(conversation.transcript.entries) == 2 * TURNS
        first = await screen.parts.store.session("first")
        await asyncio.gather(conversation.open(first), conversation.start_new())
        assert conversation.branch.leaf_id is None
        await until(pilot, lambda: not conversation.has_class("-begun"))
