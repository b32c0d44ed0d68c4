"""Several models at once: each column is a turn of its own, and none holds up another."""

import asyncio
from contextlib import aclosing

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import ModelGoneError, RateLimitedError, StreamBrokenError
from groqchat.domain.turns.chat import Answered, Delta, Options, PromptStored, State
from groqchat.domain.turns.fallback import Fallback
from groqchat.domain.turns.retry import RetryPolicy
from groqchat.services.compare.compare import Comparison, Delayed
from groqchat.services.compare.splitting import split_into_sessions
from tests.fakes import FakeProvider, MemoryRecords, accepted, answer, counter, session
from tests.services.desk import CATALOG, Desk

A, B, C, D = "model/a", "model/b", "model/c", "model/d"
LIMITED = failure("rate_limited", status=429, model=B, retry_after_s=600)
GONE = failure("model_not_found", status=404, model=C)
CUT = failure("stream_cut", model=D)


class ByModel(FakeProvider):
    """Plays to each model its own scripts."""

    def __init__(self, **scripts):
        super().__init__()
        self.by_model = {f"model/{name}": list(of) for name, of in scripts.items()}

    async def stream(self, request):
        self.scripts = [self.by_model[request.options.model].pop(0)]
        async for event in super().stream(request):
            yield event


def comparing(provider, *models, **more):
    desk = Desk(provider, policy=RetryPolicy(1), **more)
    columns = [Options(model) for model in models]
    records = MemoryRecords()
    replacement_of = CATALOG.replacement_for
    return desk, Comparison(desk.turns, session(), columns, replacement_of, records=records)


async def heard(events):
    return [told async for told in events]


def ends(told):
    """The last event of every column."""
    return {each.column: each.event for each in told}


async def test_the_answers_are_versions_of_each_other_under_one_prompt():
    desk, comparison = comparing(ByModel(a=[answer("1")], b=[answer("2")]), A, B)
    told = await heard(comparison.ask("Why?"))
    stored = {each.event.message.id for each in told if isinstance(each.event, PromptStored)}
    prompts = [m for m in desk.store.saved_messages.values() if m.role == "user"]
    assert [prompt.id for prompt in prompts] == list(stored)
    assert {(m.parent_id, m.model, m.content) for m in desk.answers} == {
        (prompts[0].id, A, "1"),
        (prompts[0].id, B, "2"),
    }
    assert (await desk.store.session("s1")).title == "Why?"


async def test_each_column_ends_in_its_own_way():
    provider = ByModel(
        a=[answer("fine")], b=[[LIMITED]], c=[[GONE]], d=[[accepted(), Delta("hal"), CUT]]
    )
    desk, comparison = comparing(provider, A, B, C, D)
    end = ends(await heard(comparison.ask("Why?")))
    assert isinstance(end[0], Answered)
    assert [type(end[n].error) for n in (1, 2, 3)] == [
        RateLimitedError, ModelGoneError, StreamBrokenError,
    ]  # fmt: skip
    assert end[2].error.facts.replacement in CATALOG.models
    assert {(m.content, m.state) for m in desk.answers} == {
        ("fine", State.COMPLETE),
        ("hal", State.BROKEN),
    }
    assert [column.failures for column in comparison.columns] == [0, 1, 1, 1]
    assert [len(column.figures) for column in comparison.columns] == [1, 0, 0, 0]


async def test_a_slow_column_holds_up_nobody():
    gate = asyncio.Event()
    slow = [accepted(), gate.wait, *answer("late")[1:]]
    _, comparison = comparing(ByModel(a=[slow], b=[answer("soon")]), A, B)
    order = []
    async with aclosing(comparison.ask("Why?")) as events:
        async for told in events:
            if isinstance(told.event, Answered):
                order.append(told.event.message.content)
                gate.set()
    assert order == ["soon", "late"]


async def test_one_column_is_asked_again_and_the_next_prompt_follows_each_answer():
    provider = ByModel(a=[answer("1"), answer("3")], b=[[LIMITED], answer("2"), answer("4")])
    desk, comparison = comparing(provider, A, B)
    await heard(comparison.ask("Why?"))
    desk.clock.advance(LIMITED.facts.retry_after_s)
    told = await heard(comparison.ask_again([1]))
    assert {each.column for each in told} == {1}
    await heard(comparison.ask("And then?"))
    paths = [
        [message.content for message in await desk.store.path(column.leaf_id)]
        for column in comparison.columns
    ]
    assert paths == [["Why?", "1", "And then?", "3"], ["Why?", "2", "And then?", "4"]]
    assert comparison.turn == 2


async def test_stopping_keeps_what_had_arrived_in_every_column():
    forever = asyncio.Event().wait
    scripts = {name: [[accepted(), Delta(name), forever]] for name in "ab"}
    desk, comparison = comparing(ByModel(**scripts), A, B)
    async with aclosing(comparison.ask("Why?")) as events:
        texts = 0
        async for told in events:
            texts += isinstance(told.event, Delta)
            if texts == 2:
                break
    assert {(m.content, m.state) for m in desk.answers} == {
        ("a", State.STOPPED),
        ("b", State.STOPPED),
    }


async def test_a_bug_in_a_column_is_not_swallowed():
    _, comparison = comparing(ByModel(a=[answer("1")], b=[[ZeroDivisionError()]]), A, B)
    with pytest.raises(ZeroDivisionError):
        await heard(comparison.ask("Why?"))


@pytest.mark.parametrize("number", [1, 9])
def test_there_are_two_to_eight_columns(number):
    with pytest.raises(ValueError, match="2 to 8"):
        comparing(FakeProvider(), *[A] * number)


async def test_no_fallback_model_answers_in_anothers_place():
    desk, _ = comparing(ByModel(a=[[LIMITED]], b=[answer("2")]), A, B)
    desk.policy = RetryPolicy(1)
    turns = desk.new_turns(fallback=Fallback((C,)))
    comparison = Comparison(turns, session(), [Options(A), Options(B)], CATALOG.replacement_for)
    end = ends(await heard(comparison.ask("Why?")))
    assert isinstance(end[0].error, RateLimitedError)
    assert [message.model for message in desk.answers] == [B]


async def test_columns_begin_one_after_another_where_that_is_wanted():
    slept = []

    async def pause(seconds):
        slept.append(seconds)

    desk = Desk(ByModel(a=[answer("1")], b=[answer("2")], c=[answer("3")]))
    columns = [Options(model) for model in (A, B, C)]
    comparison = Comparison(
        desk.turns, session(), columns, CATALOG.replacement_for, gap_s=2.0, pause=pause
    )
    told = await heard(comparison.ask("Why?"))
    assert sorted(slept) == [2.0, 4.0]
    assert {
        each.column: each.event.seconds for each in told if isinstance(each.event, Delayed)
    } == {
        1: 2.0,
        2: 4.0,
    }
    assert {answered.content for answered in desk.answers} == {"1", "2", "3"}


async def test_the_named_heir_answers_in_the_place_of_a_model_that_is_gone():
    provider = ByModel(a=[answer("1")], c=[[GONE]], replacement=[answer("2")])
    desk = Desk(provider, policy=RetryPolicy(1))
    columns = [Options(A), Options(C, system="Be brief.", temperature=0.5)]
    replacement = CATALOG.get("model/replacement")
    comparison = Comparison(desk.turns, session(), columns, lambda _: replacement)
    await heard(comparison.ask("Why?"))
    column = comparison.columns[1]
    assert (column.replacement, column.failures) == (replacement.id, 1)
    column.become(column.replacement)
    await heard(comparison.ask_again([1]))
    assert (column.model, column.replacement, column.failures, len(column.figures)) == (
        replacement.id, None, 0, 1,
    )  # fmt: skip
    assert (column.options.system, column.options.temperature) == ("Be brief.", 0.5)
    assert {(m.model, m.content) for m in desk.answers} == {(A, "1"), (replacement.id, "2")}


async def test_an_heir_that_answers_already_is_not_offered():
    desk = Desk(ByModel(a=[answer("1")], c=[[GONE]]), policy=RetryPolicy(1))
    comparison = Comparison(
        desk.turns, session(), [Options(A), Options(C)], lambda _: CATALOG.get(A)
    )
    await heard(comparison.ask("Why?"))
    assert [column.replacement for column in comparison.columns] == [None, None]


async def test_all_columns_go_on_in_sessions_of_their_own():
    provider = ByModel(a=[answer("1"), answer("3")], b=[answer("2"), [LIMITED]], c=[[GONE], [GONE]])
    desk, comparison = comparing(provider, A, B, C)
    await heard(comparison.ask("Why?"))
    await heard(comparison.ask("And then?"))
    leaves = await split_into_sessions(comparison, desk.store, counter("copy"), 5.0)
    assert leaves.keys() == {0, 1}
    paths = {number: await desk.store.path(leaf) for number, leaf in leaves.items()}
    assert [m.content for m in paths[0]] == ["Why?", "1", "And then?", "3"]
    assert [m.content for m in paths[1]] == ["Why?", "2"]
    for number, path in paths.items():
        (session_id,) = {message.session_id for message in path}
        kept = await desk.store.session(session_id)
        model = comparison.columns[number].model
        assert (kept.model, kept.title) == (model, f"{model.rpartition('/')[2]}: Why?")
        assert path[1].usage == comparison_answer(desk, comparison, number).usage


def comparison_answer(desk, comparison, number):
    """The first answer of a column where it was given."""
    model = comparison.columns[number].model
    found = (m for m in desk.answers if m.model == model and m.session_id == comparison.session.id)
    return next(found)
