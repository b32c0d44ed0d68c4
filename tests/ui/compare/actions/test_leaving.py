"""The chat goes on with an answer, which is then the winner, or with all answers."""

from groqchat.domain.errors.table import failure
from groqchat.ui.compare.actions.leaving import LeavingActions
from groqchat.ui.compare.actions.voting import VotingActions
from tests.ui.compare.desk import A, B, CompareDesk


def leaving(desk, leaves=None):
    desk.left = []

    async def split():
        if leaves is None:
            raise failure("disk", detail="full")
        return leaves

    async def stand_at(column):
        desk.stood_at.append(column.model)

    desk.stood_at = []
    voting = VotingActions(desk.state, desk.board)
    return LeavingActions(desk.state, voting, split, desk.left.append, stand_at)


async def test_without_a_vote_the_answer_that_is_gone_on_with_is_the_winner():
    desk = CompareDesk(A, B)
    desk.answer(0, 1)
    desk.focused = 1
    await leaving(desk).go_on()
    assert desk.left == ["answer1"]
    assert [vote.winner for vote in desk.votes.saved] == [B]


async def test_the_winner_is_gone_on_with_where_no_column_has_the_focus():
    desk = CompareDesk(A, B)
    desk.answer(0, 1)
    actions = leaving(desk)
    await actions.go_on()
    assert desk.said == ["Press Tab, then Enter to go on with an answer."]
    await actions.pick(desk.columns[0])
    assert desk.left == []
    await actions.go_on()
    await actions.pick(desk.columns[0])
    assert desk.left == ["answer0", "answer0"]
    assert len(desk.votes.saved) == 1


async def test_of_all_sessions_that_of_the_focused_column_opens():
    desk = CompareDesk(A, B)
    desk.answer(0, 1)
    desk.focused = 1
    await leaving(desk, {0: "copy0", 1: "copy1"}).go_on_with_all()
    assert desk.left == ["copy1"]


async def test_where_the_sessions_cannot_be_stored_the_comparison_stays():
    desk = CompareDesk(A, B)
    desk.answer(0)
    await leaving(desk).go_on_with_all()
    assert desk.left == []
    assert "full" in desk.said[-1]


async def test_there_is_nothing_to_go_on_with_before_an_answer():
    desk = CompareDesk(A, B)
    desk.focused = 0
    actions = leaving(desk, {})
    await actions.go_on()
    await actions.go_on_with_all()
    assert desk.left == []
    assert desk.said == ["There is no answer to go on with yet."] * 2


async def test_closing_shows_a_column_with_an_answer_before_one_without():
    desk = CompareDesk(A, B)
    actions = leaving(desk)
    await actions.close(desk.columns[0])
    assert desk.stood_at == []
    desk.answer(1)
    await actions.close(desk.columns[0])
    desk.answer(0)
    await actions.close(desk.columns[0])
    assert desk.stood_at == [B, A]
    assert desk.left == [None] * 3
