"""What is said before Enter is what is sent: one estimate for all who ask how long a prompt is."""

import math

import pytest

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import Plan
from groqchat.domain.money.usage import Usage
from groqchat.domain.turns.chat import Message, Options, Role, State
from groqchat.domain.turns.token_estimate import estimate_tokens
from tests.domain.turns.token_samples import samples
from tests.fakes import FakeProvider, answer
from tests.services.desk import MODEL, Desk
from tests.services.pretend import Client, Organization

PLAIN = Options(MODEL)
ROMAN = Options(MODEL, system="Answer like a senator of Rome, at length and with examples. " * 40)
LONG = "The harbour was quiet when she came down the steps and waited. " * 60


async def said_and_sent(desk, text, options=PLAIN, parent_id=None):
    """The request as it is foreseen, and as it leaves."""
    foreseen = (await desk.turns.preview(parent_id, options)).request(text)
    events = await desk.events(text, options, parent_id=parent_id)
    return foreseen, desk.provider.requests[-1], events[-1].message


def same(foreseen, sent):
    return (foreseen.prompt_tokens, foreseen.doubt) == (sent.prompt_tokens, sent.doubt)


@pytest.fixture
def desk():
    """Whoever answers says a little, and counts the prompts as 1,000, 1,100, …"""
    scripts = [answer("Because.", usage=Usage(1_000 + 100 * turn, 0, 20)) for turn in range(8)]
    return Desk(FakeProvider(*scripts))


async def test_a_first_prompt_counts_with_system_prompt_and_template(desk):
    foreseen, sent, _ = await said_and_sent(desk, "Why?", ROMAN)
    assert same(foreseen, sent)
    assert foreseen.prompt_tokens == round(
        71 + 3 + estimate_tokens(ROMAN.system) + estimate_tokens("Why?")
    )


async def test_what_was_counted_is_gone_on_from(desk):
    _, _, first = await said_and_sent(desk, "Why?")
    foreseen, sent, _ = await said_and_sent(desk, "And why that?", parent_id=first.id)
    assert same(foreseen, sent)
    counted = 1_000 + 20 + 6
    assert foreseen.prompt_tokens == round(counted + 4 + estimate_tokens("And why that?"))
    assert foreseen.doubt <= 2


async def test_an_earlier_prompt_asked_anew_knows_nothing_of_what_followed(desk):
    _, _, first = await said_and_sent(desk, LONG)
    await said_and_sent(desk, LONG, parent_id=first.id)
    foreseen, sent, _ = await said_and_sent(desk, "Hello")
    assert same(foreseen, sent)
    assert foreseen.prompt_tokens == 72


async def test_a_changed_system_prompt_is_counted_for_what_it_is(desk):
    _, _, first = await said_and_sent(desk, LONG, ROMAN)
    estimator = desk.accounting.sizing.estimator(MODEL)
    foreseen, sent, _ = await said_and_sent(desk, "Why?", PLAIN, parent_id=first.id)
    assert same(foreseen, sent)
    without = 1_026 - 3 - estimator.factor * estimate_tokens(ROMAN.system)
    assert foreseen.prompt_tokens == pytest.approx(without + 4 + estimate_tokens("Why?"), abs=2)


async def test_another_model_counts_for_itself(desk):
    _, _, first = await said_and_sent(desk, LONG)
    other = Options("qwen/qwen3.8-27b")
    foreseen, sent, _ = await said_and_sent(desk, "Why?", other, parent_id=first.id)
    assert same(foreseen, sent)
    texts = [LONG, "Because.", "Why?"]
    assert foreseen.prompt_tokens == round(3 + sum(5 + estimate_tokens(text) for text in texts))


@pytest.mark.parametrize("history", [1, 2, 3])
async def test_of_a_history_only_what_is_sent_counts(desk, history):
    few = Options(MODEL, history=history)
    leaf = None
    for text in (LONG, LONG, "Hello"):
        foreseen, sent, said = await said_and_sent(desk, text, few, leaf)
        assert same(foreseen, sent)
        leaf = said.id
    assert (foreseen.prompt_tokens < 100) is (history < 3)


async def test_a_long_session_is_read_back_to_what_was_counted(desk):
    _, _, first = await said_and_sent(desk, LONG)
    leaf = first.id
    for number in range(20):  # prompts that were stopped before an answer came
        message = Message(f"x{number}", first.session_id, leaf, Role.USER, "And?", 1.0)
        await desk.store.add_message(message)
        leaf = message.id
    foreseen, sent, _ = await said_and_sent(desk, "Hello", parent_id=leaf)
    assert same(foreseen, sent)
    assert foreseen.prompt_tokens > 1_026 + 20 * 4


async def test_after_a_restart_the_same_is_said(desk):
    _, _, first = await said_and_sent(desk, LONG)
    before = (await desk.turns.preview(first.id, PLAIN)).length
    desk.restart()
    assert (await desk.turns.preview(first.id, PLAIN)).length == before


async def test_a_short_count_does_not_make_what_follows_longer(desk):
    """9,000 characters after "hi", which counted 72, do fit a limit of 8,000."""
    desk.provider.scripts = [answer("Hello!", usage=Usage(72, 0, 5)), answer("x")]
    desk.plan = Plan.FREE
    desk.restart()
    await desk.events("hi")
    prose = LONG[:63] * 143
    foreseen, sent, _ = await said_and_sent(desk, prose)
    assert same(foreseen, sent)
    assert foreseen.prompt_tokens == pytest.approx(71 + estimate_tokens(prose), rel=0.01)
    assert desk.quota.admission_error(foreseen) is None


async def test_a_stopped_answer_is_booked_as_its_text_alone(desk):
    """What was learnt of prompts says nothing of answers."""
    desk.provider.scripts = [
        answer("Hello!", usage=Usage(72, 0, 5)),
        answer("The harbour was quiet. ", LONG, usage=None),
    ]
    await desk.events("hi")
    end = (await desk.events("tell me"))[-1]
    assert end.is_estimated
    assert end.message.usage.completion_tokens == math.ceil(
        estimate_tokens("The harbour was quiet. " + LONG)
    )


async def test_an_estimated_count_is_not_learnt_from(desk):
    desk.provider.scripts = [answer("x", usage=None), answer("y")]
    first = (await desk.events(LONG))[-1].message
    assert first.state is State.COMPLETE
    foreseen, _, _ = await said_and_sent(desk, "Why?", parent_id=first.id)
    assert foreseen.doubt > 0.3 * estimate_tokens(LONG)


async def test_no_first_prompt_on_the_free_plan_is_refused(desk):
    """Sixty prompts, each in a program of its own, counted as o200k and the template count them."""
    texts = {sample.text: sample.true_tokens for sample in samples()}
    few, most = sorted(texts, key=texts.get)[:20], sorted(texts, key=texts.get)[-20:]
    refused = []
    for text in [*few, *most, *list(texts)[::5][:20]]:
        organization = Organization(desk.clock)
        client = Client(organization, [50], counts=lambda messages: 71 + texts[messages[0].content])
        fresh = Desk(client, clock=desk.clock, plan=Plan.FREE)
        end = (await fresh.events(text))[-1]
        assert end.attempts == 1
        assert fresh.quota.view(MODEL).level(LimitKind.TPM).remaining is not None
        refused += organization.refused
    assert refused == []


async def test_what_may_fit_is_left_to_the_server_to_refuse(desk):
    """Estimated above the limit of 8,000, counted below it: sent, refused for free, sent again."""
    text = LONG * 13
    assert 8_000 < 71 + estimate_tokens(text) < 8_000 * 1.3
    organization = Organization(desk.clock)
    client = Client(organization, [50], counts=lambda _: 7_000)
    fresh = Desk(client, clock=desk.clock, plan=Plan.FREE)
    end = (await fresh.events(text))[-1]
    assert end.message.usage.prompt_tokens == 7_000
    assert [refusal.requested for refusal in organization.refused] == [8_024]
