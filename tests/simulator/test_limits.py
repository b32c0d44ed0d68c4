from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.limits.rate_headers import parse_duration
from groqchat.domain.money.usage import Usage
from groqchat.simulator.limits import (
    Limits,
    OverLimitError,
    amounts_reserved,
    amounts_used,
    duration,
)

ROW = {LimitKind.RPM: 30, LimitKind.RPD: 1000, LimitKind.TPM: 8000, LimitKind.TPD: 200_000}


def admit(limits, prompt, output, now=0.0):
    return limits.admit("m", amounts_reserved(prompt, output), now)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.585, "585ms"),
        (7.66, "7.66s"),
        (21.037, "21.037s"),
        (60, "1m0s"),
        (86.4, "1m26.4s"),
        (604.8, "10m4.8s"),
        (231.984, "3m51.984s"),
        (3723, "1h2m3s"),
    ],
)
def test_durations_are_written_as_groq_writes_them(seconds, text):
    assert duration(seconds) == text


@given(st.floats(0, 200_000))
def test_durations_can_be_read_back_to_the_millisecond(seconds):
    assert parse_duration(duration(seconds)) == pytest.approx(seconds, abs=0.00051)


def test_one_request_a_day_of_a_thousand_comes_back_after_86_seconds():
    limits = Limits({"m": ROW})
    admit(limits, 70, 8)
    headers = limits.headers("m", 0.0)
    assert headers == {
        "x-ratelimit-limit-requests": "1000",
        "x-ratelimit-remaining-requests": "999",
        "x-ratelimit-reset-requests": "1m26.4s",
        "x-ratelimit-limit-tokens": "8000",
        "x-ratelimit-remaining-tokens": "7922",
        "x-ratelimit-reset-tokens": "585ms",
    }
    assert limits.headers("m", 43.2)["x-ratelimit-reset-requests"] == "43.2s"
    assert limits.remaining("m", 86.4)[LimitKind.RPD] == 1000


def test_tokens_refill_steadily():
    limits = Limits({"m": ROW})
    admit(limits, 2000, 2805)
    assert limits.remaining("m", 0)[LimitKind.TPM] == 8000 - 4805
    assert limits.remaining("m", 15)[LimitKind.TPM] == 8000 - 2805
    assert limits.headers("m", 15)["x-ratelimit-reset-tokens"] == "21.038s"


def test_a_refusal_tells_limit_use_request_and_wait():
    limits = Limits({"m": {LimitKind.TPD: 200_000}})
    limits.spend("m", LimitKind.TPD, 199_680, 0.0)
    with pytest.raises(OverLimitError) as refused:
        admit(limits, 57, 800)
    error = refused.value
    assert (error.kind, error.limit, error.used) == (LimitKind.TPD, 200_000, 199_680)
    assert error.requested == 857
    assert error.wait_s == pytest.approx(231.984)


def test_a_request_admitted_exactly_when_its_wait_is_over():
    limits = Limits({"m": ROW})
    admit(limits, 1000, 6000)
    with pytest.raises(OverLimitError) as refused:
        admit(limits, 1000, 1000)
    wait = refused.value.wait_s
    with pytest.raises(OverLimitError):
        admit(limits, 1000, 1000, wait - 0.01)
    admit(limits, 1000, 1000, wait)


def test_a_refused_request_costs_nothing():
    limits = Limits({"m": ROW})
    with pytest.raises(OverLimitError):
        admit(limits, 1, 9000)
    assert limits.remaining("m", 0.0) == ROW


def test_too_large_for_ever_is_told_before_too_full():
    limits = Limits({"m": ROW})
    limits.spend("m", LimitKind.RPM, 30, 0.0)
    with pytest.raises(OverLimitError) as refused:
        admit(limits, 10, 16_384)
    assert refused.value.kind is LimitKind.TPM
    assert refused.value.wait_s is None


def test_the_reservation_is_replaced_by_the_real_use_without_cached_tokens():
    limits = Limits({"m": ROW})
    reservation = admit(limits, 1678, None)
    assert limits.remaining("m", 0.0)[LimitKind.TPM] == 8000 - 1678 - 2048
    used = amounts_used(Usage(prompt_tokens=1678, cached_tokens=1536, completion_tokens=100))
    limits.settle(reservation, used, 0.0)
    assert limits.remaining("m", 0.0) == {
        LimitKind.RPM: 29,
        LimitKind.RPD: 999,
        LimitKind.TPM: 8000 - 242,
        LimitKind.TPD: 200_000 - 242,
    }


def test_models_do_not_share_buckets_and_one_without_a_row_is_free():
    limits = Limits({"m": ROW, "other": ROW})
    admit(limits, 100, 100)
    assert limits.remaining("other", 0.0) == ROW
    limits.admit("unlimited", amounts_reserved(10**9, 1), 0.0)
    assert limits.headers("unlimited", 0.0) == {}


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 3000), st.floats(0, 30)), max_size=30)
)
def test_no_bucket_is_ever_overdrawn_by_admission(requests):
    limits, now = Limits({"m": ROW}), 0.0
    for prompt, output, pause in requests:
        now += pause
        try:
            admit(limits, prompt, output, now)
        except OverLimitError:
            continue
        assert all(bucket.used_at(now) <= bucket.limit + 1e-6 for bucket in limits.buckets("m"))
