"""Numbers as people read them."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.text.humanize import count, countdown, duration, exact_money, money, speed


@pytest.mark.parametrize(("number", "text"), [(7922, "7,922"), (0, "0"), (None, "unknown")])
def test_count(number, text):
    assert count(number) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, "unknown"),
        (Decimal(0), "$0.00"),
        (Decimal("0.00000375"), "$0.00000375"),
        (Decimal("0.0001965"), "$0.000197"),
        (Decimal("0.0123456"), "$0.0123"),
        (Decimal("0.1"), "$0.10"),
        (Decimal("0.675"), "$0.675"),
        (Decimal("0.9996"), "$1.00"),
        (Decimal("14.625"), "$14.63"),
        (Decimal("1234567.8"), "$1,234,567.80"),
        (Decimal("-0.5"), "-$0.50"),
    ],
)
def test_money(amount, text):
    assert money(amount) == text


@given(st.decimals(min_value=Decimal("1E-12"), max_value=10**9, allow_nan=False, places=12))
def test_a_cost_that_is_not_zero_never_reads_as_zero_and_is_close(amount):
    if amount:
        shown = Decimal(money(amount).removeprefix("$").replace(",", ""))
        assert abs(shown - amount) <= max(amount / 200, Decimal(0))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("14.625"), "$14.625"),
        (Decimal(1000), "$1,000.00"),
        (Decimal("-0.5"), "-$0.50"),
        (None, "unknown"),
    ],
)
def test_exact_money(amount, text):
    assert exact_money(amount) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "unknown"),
        (math.nan, "unknown"),
        (math.inf, "unknown"),
        (-3, "0ms"),
        (0, "0ms"),
        (0.585, "585ms"),
        (0.9996, "1.0s"),
        (7.66, "7.7s"),
        (9.96, "10s"),
        (59.7, "1m 00s"),
        (86.4, "1m 26s"),
        (3723, "1h 02m"),
        (180_000, "2d 02h"),
    ],
)
def test_duration(seconds, text):
    assert duration(seconds) == text


@given(st.floats(0, 99 * 86_400))
def test_times_stay_narrow(seconds):
    assert len(duration(seconds)) <= 7
    assert len(countdown(seconds)) <= 7


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "unknown"), (-1, "0s"), (0, "0s"), (0.01, "1s"), (59.2, "1m 00s"), (86.4, "1m 27s")],
)
def test_countdown_is_over_only_when_it_is(seconds, text):
    assert countdown(seconds) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (None, "unknown"),
        (math.inf, "unknown"),
        (9.46, "9.5 tok/s"),
        (9.97, "10 tok/s"),
        (481.7, "482 tok/s"),
        (4012.3, "4,012 tok/s"),
    ],
)
def test_speed(rate, text):
    assert speed(rate) == text
