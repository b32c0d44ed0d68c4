"""A judge is asked twice, in opposite orders, through the one engine."""

import json
from decimal import Decimal

import pytest

from groqchat.domain.compare.compare import Verdict as Winner
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import RateLimitedError
from groqchat.domain.prompt_sets.rubrics import Rubric, Verdict
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.retry import RetryPolicy
from groqchat.services.compare.judge import LONGEST_VERDICT, Judge, JudgedTurn, RubricTurn
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
    assert (judged.verdict, judged.winner, judged.agreed) == (Winner.WINNER, "model/b", True)
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
    assert (judged.verdict, judged.winner, judged.agreed) == (Winner.TIE, None, False)


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


def checked(reference=""):
    return RubricTurn("s9", "Why?", "ALPHA", Rubric("It is exact.", reference))


async def test_a_rubric_takes_one_round_and_its_session_is_gone():
    desk, judge = judging(answer('{"passes": false, "reason": "Vague."}'))
    assert await judge.check(checked()) == Verdict(False, "Vague.")
    (request,) = desk.provider.requests
    assert "It is exact." in request.messages[-1].content
    assert request.options.is_json
    assert await desk.store.session("judge1") is None
    assert desk.store.charged == {"judge1": "s9"}


async def test_a_reference_is_compared_in_both_orders():
    desk, judge = judging(says("B", "A", A="Vague."), says("A", "B"))
    assert await judge.check(checked("BETA")) == Verdict(False, "Vague.")
    first, second = (each.messages[-1].content for each in desk.provider.requests)
    assert first.index("ALPHA") < first.index("BETA")
    assert second.index("BETA") < second.index("ALPHA")
    assert "It is exact." in first


async def test_a_verdict_that_cannot_be_read_is_none_and_can_be_looked_up():
    desk, judge = judging(answer("Nice."))
    assert await judge.check(checked()) is None
    assert (await desk.store.session("judge1")).title == f"Judged by {MODEL}: Why?"


def test_a_check_is_estimated_with_an_answer_that_may_still_come():
    _, judge = judging()
    one, two = judge.estimate_check(checked()), judge.estimate_check(checked("BETA"))
    assert (one.completion_tokens, two.completion_tokens) == (LONGEST_VERDICT, 2 * LONGEST_VERDICT)
    assert judge.estimate_check(checked(), 300).prompt_tokens == one.prompt_tokens + 300
