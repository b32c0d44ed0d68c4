"""Columns of a comparison that call tools: asked about one after another, and gone on with."""

from dataclasses import replace

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.money.usage import Usage
from groqchat.domain.tools.events import ApprovalAsked
from groqchat.domain.turns.chat import Role
from groqchat.services.compare.compare import Comparison
from groqchat.services.compare.reopening import messages_of, resume
from tests.fakes import MemoryRecords, answer, session
from tests.services.compare.test_compare import A, B, ByModel
from tests.services.desk import CATALOG, Desk
from tests.services.tools.fakes import (
    ALWAYS,
    DENY,
    ONCE,
    OPTIONS,
    SESSION,
    Bench,
    FakeSource,
    Sources,
    call,
    calling,
)

NOW = call("now")
GONE = failure("model_not_found", status=404, model=A)


def bench(**scripts):
    desk = Desk(ByModel(**scripts))
    desk.turns = desk.new_turns(model_of=CATALOG.get)
    made = Bench(desk, Sources(FakeSource(now="12:00")))
    made.source = made.sources.named("clock")
    made.comparison = Comparison(
        made.turns,
        session(),
        [replace(OPTIONS, model=A), replace(OPTIONS, model=B)],
        CATALOG.replacement_for,
        records=MemoryRecords(),
    )
    return made


async def heard(made, events, words):
    """The columns that asked, in their order; each gets its word."""
    asked = []
    async for each in events:
        if isinstance(each.event, ApprovalAsked):
            asked.append(each.column)
            assert made.approvals.waiting("s1") is each.event
            made.approvals.decide("s1", words.pop(0))
    return asked


@pytest.mark.parametrize(
    ("words", "asked", "called"), [([ONCE, DENY], 2, 1), ([SESSION], 1, 2), ([ALWAYS], 1, 2)]
)
async def test_columns_ask_one_after_another_and_a_word_that_lasts_is_given_once(
    words, asked, called
):
    used = Usage(10, 0, 5)
    scripts = [calling(NOW, usage=used), answer("Noon.", usage=used)]
    made = bench(a=[*scripts], b=[*scripts])
    assert len(await heard(made, made.comparison.ask("When?"), words)) == asked
    assert len(made.source.called) == called
    for column in made.comparison.columns:
        assert column.is_answered
        (figures,) = column.figures
        assert (figures.completion_tokens, figures.length) == (10, len("Noon."))
    assert [each.content for each in made.messages if each.role is Role.USER] == ["When?"]


async def test_a_column_that_fails_between_its_rounds_goes_on_from_the_result():
    made = bench(a=[calling(NOW), [GONE], answer("Noon.")], b=[answer("No.")])
    await heard(made, made.comparison.ask("When?"), [ONCE])
    column = made.comparison.columns[0]
    assert (column.failures, column.is_answered, column.standing.role) == (1, False, Role.TOOL)
    # Also when it is opened again.
    record = await made.comparison._records.find("s1")
    again = Comparison(
        made.turns, session(), [each.options for each in record.columns], CATALOG.replacement_for
    )
    await resume(again, record, made.desk.store)
    reopened = again.columns[0]
    assert (reopened.standing, reopened.leaf_id) == (column.standing, column.leaf_id)
    said = await messages_of(reopened, made.desk.store)
    assert [each.role for each in said] == [Role.USER, Role.ASSISTANT, Role.TOOL]
    assert await heard(made, again.ask_again([0]), []) == []
    assert made.desk.provider.requests[-1].messages[-1].role is Role.TOOL
    assert len(made.source.called) == 1
    assert reopened.is_answered
    assert reopened.standing is None


async def test_an_answered_column_stands_where_it_stood_when_it_is_opened_again():
    used = Usage(10, 0, 5)
    made = bench(a=[calling(NOW, usage=used), answer("Noon.", usage=used)], b=[answer("No.")])
    await heard(made, made.comparison.ask("When?"), [ONCE])
    record = await made.comparison._records.find("s1")
    again = Comparison(
        made.turns, session(), [each.options for each in record.columns], CATALOG.replacement_for
    )
    await resume(again, record, made.desk.store)
    for before, after in zip(made.comparison.columns, again.columns, strict=True):
        assert (after.leaf_id, after.is_answered, after.standing) == (before.leaf_id, True, None)
        assert after.figures == before.figures
