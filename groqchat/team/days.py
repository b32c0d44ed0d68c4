"""Sums by local day: a server knows neither the time zone of who asks nor its clock changes."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.domain.ledger.sums import Sums
from groqchat.services.quota.budget import local_day

if TYPE_CHECKING:
    from collections.abc import Iterable

SLOT_S = 900
"""The seconds that a server adds up at once: all time zones are whole quarters of an hour apart."""


def by_day(slots: Iterable[tuple[float, Sums]]) -> list[tuple[str, Sums]]:
    """The sums of each local day, as an ISO date, the newest first.

    Args:
        slots: The sums of slots of ``SLOT_S``, by their numbers since the beginning of Unix time.
    """
    days: dict[str, Sums] = {}
    for slot, sums in slots:
        day = ""
        with suppress(ValueError, OverflowError, OSError):  # a clock that was far ahead
            day = local_day(slot * SLOT_S).isoformat()
        days[day] = days.get(day, Sums()).plus(sums)
    return sorted(days.items(), reverse=True)
