"""Turns of several sessions and columns in one lane, with client and server on one driven clock."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import aclosing, asynccontextmanager, closing

import pytest

from groqchat.bootstrap import Launch, open_services
from groqchat.domain.models.catalog import Plan
from groqchat.domain.turns.chat import Answered, AnswerStarted, Options, Session, State, Waiting
from groqchat.services.compare.judge import Judge, JudgedTurn
from tests.services.prompt_sets.paced import BIG, in_virtual_time, pace_of, server
from tests.virtual_time import watch_threads


@asynccontextmanager
async def connected(monkeypatch):
    """Services, a connection that knows its limits from a first answer, and the server."""
    watch_threads(monkeypatch)
    clock = asyncio.get_running_loop().clock
    async with (
        server(clock, monkeypatch, Plan.FREE) as groq,
        open_services(Launch()) as services,
    ):
        services.clock = clock
        connection = services.connect(await services.find_key(), longest_wait_s=600)
        await chat(services, connection, "first", words=1)
        yield services, connection, groq
        await connection.close()


async def chat(services, connection, name, *, words=1_000):
    """One turn in a session of its own; returns when it was accepted, and its waits."""
    clock = services.clock
    session = Session(services.new_id(), "", clock.now(), clock.now())
    prompt = f"{'word ' * words}write 12 tokens, end with {name}"
    accepted, waits = None, []
    async with aclosing(connection.turns.ask(session, prompt, Options(BIG))) as events:
        async for event in events:
            if isinstance(event, Waiting):
                waits.append(event)
            elif isinstance(event, AnswerStarted):
                accepted = clock.monotonic()
    return accepted, waits


def test_chats_of_several_sessions_wait_for_a_limit_in_their_order(monkeypatch, groqchat_home):
    async def run():
        async with connected(monkeypatch) as (services, connection, groq):
            chats = [asyncio.create_task(chat(services, connection, n)) for n in range(12)]
            heard = await asyncio.gather(*chats)
            return heard, pace_of(groq, groqchat_home, services.clock, BIG)

    heard, pace = in_virtual_time(run())
    assert pace.booked == {200: 13}
    assert pace.took <= 1.1 * pace.least + 20  # the last answer waits until its bound is free
    # Each is told of its limit once, and once more when it is the first in line.
    assert 1 <= max(len(waits) for _, waits in heard) <= 2
    waited = [accepted for accepted, waits in heard if waits]
    assert waited == sorted(waited)
    # Nobody's countdown ends long before the request is sent.
    late = [accepted - waits[-1].until for accepted, waits in heard if waits]
    assert max(late) <= 1.5
    assert max(accepted - waits[0].until for accepted, waits in heard if waits) <= 15


def test_a_chat_that_fits_is_sent_at_once_though_another_waits(monkeypatch, groqchat_home):
    async def run():
        async with connected(monkeypatch) as (services, connection, _):
            await chat(services, connection, "before", words=6_000)
            long = asyncio.create_task(chat(services, connection, "long", words=3_000))
            await services.clock.sleep(5)
            begun = services.clock.monotonic()
            accepted, waits = await chat(services, connection, "short", words=1)
            assert not long.done()
            assert (await long)[1]
            return accepted - begun, waits

    took, waits = in_virtual_time(run())
    assert not waits
    assert took == pytest.approx(1.0, abs=0.1)  # as long as the server takes


def test_columns_and_judges_of_one_model_share_its_limit(monkeypatch, groqchat_home):
    async def run():
        async with connected(monkeypatch) as (services, connection, groq):
            columns = [Options(BIG, temperature=n / 4) for n in range(4)]
            comparison = connection.comparisons.begin(columns, 0.0)
            started = Counter()
            async with aclosing(comparison.ask(f"{'word ' * 600}write 12 tokens")) as events:
                async for event in events:
                    if isinstance(event.event, AnswerStarted):
                        started[round(services.clock.monotonic())] += 1
            judge = Judge(
                connection.models.model(BIG),
                connection.turns.plain,
                store=services.store,
                accounting=connection.accounting,
                clock=services.clock,
                new_id=services.new_id,
            )
            turn = JudgedTurn(comparison.session.id, 1, "Why?", ["a", "b"], ["x " * 500, "y"])
            await asyncio.gather(*(judge.judge(turn) for _ in range(3)))
            return started, pace_of(groq, groqchat_home, services.clock, BIG)

    started, pace = in_virtual_time(run())
    assert pace.booked == {200: 11}
    assert max(started.values()) >= 2  # none of them reserves all that is left


@asynccontextmanager
async def three_at_once(monkeypatch, before, tokens):
    """Three sessions whose prompts leave at once, after an answer in an earlier one.

    Gives their answers, waits and cuts, and the seconds until the last one was whole.
    """
    watch_threads(monkeypatch)
    clock = asyncio.get_running_loop().clock
    async with (
        server(clock, monkeypatch, Plan.FREE, answer_s=0.5) as groq,
        open_services(Launch()) as services,
    ):
        services.clock = clock
        connection = services.connect(await services.find_key(), longest_wait_s=600)
        await answer(services, connection, f"write {before} tokens")
        await clock.sleep(90)
        begun = clock.monotonic()
        prompts = [f"write {tokens} tokens, end with E{n}" for n in range(3)]
        asked = (answer(services, connection, prompt) for prompt in prompts)
        yield await asyncio.gather(*asked), clock.monotonic() - begun, groq
        await connection.close()


async def answer(services, connection, prompt):
    """The last answer to a prompt in a session of its own, the waits, and the cut answers."""
    session = Session(services.new_id(), "", services.clock.now(), services.clock.now())
    waits, answers = [], []
    async with aclosing(connection.turns.ask(session, prompt, Options(BIG))) as events:
        async for event in events:
            if isinstance(event, Waiting):
                waits.append(event)
            elif isinstance(event, Answered):
                answers.append(event)
    *cut, last = answers
    assert all(each.is_short for each in cut)
    assert not last.is_short
    return last.message, waits, cut


def test_short_prompts_of_three_sessions_do_not_wait_for_each_other(monkeypatch, groqchat_home):
    async def run():
        async with three_at_once(monkeypatch, 400, 400) as (heard, took, groq):
            return heard, took, pace_of(groq, groqchat_home, groq._state.clock, BIG)

    heard, took, pace = in_virtual_time(run())
    assert [(waits, cut) for _, waits, cut in heard] == [([], [])] * 3
    assert took < 2
    assert pace.booked == {200: 4}


# Without a share the second and the third waited for the first; they were whole after 48.8 s. The
# pretend Groq writes a whole answer behind a cut one again, which takes longer than a rest would.
@pytest.mark.parametrize(("before", "longest_s"), [(4_000, 45), (400, 150)])
def test_no_text_is_lost_where_answers_are_longer_than_their_share(
    monkeypatch, groqchat_home, before, longest_s
):
    async def run():
        async with three_at_once(monkeypatch, before, 4_000) as (heard, took, groq):
            return heard, took, pace_of(groq, groqchat_home, groq._state.clock, BIG)

    heard, took, pace = in_virtual_time(run())
    for n, (message, _, cut) in enumerate(heard):
        assert (message.state, message.content.strip()[-2:]) == (State.COMPLETE, f"E{n}")
        assert all(message.content.startswith(each.message.content) for each in cut)
    assert set(pace.booked) == {200}
    assert took <= longest_s


def test_an_abandoned_wait_lets_the_next_one_pass(monkeypatch, groqchat_home):
    async def run():
        async with connected(monkeypatch) as (services, connection, _):
            await chat(services, connection, "before", words=6_000)
            first = asyncio.create_task(chat(services, connection, "first", words=5_000))
            await services.clock.sleep(1)
            second = asyncio.create_task(chat(services, connection, "second", words=3_000))
            await services.clock.sleep(1)
            first.cancel()
            accepted, _ = await second
            (path,) = groqchat_home.rglob("groqchat.db")
            with closing(sqlite3.connect(path)) as db:
                (refused,) = db.execute("SELECT count(*) FROM ledger WHERE status = 429").fetchone()
            return accepted, refused

    accepted, refused = in_virtual_time(run())
    assert accepted < 60
    assert not refused
