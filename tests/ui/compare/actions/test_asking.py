"""Prompts go to all columns, and single columns are asked again, without a screen."""

from groqchat.domain.errors.table import failure
from groqchat.ui.compare.actions.asking import AskingActions
from groqchat.ui.compare.column import Phase
from tests.fakes import answer
from tests.services.compare.test_compare import ByModel
from tests.ui.compare.desk import A, B, CompareDesk

BUSY = failure("unprocessable", status=422, model=B)


def asking(desk):
    desk.offers, desk.stored = [], []
    return AskingActions(
        desk.state, desk.board, desk.jobs.append, desk.offers.append, desk.stored.append
    )


async def test_a_prompt_is_stored_and_answered_in_every_column():
    desk = CompareDesk(A, B, provider=ByModel(a=[answer("one")], b=[answer("two")]))
    asking(desk).ask("Why?")
    (job,) = desk.jobs
    assert not job.is_turn
    await job.run()
    assert desk.stored == ["Why?"]
    assert [column.text for column in desk.columns] == ["one", "two"]
    assert [column.view.phase for column in desk.columns] == [Phase.ANSWERED] * 2
    assert desk.said == ["Which answer is best? Press Tab, then its number."]


async def test_only_columns_that_failed_are_asked_again():
    desk = CompareDesk(A, B, provider=ByModel(a=[answer("one")], b=[[BUSY], answer("two")]))
    actions = asking(desk)
    actions.ask("Why?")
    await desk.jobs.pop().run()
    assert desk.offers == [desk.columns[1]]
    assert desk.columns[1].view.phase is Phase.FAILED
    await actions.retry_failed()
    await desk.jobs.pop().run()
    assert [column.text for column in desk.columns] == ["one", "two"]
    await actions.retry_failed()
    assert desk.jobs == []
    assert desk.said[-1] == "Every column has an answer."


async def test_nothing_is_asked_again_before_the_first_prompt():
    desk = CompareDesk(A, B)
    actions = asking(desk)
    await actions.retry()
    await actions.retry_failed()
    assert desk.jobs == []
    assert desk.said == ["Nothing was asked yet.", "Every column has an answer."]


async def test_a_model_that_takes_a_column_is_offered_in_no_other():
    desk = CompareDesk(A, B)
    desk.answer()
    for column in desk.columns:
        column.column.replacement = "model/d"
    desk.focused = 1
    actions = asking(desk)
    await actions.replace()
    assert desk.offers == [desk.columns[0]]  # another model is looked for there
    first, second = (column.column for column in desk.columns)
    assert (first.model, first.replacement) == (A, None)
    assert (second.model, second.replacement) == ("model/d", None)
    assert len(desk.jobs) == 1
