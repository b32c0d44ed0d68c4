"""The team's limits and ledger in a real PostgreSQL."""

import asyncio
import math
import time
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.domain.money.usage import Usage
from groqchat.domain.team.entries import TeamEntry, TeamGrouping
from groqchat.domain.team.place import Place
from tests.team.conftest import NOW

PLACE = Place("https://api.example", "m")
LIMITS = (
    LeakyBucket(LimitKind.RPM, 30, 0.0, 0.0, Source.CATALOGUE),
    LeakyBucket(LimitKind.TPM, 6_000, 0.0, 0.0, Source.CATALOGUE),
)
ASKED = {LimitKind.RPM: 1, LimitKind.TPM: 1_000}


def wanting(amounts, at=NOW):
    """Takes amounts if they fit."""

    def decide(state):
        state = state.knowing(LIMITS)
        fits = all(not bucket.wait_for(amounts[bucket.kind], at) for bucket in state.buckets)
        return state, amounts if fits else None

    return decide


def entry(name, at=NOW, tokens=100, cost="0.001", **more):
    usage = Usage(prompt_tokens=tokens, completion_tokens=tokens)
    told = LedgerEntry(at, "default", "f", "m", "ok", 200, usage=usage, cost=Decimal(cost), **more)
    return TeamEntry(name, told, {LimitKind.RPM: 1, LimitKind.TPM: 2 * tokens}, PLACE)


def used(state, at=NOW):
    return {bucket.kind: bucket.used_at(at) for bucket in state.buckets}


async def test_what_one_has_reserved_another_cannot_take(team):
    stores = [team("anna"), team("boris"), team()]
    takes = (
        stores[number % 3].take(PLACE, f"lease{number}", wanting(ASKED), NOW)
        for number in range(10)
    )
    await asyncio.gather(*takes)
    state = await stores[0].state(PLACE, NOW)
    assert used(state) == {LimitKind.RPM: 6, LimitKind.TPM: 6_000}
    assert (state.running, state.active) == (6, 3)


async def test_a_reservation_ends_with_what_was_used_and_an_entry_counts_once(team):
    anna, boris = team("anna"), team("boris")
    await anna.take(PLACE, "lease", wanting(ASKED), NOW)
    assert (await anna.hand_in([entry("lease")], NOW)).new == 1
    assert (await boris.hand_in([entry("lease")], NOW)).new == 0
    state = await boris.state(PLACE, NOW)
    assert used(state) == {LimitKind.RPM: 1, LimitKind.TPM: 200}
    assert state.running == 0
    assert (await boris.use(0, NOW + 1, TeamGrouping.MODEL)).everybody.requests == 1


async def test_a_reservation_whose_answer_was_lost_is_taken_once(team):
    anna = team("anna")
    for _ in range(2):
        state = await anna.take(PLACE, "lease", wanting(ASKED), NOW)
    assert used(state)[LimitKind.TPM] == 1_000
    for _ in range(2):
        await anna.give_back(PLACE, "lease", NOW)
    assert used(await anna.state(PLACE, NOW)) == {LimitKind.RPM: 0, LimitKind.TPM: 0}


def standing_in_line(client, amounts):
    """Waits for amounts, and asks again after a minute."""

    def decide(state):
        return state.knowing(LIMITS).with_waiter(client, amounts, 60.0, NOW), None

    return decide


async def test_the_line_is_kept_by_all_and_one_leaves_it_for_oneself(team):
    anna, boris = team("anna", client="a"), team("boris", client="b")
    await anna.take(PLACE, "", standing_in_line("a", ASKED), NOW)
    await boris.take(PLACE, "", standing_in_line("b", ASKED), NOW + 1)
    state = await boris.state(PLACE, NOW + 2)
    assert [(each.client, each.amounts) for each in state.waiting] == [("a", ASKED), ("b", ASKED)]
    await anna.leave(PLACE, NOW + 2)
    assert [each.client for each in (await anna.state(PLACE, NOW + 2)).waiting] == ["b"]
    assert not (await anna.state(PLACE, NOW + 100)).waiting


async def test_a_persons_turn_is_that_of_all_own_clients_and_is_settled(team):
    def let_in(client):
        return lambda state: (state.knowing(LIMITS).let_in(client, ASKED, NOW), ASKED)

    await team("anna", client="a1").take(PLACE, "lease", let_in("a1"), NOW)
    other, boris = team("anna", client="a2"), team("boris")
    assert (await other.state(PLACE, NOW)).own_turn == pytest.approx(1_000 / 6_000)
    assert (await boris.state(PLACE, NOW)).own_turn == 0
    await other.hand_in([entry("lease", tokens=100)], NOW)
    # 200 of 6,000 tokens, and one of thirty requests, which is the same part.
    assert (await other.state(PLACE, NOW)).own_turn == pytest.approx(1 / 30)
    assert (await boris.state(PLACE, NOW)).own_turn == 0


async def test_an_entry_without_a_reservation_is_charged_at_its_own_time(team):
    anna = team("anna")
    await anna.take(PLACE, "lease", wanting(ASKED), NOW)
    await anna.hand_in([entry("lease", tokens=1_000), entry("late", NOW + 10)], NOW + 20)
    state = await anna.state(PLACE, NOW + 20)
    # 1,000 reserved, 100 a second drain; 2,000 were used when it ended. Before that nothing was
    # used for ten seconds, so that 200 have drained which were used at their beginning.
    assert used(state, NOW + 20)[LimitKind.TPM] == pytest.approx(1_000)


async def test_the_order_in_which_members_hand_in_late_entries_changes_nothing(team):
    """Each of two members sent a request of 280 tokens every six seconds."""
    anna, boris = team("anna"), team("boris")
    await anna.take(PLACE, "", lambda state: (state.knowing(LIMITS), None), NOW)
    for name, store, ahead in (("a", anna, 0), ("b", boris, 3)):
        mine = [entry(f"{name}{n}", NOW + 6 * n + ahead, tokens=140) for n in range(60)]
        state = (await store.hand_in(mine, NOW + 400)).states[PLACE]
    # One request and a half and 300 tokens come back in three seconds: the last ones alone count.
    expected = {LimitKind.RPM: 1, LimitKind.TPM: 280}
    assert used(state, NOW + 357) == pytest.approx(expected, abs=1)


async def test_what_the_server_has_told_of_late_entries_is_not_counted_again(team):
    """Requests of two members that left while the store was away."""
    day = LeakyBucket(LimitKind.RPD, 1_000, 0.0, 0.0, Source.CATALOGUE)
    amounts = {LimitKind.RPD: 1}
    anna, boris = team("anna"), team("boris")
    await anna.take(PLACE, "lease", lambda state: (state.knowing([day]), None), NOW)
    # Anna's answer told that there were five; Boris hands his three in later, one is under way.
    told = replace(entry("a", NOW), amounts=amounts, told=(replace(day, used=5.0, at=NOW + 9),))
    await anna.hand_in([told], NOW + 10)
    mine = [replace(entry(f"b{n}", NOW + n), amounts=amounts) for n in range(3)]
    state = (await boris.hand_in(mine, NOW + 10)).states[PLACE]
    await boris.take(PLACE, "c", lambda state: (state, state.uncounted(amounts, NOW + 5)), NOW + 10)
    await boris.hand_in([replace(entry("c", NOW + 5), amounts=amounts)], NOW + 11)
    assert used(state, NOW + 10)[LimitKind.RPD] == pytest.approx(5, abs=0.02)
    later = replace(entry("d", NOW + 9.5), amounts=amounts)
    state = (await boris.hand_in([later], NOW + 11)).states[PLACE]
    assert used(state, NOW + 11)[LimitKind.RPD] == pytest.approx(6, abs=0.03)


async def test_requests_that_crossed_the_headers_of_others_are_counted_once(team):
    """Two requests of two members that were under way together while the store was away."""
    day = LeakyBucket(LimitKind.RPD, 1_000, 0.0, 0.0, Source.CATALOGUE)
    anna, boris = team("anna"), team("boris")
    await anna.take(PLACE, "", lambda state: (state.knowing([day]), None), NOW)

    def late(name, sent, headers, told):
        buckets = (replace(day, used=told, at=headers),)
        told = entry(name, sent, buckets=buckets)
        return replace(told, amounts={LimitKind.RPD: 1}, told=buckets)

    # Anna's headers come at 10.2, when the server has counted the request that Boris sent at 10.1.
    await anna.hand_in([late("a", NOW + 10, NOW + 10.2, 2)], NOW + 20)
    mine = [late("b", NOW + 10.1, NOW + 10.3, 2), late("c", NOW + 10.2, NOW + 10.4, 3)]
    state = (await boris.hand_in(mine, NOW + 20)).states[PLACE]
    assert used(state, NOW + 10.4)[LimitKind.RPD] == pytest.approx(3, abs=0.01)


async def test_what_has_ended_is_not_reserved_any_more(team):
    """A request that left while the store was away, and whose entry another process handed in."""
    anna = team("anna")
    await anna.take(PLACE, "", lambda state: (state.knowing(LIMITS), None), NOW)
    await team("anna").hand_in([entry("late")], NOW)
    await anna.take(PLACE, "late", lambda state: (state, ASKED), NOW)
    state = await anna.state(PLACE, NOW)
    assert used(state) == {LimitKind.RPM: 1, LimitKind.TPM: 200}
    assert state.running == 0


async def test_what_all_took_in_each_minute_is_told_to_everybody(team):
    anna, boris = team("anna"), team("boris")
    begin = 60.0 * (NOW // 60)
    await anna.hand_in([entry("a", begin - 1), entry("b", begin + 1)], NOW)
    refused = replace(entry("c"), entry=replace(entry("c").entry, outcome="rate_limited"))
    await boris.hand_in([entry("d", begin + 59), entry("e", begin + 60), refused], NOW)
    rows = dict(await anna.taken(PLACE, begin))
    assert sorted(rows) == [begin, begin + 60]
    assert rows[begin][LimitKind.RPD] == 2
    assert rows[begin][LimitKind.TPD] == 400
    assert rows[begin][LimitKind.ITPM] == rows[begin][LimitKind.OTPM] == 200
    assert not await anna.taken(Place(PLACE.account, "other"), begin)


async def test_only_tokens_costs_models_persons_and_machines_are_there(team, cluster, database):
    anna = team("anna", machine="desk")
    told = entry("id", session_id="S3SSION", message_id="M3SSAGE", request_id="R3QUEST")
    await anna.hand_in([told], NOW)
    with cluster.connect(database=database) as connection:
        row = connection.execute("SELECT entries::text FROM groqchat.entries").fetchone()[0]
    assert row == ("(id,anna,desk,https://api.example,1791000000,m,,ok,,100,0,100,0,0,0,f,0.001,)")


async def test_who_may_not_read_sees_the_sum_and_the_own_use(team):
    owner, anna, boris = team(), team("anna", machine="desk"), team("boris")
    await anna.hand_in([entry("a")], NOW)
    await boris.hand_in([entry("b"), entry("c")], NOW)
    use = await anna.use(0, NOW + 1, TeamGrouping.PERSON)
    assert (use.everybody.requests, use.mine.requests) == (3, 1)
    assert [name for name, _ in use.rows] == ["anna"]
    assert not use.sees_others

    with pytest.raises(GroqchatError) as refused:
        await anna.allow("anna", may_read=True)
    assert refused.value.cause.name == "team_forbidden"
    assert await owner.allow("anna", may_read=True)
    use = await anna.use(0, NOW + 1, TeamGrouping.MACHINE)
    assert {name: sums.requests for name, sums in use.rows} == {
        "anna on desk": 1,
        "boris on laptop": 2,
    }
    assert use.sees_others
    roles = {member.person: member.role for member in await boris.members()}
    assert roles == {"owner": "owner", "anna": "reader", "boris": "member"}


@pytest.fixture
def adelaide(monkeypatch):
    """A time zone nine and a half hours ahead, or ten and a half."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Australia/Adelaide")
        time.tzset()
        yield ZoneInfo("Australia/Adelaide")
    time.tzset()


async def test_rows_by_day_are_of_the_asking_persons_time_zone_with_what_the_cache_saved(
    team, adelaide
):
    anna = team("anna")
    midnight = datetime(2026, 10, 4, tzinfo=adelaide).timestamp()
    ends = datetime(2026, 10, 5, tzinfo=adelaide).timestamp()
    assert ends - midnight == 23 * 3600  # the clock is put forward at two
    times = [midnight - 1, midnight, ends - 1, ends, 9e14]
    told = [entry(f"e{at}", at, saved=Decimal("0.0002")) for at in times]
    await anna.hand_in([*told, entry("unsaved", midnight)], NOW)
    use = await anna.use(0, math.inf, TeamGrouping.DAY)
    days = [(day, sums.requests, sums.saved) for day, sums in use.rows]
    assert days == [
        ("2026-10-05", 1, Decimal("0.0002")),
        ("2026-10-04", 3, Decimal("0.0004")),
        ("2026-10-03", 1, Decimal("0.0002")),
        ("", 1, Decimal("0.0002")),
    ]
    assert use.everybody.saved == Decimal("0.001")
    assert use.everybody.requests == sum(sums.requests for _, sums in use.rows)


async def test_a_person_is_who_the_server_says(team, cluster, database):
    await team("anna").hand_in([entry("a")], NOW)
    with cluster.connect("anna", database) as connection:
        import psycopg

        forged = "INSERT INTO groqchat.entries SELECT 'x', 'boris', machine, account, time, model, "
        forged += (
            "provider, outcome, service_tier, 1, 0, 0, 0, 0, 0, false, 1 FROM groqchat.entries"
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(forged)
