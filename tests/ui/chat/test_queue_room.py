"""Whether a queued prompt fits when its turn comes, and what becomes of one that does not."""

from types import SimpleNamespace

import pytest

from groqchat.domain.sessions.prompt_queue import Pause, QueuedPrompt
from groqchat.domain.turns.chat import Options, Role
from groqchat.domain.turns.compaction import Plan, Way
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.ui.chat.queue_room import Place, QueueRoom
from groqchat.ui.sessions.compaction.picker import CompactionPicker
from groqchat.ui.widgets.session_list import TurnMark
from groqchat.ui.widgets.toast_cards import ErrorCard
from tests.fakes import session
from tests.ui.chat.test_chat_screen import chatting, is_over, shows
from tests.ui.chat.test_queueing import Gate, enter, queue, under_way
from tests.ui.chat.test_several_sessions import marks, open_session
from tests.ui.sessions.compaction.test_compaction import FIRST, LAST, chosen, spoken
from tests.ui.stage import until
from tests.ui.without_a_screen import MODEL, Conversation, workspace_of

TOO_LONG = SimpleNamespace(is_urgent=True, tokens=9_000, error=None)
TIGHT = SimpleNamespace(is_urgent=False)
OLDEST = Plan(Way.OLDEST, 1, "m3", 500)
NEW = Plan(Way.NEW_SESSION, 1, None, 500, (None,), MODEL)
PROMPT = QueuedPrompt("p1", "s1", "Next", 0.0)


class Desk:
    """A queue's place, a compactor that tells what it is given, and what was carried out."""

    def __init__(self, outgrown=None, plan=None, plans=(), *, here="s1", compaction=None):
        self.carried, self.offered, self.stuck = [], [], []
        self.is_made, self.answer = True, True
        conversation = Conversation()
        conversation.session = session(here)
        services = SimpleNamespace(settings=SimpleNamespace(summary_model=""))
        self.workspace = workspace_of(services=services, conversation=conversation)
        self.queues = SimpleNamespace(of=lambda _id: SimpleNamespace(first=PROMPT))

        async def told(*_, **__):
            return outgrown

        async def planned(*_, **__):
            return plan

        compactor = SimpleNamespace(outgrown=told, automatic_plan=planned)
        self.connection, self._plans = SimpleNamespace(compactor=compactor), plans
        self.room = QueueRoom(self.workspace, self.queues, self)
        self.room.stuck = lambda which: self.stuck.append(which.id)
        self.place = Place(session("s1"), Options(MODEL, compaction=compaction), "m2")

    async def carry_out(self, asked, plan, leaf_id, *, is_automatic=False):
        self.carried.append((asked.session.id, plan, leaf_id, is_automatic))
        return self.is_made

    async def plans(self, *_, **__):
        return self._plans

    async def chosen(self, asked, plans, outgrown, leaf_id):
        self.offered = plans
        return self.answer

    def obstacle(self):
        return self.room.obstacle(self.connection, self.place, PROMPT)

    def choose(self):
        return self.room.chosen(self.connection, self.place)


@pytest.mark.parametrize("outgrown", [None, TIGHT])
async def test_a_prompt_that_fits_leaves_though_its_answer_may_be_short(outgrown):
    desk = Desk(outgrown)
    assert await desk.obstacle() is None
    assert (desk.stuck, desk.workspace.toasts.notices) == ([], [])


@pytest.mark.parametrize(("here", "is_made"), [("s1", True), ("other", False)])
async def test_what_a_session_does_unasked_is_done_in_sight_or_not(here, is_made):
    # Out of sight the shorter conversation is not shown, and the queue goes on all the same.
    desk = Desk(TOO_LONG, OLDEST, here=here, compaction="oldest")
    desk.is_made = is_made
    assert await desk.obstacle() is None
    assert desk.carried == [("s1", OLDEST, "m2", True)]


async def test_a_compaction_that_failed_pauses_the_queue():
    desk = Desk(TOO_LONG, OLDEST, compaction="oldest")
    desk.is_made = False
    assert await desk.obstacle() is Pause.FAILED


@pytest.mark.parametrize(
    ("here", "words"),
    [("s1", "≈ 9,000 tokens with the conversation. Enter"), ("other", "Ctrl+S leads to the")],
)
@pytest.mark.parametrize("compaction", [None, "oldest"])
async def test_where_nothing_was_agreed_or_helps_the_queue_waits_and_says_why(
    here, words, compaction
):
    desk = Desk(TOO_LONG, None, here=here, compaction=compaction)
    assert await desk.obstacle() is Pause.TOO_LONG
    assert desk.stuck == ["s1"]
    assert words in desk.workspace.toasts.notices[0]


async def test_a_prompt_that_the_user_sends_as_it_is_is_not_held_again():
    desk = Desk(TOO_LONG, plans=(OLDEST, NEW))
    assert await desk.choose() is True
    assert desk.offered == [OLDEST]  # a queue does not go along to a new session
    assert await desk.obstacle() is None


async def test_without_a_choice_the_queue_waits_on():
    desk = Desk(TOO_LONG, plans=(OLDEST,))
    desk.answer = False
    assert await desk.choose() is False
    assert await desk.obstacle() is Pause.TOO_LONG


async def test_a_prompt_that_is_too_long_by_itself_is_for_the_composer():
    assert await Desk(TOO_LONG, plans=(NEW,)).choose() is None
    assert await Desk(None, plans=(OLDEST,)).choose() is True


async def left_behind(pilot, screen, gate, compaction):
    """A session out of sight whose next queued prompt does not fit behind its answer."""
    await under_way(pilot, screen, FIRST)
    left = screen.conversation.session.id
    await screen.workspace.set_options(compaction=compaction)
    await enter(pilot, screen, LAST)
    await until(pilot, lambda: queue(screen)[0] == [LAST])
    await pilot.press("ctrl+n")
    await until(pilot, lambda: screen.conversation.session.id != left)
    gate.open()
    return left


async def test_a_queue_out_of_sight_waits_with_a_mark_and_offers_the_choices(
    groq, asked, monkeypatch
):
    gate = Gate(monkeypatch)
    async with chatting() as (pilot, screen):
        left = await left_behind(pilot, screen, gate, None)
        await shows(pilot, screen, "is too long")
        assert TurnMark.PAUSED in marks(screen).values()
        assert len(asked) == 1
        await open_session(pilot, screen, left)
        await shows(pilot, screen, "1 queued, too long · Enter in the empty composer: choices")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompactionPicker))
        assert "New session" not in str(pilot.app.screen._choices)
        await chosen(pilot, pilot.app.screen, "Leave out")
        await until(pilot, lambda: spoken(asked[-1]) == [LAST] and is_over(screen))
        assert queue(screen) == ([], None)


async def test_a_queue_out_of_sight_is_compacted_as_was_agreed(groq, asked, monkeypatch):
    gate = Gate(monkeypatch)
    async with chatting() as (pilot, screen):
        left = await left_behind(pilot, screen, gate, "oldest")
        turns = screen.conversation.turns
        await until(pilot, lambda: asked and spoken(asked[-1]) == [LAST])
        await until(pilot, lambda: not turns.is_running(left))
        said = await screen.workspace.services.store.everything(left)
        assert [each.content for each in said if each.role is Role.USER] == [FIRST, LAST]
        (noted,) = (each for each in said if each.kind is MessageKind.COMPACTION)
        assert noted.content.startswith("automatic · the oldest turn left out")
        assert said[-2].parent_id == noted.id


async def test_a_prompt_that_is_too_long_by_itself_comes_back_before_the_others(
    groq, asked, monkeypatch
):
    gate, alone = Gate(monkeypatch), "rye " * 14_000
    async with chatting() as (pilot, screen):
        await under_way(pilot, screen, "write 20 tokens")
        await enter(pilot, screen, alone, "Then this")
        gate.open()
        await until(pilot, lambda: queue(screen)[1] is Pause.TOO_LONG)
        await shows(pilot, screen, "2 queued, too long")
        await pilot.press("enter")
        await until(pilot, lambda: queue(screen) == (["Then this"], Pause.FAILED))
        await until(pilot, lambda: screen.query(ErrorCard))  # it is asked, and nothing helps here
        assert screen.composer.text == alone
