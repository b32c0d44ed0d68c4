"""Shared sets in a real PostgreSQL: claims, beats, results, and who sees them."""

import asyncio
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.prompt_sets.columns import SetColumn
from groqchat.domain.team.set_runs import Claims, Exchange, SetPlan, Settled, SharedRun, Standing
from groqchat.domain.text.secret import Secret
from groqchat.team.calls import TeamCalls
from groqchat.team.set_runs import PostgresSetRuns
from tests.team.conftest import NOW

PLAN = SetPlan("https://api.example", "set.jsonl", ("k1", "k2", "k3"), (SetColumn("a"),))


def claims(most, plan=PLAN, cost=0):
    return {"a": Claims(plan.tasks_of("a"), most, Decimal(cost))}


def answer(name, content="Yes"):
    return json.dumps({"id": name, "content": content, "state": "complete"})


def settled(number, name, *, cost="0.001", is_final=True):
    return Settled(number, (answer(name),), is_final, Decimal(cost))


@pytest.fixture
async def sets(team, cluster, database):
    """Makes stores of users who take part in a run of the plan, or do not yet."""
    made = []

    async def store(user="anna", plan=PLAN, *, joins=True, anew=False):
        async def password_of():
            return Secret(f"secret-{user}")

        calls = TeamCalls(cluster.url(user, database), password_of, str)
        made.append(own := PostgresSetRuns(calls, f"{user}-{len(made)}", "desk"))
        if not joins:
            return own, None
        run = SharedRun(await own.join(plan, NOW, anew=anew), len(plan.keys))
        await own.enrol(run, NOW)
        return own, run

    yield store
    for each in made:
        await each.close()


async def test_nobody_claims_what_another_has_claimed(sets):
    plan = replace(PLAN, keys=tuple(f"k{n}" for n in range(100)))
    workers = [await sets(user, plan) for user in ("anna", "boris", "anna", "boris")]
    told = await asyncio.gather(
        *(
            store.exchange(run, Exchange(claims=claims(7, plan)), NOW)
            for store, run in workers
            for _ in range(3)
        )
    )
    last = [told[3 * place + 2].mine for place in range(4)]
    assert [len(each) for each in last] == [21] * 4
    assert len(frozenset().union(*last)) == 84


async def test_what_is_told_twice_counts_once_and_the_first_answer_stays(sets):
    anna, run = await sets("anna")
    boris, _ = await sets("boris")
    for _ in range(2):
        await anna.exchange(run, Exchange([settled(0, "first")]), NOW)
    for _ in range(2):
        await boris.exchange(run, Exchange([settled(0, "second", cost="0.002")]), NOW)
    results = (await boris.results(run, [0], NOW))[0]
    told = [(one["id"], one["content"], one["state"]) for one in map(json.loads, results)]
    assert told == [("first", "Yes", "complete"), ("second", "", "stopped")]
    (listed,) = await anna.runs(NOW)
    assert (listed.settled, listed.cost) == (1, Decimal("0.003"))


async def test_a_failure_that_may_succeed_is_asked_again_by_who_comes_next(sets):
    anna, run = await sets("anna")
    told = Exchange([settled(0, "cut", is_final=False)], claims=claims(3), is_counting=True)
    told = await anna.exchange(run, told, NOW)
    assert told.mine == {1, 2}
    assert told.standings == (Standing(settled=1, failed=1),)
    await anna.reopen(run, NOW)
    assert (await anna.exchange(run, Exchange(claims=claims(3)), NOW)).mine == {0, 1, 2}


async def test_who_ended_without_a_word_gives_back_and_is_told_so(sets):
    anna, run = await sets("anna")
    boris, _ = await sets("boris")
    assert (await anna.exchange(run, Exchange(claims=claims(2)), NOW)).mine == {0, 1}
    heard = {
        each.client: each.beat for each in (await boris.exchange(run, Exchange(), NOW)).workers
    }
    # It was heard once more meanwhile: nothing is taken from it.
    await anna.exchange(run, Exchange(), NOW)
    silent = {"anna-0": heard["anna-0"]}
    told = await boris.exchange(run, Exchange(claims=claims(3), silent=silent), NOW)
    assert told.mine == {2}
    told = await boris.exchange(
        run, Exchange(claims=claims(3), silent={"anna-0": heard["anna-0"] + 1}), NOW
    )
    assert told.mine == {0, 1, 2}
    assert (await anna.exchange(run, Exchange([settled(0, "late")]), NOW)).mine is None
    await anna.enrol(run, NOW)
    assert (await anna.exchange(run, Exchange(), NOW)).mine == frozenset()


async def test_what_is_released_or_left_is_there_for_others(sets):
    anna, run = await sets("anna")
    boris, _ = await sets("boris")
    await anna.exchange(run, Exchange(claims=claims(3)), NOW)
    await anna.exchange(run, Exchange(released=[1]), NOW)
    assert (await boris.exchange(run, Exchange(claims=claims(3)), NOW)).mine == {1}
    await anna.leave(run, NOW)
    assert (await boris.exchange(run, Exchange(claims=claims(3)), NOW)).mine == {0, 1, 2}


async def test_a_budget_is_that_of_all(sets):
    anna, run = await sets("anna")
    boris, _ = await sets("boris")
    limit, wanted = Decimal("0.025"), claims(3, cost="0.01")
    told = await anna.exchange(run, Exchange(claims=wanted, limit=limit), NOW)
    assert (told.mine, told.held) == ({0, 1}, Decimal("0.02"))
    told = await boris.exchange(run, Exchange(claims=wanted, limit=limit), NOW)
    assert (told.mine, told.held) == (frozenset(), Decimal("0.02"))
    done = [settled(0, "x"), settled(1, "y")]
    told = await anna.exchange(run, Exchange(done, limit=limit), NOW)
    assert (told.spent, told.held) == (Decimal("0.002"), 0)
    assert (await boris.exchange(run, Exchange(claims=wanted, limit=limit), NOW)).mine == {2}


async def test_only_who_asks_the_same_sees_a_run_and_no_prompt_is_there(sets, cluster, database):
    anna, run = await sets("anna")
    await anna.exchange(run, Exchange([settled(0, "first")]), NOW)
    boris, _ = await sets("boris", joins=False)
    assert await boris.runs(NOW) == []
    assert not await boris.delete(run.id, NOW)
    with cluster.connect("boris", database) as connection:
        for table in ("set_runs", "set_workers", "set_tasks"):
            rows = connection.execute(f"SELECT count(*) FROM groqchat.{table}").fetchone()
            assert rows == (0,)
        import psycopg

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM groqchat.set_members")
    # Who asks anything else takes part in another run.
    _, other = await sets("boris", replace(PLAN, keys=("k1", "k2", "k4")))
    assert other.id != run.id
    assert [each.run for each in await boris.runs(NOW)] == [other.id]
    _, same = await sets("boris")
    assert same == run
    assert len(await boris.runs(NOW)) == 2


async def test_a_run_is_begun_again_when_nobody_works_on_it(sets):
    anna, run = await sets("anna")
    boris, _ = await sets("boris", joins=False)
    with pytest.raises(GroqchatError, match="asking this set together right now"):
        await boris.join(PLAN, NOW, anew=True)
    await anna.leave(run, NOW)
    again = await boris.join(PLAN, NOW, anew=True)
    assert (run.id[-2:], again[-2:]) == ("-1", "-2")
    assert await anna.join(PLAN, NOW, anew=False) == again


async def test_a_deleted_run_is_told_to_who_works_on_it(sets):
    anna, run = await sets("anna")
    assert await anna.delete(run.id, NOW)
    assert (await anna.exchange(run, Exchange(), NOW)).mine is None
    with pytest.raises(GroqchatError, match="was deleted"):
        await anna.enrol(run, NOW)


async def test_a_run_that_nobody_used_for_a_month_is_forgotten(sets):
    anna, run = await sets("anna")
    await anna.leave(run, NOW)
    other = replace(PLAN, keys=("k9",))
    await anna.join(other, NOW + 29 * 86_400, anew=False)
    assert run.id in {each.run for each in await anna.runs(NOW)}
    await anna.join(other, NOW + 31 * 86_400, anew=False)
    assert run.id not in {each.run for each in await anna.runs(NOW)}
