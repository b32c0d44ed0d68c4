"""What others use of a limit, by the headers of our answers."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.services.quota.others_rate import OthersRate, OwnUse

START = 1_790_000_000.0
LIMIT = 8_000
DRAIN = LIMIT / 60


def watched(seconds, *, others=0.0, own=0.7, size=400, noise=0, gap_s=1.5, seed=1):
    """The rate after so many seconds in which others and we use parts of a limit's drain.

    Args:
        seconds: The seconds.
        others: The part of the drain that others use.
        own: The part that we use.
        size: The tokens of each request of others.
        noise: The most tokens by which our own count is off at a reading.
        gap_s: The seconds between two readings.
        seed: Of the noise.
    """
    chance, rate = random.Random(seed), OthersRate()
    bucket = LeakyBucket(LimitKind.TPM, LIMIT, LIMIT / 2, START, Source.HEADER)
    ours, now, due = 0.0, START, START
    while now < START + seconds:
        now += gap_s
        while others and due <= now:
            bucket = bucket.charged(size, due)
            due += size / (others * DRAIN)
        used = own * DRAIN * gap_s
        bucket, ours = bucket.charged(used, now), ours + used
        rate.note(bucket, OwnUse(ours + chance.uniform(-noise, noise), 0.0, "window"))
    return rate


@pytest.mark.parametrize("others", [0.2, 1 / 3, 0.5])
def test_it_is_what_they_take(others):
    assert watched(120, others=others).rate == pytest.approx(others * DRAIN, rel=0.1)


@given(st.integers(0, 10_000), st.integers(0, 600), st.sampled_from([15, 30, 120, 400]))
def test_alone_it_is_nothing_however_wrong_our_own_count_is(seed, noise, seconds):
    assert not watched(seconds, noise=noise, own=0.95, seed=seed).rate


def test_it_is_unknown_at_first_and_old_after_a_while():
    assert watched(12, others=0.5).rate is None
    rate = watched(60, others=0.5)
    assert rate.is_fresh(START + 60)
    assert not rate.is_fresh(START + 300)


def test_others_who_go_away_are_forgotten():
    rate = watched(100, others=0.5)
    last = rate._last[0]
    for second in range(1, 400):
        alone = last.charged(0.0, last.at + second)
        rate.note(alone, OwnUse(rate._last[1].recorded, 0.0, "window"))
    assert rate.rate == 0.0


def test_a_limit_that_was_empty_tells_nothing_of_others():
    """What a reservation took for a while drains no faster than the rest."""
    rate, ours = OthersRate(), 0.0
    for number in range(30):
        reserved = LeakyBucket(LimitKind.TPM, LIMIT, 7_000.0, START + 40 * number, Source.HEADER)
        rate.note(reserved, OwnUse(ours, 7_000.0, "window"))
        ours += 100
    assert not rate.rate
