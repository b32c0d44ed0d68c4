"""What is left, folded from headers, refusals, ledger and catalogue."""

import asyncio
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.domain.limits.allowance import FIRST_GUESS_TOKENS
from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.limits.quota import LimitKind, Reading, Source, Untimed
from groqchat.domain.limits.rate_headers import read_headers
from groqchat.domain.models.catalog import Plan
from groqchat.domain.money.usage import Usage
from groqchat.domain.turns.chat import Accepted, Answered, Delta, Options, QuotaSeen
from groqchat.domain.turns.request import ChatRequest
from groqchat.services.quota.quota import Account, QuotaService
from tests.fakes import (
    START,
    FakeClock,
    FakeProvider,
    MemoryLedger,
    MemoryStore,
    accepted,
    answer,
    reading,
)
from tests.services.desk import ACCOUNT, CATALOG, MODEL, Desk

NOBODY = "nobody/knows-it"


def left(desk, kind, model=MODEL):
    return desk.quota.view(model).level(kind).remaining


def source(desk, kind, model=MODEL):
    return desk.quota.view(model).level(kind).source


async def test_what_nobody_told_is_unknown():
    desk = Desk(FakeProvider())
    view = await desk.quota.refresh(MODEL)
    assert [level.kind for level in view.levels] == ["RPM", "RPD", "TPM", "TPD"]
    assert {level.remaining for level in view.levels} == {None}
    assert (view.plan, view.binding, view.turns_left) == (None, None, None)


async def test_headers_are_exact_while_an_answer_streams():
    desk = Desk(FakeProvider(answer("x", head=accepted(rpd=(1000, 998), tpm=(8000, 7922)))))
    async with aclosing(desk.ask()) as events:
        async for event in events:
            if isinstance(event, QuotaSeen):
                assert (left(desk, LimitKind.RPD), left(desk, LimitKind.TPM)) == (998, 7922)
                assert source(desk, LimitKind.TPM) is Source.HEADER


async def test_headers_that_match_a_plan_bring_its_other_limits():
    desk = Desk(FakeProvider(answer("x", usage=Usage(10, 0, 5), head=accepted())))
    await desk.events()
    view = desk.quota.view(MODEL)
    assert (view.plan, view.plan_inferred) == (Plan.FREE, True)
    assert (left(desk, LimitKind.RPM), source(desk, LimitKind.RPM)) == (29, Source.LEDGER)
    assert (left(desk, LimitKind.TPD), source(desk, LimitKind.TPD)) == (200_000 - 15, Source.LEDGER)


async def test_headers_of_another_server_infer_nothing():
    head = accepted(rpd=(17, 16), tpm=(4321, 4000))
    desk = Desk(FakeProvider(answer("x", head=head)))
    await desk.events()
    assert desk.quota.view(MODEL).plan is None
    assert left(desk, LimitKind.TPD) is None


async def test_a_server_without_headers_stays_unknown():
    desk = Desk(FakeProvider(answer("x", head=Accepted(None, Reading(START)))))
    await desk.events()
    assert {level.remaining for level in desk.quota.view(MODEL).levels} == {None}


async def test_a_plan_that_the_user_named_is_believed():
    desk = Desk(FakeProvider(), plan=Plan.DEVELOPER)
    view = await desk.quota.refresh(MODEL)
    assert (view.plan, view.plan_inferred) == (Plan.DEVELOPER, False)
    assert view.level(LimitKind.RPM).remaining == view.level(LimitKind.RPM).limit


@pytest.mark.parametrize("told_before", [100, 100 + 2048])
async def test_tokens_settle_to_what_was_used_whatever_the_headers_had_counted(told_before):
    """Servers differ: the headers hold the prompt, or the prompt and the whole reservation."""
    head = accepted(tpm=(8000, 8000 - told_before))
    desk = Desk(FakeProvider(answer("x", usage=Usage(100, 0, 250), head=head)))
    await desk.events(options=Options(MODEL, max_tokens=2048))
    assert left(desk, LimitKind.TPM) == 8000 - 350


async def test_cached_tokens_are_not_counted():
    head = accepted(tpm=(8000, 7000))
    desk = Desk(FakeProvider(answer("x", usage=Usage(1000, 600, 50), head=head)))
    await desk.events()
    assert left(desk, LimitKind.TPM) == 8000 - 450
    assert left(desk, LimitKind.TPD) == 200_000 - 450


async def test_a_second_turn_settles_on_top_of_the_first():
    desk = Desk(
        FakeProvider(
            answer("x", usage=Usage(100, 0, 400), head=accepted(tpm=(8000, 7900))),
            answer("y", usage=Usage(600, 0, 100), head=accepted(tpm=(8000, 8000 - 500 - 600))),
        )
    )
    await desk.events()
    await desk.events()
    assert left(desk, LimitKind.TPM) == 8000 - 500 - 700


async def test_the_minute_drains_steadily():
    head = accepted(tpm=(8000, 6001))
    desk = Desk(FakeProvider(answer("x", usage=Usage(1999, 0, 1), head=head)))
    await desk.events()
    assert left(desk, LimitKind.TPM) == 6000
    desk.clock.advance(7.5)  # 1,000 of 8,000 a minute flow back
    assert left(desk, LimitKind.TPM) == 7000
    assert desk.quota.view(MODEL).level(LimitKind.TPM).resets_in_s == pytest.approx(7.5)
    desk.clock.advance(60)
    assert left(desk, LimitKind.TPM) == 8000


async def test_a_view_can_be_carried_forward():
    head = accepted(tpm=(8000, 6001))
    desk = Desk(FakeProvider(answer("x", usage=Usage(1999, 0, 1), head=head)))
    await desk.events()
    later = desk.quota.view(MODEL).at(START + 7.5)
    assert later.level(LimitKind.TPM).remaining == 7000


async def test_a_restart_knows_what_was_known():
    desk = Desk(FakeProvider(answer("x", usage=Usage(2000, 0, 500), head=accepted())))
    await desk.events()
    before = desk.quota.view(MODEL)
    desk.restart()
    assert desk.quota.view(MODEL).level(LimitKind.TPM).remaining is None
    assert await desk.quota.refresh(MODEL) == before


async def test_another_key_knows_nothing_of_it():
    desk = Desk(FakeProvider(answer("x")))
    await desk.events()
    entry = desk.ledger.entries[0]
    desk.store.entries[:] = [replace(entry, fingerprint="f2")]
    desk.restart()
    view = await desk.quota.refresh(MODEL)
    assert view.level(LimitKind.RPD).remaining is None


async def test_two_requests_in_flight_are_both_held():
    desk = Desk(FakeProvider(answer("seed", head=accepted(tpm=(8000, 8000)))))
    await desk.events()
    start = left(desk, LimitKind.TPM)
    first = desk.quota.reserve(MODEL, 100, 900)
    second = desk.quota.reserve(MODEL, 200, 800)
    assert left(desk, LimitKind.TPM) == start - 2000
    desk.quota.release(MODEL, first)
    assert left(desk, LimitKind.TPM) == start - 1000
    desk.quota.release(MODEL, second)
    assert left(desk, LimitKind.TPM) == start


async def test_what_is_reserved_for_answers_is_told_until_their_headers_say_that_less_counts():
    desk = Desk(FakeProvider(answer("seed", head=accepted(tpm=(8000, 8000)))))
    await desk.events()
    now = desk.clock.now()

    def reserved():
        return {kind: n for kind, n in desk.quota.view(MODEL).at(now).reserved.items() if n}

    first = desk.quota.reserve(MODEL, 100, 900)
    second = desk.quota.reserve(MODEL, 200, 800)
    assert reserved() == dict.fromkeys((LimitKind.TPM, LimitKind.TPD, LimitKind.OTPM), 1700)
    told = desk.quota.observe_headers(MODEL, first, reading(at=now, tpm=(8000, 7900)))
    assert reserved()[LimitKind.TPM] == 800  # these headers count the prompt alone
    assert reserved()[LimitKind.TPD] == 1700
    desk.quota.release(MODEL, told)
    both = desk.quota.observe_headers(MODEL, second, reading(at=now, tpm=(8000, 7000)))
    assert reserved()[LimitKind.TPM] == 800  # and these its reservation too
    desk.quota.release(MODEL, both)
    assert reserved() == {}


async def test_a_wait_for_what_an_answer_under_way_reserves_says_so():
    desk = Desk(FakeProvider(answer("seed", head=accepted(tpm=(8000, 8000)))))
    await desk.events()
    request = ChatRequest((), Options(MODEL), prompt_tokens=4000)
    first = desk.quota.reserve(MODEL, 100, 5000)
    error = desk.quota.admission_error(request)
    assert error.facts.reserved == 5000
    assert "(5,000 reserved for answers under way), requested" in error.message
    desk.quota.release(MODEL, first)
    assert desk.quota.admission_error(request) is None


@pytest.mark.parametrize("ahead", [0, 2048])
async def test_two_streams_at_once_end_with_both_counted(ahead):
    """The first to be sent ends last: its headers are older than the other's."""
    gate, sent = asyncio.Event(), asyncio.Event()
    desk = Desk(FakeProvider())

    def head(used):
        return lambda: accepted(at=desk.clock.now(), tpm=(8000, 8000 - used))

    slow = [head(100 + ahead), sent.set, gate.wait, *answer("slow", usage=Usage(100, 0, 100))[1:]]
    fast = [
        head(100 + ahead + 300 + ahead),
        *answer("fast", usage=Usage(300, 0, 50))[1:],
    ]
    desk.provider.scripts = [slow, fast]
    options = Options(MODEL, max_tokens=2048)
    task = asyncio.create_task(desk.events("slow", options))
    await sent.wait()
    desk.clock.advance(0.001)
    await desk.events("fast", options)
    desk.clock.advance(0.001)
    gate.set()
    assert isinstance((await task)[-1], Answered)
    assert left(desk, LimitKind.TPM) == 8000 - 100 - 100 - 300 - 50
    assert left(desk, LimitKind.RPM) == 28


class SlowCommits(MemoryStore):
    """A store that writes nothing, in order, until a number of answers has ended."""

    def __init__(self, number):
        super().__init__()
        self.missing, self.turn, self.all_ended = number, asyncio.Lock(), asyncio.Event()

    async def finish(self, message, entry, *, is_new=False):
        self.missing -= 1
        if not self.missing:
            self.all_ended.set()
        async with self.turn:
            await self.all_ended.wait()
            await super().finish(message, entry, is_new=is_new)


@pytest.mark.parametrize("reserved", [0, 2048])
async def test_answers_that_are_written_at_once_are_both_corrected(reserved):
    """Headers count the reservations; both answers end before either is in the ledger."""
    desk = Desk(FakeProvider(), store=SlowCommits(2))
    used = 0

    def head(prompt):
        nonlocal used
        used += prompt + reserved
        told = (8000, 8000 - used)
        return lambda: accepted(at=desk.clock.now(), tpm=told)

    gate = asyncio.Event()
    desk.provider.scripts = [
        [head(100), gate.wait, *answer("one", usage=Usage(100, 0, 150))[1:]],
        [head(300), gate.set, *answer("two", usage=Usage(300, 0, 50))[1:]],
    ]
    options = Options(MODEL, max_tokens=2048)
    async with asyncio.TaskGroup() as group:
        for prompt in ("one", "two"):
            group.create_task(desk.events(prompt, options))
    assert left(desk, LimitKind.TPM) == 8000 - 100 - 150 - 300 - 50


async def test_an_answer_that_ends_while_a_refusal_is_written_keeps_what_it_told():
    desk, writing, written = Desk(FakeProvider()), asyncio.Event(), asyncio.Event()
    record = desk.ledger.record

    async def slow(entry, **more):
        writing.set()
        await written.wait()
        await record(entry, **more)

    desk.ledger.record = slow
    told = failure(
        "rate_limited", status=429, model=MODEL, limit_kind=LimitKind.TPM,
        limit=8000, used=7600, requested=900, retry_after_s=300.0,
    )  # fmt: skip
    head = accepted(tpm=(8000, 7900))
    tick = partial(desk.clock.advance, 0.001)
    desk.provider.scripts = [
        [head, writing.wait, tick, *answer("one", usage=Usage(100, 0, 150))[1:]],
        [told],
    ]
    first = asyncio.create_task(desk.events("one", Options(MODEL, max_tokens=500)))
    refused = asyncio.create_task(desk.events("two", Options(MODEL, max_tokens=500)))
    await first
    assert left(desk, LimitKind.TPM) == 8000 - 7600 - 150
    written.set()
    with suppress(type(told)):
        await refused
    assert left(desk, LimitKind.TPM) == 8000 - 7600 - 150


async def test_an_older_flight_does_not_hide_newer_headers():
    desk = Desk(FakeProvider(answer("fast", head=accepted(at=START + 1, tpm=(8000, 7000)))))
    reservation = desk.quota.reserve(MODEL, 100, 100)
    desk.quota.observe_headers(MODEL, reservation, reading(tpm=(8000, 7900)))
    desk.clock.advance(1)
    async with aclosing(desk.ask()) as events:
        async for event in events:
            if isinstance(event, QuotaSeen):
                assert left(desk, LimitKind.TPM) == 7000


async def test_a_refusal_teaches_the_bucket_it_names():
    told = failure(
        "rate_limited", status=429, model=MODEL, limit_kind=LimitKind.TPD,
        limit=200_000, used=199_900, requested=900, retry_after_s=300.0,
    )  # fmt: skip
    desk = Desk(FakeProvider([told]))
    with suppress(type(told)):
        await desk.events()
    assert (left(desk, LimitKind.TPD), source(desk, LimitKind.TPD)) == (100, Source.ERROR)


async def test_the_headers_of_a_refusal_count_too_and_it_takes_nothing():
    told = failure(
        "rate_limited", status=429, model=MODEL, limit_kind=LimitKind.TPM, limit=8000, used=7600,
        requested=900, retry_after_s=90.0, reading=reading(rpd=(1000, 991), tpm=(8000, 400)),
    )  # fmt: skip
    desk = Desk(FakeProvider([told]))
    with suppress(type(told)):
        await desk.events()
    assert left(desk, LimitKind.RPD) == 991
    assert left(desk, LimitKind.TPM) == 400
    assert left(desk, LimitKind.RPM) == 30


async def test_a_stopped_turn_still_counts():
    desk = Desk(FakeProvider(answer("a long story " * 40, head=accepted(tpm=(8000, 8000)))))
    async with aclosing(desk.ask()) as events:
        async for event in events:
            if isinstance(event, Delta):
                break
    assert left(desk, LimitKind.TPM) < 8000
    assert left(desk, LimitKind.RPM) == 29


async def test_turns_left_follow_the_average_and_the_tightest_bucket():
    desk = Desk(
        FakeProvider(answer("x", usage=Usage(1500, 0, 500), head=accepted(tpm=(8000, 6500))))
    )
    assert desk.quota.tokens_per_turn(MODEL) == FIRST_GUESS_TOKENS
    await desk.events()
    view = desk.quota.view(MODEL)
    assert desk.quota.tokens_per_turn(MODEL) == 2000
    assert (view.binding, view.turns_left) == (LimitKind.TPM, 3)
    longer, shorter = view.with_turns_of(3000), view.with_turns_of(10)
    assert (longer.turns_left, shorter.turns_left) == (2, 3)


async def test_only_the_recent_turns_make_the_average():
    desk = Desk(FakeProvider())
    for tokens in [9000] * 5 + [1000] * 10:
        await desk.ledger.record(
            LedgerEntry(START, "default", "f1", NOBODY, "ok", usage=Usage(tokens))
        )
    await desk.quota.refresh(NOBODY)
    assert desk.quota.tokens_per_turn(NOBODY) == 1000


async def test_profiles_of_one_organisation_use_the_same_limits():
    desk = Desk(FakeProvider(answer("x", usage=Usage(2000, 0, 500), head=accepted())))
    await desk.events()
    ours = desk.quota.view(MODEL)
    work = Account("work", "f2", sharing=("default",))
    theirs = QuotaService(work, desk.ledger, CATALOG, desk.clock, None)
    assert await theirs.refresh(MODEL) == ours


class CountedReads(MemoryLedger):
    """Remembers how many entries were read each time."""

    def __init__(self):
        super().__init__()
        self.read = []

    async def since(self, time, **whose):
        recorded = await super().since(time, **whose)
        self.read.append(len(recorded.entries))
        return recorded


def used(time, tokens=100, **more):
    """An entry of a request that told its limits."""
    buckets = reading(time, tpm=(8000, 8000 - tokens)).buckets
    return LedgerEntry(time, "default", "f1", MODEL, "ok", usage=Usage(tokens), buckets=buckets)


async def test_of_a_day_of_use_only_what_is_new_is_read_again():
    ledger, clock = CountedReads(), FakeClock()
    kept = QuotaService(ACCOUNT, ledger, CATALOG, clock, Plan.FREE)
    for _ in range(40):
        clock.advance(3600)
        await ledger.record(used(clock.now()))
        view = await kept.refresh(MODEL)
        assert ledger.read.pop() <= 2  # the last one of before says that it continues
        fresh = QuotaService(ACCOUNT, ledger, CATALOG, clock, Plan.FREE)
        assert await fresh.refresh(MODEL) == view


@pytest.mark.parametrize("change", ["replaced", "lost", "shortened"])
async def test_a_ledger_that_does_not_continue_is_read_from_the_beginning(change):
    ledger, clock = CountedReads(), FakeClock()
    quota = QuotaService(ACCOUNT, ledger, CATALOG, clock, Plan.FREE)
    for tokens in (100, 200, 300):
        await ledger.record(used(START - 10 + tokens / 100, tokens))
    await quota.refresh(MODEL)
    match change:
        case "replaced":  # an answer that was booked as abandoned has ended after all
            ledger.entries[-1] = used(START - 7, 900)
        case "lost":
            del ledger.entries[1]
        case "shortened":
            del ledger.entries[2]
    fresh = QuotaService(ACCOUNT, ledger, CATALOG, clock, Plan.FREE)
    assert await quota.refresh(MODEL) == await fresh.refresh(MODEL)


async def test_what_another_process_records_late_is_counted():
    ledger, clock = MemoryLedger(), FakeClock()
    quota = QuotaService(ACCOUNT, ledger, CATALOG, clock, Plan.FREE)
    for ago, tokens in ((7200, 50), (60, 100), (30, 200), (3000, 300), (1800, 300), (1800, 400)):
        await ledger.record(used(START - ago, tokens))
        fresh = QuotaService(ACCOUNT, ledger, CATALOG, clock, Plan.FREE)
        views = await quota.refresh(MODEL), await fresh.refresh(MODEL)
        for here, there in zip(*(view.buckets for view in views), strict=True):
            # What nobody told is drained for an entry that comes late from then on only.
            assert here.used_at(START) >= there.used_at(START)
            assert here == there or here.source is Source.LEDGER
    assert quota.tokens_per_turn(MODEL) == 1350 / 6


@pytest.mark.parametrize("days", [-1, 1])
async def test_a_clock_that_jumps_while_an_answer_streams_leaves_limits_sane(days):
    desk = Desk(FakeProvider(), plan=Plan.FREE)

    def told(left):
        return lambda: accepted(at=desk.clock.now(), tpm=(8000, left))

    jump = [lambda: desk.clock.advance(days * 86_400)]
    whole = answer("x", usage=Usage(1000, 0, 500))[1:]
    desk.provider.scripts = [[told(50), *jump, *whole], [told(6500), *whole]]
    assert isinstance((await desk.events())[-1], Answered)
    # Nothing of the other time is waited for, and what the server says next counts.
    assert not desk.clock.slept
    assert left(desk, LimitKind.TPM) > 6000
    assert isinstance((await desk.events())[-1], Answered)
    assert not desk.clock.slept
    view = desk.quota.view(MODEL)
    assert 0 < view.level(LimitKind.TPM).resets_in_s < 60
    assert view.level(LimitKind.TPM).remaining <= 6500
    assert all(0 <= level.resets_in_s <= level.kind.window_s for level in view.levels)


async def test_tokens_of_others_are_not_taken_for_a_reservation_until_a_second_reading_decides():
    options = Options(MODEL, max_tokens=2048)
    usage = Usage(100, 0, 50)
    # 100 of ours and 2,059 of others, who use what is nearly our reservation.
    desk = Desk(FakeProvider(answer("a", head=accepted(tpm=(8000, 5841)), usage=usage)))
    await desk.events(options=options)
    assert left(desk, LimitKind.TPM) == 5841 - 50
    assert desk.quota.view(MODEL).at(START).guessed == {LimitKind.TPM}
    usage = Usage(120, 0, 80)
    desk.provider.scripts = [answer("b", head=accepted(tpm=(8000, 5671)), usage=usage)]
    await desk.events(options=Options(MODEL, max_tokens=900))
    assert left(desk, LimitKind.TPM) == 5671 - 80
    assert not desk.quota.view(MODEL).guessed
    assert set(desk.header_timings.known.values()) == {HeaderTiming.PROMPT}


async def test_what_headers_count_is_remembered_and_learnt_anew_where_it_changes():
    usage = Usage(100, 0, 50)
    heads = [accepted(tpm=(8000, 8000 - 2148)), accepted(tpm=(8000, 8000 - 2148 - 150))]
    desk = Desk(FakeProvider(answer("a", head=heads[0], usage=usage)))
    await desk.events(options=Options(MODEL, max_tokens=2048))
    assert left(desk, LimitKind.TPM) == 7850
    assert set(desk.header_timings.known.values()) == {HeaderTiming.RESERVED}
    desk.restart()
    await desk.quota.refresh(MODEL)
    desk.provider.scripts = [answer("b", head=heads[1], usage=usage)]
    await desk.events(options=Options(MODEL, max_tokens=2048))
    assert left(desk, LimitKind.TPM) == 7700
    desk.provider.scripts = [answer("c", head=accepted(tpm=(8000, 7600)), usage=usage)]
    await desk.events(options=Options(MODEL, max_tokens=2048))
    assert left(desk, LimitKind.TPM) == 7550
    assert set(desk.header_timings.known.values()) == {HeaderTiming.PROMPT}


async def test_a_limit_of_an_unknown_window_holds_nothing_back():
    told = {"x-ratelimit-limit-requests": "5", "x-ratelimit-remaining-requests": "0"}
    head = Accepted("req", read_headers(told, START))
    desk = Desk(FakeProvider(answer("a", head=head), answer("b")))
    await desk.events()
    assert desk.quota.view(MODEL).untimed == (Untimed("requests", 5, 0),)
    assert left(desk, LimitKind.RPD) is None
    await desk.events("again")
    assert desk.clock.slept == []
