"""Every cent: the arithmetic of list prices."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.money.pricing import (
    Cost,
    Price,
    ToolPrice,
    audio_cost,
    billed_audio_s,
    cost_of,
    price_strings,
    speech_cost,
    tool_cost,
    usd_string,
)
from groqchat.domain.money.usage import Usage

OSS_120B = Price(input=Decimal("0.15"), cached_input=Decimal("0.075"), output=Decimal("0.60"))
LLAMA = Price(input=Decimal("0.05"), output=Decimal("0.08"))
TURBO = Price(per_hour=Decimal("0.04"))

counts = st.integers(0, 10**9)


@st.composite
def usages(draw):
    prompt = draw(counts)
    return Usage(
        prompt_tokens=prompt,
        cached_tokens=draw(st.integers(0, prompt)),
        completion_tokens=draw(counts),
    )


def test_a_real_answer_with_a_cache_hit():
    usage = Usage(prompt_tokens=1678, cached_tokens=1536, completion_tokens=100)
    expected = (
        Decimal(142) * Decimal("0.15")
        + Decimal(1536) * Decimal("0.075")
        + Decimal(100) * Decimal("0.60")
    ) / 10**6
    assert cost_of(usage, OSS_120B) == Cost(expected, Decimal("0.0001152"))
    assert expected == Decimal("0.0001965")


def test_reasoning_is_inside_the_completion_and_not_billed_twice():
    plain = Usage(prompt_tokens=10, completion_tokens=100)
    thinking = Usage(prompt_tokens=10, completion_tokens=100, reasoning_tokens=80)
    assert cost_of(thinking, OSS_120B) == cost_of(plain, OSS_120B)


def test_without_a_cache_price_cached_tokens_are_ordinary_input():
    usage = Usage(prompt_tokens=1000, cached_tokens=900, completion_tokens=0)
    assert cost_of(usage, LLAMA) == Cost(Decimal("0.00005"))


@pytest.mark.parametrize(
    "price", [None, Price(), Price(input=Decimal(1)), Price(output=Decimal(1)), TURBO]
)
def test_an_unknown_price_is_unknown_and_never_zero(price):
    assert cost_of(Usage(prompt_tokens=1), price) is None


def test_batch_and_cache_discounts_do_not_stack():
    usage = Usage(prompt_tokens=100_000_000, cached_tokens=100_000_000)
    assert cost_of(usage, OSS_120B, batch=True) == Cost(Decimal("7.50"))
    assert cost_of(usage, OSS_120B) == Cost(Decimal("7.50"), Decimal("7.50"))


@given(usages(), st.integers(1, 5))
def test_many_equal_answers_cost_as_many_times_one(usage, times):
    one = cost_of(usage, OSS_120B)
    many = cost_of(
        Usage(
            prompt_tokens=usage.prompt_tokens * times,
            cached_tokens=usage.cached_tokens * times,
            completion_tokens=usage.completion_tokens * times,
        ),
        OSS_120B,
    )
    assert many == Cost(one.total * times, one.saved_by_cache * times)


@given(usages())
def test_what_the_cache_saved_and_what_is_paid_make_the_full_price(usage):
    cost = cost_of(usage, OSS_120B)
    half = cost_of(usage, OSS_120B, batch=True)
    assert cost.total + cost.saved_by_cache == half.total * 2
    assert 0 <= cost.saved_by_cache <= cost.total + cost.saved_by_cache


@pytest.mark.parametrize(
    ("seconds", "billed"), [("0", "10"), ("0.01", "10"), ("10", "10"), ("10.5", "10.5")]
)
def test_audio_is_billed_for_ten_seconds_at_least(seconds, billed):
    assert billed_audio_s(Decimal(seconds)) == Decimal(billed)


def test_each_of_many_files_is_billed_for_ten_seconds_at_least():
    assert billed_audio_s(Decimal(3600), files=3600) == 36_000
    assert billed_audio_s(Decimal(3600), files=2) == 3600


def test_audio_costs_by_the_hour_and_half_in_a_batch():
    assert audio_cost(Decimal(3_600_000), TURBO) == Cost(Decimal("40.00"))
    assert audio_cost(Decimal(3_600_000), TURBO, batch=True) == Cost(Decimal("20.00"))
    assert audio_cost(Decimal(5), Price(per_hour=Decimal("0.111"))) == Cost(
        Decimal("0.000308333333")
    )
    assert audio_cost(Decimal(5), OSS_120B) is None


@given(st.lists(st.integers(0, 10**6), max_size=30))
def test_costs_by_the_hour_add_up_exactly_in_any_order(lengths):
    costs = [
        audio_cost(Decimal(length), Price(per_hour=Decimal("0.111"))).total for length in lengths
    ]
    assert (
        sum(costs, Decimal(0)) == sum(reversed(costs), Decimal(0)) == sum(sorted(costs), Decimal(0))
    )


def test_speech_costs_by_the_character():
    assert speech_cost(200, Price(per_million_chars=Decimal(22))) == Cost(Decimal("0.0044"))
    assert speech_cost(200, TURBO) is None


def test_tools_cost_by_request_or_by_run_time():
    search, code = ToolPrice(per_thousand=Decimal(5)), ToolPrice(per_hour=Decimal("0.18"))
    assert tool_cost(search, requests=3, seconds=Decimal(0)) == Cost(Decimal("0.015"))
    assert tool_cost(code, requests=1, seconds=Decimal(60)) == Cost(Decimal("0.003"))
    assert tool_cost(ToolPrice(), requests=3, seconds=Decimal(9)) is None
    assert tool_cost(None, requests=3, seconds=Decimal(9)) is None


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0.00"),
        ("3.750E-6", "0.00000375"),
        ("27", "27.00"),
        ("1E+3", "1000.00"),
        ("14.6250", "14.625"),
        ("0.60", "0.60"),
    ],
)
def test_money_in_json_is_exact_and_plain(amount, text):
    assert usd_string(Decimal(amount)) == text


@given(st.decimals(min_value=0, max_value=10**9, allow_nan=False, places=12))
def test_money_in_json_reads_back_as_the_same_amount(amount):
    assert Decimal(usd_string(amount)) == amount
    assert "E" not in usd_string(amount)


def test_a_price_in_json_says_what_is_not_known():
    price = Price(input=Decimal("0.15"), output=Decimal("0.6"), source="a page", as_of="2026-10-01")
    assert price_strings(price) == {
        "input": "0.15",
        "cached_input": None,
        "output": "0.60",
        "per_hour": None,
        "per_million_chars": None,
        "source": "a page",
        "as_of": "2026-10-01",
    }
    assert price_strings(None) is None


@given(usages(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_count_that_is_plausible_whatever_the_answer_says_is_never_replaced(usage, prompt, text):
    if usage.is_plausible(prompt):
        assert usage.plausible(Usage(prompt, 0, text, is_estimated=True)) is usage


def test_a_usual_count_is_plausible_whatever_the_answer_says_and_an_impossible_one_is_not():
    assert Usage(90, 0, 500).is_plausible(80)
    assert not Usage(90, 0, 0).is_plausible(80)
    assert not Usage(0, 0, 500).is_plausible(80)
    assert not Usage(90, 0, 10**9).is_plausible(80)
