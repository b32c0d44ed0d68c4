"""Turns of several sessions at once: each goes on by itself, and tells who listens."""

import asyncio
from dataclasses import replace
from decimal import Decimal

from groqchat.domain.errors.table import failure
from groqchat.domain.money.pricing import Cost
from groqchat.domain.turns.chat import (
    Accepted,
    Answered,
    AnswerStarted,
    Delta,
    Finished,
    Message,
    Options,
    ReasoningDelta,
    Role,
    State,
    TextWasReasoning,
)
from groqchat.services.turns.running import MOST_RUNNING, RunningTurns
from groqchat.services.turns.running_turn import Phase, RunningTurn
from tests.fakes import FakeProvider, accepted, answer, reading, session
from tests.services.desk import MODEL, Desk

ONE = Decimal(1)
LIMITED = failure("rate_limited", status=429, model=MODEL, retry_after_s=7.66)


class Listener:
    """Remembers what it was told, and whether the session was taken then."""

    def __init__(self):
        self.told = []

    def started(self, turn):
        self.told.append(("started", turn.session.id))

    def heard(self, turn, event):
        self.told.append((type(event).__name__, turn.session.id))

    async def ended(self, turn):
        self.told.append(("ended", turn.phase, turn.is_running))

    def freed(self, turn):
        self.told.append(("freed", turn.phase, turn.is_running))


class Room:
    """A desk whose turns are run, and a listener."""

    def __init__(self, *scripts):
        self.desk = Desk(FakeProvider(*scripts))
        self.turns = RunningTurns(self.desk.store)
        self.listener = Listener()
        self.turns.listen(self.listener)

    def ask(self, session_id="s1", prompt="Why?", **more):
        asked = replace(session(), id=session_id)
        return self.turns.start(self.desk.turns, asked, prompt, Options(MODEL), **more)


async def until(condition):
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError


async def test_sessions_are_answered_at_once_and_each_has_its_own_text():
    gates = [asyncio.Event(), asyncio.Event()]
    room = Room(
        [accepted(), Delta("one "), gates[0].wait, Delta("first"), Finished("stop")],
        [accepted(), Delta("two "), gates[1].wait, Delta("second"), Finished("stop")],
    )
    first, second = room.ask("s1"), room.ask("s2")
    await until(lambda: first.has_text and second.has_text)
    assert room.turns.running == (first, second)
    assert (first.answer_so_far.content, second.answer_so_far.content) == ("one ", "two ")
    gates[1].set()
    await second.follow()
    assert (second.phase, second.answer.content) == (Phase.ENDED, "two second")
    assert room.turns.is_running("s1")
    assert not room.turns.is_running("s2")
    gates[0].set()
    await first.follow()
    assert first.answer.content == "one first"
    assert room.desk.store.saved_messages[first.answer.id] == first.answer


async def test_a_session_stays_taken_until_its_end_was_told_and_is_free_then():
    room = Room(answer("Because."))
    turn = room.ask()
    await turn.follow()
    await asyncio.sleep(0)
    assert room.listener.told == [
        ("started", "s1"),
        *((name, "s1") for name in ("PromptStored", "Sending", "QuotaSeen", "AnswerStarted")),
        ("Delta", "s1"),
        ("Answered", "s1"),
        ("ended", Phase.ENDED, True),
        ("freed", Phase.ENDED, False),
    ]
    assert turn.leaf_id == turn.answer.id


async def test_a_turn_that_is_stopped_keeps_what_arrived_and_leaves_the_others_alone():
    gate = asyncio.Event()
    room = Room(
        [accepted(), Delta("half"), gate.wait],
        [accepted(), Delta("all"), gate.wait, Finished("stop")],
    )
    first, second = room.ask("s1"), room.ask("s2")
    await until(lambda: first.has_text and second.has_text)
    await room.turns.stop("s1")
    assert (first.phase, first.answer.content, first.answer.state) == (
        Phase.STOPPED,
        "half",
        State.STOPPED,
    )
    gate.set()
    await second.follow()
    assert second.answer.content == "all"
    await room.turns.stop("s1")  # it is over
    await room.turns.stop("nobody's")


async def test_a_turn_that_is_stopped_before_it_began_frees_its_session():
    room = Room(answer("x"))
    turn = room.ask()
    await room.turns.stop_all()
    assert (turn.phase, turn.prompt, turn.stored.is_set()) == (Phase.STOPPED, None, True)
    assert room.listener.told[-1] == ("freed", Phase.STOPPED, False)
    assert not room.turns.running


async def test_a_failed_turn_has_its_error_its_prompt_and_no_answer():
    room = Room([failure("key_rejected", status=401, model=MODEL)])
    turn = room.ask(prompt="Why not?")
    await turn.follow()
    assert (turn.phase, turn.error.cause.name) == (Phase.FAILED, "key_rejected")
    assert (turn.prompt.content, turn.answer, turn.leaf_id) == ("Why not?", None, turn.prompt.id)


async def test_a_wait_is_known_while_it_lasts_and_can_be_cut_short():
    room = Room([LIMITED], answer("x"))
    asleep = asyncio.Event()

    async def sleep(_):
        await asleep.wait()

    room.desk.clock.sleep = sleep
    turn = room.ask()
    await until(lambda: turn.phase is Phase.WAITING)
    assert turn.waiting.error.facts.retry_after_s == 7.66
    turn.skip_wait.set()
    await turn.follow()
    assert (turn.phase, turn.waiting, turn.answer.content) == (Phase.ENDED, None, "x")


async def test_text_that_was_reasoning_is_reasoning_for_who_comes_later():
    gate = asyncio.Event()
    steps = [ReasoningDelta("a"), Delta("b"), TextWasReasoning(), Delta("c"), gate.wait]
    room = Room([Accepted("req_1", reading()), *steps, Finished("stop")])
    turn = room.ask()
    await until(lambda: turn.answer_so_far and turn.answer_so_far.content == "c")
    assert turn.answer_so_far.reasoning == "ab"
    gate.set()
    await turn.follow()
    assert (turn.answer.reasoning, turn.answer.content) == ("ab", "c")


def test_a_longer_answer_takes_the_place_of_the_cut_one_and_costs_are_added_up():
    turn = RunningTurn(session(), Options(MODEL))
    cut = Message("a", "s", "q", Role.ASSISTANT, "One, ", 1.0, State.CUT_BY_LIMIT, cost=Cost(ONE))
    for event in (AnswerStarted(replace(cut, content="")), Delta("One, ")):
        turn.hear(event)
    turn.hear(Answered(cut, None, is_short=True))
    assert not turn.is_over
    assert turn.answer_so_far.content == "One, "  # in sight while its rest waits for a limit
    for event in (AnswerStarted(replace(cut, id="b")), Delta("two.")):
        turn.hear(event)
    assert turn.answer_so_far.content == "One, two."
    whole = replace(cut, id="b", content="One, two.", state=State.COMPLETE)
    turn.hear(Answered(whole, None))
    assert (turn.answer, turn.cost) == (whole, 2 * ONE)


def test_a_cut_answer_whose_rest_does_not_come_costs_once():
    turn = RunningTurn(session(), Options(MODEL))
    cut = Message("a", "s", "q", Role.ASSISTANT, "One, ", 1.0, State.CUT_BY_LIMIT, cost=Cost(ONE))
    turn.hear(Answered(cut, None, is_short=True))
    turn.hear(Answered(cut, None))
    assert (turn.answer, turn.cost) == (cut, ONE)


async def test_no_more_sessions_are_answered_at_once_than_connections_are_good_for():
    gate = asyncio.Event()
    room = Room(*([accepted(), gate.wait, Delta("x"), Finished("stop")] for _ in range(9)))
    for number in range(MOST_RUNNING):
        assert not room.turns.is_full
        room.ask(f"s{number}")
    assert room.turns.is_full
    gate.set()
    await asyncio.gather(*(turn.follow() for turn in room.turns.running))
    assert not room.turns.is_full
    room.turns.forget("s0")
    assert room.turns.of("s0") is None


async def test_a_reserved_session_hears_that_it_is_stopped_between_its_turns():
    turns = Room().turns
    with turns.reserved("s1") as first, turns.reserved("s2") as second:
        assert turns.is_running("s1")
        await turns.stop("s1")
        assert (first.is_set(), second.is_set()) == (True, False)
        await turns.stop_all()
        assert second.is_set()
    assert not turns.is_running("s1")
