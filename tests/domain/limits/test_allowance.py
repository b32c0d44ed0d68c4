"""Fitting a request into what is left."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.limits.allowance import (
    AMPLE_ANSWER,
    LARGEST_ANSWER,
    LEAST_ANSWER,
    USUAL_ANSWER,
    RequestSize,
    allowance,
    ample_answer,
    learnt_answer,
    shared_answer,
)
from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source

NOW = 1_800_000_000.0


def leaky_bucket(kind=LimitKind.TPM, limit=8000, used=0.0):
    return LeakyBucket(kind, limit, used, NOW, Source.HEADER)


def fit(buckets, prompt, now, **size):
    return allowance(buckets, RequestSize(prompt, **size), now)


def test_unknown_limits_bound_nothing():
    assert fit((), 100, NOW).max_tokens is None
    assert fit((), 100, NOW, wanted=500, most=65_536).max_tokens == 500


def test_the_answer_gets_what_the_prompt_leaves():
    room = fit((leaky_bucket(used=1000),), 500, NOW, most=65_536)
    assert (room.max_tokens, room.wait_s) == (6500, 0.0)


def test_a_limit_above_the_context_window_leaves_the_answer_within_the_window():
    room = fit((leaky_bucket(limit=6_000),), 9, NOW, doubt=1, most=4_096, window=4_096)
    assert (room.max_tokens, room.wait_s) == (4_086, 0.0)


def test_an_output_limit_bounds_the_answer_alone():
    room = fit((leaky_bucket(), leaky_bucket(LimitKind.OTPM, 1000)), 500, NOW, most=16_384)
    assert room.max_tokens == 1000


def test_an_output_limit_that_was_used_a_little_is_not_waited_for():
    output = leaky_bucket(LimitKind.OTPM, 1000, 14)
    room = fit((leaky_bucket(), output), 500, NOW, usual=1_024, wanted=1_000)
    assert (room.max_tokens, room.wait_s) == (986, 0.0)
    full = fit((leaky_bucket(LimitKind.OTPM, 1000, 700),), 500, NOW, usual=1_024)
    assert (full.requested, full.wait_s) == (500, pytest.approx(200 * 60 / 1000))


def test_a_usual_answer_is_waited_for_rather_than_cut():
    room = fit((leaky_bucket(used=7500),), 500, NOW, usual=1000)
    assert room.tightest.kind is LimitKind.TPM
    assert room.wait_s == pytest.approx(1000 * 60 / 8000)


def test_requests_are_waited_for_too():
    room = fit((leaky_bucket(), leaky_bucket(LimitKind.RPM, 30, 30)), 500, NOW)
    assert room.tightest.kind is LimitKind.RPM
    assert room.wait_s == pytest.approx(2.0)


def test_a_prompt_beyond_the_limit_never_fits():
    room = fit((leaky_bucket(),), 9000, NOW)
    assert room.wait_s is None
    assert (room.tightest.kind, room.tightest.limit) == (LimitKind.TPM, 8000)
    assert room.requested > 9000


def test_neither_does_one_that_leaves_no_answer():
    assert fit((leaky_bucket(),), 8000 - LEAST_ANSWER + 1, NOW).wait_s is None


def test_a_prompt_that_may_fit_is_for_the_server_to_refuse():
    room = fit((leaky_bucket(),), 9000, NOW, excess=2000, most=65_536)
    assert (room.wait_s, room.max_tokens) == (0.0, 1000)
    assert fit((leaky_bucket(),), 9000, NOW, excess=500).wait_s is None
    itpm = leaky_bucket(LimitKind.ITPM, 7000, 3500)
    room = fit((itpm,), 6000, NOW, excess=1500)
    assert room.tightest is itpm
    assert room.wait_s == pytest.approx(2500 * 60 / 7000)


def test_the_answer_leaves_room_for_what_the_prompt_may_be_longer():
    assert fit((leaky_bucket(),), 1000, NOW, doubt=300, most=65_536).max_tokens == 6700
    assert fit((leaky_bucket(used=5000),), 1800, NOW, doubt=500).max_tokens is not None


def test_a_prompt_beyond_the_window_never_fits_and_one_that_may_fit_goes():
    never = fit((), 200_000, NOW, excess=46_000, window=131_072)
    assert (never.wait_s, never.tightest, never.requested) == (None, None, 200_000)
    assert fit((), 160_000, NOW, excess=37_000, window=131_072).wait_s == 0
    full = fit((), 510, NOW, wanted=1000, window=512)
    assert (full.wait_s, full.max_tokens) == (0, 2)
    assert fit((leaky_bucket(),), 140_000, NOW, window=131_072).tightest.kind is LimitKind.TPM


def test_the_answer_gets_what_the_window_leaves():
    plenty = leaky_bucket(limit=500_000)
    assert fit((plenty,), 120_000, NOW, doubt=1000, window=131_072).max_tokens == 10_072
    assert fit((), 120_000, NOW, wanted=20_000, window=131_072).max_tokens == 11_072


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [LimitKind.RPM, LimitKind.RPD, LimitKind.TPM, LimitKind.TPD, LimitKind.OTPM]
            ),
            st.integers(1, 500_000),
            st.floats(0, 1),
        ),
        max_size=5,
    ),
    st.integers(0, 100_000),
    st.one_of(st.none(), st.integers(1, 50_000)),
)
def test_what_is_allowed_now_fits_every_bucket(rows, prompt, wanted):
    buckets = tuple(leaky_bucket(kind, limit, limit * share) for kind, limit, share in rows)
    room = fit(buckets, prompt, NOW, wanted=wanted, most=65_536)
    if room.wait_s != 0 or room.max_tokens is None:
        return
    assert room.max_tokens <= max(LARGEST_ANSWER, wanted or 0)
    needs = {
        LimitKind.TPM: prompt + room.max_tokens,
        LimitKind.TPD: prompt + room.max_tokens,
        LimitKind.OTPM: room.max_tokens,
    }
    for bucket in buckets:
        assert needs.get(bucket.kind, 1) <= bucket.remaining_at(NOW)


@given(st.integers(0, 7000), st.floats(0, 8000))
def test_after_the_told_wait_it_goes(prompt, used):
    room = fit((leaky_bucket(used=used),), prompt, NOW)
    if room.wait_s:
        later = fit((leaky_bucket(used=used),), prompt, NOW + room.wait_s + 1e-6)
        assert later.wait_s == pytest.approx(0, abs=1e-5)
        assert math.isfinite(room.wait_s)


def test_the_room_of_an_answer_in_a_row_is_learnt_from_those_before_it():
    assert learnt_answer([100] * 9) is None
    assert learnt_answer([100, 400, *[50] * 20]) == 600
    assert learnt_answer([1] * 50) == LEAST_ANSWER
    assert learnt_answer([4_000] * 50) == AMPLE_ANSWER


def test_where_little_is_left_an_answer_in_a_row_takes_what_was_learnt():
    size = {"usual": 300, "ample": 300, "beside": 9, "most": 65_536}
    assert fit((leaky_bucket(limit=250_000, used=248_000),), 100, NOW, **size).max_tokens == 300
    # Where much is left it keeps nobody else out.
    assert fit((leaky_bucket(limit=250_000),), 100, NOW, **size).max_tokens == AMPLE_ANSWER
    assert fit((leaky_bucket(limit=250_000, used=210_000),), 0, NOW, **size).max_tokens == 2_000


def test_the_room_of_an_answer_beside_others_is_what_most_of_the_last_ones_took():
    assert shared_answer([]) == shared_answer([400] * 9) == USUAL_ANSWER
    assert shared_answer([*[1_000] * 95, *[9_000] * 5]) == 1_500
    assert shared_answer([4_000]) == AMPLE_ANSWER


def test_an_answer_that_shares_leaves_room_for_two_short_requests_even_where_it_is_alone():
    size = {"usual": 300, "ample": 1_024, "shares": True, "most": 65_536}
    alone = fit((leaky_bucket(limit=8_000),), 80, NOW, **size).max_tokens
    assert alone == 7_920 - 2 * (1_024 + 256)
    taken = (leaky_bucket(limit=8_000, used=80 + alone),)
    second = fit(taken, 80, NOW, beside=1, **size).max_tokens
    assert second == 1_024
    taken = (leaky_bucket(limit=8_000, used=160 + alone + second),)
    assert fit(taken, 80, NOW, beside=2, **size).max_tokens == 1_024
    # An ample answer it gets, where that much is left.
    assert fit((leaky_bucket(limit=6_000),), 0, NOW, **size).max_tokens == AMPLE_ANSWER
    assert (
        fit((leaky_bucket(limit=3_000),), 0, NOW, **size).max_tokens == 3_000 - 64
    )  # room for what is estimated too short


def test_an_ample_answer_is_what_limits_ever_leave():
    size = RequestSize(1_000, usual=300, ample=300, most=65_536)
    assert ample_answer((leaky_bucket(),), size) == AMPLE_ANSWER
    assert ample_answer((leaky_bucket(limit=3_000),), size) == 2_000
    assert ample_answer((leaky_bucket(LimitKind.OTPM, 1_000),), size) == 500
    assert ample_answer((), RequestSize(1_000, wanted=200)) == 200
    assert ample_answer((leaky_bucket(limit=900),), size) == 0
