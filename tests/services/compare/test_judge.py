"""A judge is asked twice, in opposite orders, through the one engine."""

import json
from decimal import Decimal

import pytest

from groqchat.domain.compare.compare import Verdict
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import RateLimitedError
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.retry import RetryPolicy
from groqchat.services.compare.judge import LONGEST_VERDICT, Judge, JudgedTurn
from tests.fakes import FakeProvider, answer, counter
from tests.services.desk import CATALOG, MODEL, Desk

TURN = JudgedTurn("s9", 3, "Why?", ["model/a", "model/b"], ["ALPHA", "BETA"])


def says(*letters, **reasons):
    return answer(json.dumps({"ranking": list(letters), "reasons": reasons}))


def judging(*scripts):
    desk = Desk(FakeProvider(*scripts), policy=RetryPolicy(1))
    desk.turns = desk.new_turns(model_of=CATALOG.get)
    return desk, judge_of(desk, MODEL)


def judge_of(desk, model):
    return Judge(
        CATALOG.get(model),
        desk.turns,
        store=desk.store,
        accounting=desk.accounting,
        clock=desk.clock,
        new_id=counter("judge"),
    )


async def test_both_rounds_prefer_the_same_answer():
    _, judge = judging(says("B", "A", A="Vague.", B="Exact."), says("A", "B"))
    judged = await judge.judge(TURN)
    assert (judged.verdict, judged.winner, judged.agreed) == (Verdict.WINNER, "model/b", True)
    assert (judged.session_id, judged.turn, judged.judge) == ("s9", 3, MODEL)
    assert [(o.model, o.reason) for o in judged.opinions] == [
        ("model/b", "Exact."),
        ("model/a", "Vague."),
    ]


async def test_the_answers_change_places_and_the_rounds_do_not_see_each_other():
    desk, judge = judging(says("A", "B"), says("A", "B"))
    judged = await judge.judge(TURN)
    first, second = desk.provider.requests
    for request, order in ((first, ("ALPHA", "BETA")), (second, ("BETA", "ALPHA"))):
        told, asked = request.messages
        assert (told.role, told.content) == (Role.SYSTEM, "Answer with one JSON object.")
        said = asked.content
        assert asked.role is Role.USER
        assert said.index(order[0]) < said.index(order[1])
        assert request.options.is_json
        assert request.options.max_tokens <= LONGEST_VERDICT
    assert (judged.verdict, judged.winner, judged.agreed) == (Verdict.TIE, None, False)


async def test_its_requests_are_in_the_ledger_and_its_session_is_gone():
    desk, judge = judging(says("A", "B"), says("B", "A"))
    await judge.judge(TURN)
    assert [entry.outcome for entry in desk.ledger.entries] == ["ok", "ok"]
    assert {message.session_id for message in desk.answers} == {"judge1"}
    assert await desk.store.session("judge1") is None
    assert desk.store.charged == {"judge1": "s9"}


async def test_what_cannot_be_read_is_no_judgement_but_can_be_looked_up():
    desk, judge = judging(says("A", "B"), answer("They are both nice."))
    assert await judge.judge(TURN) is None
    session = await desk.store.session("judge1")
    assert session.title == f"Judged by {MODEL}: Why?"


async def test_a_round_that_fails_is_told():
    limited = failure("rate_limited", status=429, model=MODEL, retry_after_s=600)
    desk, judge = judging(says("A", "B"), [limited])
    with pytest.raises(RateLimitedError):
        await judge.judge(TURN)
    assert await desk.store.session("judge1") is None


def test_the_estimate_holds_both_rounds_at_most():
    desk, judge = judging()
    estimate = judge.estimate(TURN)
    assert estimate.completion_tokens == 2 * LONGEST_VERDICT
    price = CATALOG.get(MODEL).price
    assert estimate.cost == (
        estimate.prompt_tokens * price.input + estimate.completion_tokens * price.output
    ) / Decimal(1_000_000)
    assert judge_of(desk, "nobody/x").estimate(TURN).cost is None
