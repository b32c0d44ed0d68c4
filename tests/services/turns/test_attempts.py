"""After a setback: wait with bounds, turn off to another tier or model, or leave a model alone."""

from contextlib import aclosing

import pytest

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import ModelGoneError, RateLimitedError, ServiceError
from groqchat.domain.turns.chat import Answered, Options, Rerouted, Sending, Waiting
from groqchat.domain.turns.fallback import Fallback
from groqchat.domain.turns.retry import RetryPolicy
from groqchat.services.scheduling.scheduler import Scheduler
from tests.fakes import FakeProvider, accepted, answer
from tests.services.desk import CATALOG, MODEL, Desk

SMALL = "openai/gpt-oss-20b"
DOWN = failure("service_error", status=503, model=MODEL)
FULL = failure("tier_full", status=498, model=MODEL)
LIMITED = failure("rate_limited", status=429, model=MODEL, retry_after_s=45.0)


def desk_with(*scripts, fallback=None, **policy):
    desk = Desk(FakeProvider(*scripts), policy=RetryPolicy(**policy))
    desk.turns = desk.new_turns(fallback=fallback, model_of=CATALOG.get)
    return desk


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def asked(desk):
    return [(r.options.model, r.options.service_tier) for r in desk.provider.requests]


class TestWaits:
    async def test_all_waits_of_a_turn_are_bounded(self):
        desk = desk_with([LIMITED], [LIMITED], [LIMITED], longest_total_wait_s=100.0)
        with pytest.raises(RateLimitedError):
            await desk.events()
        assert desk.clock.slept == [45.0, 45.0]

    async def test_without_a_word_from_the_server_backoff_has_full_jitter(self):
        desk = desk_with([DOWN], [DOWN], [DOWN], answer("x"))
        await desk.events()
        assert desk.clock.slept == [0.5, 1.0, 2.0]  # half of 1, 2 and 4 seconds


class TestFlex:
    async def test_falls_back_to_on_demand_and_says_so(self):
        desk = desk_with([FULL], [FULL], answer("x"), attempts=2)
        events = await desk.events(options=Options(MODEL, service_tier="flex"))
        assert asked(desk) == [(MODEL, "flex"), (MODEL, "flex"), (MODEL, "on_demand")]
        (turned,) = of(Rerouted, events)
        assert turned.sentence == (
            "498 · Flex capacity exceeded: asking on the on_demand tier instead."
        )
        assert events[-1].message.service_tier == "on_demand"
        assert events[-1].attempts == 3
        assert desk.clock.slept == [0.5]

    async def test_a_chat_tries_it_once_more_and_does_not_wait_for_capacity(self):
        desk = desk_with([FULL], [FULL], answer("x"))
        events = await desk.events(options=Options(MODEL, service_tier="flex"))
        assert [tier for _, tier in asked(desk)] == ["flex", "flex", "on_demand"]
        assert [wait.seconds for wait in of(Waiting, events)] == [0.5]  # half of one second

    async def test_a_request_among_many_is_more_patient(self):
        desk = desk_with([FULL], [FULL], [FULL], answer("x"))
        slot = await Scheduler(desk.clock).lane(None, MODEL).open()
        await desk.events(options=Options(MODEL, service_tier="flex"), slot=slot)
        assert [tier for _, tier in asked(desk)] == ["flex"] * 4

    async def test_on_demand_is_not_left_for_another_tier(self):
        desk = desk_with([FULL], attempts=1)
        with pytest.raises(type(FULL)):
            await desk.events(options=Options(MODEL, service_tier="on_demand"))
        assert asked(desk) == [(MODEL, "on_demand")]


class TestFallback:
    async def test_is_never_taken_unasked(self):
        desk = desk_with([DOWN], attempts=1)
        with pytest.raises(ServiceError):
            await desk.events()

    async def test_says_who_answers_in_events_message_and_ledger(self):
        desk = desk_with([LIMITED], answer("x"), fallback=Fallback((SMALL,)))
        events = await desk.events()
        (turned,) = of(Rerouted, events)
        assert turned.sentence == f"429 · Rate limit reached: asking {SMALL} instead of {MODEL}."
        assert events[-1].message.model == SMALL
        kept = [(entry.model, entry.outcome) for entry in desk.ledger.entries]
        assert kept == [(MODEL, "rate_limited"), (SMALL, "ok")]
        assert events[-1].price == CATALOG.get(SMALL).price
        assert desk.clock.slept == []

    async def test_a_short_wait_is_waited_out_instead(self):
        desk = desk_with([LIMITED], answer("x"), fallback=Fallback((SMALL,), after_s=50.0))
        assert not of(Rerouted, await desk.events())

    async def test_only_for_the_failures_that_were_chosen(self):
        kinds = frozenset({ErrorKind.TIER_FULL})
        desk = desk_with([DOWN], fallback=Fallback((SMALL,), kinds), attempts=1)
        with pytest.raises(ServiceError):
            await desk.events()
        gone = failure("model_not_found", status=404, model=MODEL)
        with pytest.raises(ModelGoneError):
            await desk_with([gone], fallback=Fallback((SMALL,))).events()

    async def test_goes_down_the_list_and_tells_the_first_reason_in_the_end(self):
        gone = failure("model_not_found", status=404, model="gone")
        route = Fallback(("gone", MODEL, SMALL))
        desk = desk_with([DOWN], [gone], [LIMITED], fallback=route, attempts=1)
        with pytest.raises(ServiceError):
            await desk.events()
        assert [model for model, _ in asked(desk)] == [MODEL, "gone", SMALL]

    async def test_nobody_else_is_asked_once_text_has_come(self):
        cut = failure("stream_cut", model=MODEL, partial="ha")
        half = [*answer("ha")[:-1], cut]
        desk = desk_with(half, fallback=Fallback((SMALL,)))
        with pytest.raises(type(cut)):
            await desk.events()
        assert [model for model, _ in asked(desk)] == [MODEL]


class TestBreaker:
    async def test_an_outage_is_not_hammered_and_one_probe_ends_it(self):
        desk = desk_with(*[[DOWN]] * 5, answer("x"), answer("y"), attempts=6)
        events = await desk.events()
        opened = of(Waiting, events)[-1]
        assert opened.error.cause.name == "circuit_open"
        assert "5 times in a row" in opened.error.message
        assert "in 2" in opened.error.message
        assert sum(desk.clock.slept[4:]) == pytest.approx(30.0, abs=0.01)
        assert len(of(Sending, events)) == 6
        assert isinstance(events[-1], Answered)
        assert not of(Waiting, await desk.events("again", parent_id=None))

    async def test_a_failed_probe_pauses_twice_as_long(self):
        desk = desk_with(*[[DOWN]] * 6, answer("x"), attempts=1)
        for _ in range(5):
            with pytest.raises(ServiceError):
                await desk.events()
        desk.clock.advance(30.0)
        with pytest.raises(ServiceError):
            await desk.events()
        error = desk.turns._default_vendor._breaker.admission_error(MODEL)
        assert error.facts.retry_after_s == 60.0
        assert desk.turns._default_vendor._breaker.admission_error(SMALL) is None

    async def test_a_person_may_insist(self):
        desk = desk_with(*[[DOWN]] * 5, answer("x"), attempts=1)
        for _ in range(5):
            with pytest.raises(ServiceError):
                await desk.events()
        assert isinstance((await desk.events(is_checked=False))[-1], Answered)

    async def test_a_stopped_probe_leaves_the_next_one_its_turn(self):
        endless = [accepted(), *answer("a")]
        desk = desk_with(*[[DOWN]] * 5, endless, attempts=1)
        for _ in range(5):
            with pytest.raises(ServiceError):
                await desk.events()
        desk.clock.advance(30.0)
        async with aclosing(desk.ask()) as events:
            async for event in events:
                if type(event).__name__ == "AnswerStarted":
                    assert desk.turns._default_vendor._breaker.admission_error(MODEL)
                    break
        assert desk.turns._default_vendor._breaker.admission_error(MODEL) is None


class TestParameters:
    async def test_what_a_model_refuses_is_not_sent(self):
        desk = desk_with(answer("x"), answer("y"), answer("z"))
        for model in (MODEL, "llama-3.3-70b-versatile", "nobody/knows-it"):
            await desk.events(options=Options(model, effort="high"))
        dropped = [request.options.dropped for request in desk.provider.requests]
        assert dropped == [frozenset(), {"reasoning_effort"}, frozenset()]
