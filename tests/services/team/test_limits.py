"""What a client takes of a team's limits while the team's server is there, and while it is not."""

import asyncio

import pytest

from groqchat.domain.errors.tree import RateLimitedError
from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.domain.money.usage import Usage
from groqchat.domain.team.place import Place
from groqchat.services.team.limits import RETRY_S, TeamLimits
from tests.services.team.memory_team import MemoryOutbox, MemoryTeam, WakingClock

NOW = 1_791_000_000.0
OWN = (LeakyBucket(LimitKind.TPM, 6_000, 0.0, 0.0, Source.CATALOGUE),)
PLACE = Place("https://api.example", "m")


class Client:
    def __init__(self, store, clock, name="a", outbox=None):
        self.outbox = outbox or MemoryOutbox()
        self.clock = clock
        self.limits = TeamLimits(
            store,
            self.outbox,
            clock,
            team="t",
            account=PLACE.account,
            client=name,
            is_ours=lambda entry: entry.profile == "work",
        )

    async def take(self, tokens, model="m", **how):
        def fit(state, _):
            waits = [each.wait_for(tokens, self.clock.now()) for each in state.buckets]
            return {LimitKind.TPM: tokens}, max(waits, default=0)

        return await self.limits.take(model, OWN, fit, **how)

    def end(self, lease, tokens, profile="work"):
        usage = Usage(prompt_tokens=tokens)
        entry = LedgerEntry(self.clock.now(), profile, "f", "m", "ok", usage=usage, uid=lease)
        self.outbox.record(entry)
        self.limits.end(lease, entry)

    @property
    def left(self):
        (bucket,) = self.limits.state("m").buckets
        return bucket.remaining_at(self.clock.now())


@pytest.fixture
def clock():
    return WakingClock(NOW)


async def settled():
    for _ in range(30):
        await asyncio.sleep(0)


async def test_two_clients_never_take_the_same_tokens(clock):
    store = MemoryTeam()
    clients = [Client(store, clock, name) for name in "ab"]
    taken = [await clients[n % 2].take(1_000) for n in range(8)]
    assert [bool(each) for each in taken] == [True] * 6 + [False] * 2
    clients[0].end(taken[0], 100)
    await settled()
    # Both wait for 1,000 since the same moment: the first one is not kept waiting by the other.
    assert await clients[1].take(900) is None
    assert await clients[0].take(900)
    assert list(store.entries) == [taken[0]]


async def test_what_never_left_is_given_back(clock):
    client = Client(MemoryTeam(), clock)
    lease = await client.take(6_000)
    assert await client.take(1_000) is None
    client.limits.end(lease, None)
    await settled()
    assert await client.take(6_000)


async def test_while_the_server_is_away_a_client_uses_its_share_and_says_since_when(clock):
    store = MemoryTeam(active=4)
    client = Client(store, clock)
    await client.take(2_000)
    await clock.pass_by(1)
    store.is_away = True
    # A quarter of nine tenths of 6,000, of which a quarter of 2,000 was used at the last contact.
    taken = [await client.take(250) for _ in range(5)]
    assert [bool(each) for each in taken] == [True] * 3 + [False] * 2
    assert client.limits.sharing.away_since == NOW + 1
    assert client.limits.away_because.cause.name == "team_unreachable"
    assert client.left == 100
    await clock.pass_by(RETRY_S)
    assert client.limits.sharing.away_since == NOW + 1
    assert client.left == 212  # 22.5 come back a second


async def test_a_request_larger_than_a_share_waits_until_enough_has_come_together(clock):
    store = MemoryTeam(active=40)
    client = Client(store, clock)
    await client.take(1)
    await clock.pass_by(1)
    store.is_away = True
    # A share is 135 tokens, of which 2.25 come back a second.
    assert await client.take(1_000) is None
    assert await client.take(130)
    await clock.pass_by(440)
    assert await client.take(1_000) is None
    await clock.pass_by(5)
    assert await client.take(1_000)


async def test_what_was_used_meanwhile_is_handed_in_once_when_the_server_is_back(clock):
    store = MemoryTeam(active=2)
    client = Client(store, clock)
    first = await client.take(1_000)
    store.is_away = True
    second = await client.take(500)
    client.end(first, 300)
    client.end(second, 400)
    client.outbox.record(LedgerEntry(NOW, "private", "f", "m", "ok", uid="not ours"))
    await settled()
    assert store.entries == {}
    store.is_away = False
    await clock.pass_by(RETRY_S)
    assert client.limits.sharing.away_since is None
    assert sorted(store.entries) == sorted([first, second])
    assert store.leases == {}
    (bucket,) = store.states[PLACE].buckets
    # 1,000 were reserved and 500 drained: 300 instead of them leave nothing, and 400 come besides.
    assert bucket.used_at(clock.now()) == pytest.approx(400)
    # What others have used meanwhile may still come in.
    assert await client.take(3_000) is None
    assert await client.take(2_000)


async def test_a_request_under_way_is_reserved_when_the_server_is_back(clock):
    store = MemoryTeam(active=2)
    client = Client(store, clock)
    await client.take(100)
    store.is_away = True
    lease = await client.take(500)
    store.is_away = False
    await clock.pass_by(RETRY_S)
    assert lease in store.leases
    client.end(lease, 200)
    await settled()
    assert lease not in store.leases
    assert list(store.entries) == [lease]


async def test_who_took_nothing_while_it_was_away_does_not_take_all_when_it_is_back(clock):
    store = MemoryTeam(active=2)
    client = Client(store, clock)
    await client.take(1)
    store.is_away = True
    await client.limits.read("m")
    assert client.limits.sharing.away_since == NOW
    store.is_away = False
    await clock.pass_by(RETRY_S)
    assert client.limits.sharing.away_since is None
    assert await client.take(6_000) is None
    assert await client.take(2_500)


async def test_what_others_used_while_it_was_away_is_not_taken_before_they_can_tell(clock):
    store = MemoryTeam(active=2)
    client = Client(store, clock)
    await client.take(1)
    store.is_away = True
    await client.take(2_000)
    store.is_away = False
    await clock.pass_by(RETRY_S)
    assert await client.take(3_000) is None  # there are 4,000, but of its share 900
    assert await client.take(900)
    await clock.pass_by(60)
    assert await client.take(6_000)


async def test_the_share_holds_on_also_where_something_was_handed_in_meanwhile(clock):
    store = MemoryTeam(active=2)
    client = Client(store, clock)
    await client.take(1)
    store.is_away = True
    client.end(await client.take(2_000), 2_000)
    store.is_away = False
    await clock.pass_by(RETRY_S)
    assert store.entries
    assert await client.take(3_000) is None
    assert await client.take(600)


async def test_a_reservation_whose_answer_was_lost_counts_once(clock):
    store = MemoryTeam(active=2)
    client = Client(store, clock)
    await client.take(1)
    store.loses_answers = True
    lease = await client.take(1_000)
    store.is_away = store.loses_answers = False
    client.end(lease, 600)
    await clock.pass_by(RETRY_S)
    assert list(store.entries) == [lease]
    (bucket,) = store.states[PLACE].buckets
    assert bucket.used_at(NOW) <= 601


async def test_what_was_taken_in_vain_is_given_back(clock):
    """The answer was lost, and the request is larger than the share; or nobody waits any more."""
    store = MemoryTeam(active=2)
    client = Client(store, clock)
    await client.take(1)
    store.loses_answers = True
    assert await client.take(5_000) is None
    assert len(store.leases) == 2
    store.is_away = store.loses_answers = False
    await clock.pass_by(RETRY_S)
    assert len(store.leases) == 1

    store.answers = asyncio.Event()
    given_up = asyncio.create_task(client.take(100))
    await settled()
    assert len(store.leases) == 2
    given_up.cancel()
    store.answers.set()
    await settled()
    assert len(store.leases) == 1


async def test_a_request_that_leaves_while_the_server_comes_back_is_reserved(clock):
    store = MemoryTeam(active=2)
    client = Client(store, clock)
    await client.take(1)
    store.is_away = True
    await client.limits.read("m")
    store.is_away, store.answers = False, asyncio.Event()
    await clock.pass_by(RETRY_S)
    lease = await client.take(100)
    store.answers.set()
    await settled()
    assert client.limits.away_since is None
    assert lease in store.leases


async def test_models_that_are_read_while_others_are_kept_disturb_nothing(clock):
    client = Client(MemoryTeam(), clock)
    keep = client.outbox.keep

    async def slow(*what):
        await client.take(1, f"{what[2]}+")
        await keep(*what)

    client.outbox.keep = slow
    client.end(await client.take(1), 1)
    await settled()
    assert client.outbox.read
    assert client.limits._delivery.exception() is None


async def test_what_is_shown_is_read_again_in_the_background(clock):
    store = MemoryTeam(active=2)
    client, other = Client(store, clock), Client(store, clock, "b")
    await client.take(1_000)
    await other.take(2_000)
    assert client.left == 5_000
    await clock.pass_by(5)
    client.limits.look("m")
    await settled()
    assert client.left == 3_500
    assert client.limits.sharing.active == 2


async def test_who_has_waited_longest_comes_next(clock):
    store = MemoryTeam()
    clients = [Client(store, clock, name) for name in "abc"]
    await clients[0].take(6_000)
    assert await clients[1].take(1_000) is None
    await clock.pass_by(1)
    assert await clients[2].take(100) is None
    await clock.pass_by(9)
    # There is room for 1,000, which the second client has waited for.
    assert await clients[0].take(500) is None
    assert await clients[2].take(100) is None
    assert await clients[1].take(1_000)
    await clock.pass_by(1)
    assert await clients[2].take(100)


async def test_who_gave_up_keeps_nobody_waiting(clock):
    store = MemoryTeam()
    clients = [Client(store, clock, name) for name in "ab"]
    await clients[0].take(6_000)
    assert await clients[1].take(1_000) is None
    await clock.pass_by(20)
    assert await clients[0].take(2_000)


async def test_who_gives_up_leaves_the_line(clock):
    store = MemoryTeam()
    clients = [Client(store, clock, name) for name in "ab"]
    await clients[0].take(6_000)
    assert await clients[1].take(1_000) is None
    clients[0].limits.leave("m")
    clients[1].limits.leave("m")
    await settled()
    assert store.left == [PLACE]


async def test_a_client_that_begins_while_the_server_is_away_takes_no_share_that_it_never_read(
    clock,
):
    store = MemoryTeam(active=4)
    store.is_away = True
    client = Client(store, clock)
    with pytest.raises(RateLimitedError) as held:
        await client.take(1)
    assert held.value.cause.name == "team_never_read"
    assert held.value.facts.retry_after_s == RETRY_S
    assert not client.limits.sharing.has_share
    assert await client.take(1, is_forced=True)  # who says so sends it anyway
    store.is_away = False
    await clock.pass_by(RETRY_S)
    assert await client.take(4_000)


async def test_a_client_that_begins_while_the_server_is_away_has_the_share_of_the_machine(clock):
    store = MemoryTeam(active=4)
    earlier = Client(store, clock)
    earlier.end(await earlier.take(2_000), 2_000)
    await settled()
    await clock.pass_by(1)
    store.is_away = True
    later = Client(store, clock, "b", earlier.outbox)
    # A quarter of nine tenths of 6,000, of which a quarter of 2,000 was used at the last contact.
    lease = await later.take(800)
    assert lease
    assert await later.take(100) is None
    later.end(lease, 800)
    await clock.pass_by(1)
    # What the machine has used since is gone from the share; 22.5 tokens come back a second.
    last = Client(store, clock, "c", earlier.outbox)
    assert await last.take(100) is None
    assert await last.take(70)
    assert last.limits.sharing.active == 4
    # Of a model that nobody read, it is the part of what this machine knows.
    assert await last.take(1_400, "other") is None
    assert await last.take(1_350, "other")


async def test_a_busy_server_is_waited_for(clock):
    store = MemoryTeam(active=4)
    client = Client(store, clock)
    store.is_busy = True
    with pytest.raises(RateLimitedError) as held:
        await client.take(1_000)
    assert held.value.cause.name == "team_busy"
    assert 1 <= held.value.facts.retry_after_s <= 4
    await settled()
    assert client.limits.sharing.away_since is None
    store.is_busy = False
    lease = await client.take(1_000)
    store.is_busy = True
    client.end(lease, 400)
    await settled()
    assert store.entries == {}
    store.is_busy = False
    await clock.pass_by(5)
    assert list(store.entries) == [lease]


async def test_the_more_are_active_the_more_rarely_the_limits_are_read(clock):
    store = MemoryTeam(active=64)
    client, other = Client(store, clock), Client(store, clock, "b")
    await client.take(3_000)
    await other.take(3_000)
    await clock.pass_by(15)
    client.limits.look("m")
    await settled()
    assert client.left == 4_500  # as read at the beginning
    await clock.pass_by(2)
    client.limits.look("m")
    await settled()
    assert client.left == 1_700


async def test_the_share_of_the_machine_is_shown_to_who_only_looks(clock):
    store = MemoryTeam(active=4)
    earlier = Client(store, clock)
    earlier.end(await earlier.take(2_000), 2_000)
    await settled()
    store.is_away = True
    later = Client(store, clock, "b", earlier.outbox)
    later.limits.look("m")
    await settled()
    assert later.limits.sharing.has_share
    assert later.left == 850
