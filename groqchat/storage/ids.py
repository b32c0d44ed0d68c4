"""Ids that are short, sortable by time, and safe on a command line."""

from __future__ import annotations

import secrets
import threading
import time

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread
_TIME_DIGITS = 9  # milliseconds until the year 3084
_RANDOM_DIGITS = 5


class Ids:
    """A generator of ids with 14 digits and small letters: the time in ms, then random bits.

    Each id is larger than the one before: an import makes thousands within a millisecond, where
    random bits alone would repeat now and then.
    """

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def __call__(self) -> str:
        """A new id."""
        bits = 5 * _RANDOM_DIGITS
        number = time.time_ns() // 1_000_000 << bits | secrets.randbits(bits)
        with self._lock:
            self._last = number = max(number, self._last + 1)
        shifts = range(5 * (_TIME_DIGITS + _RANDOM_DIGITS - 1), -1, -5)
        return "".join(_DIGITS[number >> shift & 31] for shift in shifts)


new_id = Ids()
