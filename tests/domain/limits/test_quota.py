"""Leaky buckets: refill, waits, what binds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.limits.quota import (
    LeakyBucket,
    LimitKind,
    Source,
    binding_of,
    level_of,
    quota_view,
)

NOW = 1_800_000_000.0


def leaky_bucket(kind=LimitKind.TPM, limit=8000, used=0.0, at=NOW):
    return LeakyBucket(kind, limit, used, at, Source.HEADER)


@given(
    st.floats(0, 20_000),
    st.lists(st.floats(0, 100_000), min_size=2, max_size=5),
)
def test_refill_is_monotone_and_stays_between_empty_and_full(used, delays):
    bucket = leaky_bucket(used=used)
    left = [bucket.remaining_at(NOW + delay) for delay in sorted(delays)]
    assert left == sorted(left)
    assert all(0 <= tokens <= bucket.limit for tokens in left)


@given(st.floats(0, 8000), st.integers(1, 8000))
def test_after_the_wait_it_fits_and_not_before(used, amount):
    bucket = leaky_bucket(used=used)
    wait = bucket.wait_for(amount, NOW)
    assert bucket.remaining_at(NOW + wait + 1e-6) >= amount
    if wait > 1:
        assert bucket.remaining_at(NOW + wait - 1) < amount


def test_more_than_the_limit_never_fits():
    assert leaky_bucket(limit=8000).wait_for(8001, NOW) is None


def test_the_wait_is_the_one_groq_tells():
    # "Limit 200000, Used 199680, Requested 857. Please try again in 3m51.983999999s."
    day = leaky_bucket(LimitKind.TPD, 200_000, 199_680)
    assert day.wait_for(857, NOW) == pytest.approx(231.984)
    # "Limit 6000, Used 5034, Requested 1443. Please try again in 4.77s."
    assert leaky_bucket(LimitKind.TPM, 6000, 5034).wait_for(1443, NOW) == pytest.approx(4.77)


def test_a_clock_set_back_refills_nothing():
    bucket = leaky_bucket(used=4000)
    assert bucket.remaining_at(NOW - 3600) == 4000


def test_an_hour_of_sleep_refills_a_minute_but_not_a_day():
    assert leaky_bucket(used=8000).remaining_at(NOW + 3600) == 8000
    assert leaky_bucket(LimitKind.RPD, 1000, 1000).remaining_at(NOW + 3600) == 41


def test_giving_back_never_makes_more_than_there_was():
    assert leaky_bucket(used=100).charged(-500, NOW).remaining_at(NOW) == 8000


def test_the_binding_bucket_is_the_one_with_the_fewest_turns():
    levels = tuple(
        level_of(bucket, NOW)
        for bucket in (
            leaky_bucket(LimitKind.RPM, 30, 5),
            leaky_bucket(LimitKind.RPD, 1000, 990),
            leaky_bucket(LimitKind.TPM, 8000, 0),
        )
    )
    assert binding_of(levels, 1000) == (LimitKind.TPM, 8)
    assert binding_of(levels, 100) == (LimitKind.RPD, 10)
    assert binding_of((), 100) == (None, None)


def test_the_view_always_has_the_four_usual_rows_and_unknown_ones_are_empty():
    view = quota_view(
        "m", (leaky_bucket(used=100),), NOW, plan=None, plan_inferred=False, tokens_per_turn=500
    )
    assert [level.kind for level in view.levels] == [
        LimitKind.RPM,
        LimitKind.RPD,
        LimitKind.TPM,
        LimitKind.TPD,
    ]
    assert view.level(LimitKind.RPM).remaining is None
    assert view.level(LimitKind.TPM).remaining == 7900
    assert (view.binding, view.turns_left) == (LimitKind.TPM, 15)
    assert view.at(NOW + 60).level(LimitKind.TPM).remaining == 8000
    assert not view.is_full
    assert view.at(NOW + 60).is_full
