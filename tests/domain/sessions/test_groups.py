"""Sessions in groups: the pinned ones, then day by day."""

from groqchat.domain.sessions.groups import DAY_S, KEPT_IN_BIN_S, PINNED, by_day, days_left
from groqchat.domain.turns.chat import Session


def test_pinned_sessions_come_apart_and_the_others_by_day():
    sessions = [
        Session("p", "", 0, 1.0, is_pinned=True), Session("a", "", 0, 9.0),
        Session("b", "", 0, 9.5), Session("c", "", 0, 3.0),
    ]  # fmt: skip
    found = by_day(sessions, lambda time: f"day {time:.0f}"[:5])
    assert [(name, [each.id for each in group]) for name, group in found] == [
        (PINNED, ["p"]), ("day 9", ["a"]), ("day 1", ["b"]), ("day 3", ["c"]),
    ]  # fmt: skip
    assert by_day([], str) == []


def test_the_days_left_in_the_bin():
    assert days_left(0.0, now=0.0) == 30
    assert days_left(0.0, now=KEPT_IN_BIN_S - DAY_S) == 1
    assert days_left(0.0, now=2 * KEPT_IN_BIN_S) == 0
