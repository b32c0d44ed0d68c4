"""Reads how long a server asks to be left alone where it names the hour, not the seconds."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "retry-after"


def in_seconds(headers: Mapping[str, str], now: float) -> dict[str, str]:
    """The headers with ``retry-after`` in seconds, where it holds a date (RFC 9110, 10.2.3).

    It is taken against the server's own ``date`` where there is one, so that a clock that is wrong
    here makes no difference; a date that is over asks for no wait.

    Args:
        headers: Lower-case names.
        now: The Unix time at which they arrived.
    """
    until, since = _time(headers.get(NAME) or ""), _time(headers.get("date") or "")
    if until is None:
        return dict(headers)
    wait = max(0.0, until - (now if since is None else since))
    return {**headers, NAME: str(wait)}


def _time(text: str) -> float | None:
    """The Unix time of an HTTP date in any of its three forms; all are in GMT (RFC 9110, 5.6.7)."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
