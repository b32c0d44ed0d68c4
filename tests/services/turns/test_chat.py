"""One turn, whatever becomes of it: the prompt is kept, nothing is sent twice after text came."""

import asyncio
import math
from contextlib import aclosing, suppress
from decimal import Decimal

import pytest

from groqchat.cli.answers import usage_line
from groqchat.domain.compare.compare import MEASURES, figures_of
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import (
    NoAnswerError,
    RateLimitedError,
    StreamBrokenError,
    TooLargeError,
    UnreachableError,
)
from groqchat.domain.limits.quota import LimitKind, Source
from groqchat.domain.models.catalog import Plan
from groqchat.domain.money.pricing import Price
from groqchat.domain.money.usage import Usage
from groqchat.domain.structured.schema import read_schema
from groqchat.domain.turns.answer_footer import footer_of
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Delta,
    Finished,
    Message,
    Options,
    PromptStored,
    QuotaSeen,
    ReasoningDelta,
    Role,
    Sending,
    State,
    TextWasReasoning,
    Waiting,
)
from groqchat.domain.turns.finish_reasons import ending
from groqchat.domain.turns.request import RequestMessage
from groqchat.domain.turns.retry import RetryPolicy
from groqchat.domain.turns.token_estimate import estimate_tokens
from groqchat.services.turns import checkpoints
from tests.domain.turns.token_samples import samples
from tests.fakes import START, FakeProvider, accepted, answer, reading, said
from tests.services.desk import CATALOG, MODEL, Desk

ONE_EACH = Price(Decimal(1_000_000), None, Decimal(1_000_000))
LIMITED = failure("rate_limited", status=429, model=MODEL, retry_after_s=7.66)


async def test_an_answer_is_told_in_order_and_saved_whole():
    desk = Desk(FakeProvider(answer("Because", " so.", usage=Usage(10, 0, 5))))
    events = await desk.events("Why?")
    assert [type(event) for event in events] == [
        PromptStored, Sending, QuotaSeen, AnswerStarted, Delta, Delta, Answered,
    ]  # fmt: skip
    saved = desk.store.saved_messages[events[-1].message.id]
    assert (saved.content, saved.state, saved.finish_reason) == (
        "Because so.",
        State.COMPLETE,
        "stop",
    )
    assert saved.parent_id == events[0].message.id
    assert (saved.model, saved.request_id, saved.service_tier) == (MODEL, "req_1", "on_demand")


async def test_the_prompt_is_stored_before_anything_leaves():
    desk = Desk(FakeProvider())
    desk.provider.scripts = [[lambda: seen.extend(desk.store.journal), *answer("x")]]
    seen = []
    await desk.events("Keep me")
    assert seen == [("create", "s1"), ("add", "user", "Keep me")]
    assert (await desk.store.session("s1")).title == "Keep me"


async def test_the_answer_is_priced_exactly():
    price = Price(Decimal("0.15"), Decimal("0.075"), Decimal("0.60"))
    usage = Usage(prompt_tokens=1000, cached_tokens=400, completion_tokens=500)
    desk = Desk(FakeProvider(answer("x", usage=usage)), price=price)
    events = await desk.events()
    cost = Decimal("0.000420")  # (600·0.15 + 400·0.075 + 500·0.60) / 1e6
    assert events[-1].message.cost.total == cost
    assert events[-1].price == price
    assert [entry.cost for entry in desk.ledger.entries] == [cost]


@pytest.mark.parametrize(
    ("told", "prompt", "completion"),
    [
        (Usage(), False, False),
        (Usage(prompt_tokens=10), True, False),
        (Usage(completion_tokens=5), False, True),
        (Usage(prompt_tokens=10, completion_tokens=5_000_000), True, False),
        (Usage(prompt_tokens=9_000_000, completion_tokens=5), False, True),
        (Usage(prompt_tokens=10, completion_tokens=5), True, True),
    ],
)
async def test_a_count_that_cannot_be_is_replaced_by_our_own_and_marked(told, prompt, completion):
    desk = Desk(FakeProvider(answer("Because ", "it is so.", usage=told)), price=ONE_EACH)
    end = (await desk.events("Why is that?"))[-1]
    usage, entry = end.message.usage, desk.ledger.entries[0]
    own = desk.provider.requests[0].prompt_tokens
    assert usage.prompt_tokens == (10 if prompt else own)
    assert usage.completion_tokens == (
        5 if completion else math.ceil(estimate_tokens("Because it is so."))
    )
    assert end.is_estimated is entry.estimated is not (prompt and completion)
    assert entry.usage == usage
    assert entry.cost == Decimal(usage.total_tokens)
    assert ("≈" in footer_of(end.message)) is end.is_estimated
    assert ("≈" in MEASURES[3].text(figures_of(end.message))) is end.is_estimated
    assert ("≈" in usage_line(end)) is end.is_estimated


async def test_an_unknown_price_is_no_zero():
    desk = Desk(FakeProvider(answer("x")))
    events = await desk.events(options=Options("nobody/knows-it"))
    assert events[-1].message.cost is None
    assert desk.ledger.entries[0].cost is None


async def test_the_request_holds_the_system_prompt_and_the_branch():
    desk = Desk(FakeProvider(answer("4"), answer("5")))
    first = await desk.events("2+2?", Options(MODEL, system="Be terse."))
    leaf = first[-1].message.id
    await desk.events("2+3?", Options(MODEL, system="Be terse."), parent_id=leaf)
    assert desk.provider.requests[1].messages == said(
        (Role.SYSTEM, "Be terse."),
        (Role.USER, "2+2?"),
        (Role.ASSISTANT, "4"),
        (Role.USER, "2+3?"),
    )


async def test_history_bounds_what_is_sent_but_never_the_prompt():
    desk = Desk(FakeProvider(answer("a"), answer("b")))
    first = await desk.events("one")
    await desk.events("two", Options(MODEL, history=0), parent_id=first[-1].message.id)
    assert desk.provider.requests[1].messages == said((Role.USER, "two"))


async def test_a_limit_is_slept_through_as_told():
    desk = Desk(FakeProvider([LIMITED], answer("x")))
    events = await desk.events()
    wait = next(event for event in events if isinstance(event, Waiting))
    assert (wait.seconds, wait.until, wait.attempt) == (7.66, START + 7.66, 1)
    assert desk.clock.slept == [7.66]
    assert [event.attempt for event in events if isinstance(event, Sending)] == [1, 2]
    assert events[-1].attempts == 2
    assert [entry.outcome for entry in desk.ledger.entries] == ["rate_limited", "ok"]


async def test_a_wait_longer_than_allowed_is_for_a_person_to_decide():
    told = failure("rate_limited", status=429, model=MODEL, retry_after_s=61.0)
    desk = Desk(FakeProvider([told]))
    with pytest.raises(RateLimitedError) as caught:
        await desk.events()
    assert "in 1m 01s" in caught.value.suggestion
    assert desk.clock.slept == []


async def test_attempts_come_to_an_end():
    down = failure("over_capacity", status=503, model=MODEL)
    desk = Desk(FakeProvider([down], [down]), policy=RetryPolicy(attempts=2))
    with pytest.raises(type(down)):
        await desk.events()
    assert len(desk.provider.requests) == 2
    assert [entry.outcome for entry in desk.ledger.entries] == ["service_error"] * 2


async def test_a_wait_can_be_skipped():
    desk = Desk(FakeProvider([LIMITED], answer("x")))
    skip, never = asyncio.Event(), asyncio.Event()

    async def sleep(seconds):
        await never.wait()

    desk.clock.sleep = sleep
    seen = []
    async with aclosing(desk.ask(skip_wait=skip)) as events:
        async for event in events:
            seen.append(event)
            if isinstance(event, Waiting):
                asyncio.get_running_loop().call_soon(skip.set)
    assert isinstance(seen[-1], Answered)


async def test_a_refusal_is_recorded_and_leaves_no_answer():
    told = failure("key_rejected", status=401, request_id="req_9")
    desk = Desk(FakeProvider([told]))
    with pytest.raises(type(told)):
        await desk.events("Do not lose me")
    assert desk.answers == []
    assert [m.content for m in desk.store.saved_messages.values()] == ["Do not lose me"]
    entry = desk.ledger.entries[0]
    assert (entry.outcome, entry.status, entry.request_id) == ("key_rejected", 401, "req_9")
    assert not entry.accepted


@pytest.mark.parametrize(
    "end",
    [
        failure("stream_cut", model=MODEL),
        failure("connection_failed", detail="reset"),
        failure("rate_limited", status=429, retry_after_s=1.0),
    ],
)
async def test_after_the_first_text_nothing_is_sent_again(end):
    desk = Desk(FakeProvider([accepted(), Delta("Half of "), end]))
    with pytest.raises(type(end)):
        await desk.events()
    assert len(desk.provider.requests) == 1
    assert [(a.content, a.state) for a in desk.answers] == [("Half of ", State.BROKEN)]
    entry = desk.ledger.entries[0]
    assert entry.estimated
    assert entry.usage.completion_tokens > 0


async def test_a_stream_without_an_end_is_broken_and_keeps_what_came():
    desk = Desk(FakeProvider([accepted(), Delta("Half of ")]))
    with pytest.raises(StreamBrokenError) as caught:
        await desk.events()
    assert caught.value.facts.partial == "Half of "


async def test_an_accepted_request_that_breaks_before_text_is_not_sent_again():
    desk = Desk(FakeProvider([accepted(), failure("stream_cut", model=MODEL)]))
    with pytest.raises(StreamBrokenError):
        await desk.events()
    assert [entry.outcome for entry in desk.ledger.entries] == ["stream_broken"]
    assert desk.answers == []


async def test_reasoning_is_text_too():
    desk = Desk(FakeProvider([accepted(), ReasoningDelta("Hmm"), failure("stream_cut")]))
    with pytest.raises(StreamBrokenError):
        await desk.events()
    assert [(a.reasoning, a.content) for a in desk.answers] == [("Hmm", "")]


async def test_an_answer_cut_by_its_limit_says_so():
    desk = Desk(FakeProvider(answer("half", reason="length")))
    events = await desk.events()
    assert events[-1].message.state is State.CUT_BY_LIMIT


async def test_a_cancelled_turn_saves_what_had_arrived_as_stopped():
    desk = Desk(FakeProvider())
    started, never = asyncio.Event(), asyncio.Event()
    desk.provider.scripts = [[accepted(), Delta("Once upon"), started.set, never.wait]]

    async def listen():
        async with aclosing(desk.ask()) as events:
            async for _ in events:
                pass

    task = asyncio.create_task(listen())
    await started.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert [(a.content, a.state) for a in desk.answers] == [("Once upon", State.STOPPED)]
    assert [(e.outcome, e.estimated) for e in desk.ledger.entries] == [("stopped", True)]


async def test_a_listener_that_leaves_early_stops_the_turn():
    desk = Desk(FakeProvider(answer("one", "two")))
    async with aclosing(desk.ask()) as events:
        async for event in events:
            if isinstance(event, Delta):
                break
    assert [(a.content, a.state) for a in desk.answers] == [("one", State.STOPPED)]


async def test_a_turn_cancelled_before_the_server_took_it_leaves_no_trace_but_the_prompt():
    desk = Desk(FakeProvider())
    started, never = asyncio.Event(), asyncio.Event()
    desk.provider.scripts = [[started.set, never.wait]]
    task = asyncio.create_task(desk.events("kept"))
    await started.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert desk.answers == []
    assert desk.ledger.entries == []
    assert desk.quota.view(MODEL).turns_left is None


async def test_a_whole_answer_has_no_first_token_and_is_booked_when_it_is_stopped():
    desk = Desk(FakeProvider(answer('{"a": "x"}')))
    desk.turns = desk.new_turns(model_of=CATALOG.get)
    options = Options(MODEL, schema=read_schema("a"))
    told = (await desk.events("Who?", options))[-1].message
    assert told.timing.time_to_first_token_s is None
    assert told.asked_with["schema"]["required"] == ["a"]
    started, never = asyncio.Event(), asyncio.Event()
    desk.provider.scripts = [[started.set, never.wait]]
    task = asyncio.create_task(desk.events("Again?", options))
    await started.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert [(a.content, a.state) for a in desk.answers[1:]] == [("", State.STOPPED)]
    assert [(e.outcome, e.estimated) for e in desk.ledger.entries[1:]] == [("stopped", True)]
    assert desk.ledger.entries[-1].usage.prompt_tokens


async def test_a_long_answer_is_written_down_as_it_grows_and_also_when_it_falls_silent(monkeypatch):
    monkeypatch.setattr(checkpoints, "PAUSE_S", 0.01)
    monkeypatch.setattr(checkpoints, "FIRST_PAUSE_S", 0.01)
    desk = Desk(FakeProvider())

    async def silence(text):
        while desk.store.journal[-1][-1] != text:  # noqa: ASYNC110  # a fake that tells nobody
            await asyncio.sleep(0)

    pieces = [
        Delta("0"), lambda: silence("0"), Delta("1"), Delta("2"), lambda: silence("012"),
        Delta("3"),
    ]  # fmt: skip
    desk.provider.scripts = [[accepted(), *pieces, Finished("stop", Usage(1, 0, 5))]]
    await desk.events()
    kept = [(kind, text[-1]) for kind, *text in desk.store.journal[2:]]
    assert kept == [("add", "0"), ("checkpoint", "012"), ("finish", "0123")]


async def test_an_answer_that_is_whole_at_once_is_written_once_as_the_leaf(monkeypatch):
    monkeypatch.setattr(checkpoints, "FIRST_PAUSE_S", 60)
    desk = Desk(FakeProvider(answer("all", " of it")))
    events = await desk.events()
    written = [kind for kind, *_, text in desk.store.journal if text == "all of it"]
    assert written == ["add", "finish"]
    assert desk.store.saved_sessions["s1"].leaf_id == events[-1].message.id


async def test_a_stored_prompt_is_answered_again_as_a_sibling():
    desk = Desk(FakeProvider(answer("a"), answer("b")))
    events = await desk.events()
    prompt = events[0].message
    await desk.events(prompt)
    assert [(a.content, a.parent_id) for a in desk.answers] == [("a", prompt.id), ("b", prompt.id)]
    assert [m for m in desk.store.saved_messages.values() if m.role == "user"] == [prompt]


async def test_a_cut_answer_is_continued_with_what_there_was():
    desk = Desk(FakeProvider(answer(" and an end.")))
    prompt = Message("p", "s1", None, Role.USER, "Tell", START)
    await desk.store.add_message(prompt)
    cut = Message("a", "s1", "p", Role.ASSISTANT, "A start", START, State.BROKEN, MODEL)
    events = await desk.events(prompt, continuing=cut)
    assert desk.provider.requests[0].messages[-1] == RequestMessage(Role.ASSISTANT, "A start")
    assert events[-1].message.content == "A start and an end."


async def test_a_failure_that_may_pass_is_tried_again_with_jitter():
    lost = failure("connection_failed", detail="refused")
    desk = Desk(FakeProvider([lost], [lost], answer("x")))
    await desk.events()
    assert desk.clock.slept == [0.5, 1.0]  # half of 1 s, then half of 2 s
    assert isinstance(lost, UnreachableError)


async def test_quota_is_seen_before_the_first_text():
    desk = Desk(FakeProvider(answer("x")))
    seen = None
    async for event in desk.ask():
        if isinstance(event, QuotaSeen):
            seen = event
        if isinstance(event, Delta):
            break
    assert seen.reading == reading()


def refused(cause, *, limit, used, requested, wait=None, limit_kind=LimitKind.TPM):
    return failure(
        cause, status=429, model=MODEL, limit_kind=limit_kind, limit=limit, used=used,
        requested=requested, retry_after_s=wait, request_id="req_9",
    )  # fmt: skip


async def test_a_prompt_that_was_underestimated_is_bounded_anew_and_where_no_time_is_told_at_once():
    desk = Desk(FakeProvider(answer("a", head=accepted(tpm=(8000, 8000)))))
    events = await desk.events()

    def refusal():
        sent = desk.provider.requests[-1].options.max_tokens
        raise refused("rate_limited", limit=8000, used=20, requested=900 + sent)

    desk.provider.scripts = [[refusal], answer("b", head=accepted(tpm=(8000, 7000)))]
    events = await desk.events("x" * 400)
    assert not [event for event in events if isinstance(event, Waiting)]
    first, second = (request.options.max_tokens for request in desk.provider.requests[1:])
    assert first + 100 <= 8000
    assert second + 900 <= 8000 - 20
    assert desk.clock.slept == []


async def test_even_what_never_fits_is_bounded_anew_when_only_its_answer_was_too_long():
    desk = Desk(FakeProvider())

    def refusal():
        sent = desk.provider.requests[-1].options.max_tokens
        raise refused("too_large", limit=8000, used=0, requested=1500 + sent)

    desk.provider.scripts = [
        answer("a", head=accepted(tpm=(8000, 8000))), [refusal], answer("b"),
    ]  # fmt: skip
    await desk.events()
    events = await desk.events("x" * 400)
    assert isinstance(events[-1], Answered)


async def test_where_less_is_left_than_was_believed_a_shorter_answer_is_asked_for():
    desk = Desk(FakeProvider(answer("a", head=accepted(tpm=(8000, 8000)))))
    await desk.events()

    def refusal():  # somebody else has used the same key meanwhile
        sent = desk.provider.requests[-1].options.max_tokens
        raise refused("rate_limited", limit=8000, used=4000, requested=10 + sent)

    desk.provider.scripts = [[refusal], answer("b", head=accepted(tpm=(8000, 3000)))]
    events = await desk.events("x" * 400)
    assert not [event for event in events if isinstance(event, Waiting)]
    assert desk.provider.requests[-1].options.max_tokens <= 4000


@pytest.mark.parametrize(("kind", "used"), [(LimitKind.TPM, 4000), (LimitKind.TPD, 199_000)])
async def test_what_was_refused_is_told_as_the_server_told_it_and_never_sent_before_its_time(
    kind, used
):
    desk = Desk(FakeProvider(answer("a", head=accepted(tpm=(8000, 8000)))), plan=Plan.FREE)
    await desk.events()
    limit = CATALOG.get(MODEL).limits[Plan.FREE][kind]

    def refusal():
        sent = desk.provider.requests[-1].options.max_tokens
        raise refused(
            "rate_limited", limit=limit, used=used, requested=900 + sent, wait=31.0, limit_kind=kind
        )

    desk.provider.scripts = [[refusal], answer("b", head=accepted(tpm=(8000, 3000)))]
    began = desk.clock.time
    events = await desk.events("x" * 400)
    waits = [event for event in events if isinstance(event, Waiting)]
    assert desk.clock.time - began >= 31.0
    for wait in waits:
        facts = wait.error.facts
        assert (facts.status, facts.request_id) == (429, "req_9")
        assert (facts.limit_kind, facts.used) == (kind, used)
        assert "Nothing was sent" not in wait.error.message


async def test_what_was_waited_out_and_still_does_not_fit_keeps_the_servers_face():
    told = refused("rate_limited", limit=8000, used=7990, requested=7000, wait=1.0)
    full = answer("a", head=accepted(tpm=(8000, 0)), usage=Usage(7990, 0, 5))
    desk = Desk(FakeProvider(full, answer("b")))
    await desk.events()
    events = await desk.events("x" * 400, waiting_out=told)
    waits = [event.error.facts for event in events if isinstance(event, Waiting)]
    assert [(facts.status, facts.request_id) for facts in waits] == [(429, "req_9")] * 2


async def test_of_what_never_left_it_is_said_that_nothing_was_sent():
    desk = Desk(FakeProvider(answer("a", head=accepted(tpm=(8000, 8000)))))
    await desk.events()
    with pytest.raises(TooLargeError, match="Nothing was sent") as caught:
        await desk.events("word " * 40_000)
    assert caught.value.facts.status is None


async def test_what_can_never_fit_the_window_is_refused_before_it_leaves():
    texts = "\n".join(sample.text for sample in samples() if sample.text.isascii())
    size = estimate_tokens(texts)
    desk = Desk(FakeProvider(answer("a"), answer("b")))
    with pytest.raises(TooLargeError, match="Nothing was sent") as caught:
        await desk.events(texts * round(2 * 131_072 / size))
    facts = caught.value.facts
    assert (facts.limit, facts.limit_kind, facts.status) == (131_072, None, None)
    assert facts.requested == pytest.approx(2 * 131_072, rel=0.15)
    assert not desk.provider.requests


@pytest.mark.parametrize("text", ["of a known kind", "word " * 200_000])
async def test_what_may_fit_the_window_is_for_the_server_to_refuse(text):
    if text == "of a known kind":
        text = "\n".join(sample.text for sample in samples() if sample.text.isascii())
        text *= round(150_000 / estimate_tokens(text))
    desk = Desk(FakeProvider(answer("a")))
    await desk.events(text)
    assert len(desk.provider.requests) == 1


async def test_a_text_of_a_known_kind_is_refused_where_it_is_over_by_more_than_its_error():
    desk = Desk(FakeProvider(answer("a", head=accepted(tpm=(8000, 8000))), answer("b")))
    await desk.events()
    texts = "\n".join(sample.text for sample in samples() if sample.text.isascii())
    over = texts[: round(len(texts) * 11_000 / estimate_tokens(texts))]
    with pytest.raises(TooLargeError, match="Nothing was sent"):
        await desk.events(over)
    await desk.events("null," * 4_000)  # seems to be 14,800 tokens, and is 8,000
    assert len(desk.provider.requests) == 2


async def test_where_hardly_anything_is_left_nothing_is_sent_before_its_time():
    desk = Desk(FakeProvider(answer("a", head=accepted(tpm=(8000, 8000)))))
    await desk.events()

    def refusal():
        sent = desk.provider.requests[-1].options.max_tokens
        raise refused("rate_limited", limit=8000, used=7900, requested=10 + sent)

    desk.provider.scripts = [[refusal], answer("b", head=accepted(tpm=(8000, 3000)))]
    events = await desk.events("x" * 400)
    assert [event for event in events if isinstance(event, Waiting)]


async def test_a_lower_limit_is_learnt_from_its_refusal_and_the_answer_bounded_by_it():
    desk = Desk(FakeProvider(), plan=Plan.DEVELOPER)

    def refusal():
        sent = desk.provider.requests[-1].options.max_tokens
        assert sent > 8000
        raise failure(
            "too_large", status=413, model=MODEL, limit_kind=LimitKind.TPM, limit=8000,
            requested=10 + sent,
        )  # fmt: skip

    tall = accepted(tpm=(250_000, 249_000))
    short = accepted(tpm=(8000, 7000))
    desk.provider.scripts = [answer("a", head=tall), [refusal], answer("b", head=short)]
    await desk.events()
    desk.clock.advance(100)
    events = await desk.events("x" * 400)
    assert isinstance(events[-1], Answered)
    assert not [event for event in events if isinstance(event, Waiting)]
    assert desk.provider.requests[-1].options.max_tokens < 8000
    level = desk.quota.view(MODEL).level(LimitKind.TPM)
    assert level.limit == 8000


async def test_a_refusal_that_fits_another_plan_tells_that_it_is_another_one():
    desk = Desk(FakeProvider())
    plans = CATALOG.get(MODEL).limits
    developer, free = plans[Plan.DEVELOPER], plans[Plan.FREE]
    head = accepted(
        tpm=(developer[LimitKind.TPM], developer[LimitKind.TPM] - 100),
        rpd=(developer[LimitKind.RPD], developer[LimitKind.RPD] - 1),
    )
    too_large = failure(
        "too_large", status=413, model=MODEL, limit_kind=LimitKind.TPM, limit=free[LimitKind.TPM],
        requested=free[LimitKind.TPM] + 5_000,
    )  # fmt: skip
    desk.provider.scripts = [answer("a", head=head), [too_large]]
    await desk.events()
    assert desk.quota.view(MODEL).plan == Plan.DEVELOPER
    desk.clock.advance(10)
    with pytest.raises(TooLargeError):
        await desk.events("word " * 40_000)
    view = desk.quota.view(MODEL)
    assert view.plan == Plan.FREE
    assert view.level(LimitKind.RPD).limit == free[LimitKind.RPD]
    assert view.level(LimitKind.TPM).limit == free[LimitKind.TPM]


async def test_a_limit_that_a_refusal_told_is_known_after_a_restart():
    desk = Desk(FakeProvider([refused("too_large", limit=8000, used=None, requested=9000)]))
    with pytest.raises(TooLargeError):
        await desk.events(is_checked=False)
    desk.restart()
    view = await desk.quota.refresh(MODEL)
    level = view.level(LimitKind.TPM)
    assert (level.limit, level.remaining, level.source) == (8000, 8000, Source.ERROR)


async def test_what_really_never_fits_is_not_sent_again():
    desk = Desk(FakeProvider())

    def refusal():
        sent = desk.provider.requests[-1].options.max_tokens
        raise refused("too_large", limit=8000, used=0, requested=9000 + sent)

    desk.provider.scripts = [answer("a", head=accepted(tpm=(8000, 8000))), [refusal]]
    await desk.events()
    with pytest.raises(TooLargeError):
        await desk.events("x" * 400)
    assert len(desk.provider.requests) == 2


QWEN = CATALOG.get("qwen/qwen3.8-27b")


async def test_reasoning_that_shows_only_at_its_end_is_no_part_of_the_answer():
    thinking = [accepted(), Delta("Hm"), TextWasReasoning(), ReasoningDelta(", 2."), Delta("Two.")]
    desk = Desk(FakeProvider([*thinking, Finished("stop")]))
    answered = (await desk.events())[-1].message
    assert (answered.reasoning, answered.content) == ("Hm, 2.", "Two.")


async def test_no_reasoning_of_earlier_answers_is_sent_again():
    desk = Desk(FakeProvider(answer("<think>\nHm\n</think>\n\nTwo."), answer("Yes."), answer("Ja")))
    first = (await desk.events("1 + 1?"))[-1].message
    second = (await desk.events("Sure?", parent_id=first.id))[-1].message
    await desk.events("Really?", parent_id=second.id)
    spoken = [each.content for each in desk.provider.requests[-1].messages]
    assert spoken == ["1 + 1?", "Two.", "Sure?", "Yes.", "Really?"]


@pytest.mark.parametrize(
    "told", [{"parameter": "reasoning_format"}, {"detail": "unsupported: ['reasoning_format']"}]
)
async def test_reasoning_comes_apart_unless_the_server_does_not_know_that(told):
    refused = failure("invalid_request", status=400, **told)
    desk = Desk(FakeProvider([refused], answer("Two.")))
    desk.turns._default_vendor.model_of = CATALOG.get
    await desk.events(options=Options(QWEN.id))
    forms = [request.options.reasoning_format for request in desk.provider.requests]
    assert forms == ["parsed", None]


async def test_an_answer_keeps_the_parameters_that_its_request_was_sent_with():
    desk = Desk(FakeProvider(answer("Two.")))
    desk.turns._default_vendor.model_of = CATALOG.get
    options = Options(QWEN.id, effort="low", temperature=0.2, stop=("END",))
    kept = (await desk.events(options=options))[-1].message.asked_with
    longest = desk.provider.requests[-1].options.max_tokens
    assert kept == {
        "max_completion_tokens": longest,
        "temperature": 0.2,
        "stop": ["END"],
        "reasoning_effort": "low",
        "reasoning_format": "parsed",
    }


SPENT = Usage(10, 0, 5)
PRICE = Price(Decimal(1), Decimal(1), Decimal(1))


@pytest.mark.parametrize(
    ("pieces", "end", "cause", "kept"),
    [
        ([], Finished("content_filter", SPENT), "answer_filtered", ("", "")),
        ([], Finished("stop", SPENT, refusal="I can't."), "answer_refused", ("I can't.", "")),
        ([ReasoningDelta("Hm")], Finished("stop", SPENT), "answer_only_reasoned", ("", "Hm")),
        ([ReasoningDelta("Hm")], Finished("length", SPENT), "answer_too_short", ("", "Hm")),
        ([Delta("\n\n")], Finished("stop", SPENT), "answer_empty", ("\n\n", "")),
        ([], Finished("stop", SPENT, is_call=True), "answer_is_a_call", ("", "")),
        ([], Finished("tool_calls", SPENT, is_call=True), "answer_is_a_call", ("", "")),
        ([], Finished("who_knows", SPENT), "answer_ended_oddly", ("", "")),
    ],
)
async def test_an_end_without_an_answer_is_an_error_and_what_came_is_kept_and_booked(
    pieces, end, cause, kept
):
    desk = Desk(FakeProvider([accepted(), *pieces, end]), price=PRICE)
    with pytest.raises(NoAnswerError) as told:
        await desk.events()
    assert (told.value.cause.name, told.value.facts.finish_reason) == (cause, end.reason)
    (saved,) = desk.answers
    assert (saved.content, saved.reasoning, saved.state) == (*kept, State.UNANSWERED)
    (entry,) = desk.ledger.entries
    assert (entry.outcome, entry.usage, entry.cost) == ("no_answer", SPENT, saved.cost.total)
    assert entry.accepted


@pytest.mark.parametrize(
    ("end", "text"),
    [
        (Finished("content_filter"), "Well"),
        (Finished("who_knows"), "Well"),
        (Finished("tool_calls", is_call=True), "Well"),
        (Finished("stop", refusal="I can't."), "Well\n\nI can't."),
    ],
)
async def test_a_part_of_an_answer_is_marked_as_one(end, text):
    desk = Desk(FakeProvider([accepted(), Delta("Well"), end]))
    answered = (await desk.events())[-1].message
    assert (answered.content, answered.state) == (text, State.ENDED)
    assert answered.finish_reason == end.reason
    assert ending(answered)
