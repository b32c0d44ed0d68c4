"""Gauges, headers, durations, and fitting a request into what is left."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.quota import (
    LARGEST_ANSWER,
    LEAST_ANSWER,
    Bucket,
    Gauge,
    Source,
    allowance,
    binding_of,
    level_of,
    parse_duration,
    quota_view,
    read_headers,
)

NOW = 1_800_000_000.0


def gauge(bucket=Bucket.TPM, limit=8000, used=0.0, at=NOW):
    return Gauge(bucket, limit, used, at, Source.HEADER)


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


@given(
    st.floats(0, 20_000),
    st.lists(st.floats(0, 100_000), min_size=2, max_size=5),
)
def test_refill_is_monotone_and_stays_between_empty_and_full(used, delays):
    vessel = gauge(used=used)
    left = [vessel.remaining_at(NOW + delay) for delay in sorted(delays)]
    assert left == sorted(left)
    assert all(0 <= tokens <= vessel.limit for tokens in left)


@given(st.floats(0, 8000), st.integers(1, 8000))
def test_after_the_wait_it_fits_and_not_before(used, amount):
    vessel = gauge(used=used)
    wait = vessel.wait_for(amount, NOW)
    assert vessel.remaining_at(NOW + wait + 1e-6) >= amount
    if wait > 1:
        assert vessel.remaining_at(NOW + wait - 1) < amount


def test_more_than_the_limit_never_fits():
    assert gauge(limit=8000).wait_for(8001, NOW) is None


def test_the_wait_is_the_one_groq_tells():
    # "Limit 200000, Used 199680, Requested 857. Please try again in 3m51.983999999s."
    day = gauge(Bucket.TPD, 200_000, 199_680)
    assert day.wait_for(857, NOW) == pytest.approx(231.984)
    # "Limit 6000, Used 5034, Requested 1443. Please try again in 4.77s."
    assert gauge(Bucket.TPM, 6000, 5034).wait_for(1443, NOW) == pytest.approx(4.77)


def test_a_clock_set_back_refills_nothing():
    vessel = gauge(used=4000)
    assert vessel.remaining_at(NOW - 3600) == 4000


def test_an_hour_of_sleep_refills_a_minute_but_not_a_day():
    assert gauge(used=8000).remaining_at(NOW + 3600) == 8000
    assert gauge(Bucket.RPD, 1000, 1000).remaining_at(NOW + 3600) == 41


def test_giving_back_never_makes_more_than_there_was():
    assert gauge(used=100).charged(-500, NOW).remaining_at(NOW) == 8000


def test_the_binding_bucket_is_the_one_with_the_fewest_turns():
    levels = tuple(
        level_of(vessel, NOW)
        for vessel in (
            gauge(Bucket.RPM, 30, 5),
            gauge(Bucket.RPD, 1000, 990),
            gauge(Bucket.TPM, 8000, 0),
        )
    )
    assert binding_of(levels, 1000) == (Bucket.TPM, 8)
    assert binding_of(levels, 100) == (Bucket.RPD, 10)
    assert binding_of((), 100) == (None, None)


def test_the_view_always_has_the_four_usual_rows_and_unknown_ones_are_empty():
    view = quota_view(
        "m", (gauge(used=100),), NOW, plan=None, plan_inferred=False, tokens_per_turn=500
    )
    assert [level.bucket for level in view.levels] == [
        Bucket.RPM,
        Bucket.RPD,
        Bucket.TPM,
        Bucket.TPD,
    ]
    assert view.level(Bucket.RPM).remaining is None
    assert view.level(Bucket.TPM).remaining == 7900
    assert (view.binding, view.turns_left) == (Bucket.TPM, 15)
    assert view.at(NOW + 60).level(Bucket.TPM).remaining == 8000
    assert not view.is_full
    assert view.at(NOW + 60).is_full


class TestAllowance:
    def test_unknown_limits_bound_nothing(self):
        assert allowance((), 100, NOW).max_tokens is None
        assert allowance((), 100, NOW, wanted=500, most=65_536).max_tokens == 500

    def test_the_answer_gets_what_the_prompt_leaves(self):
        room = allowance((gauge(used=1000),), 500, NOW, most=65_536)
        assert (room.max_tokens, room.wait_s) == (6500, 0.0)

    def test_an_output_limit_bounds_the_answer_alone(self):
        room = allowance((gauge(), gauge(Bucket.OTPM, 1000)), 500, NOW, most=16_384)
        assert room.max_tokens == 1000

    def test_a_usual_answer_is_waited_for_rather_than_cut(self):
        room = allowance((gauge(used=7500),), 500, NOW, usual=1000)
        assert room.tightest.bucket is Bucket.TPM
        assert room.wait_s == pytest.approx(1000 * 60 / 8000)

    def test_requests_are_waited_for_too(self):
        room = allowance((gauge(), gauge(Bucket.RPM, 30, 30)), 500, NOW)
        assert room.tightest.bucket is Bucket.RPM
        assert room.wait_s == pytest.approx(2.0)

    def test_a_prompt_beyond_the_limit_never_fits(self):
        room = allowance((gauge(),), 9000, NOW)
        assert room.wait_s is None
        assert (room.tightest.bucket, room.tightest.limit) == (Bucket.TPM, 8000)
        assert room.requested > 9000

    def test_neither_does_one_that_leaves_no_answer(self):
        assert allowance((gauge(),), 8000 - LEAST_ANSWER + 1, NOW).wait_s is None

    @given(
        st.lists(
            st.tuples(
                st.sampled_from([Bucket.RPM, Bucket.RPD, Bucket.TPM, Bucket.TPD, Bucket.OTPM]),
                st.integers(1, 500_000),
                st.floats(0, 1),
            ),
            max_size=5,
        ),
        st.integers(0, 100_000),
        st.one_of(st.none(), st.integers(1, 50_000)),
    )
    def test_what_is_allowed_now_fits_every_bucket(self, rows, prompt, wanted):
        gauges = tuple(gauge(bucket, limit, limit * share) for bucket, limit, share in rows)
        room = allowance(gauges, prompt, NOW, wanted=wanted, most=65_536)
        if room.wait_s != 0 or room.max_tokens is None:
            return
        assert room.max_tokens <= LARGEST_ANSWER
        needs = {
            Bucket.TPM: prompt + room.max_tokens,
            Bucket.TPD: prompt + room.max_tokens,
            Bucket.OTPM: room.max_tokens,
        }
        for vessel in gauges:
            assert needs.get(vessel.bucket, 1) <= vessel.remaining_at(NOW)

    @given(st.integers(0, 7000), st.floats(0, 8000))
    def test_after_the_told_wait_it_goes(self, prompt, used):
        room = allowance((gauge(used=used),), prompt, NOW)
        if room.wait_s:
            later = allowance((gauge(used=used),), prompt, NOW + room.wait_s + 1e-6)
            assert later.wait_s == pytest.approx(0, abs=1e-5)
            assert math.isfinite(room.wait_s)
