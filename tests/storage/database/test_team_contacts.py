"""What was read of a team's limits last, for processes that begin while its server is away."""

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.domain.team.place import PlaceState
from groqchat.storage.database.team.outbox import TeamOutbox
from tests.fakes import START
from tests.storage.conftest import entry

ORIGIN = "https://api.example"
STATE = PlaceState((LeakyBucket(LimitKind.TPM, 6_000, 40.5, START, Source.HEADER),), active=3)


async def test_nothing_is_known_of_a_team_that_was_never_reached(database):
    outbox = TeamOutbox(database)
    await outbox.lost("t", START)
    assert await outbox.kept("t", ORIGIN, "m") is None
    await outbox.keep("another", ORIGIN, "m", STATE, START)
    await outbox.keep("t", "https://elsewhere", "m", STATE, START)
    assert await outbox.kept("t", ORIGIN, "m") is None


async def test_the_newest_contact_is_kept_with_what_was_used_since(database, ledger):
    outbox = TeamOutbox(database)
    await outbox.keep("t", ORIGIN, "m", STATE, START)
    await outbox.keep("t", ORIGIN, "m", PlaceState(), START - 1)  # another process was faster
    for at, model in ((START - 1, "m"), (START + 1, "m"), (START + 2, "other")):
        await ledger.record(entry(at, model=model))
    state, at, away_since, used = await outbox.kept("t", ORIGIN, "m")
    assert (state.buckets, state.active, at, away_since) == (STATE.buckets, 3, START, None)
    assert [each.time for each in used] == [START + 1]
    # Of a model that nobody read, only the number of clients is known.
    other = await outbox.kept("t", ORIGIN, "other")
    assert (other.state.buckets, other.state.active) == ((), 3)


async def test_an_outage_begins_once_and_ends_with_the_next_contact(database):
    outbox = TeamOutbox(database)
    await outbox.keep("t", ORIGIN, "m", STATE, START)
    await outbox.keep("t", ORIGIN, "n", STATE, START)
    await outbox.lost("t", START + 5)
    await outbox.lost("t", START + 9)
    assert (await outbox.kept("t", ORIGIN, "m")).away_since == START + 5
    await outbox.keep("t", ORIGIN, "n", STATE, START + 20)
    assert (await outbox.kept("t", ORIGIN, "m")).away_since is None
