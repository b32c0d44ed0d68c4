"""Makes ids: short, sortable by time, and safe on a command line."""

from __future__ import annotations

import secrets
import time

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread
_TIME_DIGITS = 9  # milliseconds until the year 3084
_RANDOM_DIGITS = 5


def new_id() -> str:
    """An id of 14 digits and small letters: the time in milliseconds, then chance."""
    bits = 5 * _RANDOM_DIGITS
    number = time.time_ns() // 1_000_000 << bits | secrets.randbits(bits)
    shifts = range(5 * (_TIME_DIGITS + _RANDOM_DIGITS - 1), -1, -5)
    return "".join(_DIGITS[number >> shift & 31] for shift in shifts)
