"""Amounts of US dollars as users write them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

# What nobody means: a budget of 1e99999 would fill the screen with zeros, and one of 1e999999999
# the memory.
_BEYOND = Decimal(10**9)
_MOST_DECIMALS = 12


def read_dollars(value: object) -> Decimal:
    """An amount such as ``10``, ``$1.50`` or ``0.000001``.

    Raises:
        ValueError: It is no amount from 0 to below a billion, with at most 12 decimals.
    """
    try:
        amount = Decimal(str(value).strip().removeprefix("$"))
    except InvalidOperation:
        raise ValueError(value) from None
    if not amount.is_finite() or not 0 <= amount < _BEYOND or has_more_decimals(amount):
        raise ValueError(value)
    return amount


def has_more_decimals(number: Decimal, most: int = _MOST_DECIMALS) -> bool:
    """Whether a finite number has more decimals than that, zeros at its end left out."""
    exponent = number.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent < -most
