"""Days in lists and queries: those of the local time zone."""

from datetime import datetime

import pytest

from groqchat.services.sessions.dates import UNDATED, day_name, day_start

NOW = datetime(2026, 11, 29, 15, 30).astimezone().timestamp()


def at(*moment):
    return datetime(*moment).astimezone().timestamp()


@pytest.mark.parametrize(
    ("time", "name"),
    [
        (NOW, "Today"),
        (NOW + 30, "Today"),
        (at(2026, 11, 29), "Today"),
        (at(2026, 11, 28, 23, 59), "Yesterday"),
        (at(2026, 11, 27, 12), "Fri 27 Nov"),
        (at(2026, 1, 2), "Fri 2 Jan"),
        (at(2025, 12, 31), "31 Dec 2025"),
        (NOW + 86_400, UNDATED),
        (1e18, UNDATED),
        (float("nan"), UNDATED),
    ],
)
def test_a_time_has_the_name_of_its_day(time, name):
    assert day_name(time, NOW) == name


@pytest.mark.parametrize(
    ("written", "start"),
    [
        ("today", at(2026, 11, 29)),
        ("yesterday", at(2026, 11, 28)),
        ("7d", at(2026, 11, 22)),
        ("0d", at(2026, 11, 29)),
        ("99999d", at(1970, 1, 2)),
        ("2026-11-01", at(2026, 11, 1)),
        ("2026-3", at(2026, 3, 1)),
        ("2026", at(2026, 1, 1)),
        ("2026-02-30", None),
        ("1900", None),
        ("9999", None),
        ("soon", None),
        ("", None),
        ("2026-11-01-05", None),
    ],
)
def test_a_day_that_is_written_begins_at_midnight(written, start):
    assert day_start(written, now=NOW) == start
