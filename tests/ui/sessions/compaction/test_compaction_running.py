"""Compactions belong to their sessions: they go on out of sight, and nothing half is ever used."""

import asyncio
from contextlib import aclosing
from types import SimpleNamespace

import pytest

from groqchat.domain.errors.table import Action
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.turns.chat import Delta, Role
from groqchat.domain.turns.compaction import INSTRUCTION, Context
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.provider.groq_provider import GroqProvider
from groqchat.ui.sessions.compaction.picker import SummaryModelPicker
from groqchat.ui.sessions.opening import NOT_COMPACTED
from groqchat.ui.widgets.toast_cards import ErrorCard
from tests.ui.chat.test_chat_screen import MODEL, ask, chatting
from tests.ui.chat.test_several_sessions import open_session
from tests.ui.sessions.compaction.test_compaction import spoken
from tests.ui.stage import seen, until

TEXTS = ("One", "Two", "Three", "Four", "Five")
# All turns but two are summarised, one with each request.
REQUESTS = 3


@pytest.fixture(autouse=True)
def _server_of_its_own(groq, monkeypatch):
    groq.spend(MODEL, LimitKind.RPM, -1e6)  # all tests together ask more often than a minute allows

    def parts(self, turns, room, instruction):
        return tuple(range(1, turns + 1))

    monkeypatch.setattr(Context, "parts", parts)
    # A summary of such short turns frees nothing, and would not be offered.
    monkeypatch.setattr(Context, "freed_by", lambda self, turns, is_summarised: 1)


class Gate:
    """Holds a summary back in its middle; `number` is that of the one, `held` is set then."""

    def __init__(self):
        self.number, self.asked = 2, 0
        self.held, self.opened = asyncio.Event(), asyncio.Event()


@pytest.fixture
def gate(monkeypatch):
    gate, stream = Gate(), GroqProvider.stream

    async def paused(self, request):
        is_summary = request.messages[-1].content == INSTRUCTION
        gate.asked += is_summary
        is_held = is_summary and gate.asked == gate.number
        async with aclosing(stream(self, request)) as events:
            async for event in events:
                yield event
                if is_held and isinstance(event, Delta):
                    gate.held.set()
                    await gate.opened.wait()

    monkeypatch.setattr(GroqProvider, "stream", paused)
    return gate


async def compacting(pilot, screen, gate):
    """A conversation of five turns whose second request for a summary is being answered."""
    for text in TEXTS:
        await ask(pilot, screen, text)
    leaf_id = screen.conversation.branch.leaf_id
    screen.chat.dispatch.run("compact", "summary")
    await until(pilot, gate.held.is_set)
    return screen.conversation.session.id, leaf_id


async def is_as_it_was(pilot, screen, asked, leaf_id):
    """Nothing is compacted: the next prompt is sent behind all turns."""
    conversation = screen.conversation
    await until(pilot, lambda: not conversation.is_busy)
    await until(pilot, lambda: conversation.branch.leaf_id == leaf_id)
    await until(pilot, lambda: NOT_COMPACTED.split(";")[0] in " ".join(seen(screen).split()))
    store = screen.workspace.services.store
    assert (await store.session(conversation.session.id)).leaf_id == leaf_id
    said = await store.everything(conversation.session.id)
    assert not any(each.kind is MessageKind.COMPACTION for each in said)
    await ask(pilot, screen, "And now?")
    assert spoken(asked[-1])[::2] == [*TEXTS, "And now?"]


async def is_booked(screen, session_id):
    """The cost of all answers is that of the ledger; returns the messages of the session."""
    services = screen.workspace.services
    said = await services.store.everything(session_id)
    spent = await services.ledger.spent(session_id=session_id)
    assert spent.cost == sum(each.cost.total for each in said if each.cost)
    assert (await services.store.session(session_id)).cost == spent.cost
    return said


async def test_it_goes_on_to_its_end_while_other_sessions_are_read_and_asked(asked, gate):
    async with chatting() as (pilot, screen):
        session_id, _ = await compacting(pilot, screen, gate)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.session.id != session_id)
        await ask(pilot, screen, "Something else")
        assert spoken(asked[-1]) == ["Something else"]
        gate.opened.set()
        await until(pilot, lambda: not screen.conversation.turns.is_running(session_id))
        assert gate.asked == REQUESTS
        said = await is_booked(screen, session_id)
        summaries = [each for each in said if each.kind is MessageKind.SUMMARY]
        assert len(summaries) == 2 * REQUESTS
        await open_session(pilot, screen, session_id)
        entry = screen.conversation.transcript.entries[-1]
        assert "summary by" in entry.footer
        await ask(pilot, screen, "And now?")
        sent = [INSTRUCTION, summaries[-1].content, "Four"]
        assert spoken(asked[-1])[:3] == sent
        assert spoken(asked[-1])[4::2] == ["Five", "And now?"]


async def test_a_prompt_is_queued_behind_it_and_sent_after_it_out_of_sight(asked, gate):
    async with chatting() as (pilot, screen):
        session_id, _ = await compacting(pilot, screen, gate)
        screen.composer.text = "And now?"
        await pilot.press("enter")
        await until(pilot, lambda: screen.chat.queueing.has_prompts)
        assert screen.composer.text == ""
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.session.id != session_id)
        gate.opened.set()
        await until(pilot, lambda: spoken(asked[-1])[-1] == "And now?")
        await until(pilot, lambda: not screen.conversation.turns.is_running(session_id))
        said = await is_booked(screen, session_id)
        prompt = next(each for each in said if each.content == "And now?")
        (before,) = (each for each in said if each.id == prompt.parent_id)
        assert before.kind is MessageKind.COMPACTION
        assert spoken(asked[-1])[0] == INSTRUCTION


@pytest.mark.parametrize("number", [1, 2, REQUESTS])
async def test_escape_leaves_the_conversation_as_it_was_and_says_so(asked, gate, number):
    gate.number = number
    async with chatting() as (pilot, screen):
        session_id, leaf_id = await compacting(pilot, screen, gate)
        await pilot.press("escape")
        await is_as_it_was(pilot, screen, asked, leaf_id)
        await is_booked(screen, session_id)


async def test_an_error_out_of_sight_leaves_the_conversation_as_it_was(groq, asked, gate):
    async with chatting() as (pilot, screen):
        session_id, leaf_id = await compacting(pilot, screen, gate)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.session.id != session_id)
        groq.arm("model_not_found*1")
        gate.opened.set()
        await until(pilot, lambda: not screen.conversation.turns.is_running(session_id))
        await until(pilot, lambda: "was not compacted" in seen(screen))
        store = screen.workspace.services.store
        assert (await store.session(session_id)).leaf_id == leaf_id
        await open_session(pilot, screen, session_id)
        assert screen.conversation.branch.leaf_id == leaf_id
        await ask(pilot, screen, "And now?")
        assert spoken(asked[-1])[::2] == [*TEXTS, "And now?"]


async def test_a_session_that_was_left_in_its_middle_by_the_program_is_as_it_was(asked, gate):
    async with chatting() as (pilot, screen):
        session_id, leaf_id = await compacting(pilot, screen, gate)
        store = screen.workspace.services.store
        said = await store.everything(session_id)
        half = [each for each in said if each.kind is MessageKind.SUMMARY][1]
        assert half.role is Role.ASSISTANT
        await pilot.press("escape")
        await until(pilot, lambda: not screen.conversation.is_busy)
        await until(pilot, lambda: screen.conversation.branch.leaf_id == leaf_id)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.session.id != session_id)
        # As a process leaves it that is killed.
        await store.update_session(session_id, leaf_id=half.id)
        screen.workspace.toasts.clear_notices()
        await open_session(pilot, screen, session_id)
        await is_as_it_was(pilot, screen, asked, leaf_id)


async def test_before_it_a_prompt_leaves_the_composer_and_the_next_one_is_queued(asked, gate):
    gate.number = 1
    async with chatting() as (pilot, screen):
        for text in TEXTS:
            await ask(pilot, screen, text)
        await screen.workspace.set_options(compaction="summary")
        compactor = screen.connection.compactor
        options = screen.conversation.options
        plans = await compactor.plans(screen.conversation.branch.leaf_id, options)
        (plan,) = (each for each in plans if each.way == "summary")
        wanted = [plan]

        async def automatic_plan(*_, **__):
            return wanted.pop() if wanted else None

        compactor.outgrown_by = lambda *_: SimpleNamespace(
            is_urgent=False, tokens=8_001, room=8_000
        )
        compactor.automatic_plan = automatic_plan
        for text in ("Six", "Seven"):
            screen.composer.text = text
            await pilot.press("enter")
            await until(pilot, lambda: not screen.composer.text)
        await until(pilot, gate.held.is_set)
        session_id = screen.conversation.session.id
        queued = screen.chat.queueing._queues.of(session_id).prompts
        assert [each.text for each in queued] == ["Six", "Seven"]
        gate.opened.set()
        await until(pilot, lambda: spoken(asked[-1])[-1] == "Seven")
        await until(pilot, lambda: not screen.conversation.is_busy)
        assert spoken(asked[-1])[0] == INSTRUCTION
        assert "Six" in spoken(asked[-1])
        await is_booked(screen, session_id)


async def refused_in_its_middle(pilot, screen, gate, groq):
    """A compaction whose second summary fails: an error with keys stands on the screen."""
    session_id, leaf_id = await compacting(pilot, screen, gate)
    groq.arm("model_not_found*1")
    gate.opened.set()
    await until(pilot, lambda: screen.query(ErrorCard))
    await until(pilot, lambda: not screen.conversation.is_busy)
    await until(pilot, lambda: screen.conversation.branch.leaf_id == leaf_id)
    return session_id, leaf_id


async def test_a_compaction_that_failed_goes_on_by_a_key_with_the_summaries_it_has(
    groq, asked, gate
):
    async with chatting() as (pilot, screen):
        session_id, _ = await refused_in_its_middle(pilot, screen, gate, groq)
        before = gate.asked
        error = screen.query(ErrorCard).last().error
        screen.run_work(screen.chat.remedies.carry_out(Action.RETRY, error), group="command")
        await until(
            pilot, lambda: "summary by" in screen.conversation.transcript.entries[-1].footer
        )
        assert gate.asked - before == 1  # the one that failed; two were answered and are kept
        assert spoken(asked[-1])[-1] == INSTRUCTION
        await is_booked(screen, session_id)
        screen.workspace.toasts.clear_errors()
        screen.composer.area.focus()
        await ask(pilot, screen, "And now?")
        assert spoken(asked[-1])[0] == INSTRUCTION
        assert spoken(asked[-1])[4::2] == ["Five", "And now?"]


async def test_where_the_conversation_has_gone_on_a_failed_compaction_is_not_taken_up(
    groq, asked, gate
):
    async with chatting() as (pilot, screen):
        await refused_in_its_middle(pilot, screen, gate, groq)
        error = screen.query(ErrorCard).last().error
        screen.conversation.branch.leaf_id = "elsewhere"
        before = len(asked)
        await screen.chat.remedies.carry_out(Action.RETRY, error)
        assert len(asked) == before
        await until(pilot, lambda: "has gone on since" in seen(screen))


async def test_another_model_can_write_the_summary_that_failed(groq, asked, gate):
    async with chatting() as (pilot, screen):
        await refused_in_its_middle(pilot, screen, gate, groq)
        error = screen.query(ErrorCard).last().error
        screen.run_work(screen.chat.remedies.carry_out(Action.SWITCH_MODEL, error), group="command")
        await until(pilot, lambda: isinstance(pilot.app.screen, SummaryModelPicker))
        await until(pilot, lambda: pilot.app.screen.highlighted)
        model = pilot.app.screen.highlighted.model
        await pilot.press("enter")
        await until(
            pilot, lambda: "summary by" in screen.conversation.transcript.entries[-1].footer
        )
        assert asked[-1]["model"] == model
