"""Columns on the screen that call tools: each call asks above the prompt before it runs."""

from dataclasses import replace

from groqchat.ui.compare.column import Phase
from groqchat.ui.widgets.approval_card import ApprovalCard
from groqchat.ui.widgets.session_list import TurnMark
from tests.ui.chat.test_calling_tools import tools
from tests.ui.chat.test_several_sessions import marks
from tests.ui.compare.driving import A, B, closed, comparing, over, shown
from tests.ui.stage import seen, until

__all__ = ["tools"]

NOW = "What is the current time in Asia/Tokyo?"


def with_tools(screen, *tools):
    for column in screen.comparison.columns:
        column.options = replace(column.options, tools=tools)


async def test_columns_ask_one_after_another_and_letters_of_the_prompt_approve_nothing(tools):
    async with comparing(A, B, size=(110, 40)) as (pilot, screen):
        with_tools(screen, "demo")
        screen.prompt.text = NOW
        await pilot.press("enter")
        await until(pilot, lambda: screen.query(ApprovalCard))
        first = screen.query_one(ApprovalCard)
        for words in (
            "asks about current_time",
            "run current_time of demo?",
            "F8 first, then a letter",
        ):
            await until(pilot, lambda words=words: words in seen(screen))
        await pilot.press("a")
        await until(pilot, lambda: screen.prompt.text == "a")
        await pilot.press("f8", "o")
        await until(pilot, lambda: screen.query(ApprovalCard) and not first.is_attached)
        second = screen.query_one(ApprovalCard)
        assert {first._who, second._who} == {A, B}
        await pilot.press("f8", "d")
        await over(pilot, screen)
        assert not screen.query(ApprovalCard)
        texts = {shown(column)[2] for column in screen.state.columns}
        assert any("in Asia/Tokyo" in text for text in texts)
        assert any("The user did not allow this call." in text for text in texts)
        for column in screen.state.columns:
            assert column.view.phase is Phase.ANSWERED
            assert len(shown(column)) == 4
            assert column.figures.cost == sum(
                [each.cost.total for each in await answers_of(screen, column)]
            )
        before = [shown(column) for column in screen.state.columns]
        # Opened again, it stands where it stood.
        again = await screen.connection.comparisons.reopen(screen.comparison.session.id, 0.0)
        assert [column.is_answered for column in again.columns] == [True, True]
        assert [column.figures for column in again.columns] == [
            column.figures for column in screen.comparison.columns
        ]
        assert before == [shown(column) for column in screen.state.columns]


async def test_a_comparison_that_was_left_is_marked_while_its_tool_waits_for_approval(tools):
    async with comparing(A, B, size=(110, 40)) as (pilot, screen):
        with_tools(screen, "demo")
        screen.prompt.text = NOW
        await pilot.press("enter")
        await until(pilot, lambda: screen.query(ApprovalCard))
        await pilot.press("ctrl+s")
        chat = await closed(pilot)
        await until(pilot, lambda: TurnMark.ASKING in marks(chat).values())
        screen.state.approving.end()
        assert TurnMark.WRITING in marks(chat).values()
        await screen.jobs.stop()
        await until(pilot, lambda: not chat.chat.compare.going_on.ids)


async def answers_of(screen, column):
    path = await screen.services.store.path(column.column.leaf_id)
    return [message for message in path if message.cost is not None]


async def test_escape_on_the_question_stops_all_columns_and_a_retry_asks_again(tools):
    async with comparing(A, B, size=(80, 24)) as (pilot, screen):
        with_tools(screen, "demo")
        screen.prompt.text = NOW
        await pilot.press("enter")
        await until(pilot, lambda: screen.query(ApprovalCard))
        await pilot.press("f8", "escape")
        await over(pilot, screen)
        await until(pilot, lambda: not screen.query(ApprovalCard))
        assert {column.view.phase for column in screen.state.columns} == {Phase.STOPPED}
        await pilot.press("tab", "R")
        await until(pilot, lambda: screen.query(ApprovalCard))
        await pilot.press("f8", "s")  # for this session: the other column asks no more
        await over(pilot, screen)
        assert {column.view.phase for column in screen.state.columns} == {Phase.ANSWERED}


async def test_a_step_of_groqs_own_tools_stands_in_its_column(tools):
    async with comparing(A, B, size=(110, 40)) as (pilot, screen):
        with_tools(screen, "code_interpreter")
        screen.prompt.text = "What is the sum?"
        await pilot.press("enter")
        await over(pilot, screen)
        for column in screen.state.columns:
            assert "sum(range(11))" in shown(column)[1]
