"""Lanes: order, width, limits that one job at a time waits for, and what follows from errors."""

import asyncio
from collections import Counter
from contextlib import aclosing, closing
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.services.scheduling.scheduler import JobQueue, Scheduler
from tests.virtual_time import VirtualTimeLoop

REFUSED = failure("rate_limited", status=429, retry_after_s=1.0)
DOWN = failure("service_error", status=503)


class Server:
    """Answers after a while, and remembers when each request came and how many were there.

    Args:
        clock: Time.
        bucket: The limit of requests that is checked here, as a client checks its own.
        takes: The seconds that an answer takes, or a function of the request's name.
        errors: The errors with which requests end, by name; each once.
    """

    def __init__(self, clock, *, bucket=None, takes=1.0, errors=()):
        self.clock = clock
        self.bucket = bucket
        self.takes = takes if callable(takes) else lambda name: takes
        self.errors = dict(errors)
        self.sent = []
        self.most = self.under_way = 0
        self.waits = 0
        self.sleeping = self.most_sleeping = 0

    async def answer(self, name, slot, *, gap_s=0.0):
        """A job: it waits for its limit as a turn does, and is repeated after an error."""
        while True:
            await slot.first_in_line()
            while self.bucket is not None and (wait := self.bucket.wait_for(1, self.clock.now())):
                self.waits += 1
                self.sleeping += 1
                self.most_sleeping = max(self.sleeping, self.most_sleeping)
                await self.clock.sleep(wait)
                self.sleeping -= 1
                await slot.first_in_line()
            if self.bucket is not None:
                self.bucket = self.bucket.charged(1, self.clock.now())
            slot.sending(gap_s)
            self.sent.append((name, self.clock.monotonic()))
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            error = self.errors.pop(name, None)
            try:
                await self.clock.sleep(0.0 if error else self.takes(name))
            finally:
                self.under_way -= 1
            if error is None:
                slot.accepted()
            slot.ended(error)
            if error is None:
                yield name
                return

    @property
    def order(self):
        return [name for name, _ in self.sent]


def run(test, **options):
    """Run a test in virtual time; it gets a server and a scheduler."""
    jobs = options.pop("jobs", None)
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        clock = runner.get_loop().clock
        if limit := options.pop("limit", None):
            options["bucket"] = LeakyBucket(LimitKind.RPM, limit, 0, clock.now(), Source.CONFIG)
        server = Server(clock, **options)
        runner.run(asyncio.wait_for(test(server, Scheduler(clock, jobs)), 3_000_000))
        return server


async def told(server, scheduler, names, *, model="m", **more):
    """What a lane tells of some jobs."""
    jobs = [partial(server.answer, name, **more) for name in names]
    return await heard(JobQueue(scheduler.lane(None, model), jobs))


async def heard(queue):
    """All events of a queue."""
    async with aclosing(queue.events()) as events:
        return [event async for event in events]


def test_jobs_begin_in_order_and_are_told_as_they_end():
    async def test(server, scheduler):
        names = await told(server, scheduler, range(100))
        assert sorted(names) == list(range(100))
        assert names != list(range(100))

    server = run(test, takes=lambda name: 5.0 if name % 10 == 3 else 1.0)
    assert server.order == list(range(100))


def test_it_begins_with_one_and_reaches_its_width():
    async def test(server, scheduler):
        await told(server, scheduler, range(1_000))

    server = run(test)
    starts = [at for _, at in server.sent]
    assert [starts.count(second) for second in range(7)] == [1, 2, 4, 8, 16, 32, 64]
    assert server.most == 64


@given(st.integers(1, 12), st.integers(1, 3), st.lists(st.floats(0.01, 9), max_size=40))
def test_no_more_than_the_jobs_that_were_asked_for_are_under_way(jobs, lanes, times):
    async def test(server, scheduler):
        names = range(len(times))
        models = [told(server, scheduler, names, model=str(n)) for n in range(lanes)]
        for names_told in await asyncio.gather(*models):
            assert sorted(names_told) == list(names)

    server = run(test, jobs=jobs, takes=lambda name: times[name])
    assert server.most <= jobs
    assert len(server.sent) == lanes * len(times)


def test_lanes_share_the_jobs_evenly():
    async def test(server, scheduler):
        await asyncio.gather(
            *(told(server, scheduler, [f"{n}"] * 20, model=f"{n}") for n in range(3))
        )

    server = run(test, jobs=1)
    assert [sorted(server.order[at : at + 3]) for at in range(0, 60, 3)] == [["0", "1", "2"]] * 20


def test_a_lane_that_waits_for_its_limit_holds_up_no_other():
    async def test(server, scheduler):
        slow = asyncio.create_task(told(server, scheduler, ["slow"] * 3, model="slow"))
        await server.clock.sleep(0.5)
        other = Server(server.clock)
        await told(other, scheduler, range(50), model="other")
        assert server.clock.monotonic() < 60
        await slow

    server = run(test, limit=1, jobs=1)
    assert [round(at) for _, at in server.sent] == [0, 60, 120]


@pytest.mark.parametrize("limit", [30, 1_000])
def test_only_the_first_in_line_waits_and_all_of_the_limit_is_used(limit):
    async def test(server, scheduler):
        await told(server, scheduler, range(4 * limit))

    server = run(test, limit=limit)
    assert server.most_sleeping == 1
    assert server.order == list(range(4 * limit))
    least = 3 * 60
    assert least - 1 <= server.sent[-1][1] <= 1.05 * least
    assert server.waits <= 4 * limit


def test_requests_start_at_least_their_gap_apart():
    async def test(server, scheduler):
        await told(server, scheduler, range(40), gap_s=0.25)

    starts = [at for _, at in run(test).sent]
    assert all(b - a >= 0.25 - 1e-9 for a, b in pairwise(starts))


def test_a_request_that_is_repeated_comes_before_those_that_were_not_sent():
    async def test(server, scheduler):
        await told(server, scheduler, range(50))

    order = run(test, errors={20: REFUSED}).order
    first, again = (at for at, name in enumerate(order) if name == 20)
    assert [name for name in order if name != 20] == [n for n in range(50) if n != 20]
    assert again - first <= 4


def test_a_refusal_narrows_the_lane_at_once_and_failures_less():
    async def test(server, scheduler):
        await told(server, scheduler, range(200))
        widths[error] = scheduler.lane(None, "m").width.threshold

    widths = {}
    for error in (REFUSED, DOWN):
        run(test, errors={127: error})  # the first of the round of 64
    assert widths == {REFUSED: 32, DOWN: 48}


def test_a_queue_that_is_stopped_lets_requests_under_way_end_and_sends_no_other():
    async def test(server, scheduler):
        async def job(name, slot):
            async with aclosing(server.answer(name, slot)) as events:
                async for event in events:
                    if event == 5:
                        queue.stop()
                    yield event

        queue = JobQueue(scheduler.lane(None, "m"), [partial(job, n) for n in range(100)])
        ended = await heard(queue)
        assert sorted(ended) == sorted(server.order)
        assert 6 <= len(ended) < 20
        assert server.clock.monotonic() < 10
        assert server.under_way == 0

    run(test, takes=lambda name: 1.0 if name == 5 else 2.0)


def test_an_error_of_a_job_ends_all_and_is_raised_to_the_reader():
    async def test(server, scheduler):
        async def job(name, slot):
            async with aclosing(server.answer(name, slot)) as events:
                async for event in events:
                    yield event
            if name == 6:
                raise failure("disk", detail="full")

        queue = JobQueue(scheduler.lane(None, "m"), [partial(job, n) for n in range(100)])
        with pytest.raises(GroqchatError, match="full"):
            await heard(queue)
        assert server.under_way == 0
        # The lane is as before: nothing of it is taken.
        assert sorted(await told(server, scheduler, range(9))) == list(range(9))

    run(test)


def test_a_reader_that_goes_away_cancels_all_jobs():
    async def test(server, scheduler):
        queue = JobQueue(scheduler.lane(None, "m"), [partial(server.answer, n) for n in range(100)])
        async with aclosing(queue.events()) as events:
            async for event in events:
                if event == 9:
                    break
        sent = len(server.sent)
        assert server.under_way == 0
        await server.clock.sleep(100)
        assert len(server.sent) == sent

    run(test)


@pytest.mark.parametrize(("takes", "widest"), [(0.01, 8), (0.1, 20), (1.0, 64)])
def test_quick_answers_are_asked_for_by_fewer_requests_at_once(takes, widest):
    async def test(server, scheduler):
        await told(server, scheduler, range(1_000))

    assert run(test, takes=takes).most == widest


async def direct(server, scheduler, name, *, model="m"):
    """A request that somebody waits for."""
    with closing(scheduler.lane(None, model).direct()) as slot:
        async with aclosing(server.answer(name, slot, gap_s=9.0)) as events:
            return [event async for event in events]


def test_a_request_that_somebody_waits_for_keeps_no_distance_and_needs_no_width():
    async def test(server, scheduler):
        await asyncio.gather(*(direct(server, scheduler, name) for name in range(20)))
        assert server.clock.monotonic() == pytest.approx(1.0)

    assert run(test).most == 20


def test_after_a_refusal_such_requests_keep_to_the_width_for_a_minute():
    async def test(server, scheduler):
        lane = scheduler.lane(None, "m")
        await direct(server, scheduler, 0)
        assert lane.width.was_narrowed(server.clock.monotonic())
        await asyncio.gather(*(direct(server, scheduler, name) for name in range(1, 6)))
        assert max(Counter(round(time) for _, time in server.sent).values()) == 2
        server.sent.clear()
        await server.clock.sleep(60)
        await asyncio.gather(*(direct(server, scheduler, name) for name in range(6, 30)))
        assert {round(time) for _, time in server.sent} == {round(server.sent[0][1])}

    run(test, errors={0: REFUSED})


def test_they_know_of_each_other_as_long_as_they_are_there():
    async def test(server, scheduler):
        lane = scheduler.lane(None, "m")
        first, other = lane.direct(), scheduler.lane(None, "other").direct()
        assert not first.shares
        second = lane.direct()
        assert first.shares
        assert not other.shares
        second.close()
        assert not first.shares
        assert not first.is_accompanied

    run(test)


def test_accounts_have_lanes_of_their_own():
    async def test(server, scheduler):
        lanes = {scheduler.lane(*place) for place in [(None, "m"), ("x", "m"), (None, "m", "a")]}
        assert len(lanes) == 3
        assert scheduler.lane(None, "m", "a") in lanes

    run(test)
