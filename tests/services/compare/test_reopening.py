"""Comparisons that were left stand where they stood when they are taken up again."""

from dataclasses import replace

from groqchat.domain.errors.table import failure
from groqchat.domain.sessions.archive import Archive
from groqchat.domain.turns.chat import Options, State
from groqchat.services.compare.compare import Comparison
from groqchat.services.compare.reopening import messages_of, resume
from tests.fakes import answer, session
from tests.services.compare.test_compare import CUT, GONE, A, B, ByModel, C, comparing, heard
from tests.services.desk import CATALOG


def scripts():
    return ByModel(
        a=[answer("a1"), answer("a2")],
        b=[answer("b1"), [*answer("half")[:2], CUT]],
        c=[[GONE], [failure("forbidden", status=403, model=C)]],
    )


async def two_turns():
    desk, comparison = comparing(scripts(), A, B, C)
    await heard(comparison.ask("Why?"))
    desk.clock.advance(1)
    await heard(comparison.ask("And then?"))
    desk.clock.advance(1)
    record = await comparison._records.find(comparison.session.id)
    return desk, comparison, record


async def taken_up(desk, record):
    options = [column.options for column in record.columns]
    again = Comparison(desk.turns, session(), options, CATALOG.replacement_for)
    await resume(again, record, desk.store)
    return again


async def archive_of(session, comparison, desk):
    messages = await desk.store.everything(session.id)
    return Archive(session, tuple(messages), await comparison._records.find(session.id))


def stands(comparison):
    return [
        (each.options, each.prompt, each.leaf_id, each.figures, each.failures)
        for each in comparison.columns
    ]


async def test_every_column_stands_where_it_stood():
    desk, comparison, record = await two_turns()
    again = await taken_up(desk, record)
    assert again.turn == 2
    assert stands(again) == stands(comparison)
    assert [column.failures for column in again.columns] == [0, 1, 2]
    assert [len(column.figures) for column in again.columns] == [2, 1, 0]


async def test_one_that_was_killed_in_mid_answer_has_what_arrived():
    desk, comparison, _ = await two_turns()
    records = comparison._records
    begun = records.saved[comparison.session.id]
    saved = desk.store.saved_messages
    unfinished = next(m for m in saved.values() if m.content == "half")
    assert unfinished.state is State.BROKEN
    again = await taken_up(desk, begun)
    assert again.columns[1].leaf_id == unfinished.id


async def test_what_was_said_in_the_chat_since_is_no_answer_of_a_column():
    desk, comparison, record = await two_turns()
    desk.provider.by_model[A] = [answer("in the chat")]
    leaf = comparison.columns[0].leaf_id
    await desk.events("Tell me more", Options(A), parent_id=leaf)
    again = await taken_up(desk, record)
    assert len(again.columns[0].figures) == 2
    assert again.columns[0].leaf_id == leaf


async def test_all_of_it_is_told_with_every_prompt_once():
    desk, comparison, _ = await two_turns()
    saved = desk.store.saved_sessions[comparison.session.id]
    told = (await archive_of(saved, comparison, desk)).exported_messages
    assert [message.content for message in told] == [
        "Why?", "a1", "b1", "And then?", "a2", "half",
    ]  # fmt: skip
    assert [message.model for message in told] == [None, A, B, None, A, B]


async def test_what_follows_an_answer_that_was_gone_on_with_is_told_too():
    desk, comparison, _ = await two_turns()
    desk.provider.by_model[A] = [answer("in the chat")]
    await desk.events("Tell me more", Options(A), parent_id=comparison.columns[0].leaf_id)
    saved = desk.store.saved_sessions[comparison.session.id]
    chat = [m.id for m in desk.store.saved_messages.values() if m.content == "in the chat"]
    await desk.store.update_session(saved.id, leaf_id=chat[0])
    saved = desk.store.saved_sessions[saved.id]
    told = (await archive_of(saved, comparison, desk)).exported_messages
    assert [message.content for message in told][-2:] == ["Tell me more", "in the chat"]


async def test_of_any_other_session_its_branch_is_told():
    desk, comparison = comparing(ByModel(a=[answer("1")], b=[]), A, B)
    await desk.events("Why?", Options(A))
    (saved,) = desk.store.saved_sessions.values()
    leaf = desk.answers[0].id
    await desk.store.update_session(saved.id, leaf_id=leaf)
    saved = desk.store.saved_sessions[saved.id]
    told = (await archive_of(saved, comparison, desk)).exported_messages
    assert [message.content for message in told] == ["Why?", "1"]


async def test_a_prompt_that_found_no_answer_is_told_also_where_a_clock_was_ahead():
    desk, comparison, _ = await two_turns()
    column, saved = comparison.columns[0], desk.store.saved_messages
    asked = column.prompt
    ahead = replace(asked, id="lost", content="Lost?", created=asked.created + 90 * 86_400)
    before = {key: message for key, message in saved.items() if key != asked.id}
    desk.store.saved_messages = {**before, "lost": ahead, asked.id: asked}
    assert "Lost?" in [message.content for message in await messages_of(column, desk.store)]
