"""The line before shared limits: who comes next, and when it is worth asking again."""

from dataclasses import replace

import pytest

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.domain.team.place import PlaceState

NOW = 1_791_000_000.0
ONE = {LimitKind.RPM: 1.0, LimitKind.TPM: 100.0}


def state(used=30.0):
    requests = LeakyBucket(LimitKind.RPM, 30, used, NOW, Source.CATALOGUE)
    tokens = LeakyBucket(LimitKind.TPM, 6_000, 0.0, NOW, Source.CATALOGUE)
    return PlaceState((requests, tokens))


class Line:
    """A line in which each person has one client of the same name, as a store keeps it."""

    def __init__(self):
        self.state = state()
        self.turns = {}

    def _of(self, person):
        return replace(self.state, own_turn=self.turns.get(person, 0.0))

    def wait(self, person, at=NOW, amounts=ONE):
        self.state = self._of(person).with_waiter(person, amounts, 1_000.0, at)

    def let_in(self, person, amounts=ONE, at=NOW):
        self.state = self._of(person).let_in(person, amounts, at)
        self.turns[person] = self.state.own_turn

    def next(self):
        return min(self.state.waiting, key=lambda each: each.place_in_line).client


def test_all_who_want_more_get_the_same_part_whatever_the_size_of_their_requests():
    line, got = Line(), dict.fromkeys("abc", 0)
    sizes = {"a": 1.0, "b": 1.0, "c": 4.0}
    for each in "abc":
        line.wait(each)
    for step in range(180):
        person = line.next()
        amounts = {LimitKind.RPM: sizes[person]}
        line.let_in(person, amounts)
        got[person] += sizes[person]
        line.wait(person, NOW + step)
    assert got["a"] == pytest.approx(got["b"], abs=1)
    assert got["a"] == pytest.approx(got["c"], abs=4)


def test_who_has_taken_nothing_for_a_while_is_next():
    line = Line()
    for person in "abcdefgh":
        line.wait(person)
    for step in range(100):
        person = line.next()
        line.let_in(person)
        line.wait(person, NOW + step)
    line.wait("rare", NOW + 100)
    line.let_in(line.next())
    line.let_in(line.next())
    assert "rare" not in {each.client for each in line.state.waiting}


def test_who_is_small_enough_to_pass_does_not_take_the_line_along():
    line = Line()
    line.turns = {"a": 0.5, "b": 0.6}
    line.wait("a")
    line.wait("b", NOW + 1)
    line.let_in("b", {LimitKind.TPM: 1})
    line.wait("rare", NOW + 2)
    assert line.next() == "rare"


def test_what_a_person_did_not_use_after_all_brings_the_next_request_forward():
    line = Line()
    line.let_in("a", {LimitKind.TPM: 6_000})
    line.wait("a")
    line.let_in("b")
    line.wait("b", NOW + 1)
    assert line.next() == "b"
    line.turns["a"] = 0.01
    line.wait("a", NOW + 2)
    assert line.next() == "a"


def test_a_line_is_told_as_the_wait_that_it_is():
    waiting = state()
    for number in range(10):
        waiting = waiting.with_waiter(f"c{number}", ONE, 1_000.0, NOW)
    requests, _ = waiting.for_client("late", NOW + 1e-3).cautious
    # One comes back every two seconds.
    assert requests.wait_for(1, NOW) == pytest.approx(22, abs=0.1)


def test_who_is_far_behind_asks_again_later():
    assert state().again_after(1.5) == 1.5
    assert state().again_after(100.0) == 2.0
    waiting = state()
    for number in range(20):
        waiting = waiting.with_waiter(f"c{number}", ONE, 1_000.0, NOW)
    behind = waiting.for_client("late", NOW + 1e-3)
    assert behind.again_after(42.0) == 30.0
    assert waiting.for_client("c1", NOW).again_after(4.0) == 2.0


def test_a_wait_is_told_by_what_requests_use_of_what_they_reserve():
    reserved, used = (
        {LimitKind.RPM: 1, LimitKind.TPM: 2_000},
        {LimitKind.RPM: 1, LimitKind.TPM: 500},
    )
    thrifty = state(used=0.0)
    for step in range(100):
        thrifty = thrifty.charged(reserved, NOW + step).settled(used, reserved, NOW + step)
    assert thrifty.thrift == pytest.approx(0.25, abs=0.01)
    now = NOW + 1_000
    for number in range(6):
        thrifty = thrifty.with_waiter(f"c{number}", reserved, 1_000.0, now)
    _, strict = thrifty.for_client("late", now + 1e-3).buckets
    _, likely = thrifty.for_client("late", now + 1e-3, is_likely=True).buckets
    # A hundred tokens come back in a second.
    assert strict.wait_for(500, now) == pytest.approx(65, abs=0.1)
    assert likely.wait_for(500, now) == 0


def test_those_who_wait_hold_nothing_of_a_day():
    day = LeakyBucket(LimitKind.TPD, 200_000, 0.0, NOW, Source.CATALOGUE)
    waiting = replace(state(), buckets=(*state().buckets, day))
    for number in range(60):
        amounts = {LimitKind.RPM: 1, LimitKind.TPM: 4_200, LimitKind.TPD: 4_200}
        waiting = waiting.with_waiter(f"c{number}", amounts, 1_000.0, NOW)
    *_, left = waiting.for_client("late", NOW + 1e-3).buckets
    assert left.wait_for(1_000, NOW) == 0
