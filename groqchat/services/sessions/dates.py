"""Days of the local time zone: their names in lists, and their beginnings in queries."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from groqchat.domain.clocks import AHEAD_S

TODAY, YESTERDAY, UNDATED = "Today", "Yesterday", "Other dates"

# The years that every system can make a time of.
_EARLIEST, _LATEST = date(1970, 1, 2), date(9998, 1, 1)
_DAYS = re.compile(r"(\d{1,5})d")
_WRITTEN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def day_name(time: float, now: float) -> str:
    """The name of the day of a Unix time: ``Today``, ``Yesterday``, ``Mon 23 Nov``.

    A day of another year is written with its year. Times that a wrong clock wrote have no day.
    """
    try:
        day, today = _day_of(time), _day_of(now)
    except (OverflowError, OSError, ValueError):  # whatever a file that was imported once said
        return UNDATED
    if time > now + AHEAD_S:
        return UNDATED
    if day >= today:
        return TODAY
    if day == today - timedelta(days=1):
        return YESTERDAY
    is_near = day.year == today.year
    return f"{day:%a} {day.day} {day:%b}" if is_near else f"{day.day} {day:%b} {day.year}"


def day_start(written: str, *, now: float) -> float | None:
    """The Unix time at which a day begins in the local time zone; None for what is no day.

    Args:
        written: ``today``, ``yesterday``, ``7d`` (days ago), or a date, month or year in figures.
        now: The Unix time.
    """
    day = _day(written, _day_of(now))
    if day is None or not _EARLIEST <= day <= _LATEST:
        return None
    return datetime(day.year, day.month, day.day).astimezone().timestamp()


def _day(written: str, today: date) -> date | None:
    if written == "today":
        return today
    if written == "yesterday":
        return today - timedelta(days=1)
    if days := _DAYS.fullmatch(written):
        return max(_EARLIEST, today - timedelta(days=min(int(days[1]), today.toordinal() - 1)))
    figures = _WRITTEN.fullmatch(written)
    try:
        return date(*(int(figure or 1) for figure in figures.groups())) if figures else None
    except ValueError:
        return None


def _day_of(time: float) -> date:
    return date.fromtimestamp(time)  # noqa: DTZ012  # the local one; each line of a list asks
