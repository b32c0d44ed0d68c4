"""A copy of a column: the conversation before the last prompt, and that prompt once more."""

from groqchat.domain.turns.chat import Options
from groqchat.services.compare.copying import copy_column
from groqchat.services.compare.reopening import messages_of
from tests.fakes import answer, counter
from tests.services.compare.test_compare import GONE, A, B, ByModel, comparing, heard
from tests.services.compare.test_reopening import stands, taken_up

COOL = Options(A, temperature=0.0), "temperature=0"


async def copied(desk, comparison, number=0, asked=COOL):
    column = comparison.columns[number]
    await copy_column(
        comparison, column, asked, store=desk.store, new_id=counter("copy"), clock=desk.clock
    )
    return comparison.columns[number + 1]


async def test_before_the_first_prompt_a_copy_is_asked_with_the_others():
    desk, comparison = comparing(ByModel(a=[answer("1"), answer("2")], b=[answer("3")]), A, B)
    await copied(desk, comparison)
    assert [column.name for column in comparison.columns] == [A, f"{A} temperature=0", B]
    assert not desk.store.saved_messages
    await heard(comparison.ask("Why?"))
    assert all(column.is_answered for column in comparison.columns)


async def test_a_copy_goes_on_from_where_the_last_prompt_was_asked():
    script = ByModel(
        a=[answer("a1"), answer("a2"), answer("again")], b=[answer("b1"), answer("b2")]
    )
    desk, comparison = comparing(script, A, B)
    await heard(comparison.ask("Why?"))
    desk.clock.advance(1)
    await heard(comparison.ask("And then?"))
    desk.clock.advance(1)
    copy = await copied(desk, comparison)
    said = [message.content for message in await messages_of(copy, desk.store)]
    assert said == ["Why?", "a1", "And then?"]
    assert (copy.is_answered, copy.leaf_id) == (False, copy.prompt.parent_id)
    await heard(comparison.ask_again([1]))
    assert [request.options for request in script.requests][-1].temperature == 0.0
    said = [message.content for message in await messages_of(copy, desk.store)]
    assert said == ["Why?", "a1", "And then?", "again"]
    assert [m.content for m in await messages_of(comparison.columns[0], desk.store)][-1] == "a2"


async def test_a_comparison_with_a_copy_is_opened_again():
    desk, comparison = comparing(ByModel(a=[answer("1"), answer("2")], b=[answer("3")]), A, B)
    await heard(comparison.ask("Why?"))
    await copied(desk, comparison)
    record = await comparison._records.find(comparison.session.id)
    again = await taken_up(desk, record)
    assert stands(again) == stands(comparison)
    await heard(comparison.ask_again([1]))
    again = await taken_up(desk, await comparison._records.find(comparison.session.id))
    assert [column.is_answered for column in again.columns] == [True] * 3


async def test_other_variants_prompts_are_not_shown_in_a_column():
    desk, comparison = comparing(ByModel(a=[answer("1"), answer("2")], b=[answer("3")]), A, B)
    await copied(desk, comparison)
    await heard(comparison.ask("Why?"))
    for column, said in zip(comparison.columns, ("1", "2", "3"), strict=True):
        shown = [message.content for message in await messages_of(column, desk.store)]
        assert shown == ["Why?", said]


async def test_a_later_prompt_of_a_column_without_an_answer_is_not_shown_in_the_others():
    script = ByModel(a=[answer("1"), answer("2")], b=[[GONE], answer("3")])
    desk, comparison = comparing(script, A, B)
    await heard(comparison.ask("Why?"))
    desk.clock.advance(1)
    await heard(comparison.ask("And then?"))
    shown = [
        [message.content for message in await messages_of(column, desk.store)]
        for column in comparison.columns
    ]
    assert shown == [["Why?", "1", "And then?", "2"], ["Why?", "And then?", "3"]]
