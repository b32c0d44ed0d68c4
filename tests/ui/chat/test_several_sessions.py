"""Turns belong to their sessions: they go on whatever is opened, and the list tells of them."""

import asyncio
import os
from contextlib import aclosing

import pytest

from groqchat.domain.text.secret import Secret
from groqchat.domain.turns.chat import Delta, State
from groqchat.provider.client import Client
from groqchat.provider.groq_provider import GroqProvider
from groqchat.services.account.keys import FoundKey
from groqchat.services.turns.running import MOST_RUNNING
from groqchat.ui.chat.leaving import listed
from groqchat.ui.widgets.session_list import TurnMark
from tests.ui.chat.test_chat_screen import ask, chatting, shows
from tests.ui.stage import held, seen, until

# A prompt with this word is answered in part, and then not on until the gate is opened.
HELD = "patiently"


@pytest.fixture
def gate(monkeypatch):
    """Holds answers back in their middle."""
    opened, stream = asyncio.Event(), GroqProvider.stream

    async def paused(self, request):
        is_held, pieces = HELD in request.messages[-1].content, 0
        async with aclosing(stream(self, request)) as events:
            async for event in events:
                yield event
                pieces += isinstance(event, Delta)
                if is_held and pieces == 1:
                    await opened.wait()

    monkeypatch.setattr(GroqProvider, "stream", paused)
    return opened


async def begin(pilot, screen, prompt):
    """Ask without waiting for the answer; returns the turn."""
    screen.composer.text = prompt
    await pilot.press("enter")
    await until(pilot, lambda: screen.conversation.is_busy and not screen.composer.text)
    return screen.conversation.turn


async def open_session(pilot, screen, session_id):
    screen.chat.session_list.post_message(screen.chat.session_list.Chosen(session_id))
    await until(pilot, lambda: screen.conversation.session.id == session_id)
    await pilot.pause()


async def command(pilot, screen, text):
    screen.composer.text = text
    await pilot.press("enter")
    await pilot.pause()


def marks(screen):
    """The first two columns of the list, by titles."""
    options = screen.chat.session_list._options
    listed = [options.get_option_at_index(at) for at in range(options.option_count)]
    return {str(each.prompt)[2:]: str(each.prompt)[0] for each in listed if each.id}


def shown(screen):
    transcript = screen.conversation.transcript
    return [transcript.source(entry.id) for entry in transcript.entries]


async def is_as_sent(groq, screen, turn):
    """Whether the answer of a turn is what the server sent, here and in the store."""
    sent = groq.answer(turn.answer.request_id).content
    stored = await screen.workspace.services.store.messages([turn.answer.id])
    kept = stored[turn.answer.id]
    assert (kept.content, turn.answer.content, kept.state) == (sent, sent, State.COMPLETE)
    return sent


async def test_an_answer_goes_on_while_other_sessions_are_opened_asked_renamed_and_closed(
    groq, gate
):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Which session is this?")
        other = screen.conversation.session.id
        await pilot.press("ctrl+n")
        turn = await begin(pilot, screen, f"Explain limits {HELD}")
        await until(pilot, lambda: turn.has_text)
        first = turn.session.id
        await open_session(pilot, screen, other)
        assert marks(screen)[f"Explain limits {HELD}"] == TurnMark.WRITING
        await ask(pilot, screen, "And what else?")
        await command(pilot, screen, "/rename Something else")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.branch.leaf_id is None)
        await ask(pilot, screen, "A third one")
        await command(pilot, screen, "/delete")
        await until(pilot, lambda: screen.conversation.branch.leaf_id is None)
        assert turn.is_running
        gate.set()
        await until(pilot, lambda: not turn.is_running)
        await until(pilot, lambda: marks(screen)[f"Explain limits {HELD}"] == TurnMark.UNREAD)
        sent = await is_as_sent(groq, screen, turn)
        await open_session(pilot, screen, first)
        assert shown(screen) == [f"Explain limits {HELD}", sent]
        assert marks(screen) == {f"Explain limits {HELD}": "●", "Something else": " "}


async def test_the_mark_of_an_answer_that_nobody_has_seen_outlasts_a_restart(groq, gate):
    prompt = f"Explain limits {HELD}"
    async with chatting() as (pilot, screen):
        turn = await begin(pilot, screen, prompt)
        await until(pilot, lambda: turn.has_text)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.branch.leaf_id is None)
        gate.set()
        await until(pilot, lambda: not turn.is_running)
        await until(pilot, lambda: marks(screen) == {prompt: TurnMark.UNREAD})
    async with chatting() as (pilot, screen):
        await until(pilot, lambda: marks(screen) == {prompt: TurnMark.UNREAD})
        await open_session(pilot, screen, turn.session.id)
        await until(pilot, lambda: marks(screen) == {prompt: "●"})
        assert await screen.workspace.services.store.unseen_ends() == {}


async def test_an_answer_under_way_ends_with_the_key_that_it_began_with(groq, gate):
    async with chatting() as (pilot, screen):
        turn = await begin(pilot, screen, f"Explain limits {HELD}")
        await until(pilot, lambda: turn.has_text)
        account, closed = screen.workspace.account, asyncio.Event()
        old, close = account.connection.provider, account.connection.provider.close
        old.close = lambda: closed.set() or close()
        key = FoundKey(Secret(os.environ["GROQ_API_KEY"]), "other", "session")
        await screen.chat.keys._entering.use(key)
        assert account.connection.provider is not old
        await shows(pilot, screen, "What is under way in")
        assert not closed.is_set()
        gate.set()
        await until(pilot, lambda: not turn.is_running)
        await is_as_sent(groq, screen, turn)
        await until(pilot, closed.is_set)
        await ask(pilot, screen, "And with the new one?")
        assert screen.conversation.turn.answer.state is State.COMPLETE


async def test_a_session_that_is_opened_again_shows_its_answer_from_the_beginning_and_goes_on(
    groq, gate
):
    async with chatting() as (pilot, screen):
        turn = await begin(pilot, screen, f"Explain limits {HELD}")
        await until(pilot, lambda: turn.has_text)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.branch.leaf_id is None)
        assert (shown(screen), screen.is_busy) == ([], False)
        await open_session(pilot, screen, turn.session.id)
        assert screen.is_busy
        assert shown(screen) == [f"Explain limits {HELD}", turn.answer_so_far.content]
        await open_session(pilot, screen, turn.session.id)  # as a choice of the open one does
        gate.set()
        await until(pilot, lambda: not screen.is_busy)
        sent = await is_as_sent(groq, screen, turn)
        assert shown(screen) == [f"Explain limits {HELD}", sent]
        figures = screen.workspace.figures
        await until(pilot, lambda: figures.last_turn and figures.last_turn.id == turn.answer.id)


async def test_a_refusal_elsewhere_waits_and_its_card_stands_in_its_own_session(groq):
    async with chatting() as (pilot, screen):
        turn = await begin(pilot, screen, "Explain limits. simulate: rate_limited=30*1")
        await shows(pilot, screen, "Next try in")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: "Next try in" not in seen(screen))
        await until(pilot, lambda: TurnMark.WAITING in marks(screen).values())
        await open_session(pilot, screen, turn.session.id)
        await shows(pilot, screen, "Next try in")
        await pilot.press("f8", "r")
        await until(pilot, lambda: not turn.is_running)
        await is_as_sent(groq, screen, turn)
        await until(pilot, lambda: "Next try in" not in seen(screen))


async def test_an_answer_that_meets_a_refusal_unseen_goes_on_to_its_end(groq, gate):
    async with chatting() as (pilot, screen):
        prompt = f"Explain limits {HELD}. simulate: rate_limited=1*1"
        turn = await begin(pilot, screen, prompt)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: turn.has_text)
        await ask(pilot, screen, "Something else meanwhile")
        await command(pilot, screen, "/rename Something else")
        gate.set()
        await until(pilot, lambda: not turn.is_running)
        sent = await is_as_sent(groq, screen, turn)
        await open_session(pilot, screen, turn.session.id)
        assert shown(screen) == [prompt, sent]


async def test_an_error_elsewhere_shows_in_the_list_and_is_mended_in_its_own_session(
    groq, monkeypatch
):
    prompt = "Explain limits. simulate: spend_limit*1"
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Which session is this?")
        other = screen.conversation.session.id
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.branch.leaf_id is None)
        released = held(monkeypatch, Client, "post_chat")
        turn = await begin(pilot, screen, prompt)
        await open_session(pilot, screen, other)
        released.set()
        await until(pilot, lambda: not turn.is_running)
        await until(pilot, lambda: TurnMark.FAILED in marks(screen).values())
        assert "Spend limit reached" not in seen(screen)
        await pilot.press("f8")  # what is offered here is not about this session
        await shows(pilot, screen, "Spend limit reached")
        assert "r retry" not in seen(screen)
        await open_session(pilot, screen, turn.session.id)
        await shows(pilot, screen, "r retry")
        assert screen.composer.text == prompt
        await open_session(pilot, screen, other)
        await until(pilot, lambda: "r retry" not in seen(screen))
        await open_session(pilot, screen, turn.session.id)
        await shows(pilot, screen, "r retry")
        await pilot.press("r")
        await until(pilot, lambda: screen.conversation.turn is not turn)
        await until(pilot, lambda: not screen.conversation.is_busy)
        again = screen.conversation.turn
        assert shown(screen) == [prompt, await is_as_sent(groq, screen, again)]


async def test_an_error_that_was_put_away_does_not_come_back_with_its_session(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Explain. simulate: spend_limit*1", answered=False)
        await shows(pilot, screen, "Spend limit reached")
        failed = screen.conversation.session.id
        await pilot.press("f8", "escape")
        await until(pilot, lambda: "Spend limit reached" not in seen(screen))
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.session.id != failed)
        await pilot.pause()
        assert TurnMark.FAILED not in marks(screen).values()
        await open_session(pilot, screen, failed)
        assert "Spend limit reached" not in seen(screen)


async def test_the_end_names_what_is_still_answered_and_asks_once(groq, gate):
    async with chatting() as (pilot, screen):
        first = await begin(pilot, screen, f"Explain limits {HELD}")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.branch.leaf_id is None)
        second = await begin(pilot, screen, f"Explain prices {HELD}")
        await until(pilot, lambda: first.has_text and second.has_text)
        await pilot.press("ctrl+q")
        await shows(pilot, screen, f"Still answering: “Explain limits {HELD}” and")
        assert first.is_running
        await pilot.press("ctrl+q")
        await until(pilot, lambda: first.is_over and second.is_over)
    async with chatting() as (pilot, screen):
        store = screen.workspace.services.store
        kept = [await store.messages([turn.begun.id]) for turn in (first, second)]
        texts = [next(iter(each.values())) for each in kept]
        assert [text.content for text in texts] == [first.answer.content, second.answer.content]
        assert {text.state for text in texts} == {State.STOPPED}


async def test_more_sessions_than_may_be_answered_at_once_are_told_so(groq, gate):
    async with chatting() as (pilot, screen):
        turns = screen.conversation.turns
        for number in range(MOST_RUNNING):
            await begin(pilot, screen, f"simulate: slow_first_byte=60 {number}")
            await pilot.press("ctrl+n")
            await until(pilot, lambda: screen.conversation.branch.leaf_id is None)
        screen.composer.text = "One too many"
        await pilot.press("enter")
        await shows(pilot, screen, f"{MOST_RUNNING} sessions are being answered already")
        assert (len(turns.running), screen.composer.text) == (MOST_RUNNING, "One too many")


async def test_who_has_the_list_out_of_sight_is_told_of_an_end(groq, gate):
    async with chatting(size=(80, 24)) as (pilot, screen):
        turn = await begin(pilot, screen, f"Explain limits {HELD}")
        await until(pilot, lambda: turn.has_text)
        await pilot.press("ctrl+n")
        await shows(pilot, screen, "1 other answering")
        gate.set()
        await shows(pilot, screen, f"“Explain limits {HELD}” is answered")
        await until(pilot, lambda: "1 other answering" not in seen(screen))


async def test_the_highlight_stays_while_the_list_is_read(groq, gate):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Oldest")
        await pilot.press("ctrl+n")
        turn = await begin(pilot, screen, f"Newest {HELD}")
        await until(pilot, lambda: turn.has_text)
        await pilot.press("ctrl+s")
        options = screen.chat.session_list._options
        await until(pilot, lambda: screen.focused is screen.chat.session_list.filter)
        await pilot.press("down")
        before = options.get_option_at_index(options.highlighted).id
        gate.set()
        await until(pilot, lambda: not turn.is_running)
        await pilot.pause()
        assert options.get_option_at_index(options.highlighted).id == before


def test_what_is_still_answered_is_named_as_far_as_it_can_be_read():
    assert listed(["“A”"]) == "“A”"
    assert listed(["“A”", "“B”"]) == "“A” and “B”"
    assert listed([f"“{letter}”" for letter in "ABCDE"]) == "“A”, “B”, “C” and 2 more"
    assert listed([]) == "a session"


@pytest.mark.parametrize("copying", ["/duplicate", "/fork"])
async def test_a_copy_does_not_go_on_with_the_answer_that_is_being_written(groq, gate, copying):
    async with chatting() as (pilot, screen):
        turn = await begin(pilot, screen, f"Wait {HELD}")
        store, own = screen.workspace.services.store, screen.conversation.session.id
        while State.STREAMING not in {each.state for each in await store.everything(own)}:
            await pilot.pause()  # until its beginning is stored
        await command(pilot, screen, copying)
        await until(pilot, lambda: screen.conversation.session.id != own)
        copy = screen.conversation.session.id
        assert State.STREAMING not in {each.state for each in await store.everything(copy)}
        assert "● answering" not in seen(screen)
        gate.set()
        await until(pilot, lambda: turn.is_over)
