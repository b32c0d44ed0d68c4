"""A model judges once its cost is confirmed, and its verdict is shown before another is asked."""

from functools import partial

from groqchat.domain.compare.compare import Verdict
from groqchat.domain.compare.judging import Judgement
from groqchat.domain.turns.chat import AnswerStarted, Delta, Message, PromptStored, Role
from groqchat.services.compare.judge import Judge, Judges
from groqchat.ui.compare.actions.judging import JudgingActions
from groqchat.ui.compare.windows.judges import JudgePicker
from groqchat.ui.compare.windows.verdict import VerdictScreen
from groqchat.ui.dialogs.confirm import Confirm
from tests.fakes import FakeProvider, counter
from tests.services.compare.test_judge import says
from tests.services.desk import CATALOG, MODEL
from tests.ui.compare.desk import A, B, CompareDesk


def judging(*scripts):
    desk = CompareDesk(A, B, provider=FakeProvider(*scripts))
    services = desk.services
    judge = partial(
        Judge,
        turns=services.turns,
        store=services.store,
        accounting=services.accounting,
        clock=services.clock,
        new_id=counter("judge"),
    )
    judges = Judges(lambda: CATALOG, judge)
    desk.judged = []
    return desk, JudgingActions(
        desk.state, desk.ask, desk.jobs.append, judges, lambda: desk.judged.append(True)
    )


def answered(desk):
    """Let both columns have an answer with some text."""
    now = desk.services.clock.now()
    prompt = Message("p", "s1", None, Role.USER, "Why?", now)
    for column in desk.columns:
        column.column.prompt = prompt
        answer = Message(f"a{column.number}", "s1", "p", Role.ASSISTANT, "", now)
        for event in (
            PromptStored(prompt),
            AnswerStarted(answer),
            Delta(f"Answer {column.number}"),
        ):
            column.take(event)
    desk.answer(0, 1)


async def test_a_verdict_takes_two_answers():
    desk, actions = judging()
    desk.answer(0)
    await actions.judge()
    assert desk.opened == []
    assert desk.said == ["A verdict needs two complete answers."]


async def test_nothing_is_asked_unless_the_cost_is_confirmed():
    desk, actions = judging()
    answered(desk)
    desk.windows = [MODEL, None]
    await actions.judge()
    assert [type(window) for window in desk.opened] == [JudgePicker, Confirm]
    assert desk.jobs == []


async def test_a_verdict_is_stored_and_shown_before_another_one():
    desk, actions = judging(says("A", "B"), says("A", "B"))
    answered(desk)
    desk.windows = [MODEL, True]
    await actions.judge()
    await desk.jobs.pop().run()
    (judged,) = desk.votes.saved_judgements
    assert isinstance(judged, Judgement)
    assert judged.verdict is Verdict.TIE  # the order of the answers decided
    assert desk.judged == [True]
    assert desk.votes.saved == []
    desk.windows = [None]
    await actions.judge()
    assert type(desk.opened[-1]) is VerdictScreen
    assert desk.jobs == []
