"""Comparisons are begun and reopened in one place, for the screen and the command line."""

from groqchat.domain.turns.chat import Options
from groqchat.services.compare.beginning import Comparisons
from tests.fakes import MemoryRecords, answer, counter
from tests.services.compare.test_compare import A, B, ByModel, heard
from tests.services.desk import CATALOG, Desk


def comparisons(provider):
    desk = Desk(provider)
    return Comparisons(
        turns=desk.turns,
        replacement_of=CATALOG.replacement_for,
        store=desk.store,
        records=MemoryRecords(),
        clock=desk.clock,
        new_id=counter("session"),
    )


async def test_a_comparison_is_reopened_as_it_was_left():
    ours = comparisons(ByModel(a=[answer("one")], b=[answer("two")]))
    begun = ours.begin([Options(A, "Be brief."), Options(B, "Be brief.")], 2.0)
    assert (begun.gap_s, begun.session.system, begun.turn) == (2.0, "Be brief.", 0)
    await heard(begun.ask("Why?"))
    again = await ours.reopen(begun.session.id, 1.0)
    assert [column.leaf_id for column in again.columns] == [
        column.leaf_id for column in begun.columns
    ]
    assert (again.turn, again.gap_s) == (1, 1.0)


async def test_a_session_that_is_none_reopens_nothing():
    assert await comparisons(ByModel()).reopen("nowhere", 0.0) is None


async def test_a_comparison_that_a_chat_went_on_with_is_opened_only_if_asked_for():
    ours = comparisons(ByModel(a=[answer("one")], b=[answer("two")]))
    begun = ours.begin([Options(A), Options(B)], 0.0)
    await heard(begun.ask("Why?"))
    begun.is_open = False
    await begun.remember()
    assert await ours.reopen(begun.session.id, 0.0, only_open=True) is None
    assert (await ours.reopen(begun.session.id, 0.0)).turn == 1
