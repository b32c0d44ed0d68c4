"""Prompts entered while an answer is written: queued, taken back, paused, sent in order."""

import asyncio

import pytest

from groqchat.domain.sessions.prompt_queue import Pause
from groqchat.domain.turns.chat import Role
from groqchat.provider.groq_provider import GroqProvider
from groqchat.ui.chat.prompting import EDITED_WAITS
from tests.ui.chat.test_chat_screen import PROMPT, ask, chatting, is_over, shows
from tests.ui.stage import seen, until


class Gate:
    """Holds requests back, so that answers are under way for as long as a test wants."""

    def __init__(self, monkeypatch):
        self.opened = asyncio.Event()
        self.asked = []
        stream, gate = GroqProvider.stream, self

        async def held(provider, request):
            gate.asked.append(request.messages[-1].content)
            await gate.opened.wait()
            async for event in stream(provider, request):
                yield event

        monkeypatch.setattr(GroqProvider, "stream", held)

    def open(self):
        self.opened.set()

    def close(self):
        self.opened.clear()


@pytest.fixture
def gate(groq, monkeypatch):
    return Gate(monkeypatch)


async def enter(pilot, screen, *texts):
    """Write prompts, and press Enter after each."""
    for text in texts:
        screen.composer.text = text
        await pilot.press("enter")
        await pilot.pause()


async def under_way(pilot, screen, text=PROMPT):
    """Have a prompt answered, as far as the gate."""
    await enter(pilot, screen, text)
    await until(pilot, lambda: screen.conversation.turn and screen.conversation.turn.prompt)
    await until(pilot, lambda: not screen.composer.text)


def queue(screen):
    """What is queued for the session on the screen, and why it waits."""
    queued = screen.chat.queueing._queues.of(screen.conversation.session.id)
    return [prompt.text for prompt in queued.prompts], queued.pause


async def said(screen):
    """The prompts of the session, in order."""
    session_id = screen.conversation.session.id
    messages = await screen.workspace.services.store.everything(session_id)
    return [message.content for message in messages if message.role is Role.USER]


async def test_prompts_entered_during_an_answer_are_sent_one_after_another(gate):
    async with chatting() as (pilot, screen):
        await under_way(pilot, screen)
        await enter(pilot, screen, "Second", "Third")
        await shows(pilot, screen, "2 queued · ↑ takes the last back")
        assert seen(screen).index("Second") < seen(screen).index("Third") < seen(screen).index("╭")
        assert (queue(screen), gate.asked) == ((["Second", "Third"], None), [PROMPT])
        gate.open()
        await until(pilot, lambda: len(gate.asked) == 3 and is_over(screen))
        assert gate.asked == [PROMPT, "Second", "Third"] == await said(screen)
        await until(pilot, lambda: "queued" not in seen(screen))
        path = await screen.workspace.services.store.path(screen.conversation.branch.leaf_id)
        assert [m.content for m in path[::2]] == [PROMPT, "Second", "Third"]


async def test_lines_typed_faster_than_they_are_sent_are_prompts_of_their_own(gate):
    async with chatting() as (pilot, screen):
        await pilot.press(*"One", "enter", *"Two", "enter", *"Three", "enter")
        await until(pilot, lambda: queue(screen)[0] == ["Two", "Three"])
        assert (screen.composer.text, gate.asked) == ("", ["One"])


async def test_each_queued_prompt_shows_its_size_against_what_is_left(gate):
    async with chatting() as (pilot, screen):
        gate.open()
        await ask(pilot, screen, PROMPT)
        gate.close()
        await under_way(pilot, screen, "Again")
        await enter(pilot, screen, "Short", "Long " * 12_000)
        await shows(pilot, screen, "never fits TPM")
        await shows(pilot, screen, " left")
        (short,) = [row for row in seen(screen).splitlines() if row.startswith(" Short")]
        assert "≈" in short
        assert short.rstrip().endswith("tokens")


async def test_the_last_prompt_comes_back_to_be_edited_and_nothing_leaves_meanwhile(gate):
    async with chatting() as (pilot, screen):
        await under_way(pilot, screen)
        await enter(pilot, screen, "Second", "Third")
        await pilot.press("up")
        await until(pilot, lambda: screen.composer.text == "Third")
        assert queue(screen) == (["Second"], Pause.EDITED)
        gate.open()
        await until(pilot, lambda: is_over(screen))
        await shows(pilot, screen, "1 queued, held · Enter queues it again")
        assert gate.asked == [PROMPT]
        await pilot.press(*" time", "enter")
        await until(pilot, lambda: len(gate.asked) == 3 and is_over(screen))
        assert gate.asked == [PROMPT, "Second", "Third time"] == await said(screen)


async def test_the_queue_goes_on_when_the_edited_prompt_is_given_up(gate):
    async with chatting() as (pilot, screen):
        await under_way(pilot, screen)
        await enter(pilot, screen, "Second", "Third")
        await pilot.press("up")
        await until(pilot, lambda: screen.composer.text == "Third")
        screen.composer.text = ""
        await until(pilot, lambda: queue(screen) == (["Second"], None))


async def test_what_is_written_stays_though_a_queued_prompt_that_leaves_begins_alike(gate):
    async with chatting() as (pilot, screen):
        await under_way(pilot, screen)
        await enter(pilot, screen, "Second")
        await until(pilot, lambda: queue(screen)[0])
        screen.composer.text = "Second thoughts"
        gate.open()
        await until(pilot, lambda: len(gate.asked) == 2 and is_over(screen))
        await pilot.pause()
        assert screen.composer.text == "Second thoughts"


async def test_behind_the_queue_the_arrow_shows_earlier_prompts(gate):
    async with chatting() as (pilot, screen):
        gate.open()
        await ask(pilot, screen, PROMPT)
        await pilot.press("up")
        await until(pilot, lambda: screen.composer.text == PROMPT)


async def test_escape_stops_the_answer_and_pauses_and_enter_goes_on(gate):
    async with chatting() as (pilot, screen):
        gate.open()
        await ask(pilot, screen, PROMPT)
        gate.close()
        await under_way(pilot, screen, "First")
        await enter(pilot, screen, "Second", "Third")
        await pilot.press("escape")
        await shows(pilot, screen, "2 queued, paused · Enter in the empty composer goes on")
        gate.open()
        await until(pilot, lambda: screen.composer.text == "First")  # it got no answer
        assert gate.asked == [PROMPT, "First"]
        screen.composer.text = ""
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: len(gate.asked) == 4 and is_over(screen))
        assert gate.asked == [PROMPT, "First", "Second", "Third"] == await said(screen)


async def test_what_is_entered_while_the_queue_is_paused_is_queued_behind(gate):
    async with chatting() as (pilot, screen):
        await under_way(pilot, screen)
        await enter(pilot, screen, "Second")
        screen.composer.text = "Third"
        await pilot.press("escape")
        await until(pilot, lambda: not screen.conversation.is_busy)
        await pilot.press("enter")
        await shows(pilot, screen, "The queue is paused")
        assert queue(screen) == (["Second", "Third"], Pause.STOPPED)


async def test_a_failed_turn_pauses_the_queue_until_its_prompt_is_answered(gate, groq):
    async with chatting() as (pilot, screen):
        gate.open()
        await ask(pilot, screen, PROMPT)
        gate.close()
        groq.arm("spend_limit*1")
        await under_way(pilot, screen, "First")
        await enter(pilot, screen, "Second", "Third")
        gate.open()
        await shows(pilot, screen, "Spend limit reached")
        await shows(pilot, screen, "2 queued, paused")
        assert gate.asked == [PROMPT, "First"]
        assert queue(screen) == (["Second", "Third"], Pause.FAILED)
        assert screen.composer.text == "First"
        await pilot.press("enter")  # the prompt that failed is asked again, before the others
        await until(pilot, lambda: len(gate.asked) == 5 and is_over(screen))
        assert gate.asked == [PROMPT, "First", "First", "Second", "Third"]
        assert await said(screen) == [PROMPT, "First", "Second", "Third"]


async def test_prompts_are_queued_while_a_request_waits_for_a_limit(groq, asked):
    async with chatting() as (pilot, screen):
        groq.arm("rate_limited=50*1")
        await under_way(pilot, screen)
        await shows(pilot, screen, "Next try in")
        await enter(pilot, screen, "Second")
        await shows(pilot, screen, "1 queued")
        await pilot.press("f8", "r")
        await until(pilot, lambda: len(asked) == 2 and is_over(screen))
        assert [body["messages"][-1]["content"] for body in asked] == [PROMPT, "Second"]


async def test_the_queue_outlasts_the_program_and_is_paused_then(gate):
    async with chatting() as (pilot, screen):
        gate.open()
        await ask(pilot, screen, PROMPT)
        gate.close()
        await under_way(pilot, screen, "First")
        await enter(pilot, screen, "Second", "Third")
        await until(pilot, lambda: queue(screen)[0] == ["Second", "Third"])
        session_id = screen.conversation.session.id
    assert f"2 queued prompts kept in “{PROMPT}”: groqchat --session {session_id}" in (
        screen.last_words
    )
    gate.open()
    async with chatting() as (pilot, screen):
        await shows(pilot, screen, f"“{PROMPT}” has 2 prompts in its queue, paused.")
    async with chatting(resume=True) as (pilot, screen):
        await shows(pilot, screen, "2 queued, paused · Enter in the empty composer goes on")
        await until(pilot, lambda: queue(screen) == (["Second", "Third"], Pause.RESTARTED))
        assert gate.asked == [PROMPT, "First"]
        screen.composer.text = ""  # the prompt that was stopped is offered again
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: len(gate.asked) == 4 and is_over(screen))
        assert gate.asked == [PROMPT, "First", "Second", "Third"]


async def test_commands_act_at_once_while_prompts_are_queued(gate):
    async with chatting(size=(160, 40)) as (pilot, screen):
        await under_way(pilot, screen)
        await enter(pilot, screen, "Second", "/rename A title")
        await shows(pilot, screen, "● A title")
        assert queue(screen)[0] == ["Second"]
        await enter(pilot, screen, "/queue")
        await shows(pilot, screen, "1 queued, paused")
        await enter(pilot, screen, "/queue")
        await until(pilot, lambda: queue(screen) == (["Second"], None))
        await enter(pilot, screen, "/unqueue")
        await until(pilot, lambda: screen.composer.text == "Second")
        assert queue(screen) == ([], None)
        screen.composer.text = ""
        await enter(pilot, screen, "/unqueue")
        await shows(pilot, screen, "Nothing is queued.")


async def test_files_go_with_a_queued_prompt(gate, tmp_path):
    (tmp_path / "notes.txt").write_text("Some notes\n")
    async with chatting() as (pilot, screen):
        await under_way(pilot, screen)
        await enter(pilot, screen, f"What is in @{tmp_path}/notes.txt?")
        await shows(pilot, screen, "stands below the prompt now")
        await pilot.press("enter")
        await until(pilot, lambda: queue(screen)[0])
        ((text,), _) = queue(screen)
        assert "Some notes" in text
        await pilot.press("up")
        await until(pilot, lambda: screen.composer.text == text)


async def test_an_edited_prompt_waits_in_the_composer_with_a_word_about_it(gate):
    async with chatting() as (pilot, screen):
        gate.open()
        await ask(pilot, screen, PROMPT)
        await enter(pilot, screen, "/edit")
        await until(pilot, lambda: screen.composer.text == PROMPT)
        gate.close()
        turns, branch = screen.connection.turns, screen.conversation.branch
        await screen.conversation.ask_again(turns, await branch.last_prompt())
        await until(pilot, lambda: screen.workspace.figures.is_answering)
        screen.composer.text = "Edited"
        await pilot.press("enter")
        await shows(pilot, screen, EDITED_WAITS[:40])
        assert (screen.composer.text, queue(screen)[0]) == ("Edited", [])


async def test_a_queue_goes_on_while_another_session_is_read(gate):
    async with chatting() as (pilot, screen):
        await under_way(pilot, screen)
        await enter(pilot, screen, "Second")
        await until(pilot, lambda: queue(screen)[0])
        left = screen.conversation.session.id
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.session.id != left)
        await until(pilot, lambda: "queued" not in seen(screen))
        gate.open()
        store = screen.workspace.services.store
        await until(pilot, lambda: len(gate.asked) == 2 and not screen.conversation.turns.running)
        messages = await store.everything(left)
        assert [m.content for m in messages if m.role is Role.USER] == [PROMPT, "Second"]
        assert messages[-1].role is Role.ASSISTANT
        assert messages[-1].parent_id == messages[-2].id
        assert messages[-2].parent_id == messages[-3].id


async def test_nothing_leaves_while_the_conversation_is_made_shorter(gate):
    async with chatting() as (pilot, screen):
        await under_way(pilot, screen)
        await enter(pilot, screen, "Second")
        await until(pilot, lambda: queue(screen)[0])
        session_id = screen.conversation.session.id
        with screen.conversation.turns.reserved(session_id):
            gate.open()
            await until(pilot, lambda: screen.conversation.turn.is_over)
            await until(pilot, lambda: not screen.conversation.turns.running)
            await pilot.pause()
            assert gate.asked == [PROMPT]
        screen.chat.compaction.running.ended(session_id, True)
        await until(pilot, lambda: gate.asked == [PROMPT, "Second"])


@pytest.mark.parametrize("why", [None, Pause.TOO_LONG])
async def test_what_is_in_the_way_of_a_queued_prompt_pauses_the_queue(gate, monkeypatch, why):
    wanted = []

    async def obstacle(_connection, place, prompt):
        wanted.append((place.parent_id, prompt.text))
        return why

    async with chatting() as (pilot, screen):
        await under_way(pilot, screen)
        await enter(pilot, screen, "Second")
        await until(pilot, lambda: queue(screen)[0])
        monkeypatch.setattr(screen.chat.queueing.sending.room, "obstacle", obstacle)
        gate.open()
        await until(pilot, lambda: wanted)
        first = screen.conversation.turns.of(screen.conversation.session.id)
        if why is None:
            await until(pilot, lambda: gate.asked == [PROMPT, "Second"])
        else:
            await until(pilot, lambda: queue(screen) == (["Second"], why))
            assert wanted == [(first.answer.id, "Second")]
            assert gate.asked == [PROMPT]
