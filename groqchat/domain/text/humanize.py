"""Numbers as people read them: exact where it matters, short enough for a narrow panel.

An unknown number reads ``unknown`` and never looks like a zero.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

UNKNOWN = "unknown"
BEST = "★"
"""The mark of the best figure of a row."""

_CENT = Decimal("0.01")
# What is 57 % must not read 56 for the way in which binary fractions are rounded.
_HAIR = 1e-6


def count(number: int | None) -> str:
    """A whole number, every digit of it.

    >>> count(7922)
    '7,922'
    """
    return UNKNOWN if number is None else f"{number:,}"


def counted(number: int, noun: str) -> str:
    """A number of things, whose plural ends in an s.

    >>> counted(1, "request"), counted(1200, "request")
    ('1 request', '1,200 requests')
    """
    return f"{count(number)} {noun}{'' if number == 1 else 's'}"


def in_words(names: Sequence[str]) -> str:
    """Some names as a list in a sentence.

    >>> in_words(["a"]), in_words(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join([", ".join(names[:-1])] * (len(names) > 1) + list(names[-1:]))


def size(number: int) -> str:
    """A number of bytes.

    >>> size(512), size(4096), size(2_500_000)
    ('512 bytes', '4.1 kB', '2.5 MB')
    """
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if number >= unit:
            return f"{number / unit:,.1f} {name}"
    return counted(number, "byte")


def money(amount: Decimal | None) -> str:
    """US dollars: cents from one dollar up, three significant digits below it.

    A cost that is not zero never reads as zero, however small.

    >>> money(Decimal("1234.5")), money(Decimal("0.012345")), money(Decimal("0.00000375"))
    ('$1,234.50', '$0.0123', '$0.00000375')
    """
    if amount is None:
        return UNKNOWN
    size = abs(amount)
    unit = _CENT if size >= 1 or not size else Decimal(1).scaleb(size.adjusted() - 2)
    rounded = size.quantize(min(unit, _CENT), rounding=ROUND_HALF_UP)
    return f"{'-' if amount < 0 else ''}${_trimmed(rounded)}"


def at_list_price(cost: Decimal | None) -> str:
    """The cost of something that is about to be sent, in words."""
    return "an unknown price" if cost is None else f"{money(cost)} at list price"


def aligned(figures: Sequence[str]) -> list[str]:
    """Figures with blanks behind them so that, set flush right, their decimal points meet.

    >>> aligned(["$1,234.50", "$0.0123", "unknown"])
    ['$1,234.50  ', '$0.0123', 'unknown     ']
    """
    behind = [len(figure) - figure.rfind(".") if "." in figure else 0 for figure in figures]
    most = max(behind, default=0)
    return [figure + " " * (most - own) for figure, own in zip(figures, behind, strict=True)]


def exact_money(amount: Decimal | None) -> str:
    """US dollars with every digit there is, and at least cents.

    >>> exact_money(Decimal("14.625")), exact_money(Decimal(27))
    ('$14.625', '$27.00')
    """
    if amount is None:
        return UNKNOWN
    return f"{'-' if amount < 0 else ''}${_trimmed(abs(amount))}"


def duration(seconds: float | None) -> str:
    """A measured time, coarser the longer it is; at most seven characters below 100 days.

    >>> duration(0.585), duration(7.66), duration(26.4), duration(86.4), duration(3723)
    ('585ms', '7.7s', '26s', '1m 26s', '1h 02m')
    """
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    if round(seconds * 1000) < 1000:
        return f"{max(round(seconds * 1000), 0)}ms"
    if round(seconds, 1) < 10:
        return f"{seconds:.1f}s"
    return _clock(round(seconds))


def countdown(seconds: float | None) -> str:
    """A time still to wait, in whole seconds rounded up: it reads ``0s`` only when it is over.

    >>> countdown(0.2), countdown(86.4)
    ('1s', '1m 27s')
    """
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    return _clock(max(math.ceil(seconds), 0))


def speed(tokens_per_second: float | None) -> str:
    """The speed of an answer.

    >>> speed(481.7), speed(9.46)
    ('482 tok/s', '9.5 tok/s')
    """
    if tokens_per_second is None or not math.isfinite(tokens_per_second):
        return UNKNOWN
    digits = 1 if round(tokens_per_second, 1) < 10 else 0
    return f"{tokens_per_second:,.{digits}f} tok/s"


def percent(share: float) -> str:
    """A part of a whole, rounded down: it reads ``100%`` only when all of it is there.

    >>> percent(0.5), percent(0.9999), percent(5.72)
    ('50%', '99%', '572%')
    """
    return f"{math.floor(share * 100 + _HAIR):,}%" if math.isfinite(share) else UNKNOWN


def _clock(seconds: int) -> str:
    """The two largest units, the smaller one padded so that a countdown does not jump about."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        return f"{days}d {hour:02}h"
    if hours:
        return f"{hours}h {minute:02}m"
    return f"{minutes}m {second:02}s" if minutes else f"{second}s"


def _trimmed(amount: Decimal) -> str:
    """The amount with thousands separators and no idle zeros beyond the cents."""
    whole, _, fraction = f"{amount:,f}".partition(".")
    return f"{whole}.{fraction.rstrip('0'):0<2}"
