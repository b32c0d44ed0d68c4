"""What a workload may do, and what it costs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.money.pricing import Cost, Price
from groqchat.domain.money.usage import Usage
from groqchat.domain.planning.planner import (
    Call,
    CallLimit,
    capacity,
    project_audio,
    project_speech,
    project_tokens,
    read_count,
    read_number,
    read_part,
    repeated,
)

FREE = {LimitKind.RPM: 30, LimitKind.RPD: 1000, LimitKind.TPM: 8000, LimitKind.TPD: 200_000}
WHISPER = {LimitKind.RPM: 20, LimitKind.RPD: 2000, LimitKind.ASH: 7200, LimitKind.ASD: 28_800}


def test_the_tightest_bucket_binds_the_minute_and_the_day():
    room = capacity(FREE, Call(tokens=2000))
    assert room.per_minute == CallLimit(LimitKind.TPM, 8000, 4)
    assert room.per_day == CallLimit(LimitKind.TPD, 200_000, 100)


def test_small_calls_are_bound_by_requests():
    room = capacity(FREE, Call(tokens=100))
    assert room.per_minute == CallLimit(LimitKind.RPM, 30, 30)
    assert room.per_day == CallLimit(LimitKind.RPD, 1000, 1000)


def test_a_minute_limit_binds_the_day_where_it_is_the_tightest():
    developer = {LimitKind.RPM: 1000, LimitKind.RPD: 500_000, LimitKind.TPM: 250_000}
    room = capacity(developer, Call(tokens=2000))
    assert (room.per_minute.calls, room.per_minute.kind) == (125, LimitKind.TPM)
    assert (room.per_day.calls_per_day, room.per_day.kind) == (180_000, LimitKind.TPM)


def test_of_equal_limits_the_day_names_the_requests():
    qwen = {LimitKind.RPM: 60, LimitKind.RPD: 1000, LimitKind.TPM: 6000, LimitKind.TPD: 500_000}
    assert capacity(qwen, Call(tokens=500)).per_day == CallLimit(LimitKind.RPD, 1000, 1000)


def test_an_hour_of_audio_binds_a_burst():
    room = capacity(WHISPER, Call(audio_s=1800))
    assert room.per_minute == CallLimit(LimitKind.ASH, 7200, 4)
    assert room.per_day == CallLimit(LimitKind.ASD, 28_800, 16)


def test_output_limits_count_the_answer_and_input_limits_the_prompt():
    limits = {**FREE, LimitKind.ITPM: 6000, LimitKind.OTPM: 1000}
    room = capacity(limits, Call(tokens=1000, output_tokens=500))
    assert room.per_minute == CallLimit(LimitKind.OTPM, 1000, 2)
    assert CallLimit(LimitKind.ITPM, 6000, 12) in room.call_limits


def test_buckets_that_nobody_can_count_are_named():
    limits = {**FREE, LimitKind.OTPM: 1000}
    assert capacity(limits, Call(tokens=1000)).unmeasured == (LimitKind.OTPM,)
    assert capacity(FREE, Call(audio_s=9)).unmeasured == (LimitKind.TPM, LimitKind.TPD)


def test_a_call_above_a_limit_never_fits():
    room = capacity(FREE, Call(tokens=8001))
    assert room.per_minute.calls == 0
    assert room.per_day == CallLimit(LimitKind.TPM, 8000, 0)


def test_without_limits_nothing_is_known():
    room = capacity({}, Call(tokens=1))
    assert (room.per_minute, room.per_day, room.call_limits) == (None, None, ())


@given(
    st.dictionaries(st.sampled_from(LimitKind), st.integers(1, 10**7), min_size=1),
    st.integers(1, 10**6),
    st.integers(1, 10**6),
)
def test_as_many_calls_fit_and_not_one_more(limits, prompt, answer):
    call = Call(tokens=prompt + answer, output_tokens=answer, audio_s=prompt)
    room = capacity(limits, call)
    minute = room.per_minute.calls
    assert all(minute * call.uses(kind) <= limit for kind, limit in limits.items())
    assert any((minute + 1) * call.uses(kind) > limit for kind, limit in limits.items())
    assert room.per_day.calls_per_day == min(c.calls_per_day for c in room.call_limits)


def test_projections_price_both_ways():
    price = Price(input=Decimal("0.15"), cached_input=Decimal("0.075"), output=Decimal("0.60"))
    usage = Usage(prompt_tokens=100_000_000, cached_tokens=50_000_000, completion_tokens=20_000_000)
    projection = project_tokens(usage, price)
    assert projection.synchronous == Cost(Decimal("23.25"), Decimal("3.75"))
    assert projection.batch == Cost(Decimal("13.50"))
    audio = project_audio(Decimal(3600), 1, Price(per_hour=Decimal("0.04")))
    assert (audio.synchronous, audio.batch) == (Cost(Decimal("0.04")), Cost(Decimal("0.02")))
    speech = project_speech(1_000_000, Price(per_million_chars=Decimal(22)))
    assert (speech.synchronous, speech.batch) == (Cost(Decimal(22)), None)


def test_an_unknown_price_projects_nothing():
    for projection in (
        project_tokens(Usage(prompt_tokens=1), None),
        project_audio(Decimal(1), 1, None),
        project_speech(1, None),
    ):
        assert (projection.synchronous, projection.batch) == (None, None)


def test_repeated_calls():
    call = Usage(prompt_tokens=1500, cached_tokens=500, completion_tokens=500)
    assert repeated(call, 60_000) == Usage(
        prompt_tokens=90_000_000, cached_tokens=30_000_000, completion_tokens=30_000_000
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2000", "2000"),
        ("100M", "100000000"),
        ("1.5K", "1500"),
        ("2b", "2000000000"),
        ("1,000", "1000"),
        ("1_000", "1000"),
        (" 0.5 ", "0.5"),
        (".5", "0.5"),
    ],
)
def test_numbers_in_the_users_notation(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "M", "-5", "1e9", "nan", "inf", "10 %", "1.5.2", "٣", "5G", "1K5", "9" * 16]
)
def test_what_is_no_number_is_refused_by_name(text):
    with pytest.raises(ValueError, match=r"is (not a number like|too large)"):
        read_number(text)


def test_a_count_is_whole():
    assert read_count("1.5K") == 1500
    with pytest.raises(ValueError, match=r"'0\.5' is not a whole number"):
        read_count("0.5")


@pytest.mark.parametrize(
    ("text", "part"), [("50%", 50), ("12.5 %", 12), ("0", 0), ("101", 101), ("100%", 101)]
)
def test_a_part_is_a_count_or_a_share_rounded_down(text, part):
    assert read_part(text, 101) == part


@pytest.mark.parametrize("text", ["102", "101%", "1K"])
def test_a_part_is_not_more_than_the_whole(text):
    with pytest.raises(ValueError, match="more than the 101 that there are"):
        read_part(text, 101)
