"""Votes are given on complete answers only, and are said to be stored only if they are."""

import pytest

from groqchat.domain.compare.compare import Verdict
from groqchat.domain.errors.table import failure
from groqchat.ui.compare.actions.voting import VotingActions
from tests.ui.compare.desk import A, B, C, CompareDesk


def voting(*answered):
    desk = CompareDesk(A, B, C)
    desk.answer(*answered)
    return desk, VotingActions(desk.state, desk.board)


async def test_the_winner_is_one_of_those_that_answered():
    desk, actions = voting(0, 2)
    await actions.pick(desk.columns[2])
    (vote,) = desk.votes.saved
    assert (vote.verdict, vote.winner, vote.models) == (Verdict.WINNER, C, (A, C))
    assert desk.state.ballot.winner == C
    assert desk.said == ["3 again, or Enter, goes on with it in the chat."]


async def test_a_column_without_a_complete_answer_cannot_win():
    desk, actions = voting(0, 2)
    await actions.pick(desk.columns[1])
    assert desk.votes.saved == []
    assert desk.said == ["This column has no complete answer."]


@pytest.mark.parametrize(("answered", "votes"), [((0,), 0), ((0, 1), 1)])
async def test_a_tie_takes_two_answers(answered, votes):
    desk, actions = voting(*answered)
    await actions.tie()
    assert len(desk.votes.saved) == votes


async def test_a_vote_that_cannot_be_stored_is_no_success():
    desk, actions = voting(0, 1)
    desk.votes.error = failure("disk", detail="full")
    await actions.all_bad()
    assert "full" in desk.said[-1]
    assert not any(said.startswith("All bad.") for said in desk.said)


async def test_a_vote_reveals_hidden_names():
    desk, actions = voting()
    await actions.blind()
    assert desk.state.hides_names or desk.comparison.is_blind
    desk.comparison.is_hidden = True
    desk.answer(0, 1)
    await actions.all_bad()
    assert not desk.state.hides_names
    assert desk.board.revealed == 1
    assert desk.votes.saved[0].is_blind
