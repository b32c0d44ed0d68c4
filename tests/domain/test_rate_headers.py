"""Limits as headers tell them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.quota import Bucket, Source
from groqchat.domain.rate_headers import parse_duration, read_headers

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
    rpd, tpm = reading.gauge(Bucket.RPD), reading.gauge(Bucket.TPM)
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
    reading = read_headers(headers, NOW)
    for told in reading.gauges:
        name = "requests" if told.bucket is Bucket.RPD else "tokens"
        assert str(told.limit) == headers[f"x-ratelimit-limit-{name}"].strip().lstrip("0")
        left = told.remaining_at(NOW)
        assert left == int(headers[f"x-ratelimit-remaining-{name}"])
        assert 0 <= left <= told.limit


def test_missing_headers_tell_nothing():
    assert read_headers({}, NOW).gauges == ()
