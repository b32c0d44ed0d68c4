"""Converts a ``retry-after`` header that holds a date into seconds."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "retry-after"


def in_seconds(headers: Mapping[str, str], now: float) -> dict[str, str]:
    """The headers with ``retry-after`` in seconds, where it holds a date (RFC 9110, 10.2.3).

    The wait is counted from the server's ``date`` header where there is one, so that a wrong clock
    on this machine makes no difference. A date in the past gives 0.

    Args:
        headers: The headers, with names in lower case.
        now: The Unix time of their arrival, in seconds.
    """
    until, since = (time_of(headers.get(name) or "") for name in (NAME, "date"))
    if until is None:
        return dict(headers)
    wait = max(0.0, until - (now if since is None else since))
    return {**headers, NAME: str(wait)}


def time_of(text: str) -> float | None:
    """The Unix time of an HTTP date in any of the three forms, all in GMT (RFC 9110, 5.6.7)."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
