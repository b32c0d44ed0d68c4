"""Reads how long a server asks to be left alone: ``retry-after``, in both of its forms."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_S = 10**7


def read_retry_after(headers: Mapping[str, str], now: float | None) -> float | None:
    """Seconds to wait; None where nobody said, or nothing that makes sense.

    The header holds seconds or a date (RFC 9110, 10.2.3). A date is taken against the server's own
    ``date`` where it sent one, so that a clock that is wrong here makes no difference; one that
    is over asks for no wait.

    Args:
        headers: Lower-case names.
        now: The Unix time at which they arrived.
    """
    told = headers.get("retry-after") or ""
    wait = _seconds(told)
    if wait is None:
        until, since = _time(told), _time(headers.get("date") or "")
        since = now if since is None else since
        wait = None if until is None or since is None else max(0.0, until - since)
    return wait if wait is not None and 0 <= wait < _LONGEST_S else None


def _seconds(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _time(text: str) -> float | None:
    """The Unix time of an HTTP date in any of its three forms; all are in GMT (RFC 9110, 5.6.7)."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
