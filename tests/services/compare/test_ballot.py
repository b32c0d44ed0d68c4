"""A vote holds for the answers it was given on, whatever the clock said of either."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from groqchat.domain.compare.compare import Verdict, Vote
from groqchat.services.compare.ballot import Ballot
from tests.fakes import START, FakeClock

AHEAD = START + 90 * 86_400


@dataclass
class Answered:
    """When a column was answered."""

    answered: float


@pytest.mark.parametrize(
    ("voted", "answered", "holds"),
    [
        (START - 1, (START - 3, START - 2), True),
        (START - 2, (START - 3, START - 1), False),
        (START - 1, (AHEAD, AHEAD), True),  # all were asked while it was ahead
        (AHEAD, (AHEAD - 1, AHEAD - 1), True),
        (AHEAD, (AHEAD - 1, START - 1), False),  # one was asked again since it is right
    ],
)
def test_a_vote_holds_for_the_answers_it_was_given_on(voted, answered, holds):
    comparison = SimpleNamespace(turn=1, columns=[Answered(each) for each in answered])
    vote = Vote("s1", 1, voted, ("a", "b"), Verdict.TIE)
    ballot = Ballot(comparison, None, None, FakeClock(), votes={1: vote})
    assert (ballot.vote is not None) is holds
