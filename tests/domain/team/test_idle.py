"""Requests of several clients that are handed in late, in whatever order."""

from random import Random

import pytest

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.domain.team.idle import charged

NOW = 1_791_000_000.0


def bucket(kind=LimitKind.RPM, limit=30, used=0.0):
    return LeakyBucket(kind, limit, used, NOW, Source.CATALOGUE)


def handed_in(bucket, batches):
    idles = ()
    for uses in batches:
        for at, amount in uses:
            bucket, idles = charged(bucket, idles, amount, at)
    return bucket


@pytest.mark.parametrize("seed", range(20))
def test_a_bucket_is_as_full_as_if_all_had_come_in_their_order(seed):
    """Four clients that use together between a fifth of a limit and all of it."""
    chance = Random(seed)
    kind = chance.choice([LimitKind.RPM, LimitKind.TPM, LimitKind.RPD])
    limit = chance.choice([30, 1_000, 60_000])
    seconds = min(80_000, chance.uniform(0.3, 5) * kind.window_s)
    share = chance.uniform(0.2, 1.0) * limit / kind.window_s / 4
    first = bucket(kind, limit, chance.uniform(0, limit))
    batches = []
    for _ in range(4):
        at, uses = NOW, []
        while True:
            amount = chance.uniform(0.2, 1.0) * limit / chance.choice([20, 50])
            at += chance.uniform(0.7, 1.3) * amount / share
            if at > NOW + seconds:
                break
            uses.append((at, amount))
        batches.append(uses)
    true = handed_in(first, [sorted(use for uses in batches for use in uses)])
    late = handed_in(first, batches)
    at = NOW + seconds
    # Periods in which it was empty are joined, so that it is not exact to a request.
    assert late.used_at(at) == pytest.approx(true.used_at(at), abs=0.01 * limit)


def test_a_late_request_takes_refill_that_nobody_used():
    """One comes back every two seconds."""
    first, idles = charged(bucket(used=5.0), (), 1.0, NOW + 60)
    assert first.used == 1.0
    # It was empty after ten seconds; five have time for ten seconds, and not for one.
    assert charged(first, idles, 5.0, NOW)[0].used == pytest.approx(1.0)
    assert charged(first, idles, 5.0, NOW + 50)[0].used == pytest.approx(1.0)
    assert charged(first, idles, 5.0, NOW + 58)[0].used == pytest.approx(5.0)
    # What one has used another cannot.
    second, left = charged(first, idles, 25.0, NOW + 1)
    assert second.used == pytest.approx(1.0)
    assert charged(second, left, 3.0, NOW + 2)[0].used == pytest.approx(4.0)


def test_what_a_machine_hands_in_after_days_is_not_counted_any_more():
    first, idles = charged(bucket(used=30.0), (), 30.0, NOW + 90_000)
    late = [(NOW + n, 1.0) for n in range(1_000)]
    assert handed_in(first, [late]) == first
    assert charged(first, idles, 10.0, NOW + 80_000)[0] == first


def test_what_was_reserved_in_vain_is_there_for_late_requests():
    first, idles = charged(bucket(LimitKind.TPM, 6_000, 1_000.0), (), -900.0, NOW + 5)
    assert first.used == 0.0
    assert charged(first, idles, 400.0, NOW + 1)[0].used == pytest.approx(0.0)
    assert charged(first, idles, 500.0, NOW + 1)[0].used == pytest.approx(100.0)


def test_a_line_of_short_periods_is_kept_as_few():
    first, idles = bucket(LimitKind.TPM, 6_000), ()
    for n in range(500):
        first, idles = charged(first, idles, 50.0, NOW + n)
    assert len(idles) <= 12
    # 100 come back a second.
    assert sum(each.amount for each in idles) == pytest.approx(499 * 50)
    assert idles[-1].since >= NOW + 490
