"""Batches are sent once whatever happens, and booked once at half the price."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import aclosing, suppress
from dataclasses import replace

import pytest

from groqchat.domain.batch.submission import BatchStatus, LineStatus, Step
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.domain.models.catalog import Plan
from groqchat.services.batch.batch_files import Defaults, read_lines
from groqchat.services.batch.submitter import Delayed
from groqchat.storage.database.batch.batches import _RESULTS, _TALLY
from tests.services.batch.desk import (
    BIG,
    CATALOG,
    LIMITS,
    SMALL,
    Killed,
    Life,
    campaign,
    desk,
    half,
)

FEW = replace(LIMITS, lines=200)


async def test_five_hundred_lines_survive_ten_deaths_and_are_sent_and_paid_once(tmp_path):
    async for made, lines, first, second, died in campaign(
        tmp_path / "home", number=500, limits=FEW, deaths=10, seed=4
    ):
        assert died >= 10
        assert [part.lines for part in first.parts] == [200, 200, 100]
        assert (first.status, first.is_over) == ("expired", True)
        # 5 and 2 of each hundred, part by part
        assert (first.tally.failed, first.tally.expired) == (25, 10)
        assert (second.window, second.total, second.status) == ("2d", 35, "completed")
        assert second.resubmits == first.id
        sent = Counter(json.loads(line)["custom_id"] for _, line in made.sent())
        again = {line.custom_id for line in await made.store.to_resubmit(first.id)}
        assert again == set()
        assert len(made.sim.batches) == 4  # nothing was submitted twice
        assert sum(sent.values()) == 535
        assert max(sent.values()) == 2
        results = await made.results(first)
        assert [result.custom_id for result in results] == [line.custom_id for line in lines]
        assert {result.status for result in results} == {LineStatus.COMPLETED}
        spent = await made.ledger.spent()
        usages = [result.result.usage for result in results]
        assert spent.requests == 500
        assert spent.prompt_tokens == sum(usage.prompt_tokens for usage in usages)
        assert spent.cost == half(usages, SMALL) == sum(result.cost for result in results)
        assert first.cost + second.cost == spent.cost


@pytest.mark.parametrize("left", range(34))
async def test_whenever_the_process_dies_the_batch_is_created_once(tmp_path, left):
    async with desk(tmp_path, limits=replace(LIMITS, lines=2)) as made:
        lines = made.lines(3)
        with suppress(Killed):
            await made.submit(lines, life=Life(left))
        submission = await made.submit(lines)
        assert len(made.sim.batches) == 2
        assert submission.is_submitted
        assert [json.loads(line)["custom_id"] for _, line in made.sent()] == ["1", "2", "3"]
        assert len(await made.store.submissions()) == 1


@pytest.mark.parametrize("call", ["upload", "create", "uploaded", "created_from"])
@pytest.mark.parametrize("arrives", [True, False])
async def test_a_lost_connection_sends_nothing_twice(tmp_path, call, arrives):
    async with desk(tmp_path) as made:
        server, lost = made.provider.batches, [1]
        batches = replace(made.batches(), server=Lossy(server, call, lost, arrives=arrives))
        lines = made.lines(3)
        submission, _ = batches.plan("a", lines, "24h")
        steps = await all_of(batches.submit(submission, lines))
        delays = [step.wait for step in steps if isinstance(step, Delayed)]
        assert len(made.sim.batches) == 1
        assert len(made.sim._state.files) == 1
        assert delays == ([2.0] if call in {"upload", "create"} else [])


async def all_of(steps):
    async with aclosing(steps):
        return [step async for step in steps]


class Lossy:
    """A server whose answer to one call is lost, after or before it has arrived."""

    def __init__(self, server, call, left, *, arrives):
        self._server, self._call, self._left, self._arrives = server, call, left, arrives

    def __getattr__(self, name):
        inner = getattr(self._server, name)
        if name != self._call:
            return inner

        async def call(*args):
            if self._left and self._left.pop():
                if self._arrives:
                    await inner(*args)
                raise failure("connection_lost", detail="gone")
            return await inner(*args)

        return call


class WithoutList:
    """A server that cannot list its files, or its batches."""

    def __init__(self, server, missing):
        self._server, self._missing = server, missing

    def __getattr__(self, name):
        inner = getattr(self._server, name)
        if name != self._missing:
            return inner

        async def call(*_):
            raise failure("not_found", status=405, detail="Method Not Allowed")

        return call


@pytest.mark.parametrize(
    ("missing", "lost", "created"), [("uploaded", "upload", 1), ("created_from", "create", None)]
)
async def test_a_server_without_lists_gets_a_file_again_but_never_a_batch(
    tmp_path, missing, lost, created
):
    async with desk(tmp_path) as made:
        server = Lossy(WithoutList(made.provider.batches, missing), lost, [1], arrives=True)
        batches = replace(made.batches(), server=server)
        lines = made.lines(2)
        submission, _ = batches.plan("a", lines, "24h")
        if created:
            await all_of(batches.submit(submission, lines))
            assert len(made.sim.batches) == created
            return
        with pytest.raises(GroqchatError) as caught:
            await all_of(batches.submit(submission, lines))
        assert caught.value.facts.status == 405
        assert len(made.sim.batches) == 1
        assert (await made.submit(lines)).is_submitted
        assert len(made.sim.batches) == 1


class Late:
    """A server that works on a creation although nobody waits for it, and lists it then.

    ``seconds`` is how long that takes; the process that asked for it was killed.
    """

    def __init__(self, made, seconds):
        self._made, self._seconds, self._ready = made, seconds, None

    def __getattr__(self, name):
        return getattr(self._made.provider.batches, name)

    async def create(self, *args):
        created = await self._made.provider.batches.create(*args)
        if self._ready is None:
            self._ready = self._made.clock.now() + self._seconds
            raise Killed
        return created

    async def created_from(self, file_id):
        if self._made.clock.now() < self._ready:
            return None
        return await self._made.provider.batches.created_from(file_id)


@pytest.mark.parametrize("seconds", [0, 4, 22, 55])
async def test_a_batch_that_is_listed_late_is_not_created_once_more(tmp_path, seconds):
    async with desk(tmp_path) as made:
        lines = made.lines(2)
        batches = replace(made.batches(), server=Late(made, seconds))
        submission, _ = batches.plan("a", lines, "24h")
        with suppress(Killed):
            await all_of(batches.submit(submission, lines))
        (begun,) = await made.store.submissions()
        assert begun.parts[0].step is Step.CREATING
        await all_of(batches.submit(begun))
        assert len(made.sim.batches) == 1
        assert (await made.store.find(submission.id)).is_submitted


async def test_a_server_that_is_never_reached_is_given_up_and_gone_on_with_later(tmp_path):
    async with desk(tmp_path) as made:
        batches = replace(
            made.batches(), server=Lossy(made.provider.batches, "create", [1] * 9, arrives=False)
        )
        lines = made.lines(2)
        submission, _ = batches.plan("a", lines, "24h")
        with pytest.raises(GroqchatError) as caught:
            await all_of(batches.submit(submission, lines))
        assert caught.value.cause.name == "connection_lost"
        (kept,) = await made.store.submissions()
        assert (kept.status, kept.parts[0].step) == ("submitting", Step.CREATING)
        assert (await made.submit(lines)).id == kept.id
        assert len(made.sim.batches) == 1


async def test_a_batch_that_is_refused_from_the_start_is_forgotten(tmp_path):
    async with desk(tmp_path, plan=Plan.FREE) as made:
        with pytest.raises(GroqchatError) as caught:
            await made.submit(made.lines(2))
        assert caught.value.cause.name == "not_on_this_plan"
        assert await made.store.submissions() == []


async def test_lines_of_batches_count_against_no_limit_of_chats(tmp_path):
    async with desk(tmp_path) as made:
        submission = await made.follow(await made.submit(made.lines(3)))
        assert submission.status == "completed"
        assert (await made.ledger.spent()).requests == 3
        recorded = await made.ledger.since(0.0, fingerprint="f1", model=SMALL, profiles=["default"])
        assert recorded.entries == []


async def test_a_download_that_breaks_off_is_gone_on_with_and_booked_once(tmp_path):
    async with desk(tmp_path) as made:
        submission = await made.submit(made.lines(30))
        made.driven.advance(60)
        made.sim.arm("cut*1@files")
        submission = await made.follow(submission)
        assert made.clock.slept  # it was not reached once
        assert (submission.completed, submission.is_over) == (30, True)
        await made.batches().refreshed(submission)
        assert (await made.ledger.spent()).requests == 30


async def test_what_is_cancelled_is_not_sent(tmp_path):
    async with desk(tmp_path, limits=replace(LIMITS, lines=20)) as made:
        lines = made.lines(50)
        batches = made.batches()
        submission, _ = batches.plan("a", lines, "24h")
        async with aclosing(batches.submit(submission, lines)) as steps:
            async for step in steps:
                if step.step is Step.CREATED:
                    break
        made.driven.advance(4)
        submission = await batches.cancel(await made.store.find(submission.id))
        assert submission.status == "cancelling"
        submission = await made.follow(submission)
        assert (submission.status, submission.is_over, len(made.sim.batches)) == (
            "cancelled",
            True,
            1,
        )
        assert (submission.tally.completed, submission.tally.cancelled) == (10, 40)
        assert (await made.ledger.spent()).requests == 10


async def test_a_resubmission_sends_failed_and_expired_lines_once(tmp_path):
    async with desk(tmp_path) as made:
        made.sim.arm("batch_failed=2*1@batches")
        submission = await made.follow(await made.submit(made.lines(4)))
        lines = await made.store.to_resubmit(submission.id)
        assert [line.custom_id for line in lines] == ["1", "2"]
        made.sim.arm("batch_failed=1*1@batches")
        second = await made.follow(await made.submit(lines, "2d", resubmits=submission))
        assert await made.store.to_resubmit(submission.id) == []
        third_lines = await made.store.to_resubmit(second.id)
        assert [line.custom_id for line in third_lines] == ["1"]
        third = await made.follow(await made.submit(third_lines, "3d", resubmits=second))
        assert third.status == "completed"
        results = await made.results(submission)
        assert [result.custom_id for result in results] == ["1", "2", "3", "4"]
        assert all(result.status is LineStatus.COMPLETED for result in results)


async def test_two_processes_do_not_submit_the_same_at_once(tmp_path):
    async with desk(tmp_path) as made:
        batches = made.batches()
        submission, _ = batches.plan("a", made.lines(2), "24h")
        with (
            batches.alone(submission),
            pytest.raises(StorageError) as caught,
            batches.alone(submission),
        ):
            pass
        assert caught.value.cause.name == "batch_in_use"


async def test_a_batch_whose_file_is_refused_tells_why(tmp_path):
    async with desk(tmp_path) as made:
        submission = await made.submit(made.lines(2))
        part = replace(
            submission.parts[0], status=BatchStatus.FAILED, problem="line 1: Invalid value: 'GET'"
        )
        await made.store.finish(part, BatchStatus.FAILED.rest)
        submission = await made.store.find(submission.id)
        assert submission.problems == ["line 1: Invalid value: 'GET'"]
        assert (submission.status, submission.failed, submission.tally.to_resubmit) == (
            "failed",
            2,
            2,
        )


async def test_audio_by_url_is_priced_by_its_length(tmp_path):
    async with desk(tmp_path) as made:
        lines = read_lines(
            "url,seconds\nhttps://x.org/a.mp3,60\n", "csv",
            Defaults("whisper-large-v3-turbo"), CATALOG.get,
        )  # fmt: skip
        _, estimate = made.batches().plan("a", lines, "24h")
        submission = await made.follow(await made.submit(lines))
        assert submission.cost == estimate.cost == (await made.ledger.spent()).cost
        assert str(submission.cost) == "0.000333333333"


async def test_a_price_that_is_not_known_is_not_zero(tmp_path):
    async with desk(tmp_path) as made:
        lines = [*made.lines(1), *read_lines("Hi", "txt", Defaults("allam-2-7b"), CATALOG.get)]
        lines[1] = replace(lines[1], custom_id="b", text=lines[1].text.replace('"1"', '"b"', 1))
        submission, estimate = made.batches().plan("a", lines, "24h")
        assert (submission.estimate, estimate.unknown) == (None, 1)
        done = await made.follow(await made.submit(lines))
        assert done.cost is None
        sums = await made.ledger.spent()
        assert (sums.requests, sums.unpriced) == (2, 1)


async def test_the_estimate_of_chats_is_their_tokens_at_half_price(tmp_path):
    async with desk(tmp_path) as made:
        lines = made.lines(10, BIG)
        _, estimate = made.batches().plan("a", lines, "24h")
        price = CATALOG.get(BIG).price
        whole = estimate.prompt_tokens * price.input + estimate.completion_tokens * price.output
        assert estimate.completion_tokens == 1_000
        assert estimate.cost == whole / 2_000_000


async def test_a_batch_of_which_the_server_tells_nothing_new_is_not_added_up_again(tmp_path):
    async with desk(tmp_path) as made:
        submission = await made.submit(made.lines(30))
        made.driven.advance(4)
        submission = await made.batches().refreshed(submission)
        assert submission.completed == 10
        found = []

        class Counting:
            def __getattr__(self, name):
                found.append(name)
                return getattr(made.store, name)

        batches = replace(made.batches(), store=Counting())
        assert await batches.refreshed(submission) == submission
        assert found == []
        made.driven.advance(60)
        assert (await batches.refreshed(submission)).is_over
        assert found[-1] == "find"


async def test_a_batch_that_another_process_has_collected_is_told_as_it_stands(tmp_path):
    async with desk(tmp_path) as made:
        submission = await made.submit(made.lines(3))
        made.driven.advance(60)
        other = await made.batches().refreshed(await made.store.find(submission.id))
        assert await made.batches().refreshed(submission) == other
        assert (await made.ledger.spent()).requests == 3


async def test_sums_of_a_submission_pass_over_its_lines_and_answers(tmp_path):
    async with desk(tmp_path) as made:
        submission = await made.submit(made.lines(3))
        plans = [
            await made.database.read(
                lambda db, query=query, values=values: [
                    row[-1] for row in db.execute(f"EXPLAIN QUERY PLAN {query}", values)
                ]
            )
            for query, values in (
                (_TALLY, (f'["{submission.id}"]',)),
                (_RESULTS, (submission.id, 0, 500)),
            )
        ]
        assert any("COVERING INDEX batch_lines_as_sums" in step for step in plans[0])
        assert any(
            "batch_lines_by_part (job_id=? AND part=? AND number>?" in step for step in plans[1]
        )
