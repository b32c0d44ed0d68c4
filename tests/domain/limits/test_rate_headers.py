"""Limits as headers tell them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.limits.quota import LimitKind, Source, Untimed
from groqchat.domain.limits.rate_headers import parse_duration, read_headers

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("585ms", 0.585),
        ("7.66s", 7.66),
        ("1m26.4s", 86.4),
        ("2m59.56s", 179.56),
        ("10m4.8s", 604.8),
        ("1h2m3s", 3723),
        ("9m38.016s", 578.016),
        ("1.984999999s", 1.984999999),
        ("6s", 6),
        ("0s", 0),
        ("2h", 7200),
    ],
)
def test_durations_as_groq_writes_them(text, seconds):
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["", " ", "soon", "1d", "-5s", "1e9s", "5", "1s2m", "NaNs", "٣s", "1.2.3s", "1m 2s"]
)
def test_anything_else_is_no_duration(text):
    assert parse_duration(text) is None


@given(st.text(max_size=30))
def test_no_text_breaks_the_duration_parser(text):
    seconds = parse_duration(text)
    assert seconds is None or seconds >= 0


def test_headers_tell_the_day_for_requests_and_the_minute_for_tokens():
    reading = read_headers(
        {
            "x-ratelimit-limit-requests": "1000",
            "x-ratelimit-remaining-requests": "999",
            "x-ratelimit-reset-requests": "1m26.4s",
            "x-ratelimit-limit-tokens": "8000",
            "x-ratelimit-remaining-tokens": "5195",
            "x-ratelimit-reset-tokens": "21.037s",
        },
        NOW,
    )
    rpd, tpm = reading.bucket(LimitKind.RPD), reading.bucket(LimitKind.TPM)
    assert rpd.remaining_at(NOW) == 999
    assert rpd.resets_in(NOW) == pytest.approx(86.4)
    assert tpm.remaining_at(NOW) == 5195
    assert tpm.resets_in(NOW) == pytest.approx(21.037)
    assert tpm.source is Source.HEADER


HEADER_NAMES = [
    f"x-ratelimit-{what}-{of}"
    for what in ("limit", "remaining", "reset")
    for of in ("requests", "tokens")
]


@given(
    st.dictionaries(
        st.sampled_from(HEADER_NAMES),
        st.one_of(
            st.text(max_size=20),
            st.integers().map(str),
            st.floats().map(str),
            st.sampled_from(["NaN", "inf", "-1", "1, 2", "1e5", "9" * 40, "1m26.4s"]),
        ),
    )
)
def test_no_header_breaks_the_reader_and_nothing_is_invented(headers):
    reading = read_headers(headers, NOW, is_groq=True)
    for told in reading.buckets:
        name = "requests" if told.kind is LimitKind.RPD else "tokens"
        assert str(told.limit) == headers[f"x-ratelimit-limit-{name}"].strip().lstrip("0")
        left = told.remaining_at(NOW)
        assert left == max(0, int(headers[f"x-ratelimit-remaining-{name}"]))
        assert 0 <= left <= told.limit


def test_missing_headers_tell_nothing():
    assert read_headers({}, NOW).buckets == ()


def told(name, limit, left, reset=None):
    numbers = {"limit": limit, "remaining": left, "reset": reset}
    return {
        f"x-ratelimit-{what}-{name}": str(value)
        for what, value in numbers.items()
        if value is not None
    }


@pytest.mark.parametrize(
    ("limit", "left", "reset", "is_of_a_day"),
    [
        (1000, 999, "1m26.4s", True),
        (1000, 993, "10m4.8s", True),
        (14_400, 14_399, "6s", True),
        (1000, 998, "1m40s", True),  # two, one of which has nearly drained away
        (5, 2, None, False),  # litellm: requests of a minute
        (60, 59, "1s", False),
        (60, 59, "37s", False),
        (60, 0, "1m0s", False),
        (60, 60, "0s", False),
        (1000, 900, "1h", False),
        (1000, 900, "3", False),
    ],
)
def test_elsewhere_requests_are_of_a_day_only_where_their_reset_says_so(
    limit, left, reset, is_of_a_day
):
    headers = told("requests", limit, left, reset)
    reading = read_headers(headers, NOW)
    assert (reading.bucket(LimitKind.RPD) is not None) == is_of_a_day
    assert reading.untimed == (() if is_of_a_day else (Untimed("requests", limit, left),))
    assert read_headers(headers, NOW, is_groq=True).bucket(LimitKind.RPD).limit == limit


@pytest.mark.parametrize(
    ("reset", "is_of_a_minute"), [("21.037s", True), ("0s", True), (None, True), ("1m5s", False)]
)
def test_elsewhere_tokens_are_of_a_minute_only_where_their_reset_does_not_say_otherwise(
    reset, is_of_a_minute
):
    headers = told("tokens", 8000, 5195, reset)
    assert (read_headers(headers, NOW).bucket(LimitKind.TPM) is not None) == is_of_a_minute
    assert read_headers(headers, NOW, is_groq=True).bucket(LimitKind.TPM).limit == 8000


def test_less_than_nothing_is_nothing_left():
    reading = read_headers(told("tokens", 1000, -572, "60s"), NOW)
    assert reading.bucket(LimitKind.TPM).remaining_at(NOW) == 0
