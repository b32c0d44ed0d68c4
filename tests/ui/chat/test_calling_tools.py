"""Tools in the chat: switched on, asked about before they run, shown with their results."""

import asyncio

import pytest

from groqchat import bootstrap
from groqchat.domain.errors.cause import Action
from groqchat.domain.turns.shortening import SHORT_ANSWER_TOKENS
from groqchat.services.tools.sources import DemoTools, sources_of
from groqchat.services.turns.running_turn import Phase
from groqchat.simulator import chat
from groqchat.simulator.exchange import RefusedError, json_reply
from groqchat.ui.conversation import silence, turn_view
from groqchat.ui.widgets.approval_card import ApprovalCard
from groqchat.ui.widgets.session_list import TurnMark
from groqchat.ui.widgets.toast_cards import ErrorCard
from tests.ui.chat.test_chat_screen import MODEL, ask, chatting, is_over, shows
from tests.ui.chat.test_session_options import command, shown
from tests.ui.chat.test_several_sessions import marks, open_session
from tests.ui.stage import seen, until

OTHER = "openai/gpt-oss-20b"
BOTH = "What is the current time in Asia/Tokyo? And count the words."


@pytest.fixture
def tools(groq, monkeypatch):
    """The tools of the demo, at a server of the tests."""

    def own(servers, clock, *, is_demo):
        return sources_of(servers, clock, is_demo=True)

    monkeypatch.setattr(bootstrap, "sources_of", own)


async def enter(pilot, screen, text):
    screen.composer.text = text
    await pilot.press("enter")


async def decide(pilot, screen, letter):
    await until(pilot, lambda: screen.query(ApprovalCard))
    card = screen.query_one(ApprovalCard)
    await pilot.press("f8", letter)
    await until(pilot, lambda: not card.is_attached)


async def test_one_call_runs_one_is_denied_and_all_of_it_stays_on_the_screen(tools):
    async with chatting((110, 40)) as (pilot, screen):
        await command(pilot, screen, "/tools demo")
        await until(pilot, lambda: "2 tools of demo are on in this session." in shown(screen))
        await enter(pilot, screen, BOTH)
        await shows(pilot, screen, "Run current_time of demo?")
        assert 'zone: "Asia/Tokyo"' in seen(screen)
        assert screen.conversation.turn.phase is Phase.ASKING
        # A letter alone in the composer is a text: it approves nothing.
        assert "F8 first, then a letter" in seen(screen)
        await pilot.press("a")
        await until(pilot, lambda: screen.composer.text == "a")
        await pilot.press("backspace")
        assert screen.focused is not screen.query_one(ApprovalCard)
        await decide(pilot, screen, "o")
        await shows(pilot, screen, "Run count_words of demo?")
        await decide(pilot, screen, "d")
        await until(pilot, lambda: is_over(screen))
        for text in (
            'Called demo__current_time {"zone": "Asia/Tokyo"}',
            "Result of demo__current_time",
            "in Asia/Tokyo",
            "Result of demo__count_words · denied",
            "The user did not allow this call.",
            "This is what the tools gave:",
        ):
            assert text in seen(screen)
        turn = screen.conversation.turn
        figures = screen.workspace.figures
        await until(pilot, lambda: figures.costs.turn == turn.cost)
        assert turn.cost > turn.answer.cost.total
        session = await screen.workspace.services.store.session(turn.session.id)
        assert session.turns == 1
        before = screen.conversation.transcript.entries.ids
        await screen.conversation.open(session)
        assert list(screen.conversation.transcript.entries.ids) == list(before)


async def test_a_turn_that_is_stopped_while_it_asks_goes_on_with_a_valid_context(tools):
    async with chatting((110, 40)) as (pilot, screen):
        await command(pilot, screen, "/tools demo")
        await until(pilot, lambda: "on in this session" in shown(screen))
        await enter(pilot, screen, BOTH)
        await until(pilot, lambda: screen.query(ApprovalCard))
        await pilot.press("escape")
        await until(pilot, lambda: is_over(screen) and not screen.query(ApprovalCard))
        assert screen.composer.text == ""
        await shows(pilot, screen, "no result of demo__current_time")
        answer = screen.conversation.turn.last
        session = await screen.workspace.services.store.session(answer.session_id)
        await screen.conversation.open(session)
        assert "may not have run · /continue asks again" in seen(screen)
        await enter(pilot, screen, "/continue")
        await until(pilot, lambda: screen.query(ApprovalCard))
        assert "may not have run" not in seen(screen)
        costs = screen.workspace.figures.costs
        assert costs.turn == screen.conversation.turn.rounds[0].cost.total
        assert costs.session.requests == 2
        await pilot.press("escape")
        await until(pilot, lambda: is_over(screen) and not screen.query(ApprovalCard))
        await enter(pilot, screen, "What is a rate limit?")
        await until(pilot, lambda: is_over(screen) and screen.conversation.turn.answer)
        assert screen.conversation.turn.error is None


@pytest.fixture
def refused(tools, monkeypatch):
    """The model and the role of the last message of each request; long answers to results fail."""
    asked, read = [], chat.read_chat

    def refuse_results(request, world):
        is_long = request.get("max_completion_tokens", 9_999) > SHORT_ANSWER_TOKENS
        asked.append((request["model"], request["messages"][-1]["role"]))
        if asked[-1] == (MODEL, "tool") and is_long:
            told = {"message": "Please reduce the length of the messages or completion."}
            raise RefusedError(json_reply({"error": told}, 400))
        return read(request, world)

    monkeypatch.setattr(chat, "read_chat", refuse_results)
    return asked


async def broken_off(pilot, screen):
    """The error of a turn that failed when its result was sent."""
    await screen.workspace.set_options(model=MODEL, tools=("demo",))
    await enter(pilot, screen, "What is the current time in Asia/Tokyo?")
    await decide(pilot, screen, "o")
    await until(pilot, lambda: screen.query(ErrorCard))
    return screen.query(ErrorCard).last().error


async def test_a_turn_that_breaks_off_between_its_rounds_goes_on_without_calling_again(refused):
    async with chatting((110, 40)) as (pilot, screen):
        for action in (Action.SHORTEN, Action.SWITCH_MODEL, Action.RETRY):
            await screen.conversation.start_new()
            error = (await broken_off(pilot, screen)).with_facts(replacement=OTHER)
            if action is Action.RETRY:  # as after a change of the model by hand
                await screen.workspace.set_options(model=OTHER)
            refused.clear()
            await screen.chat.remedies.carry_out(action, error)
            await until(pilot, lambda: is_over(screen) and screen.conversation.turn.answer)
            assert refused == [(MODEL if action is Action.SHORTEN else OTHER, "tool")]
            assert screen.conversation.turn.answer.content.startswith("This is what the tools")
            screen.toasts.clear_errors()
            await until(pilot, lambda: not screen.query(ErrorCard))
            screen.prompt.focus()


async def test_what_would_call_tools_again_is_said_before_a_conversation_is_shortened(refused):
    async with chatting((110, 40)) as (pilot, screen):
        await ask(pilot, screen, "What is a rate limit?")
        error = await broken_off(pilot, screen)
        leaf_id = screen.conversation.branch.leaf_id
        refused.clear()
        screen.run_work(screen.chat.remedies.carry_out(Action.SHORTEN, error), group="command")
        await until(pilot, lambda: "prompt is asked from its beginning" in seen(pilot.app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert (refused, screen.conversation.branch.leaf_id) == ([], leaf_id)


async def test_a_call_waits_for_its_word_in_a_session_that_nobody_reads(tools):
    async with chatting((110, 40)) as (pilot, screen):
        await screen.workspace.set_options(tools=("demo",))
        await enter(pilot, screen, "What is the current time in Asia/Tokyo?")
        await until(pilot, lambda: screen.query(ApprovalCard))
        turn = screen.conversation.turn
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.conversation.branch.leaf_id is None)
        await until(pilot, lambda: [*marks(screen).values()] == [TurnMark.ASKING])
        assert not screen.query(ApprovalCard)
        # Its letters mean nothing here, and the other session is answered meanwhile.
        await pilot.press("f8", "o")
        await enter(pilot, screen, "What is a rate limit?")
        await until(pilot, lambda: is_over(screen) and screen.conversation.turn.answer)
        assert turn.phase is Phase.ASKING
        await open_session(pilot, screen, turn.session.id)
        await decide(pilot, screen, "o")
        await until(pilot, lambda: turn.phase is Phase.ENDED)
        await shows(pilot, screen, "This is what the tools gave:")
        assert "in Asia/Tokyo" in seen(screen)


async def test_a_prompt_waits_for_a_server_that_is_being_switched_on(tools, monkeypatch):
    started, listed = asyncio.Event(), DemoTools.tools

    async def slow(source):
        await started.wait()
        return await listed(source)

    monkeypatch.setattr(DemoTools, "tools", slow)
    monkeypatch.setattr(silence, "SHOWN_AFTER_S", 0.0)
    monkeypatch.setattr(turn_view, "TICK_S", 0.02)
    async with chatting((110, 40)) as (pilot, screen):
        screen.chat.dispatch.run("tools", "demo")
        await until(pilot, lambda: screen.workspace.options.tools == ("demo",))
        await enter(pilot, screen, BOTH)
        await shows(pilot, screen, "waiting for the MCP server demo to start:")
        started.set()
        await shows(pilot, screen, "Run current_time of demo?")


async def test_the_window_tells_what_there_is_and_what_it_costs(tools):
    async with chatting((80, 24)) as (pilot, screen):
        await enter(pilot, screen, "/tools")
        await until(pilot, lambda: "Tools of this session" in seen(pilot.app.screen))
        await until(pilot, lambda: "Price: unknown." in seen(pilot.app.screen))
        await pilot.press("down")
        await until(pilot, lambda: "Price: $0.18" in seen(pilot.app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: "● code_interpreter" in seen(pilot.app.screen))
        assert screen.workspace.options.tools == ("code_interpreter",)
        await pilot.press("escape")
        await enter(pilot, screen, "What is a rate limit?")
        await until(pilot, lambda: is_over(screen) and screen.conversation.turn.answer)
        source = screen.conversation.transcript.source(screen.conversation.turn.answer.id)
        assert source.startswith("Ran code:\n\n```\nsum(range(11))\n```\n\n```\n55\n```")
        await enter(pilot, screen, "/tools nowhere")
        await until(pilot, lambda: "nothing is called so" in shown(screen))
        await command(pilot, screen, "/tools off")
        await until(pilot, lambda: screen.workspace.options.tools == ())


async def test_forty_columns_and_twelve_rows_are_enough_for_tools(tools):
    async with chatting((40, 12)) as (pilot, screen):
        await enter(pilot, screen, "/tools")
        await until(pilot, lambda: "Price: unknown." in seen(pilot.app.screen))
        assert "F6 ask again before its calls" in seen(pilot.app.screen)
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: "● demo" in seen(pilot.app.screen))
        await pilot.press("escape")
        await enter(pilot, screen, f"What is the current time in Asia/Tokyo? {'word ' * 200}")
        await until(pilot, lambda: "Run current_time of demo?" in seen(screen))
        for words in ('zone: "Asia/Tokyo"', "o once", "a always", "d deny", "F8 first"):
            assert words in seen(screen)
        await decide(pilot, screen, "o")
        await until(pilot, lambda: is_over(screen))
        await pilot.press("pageup")
        assert "This is what the tools gave:" in seen(screen)
