"""Whoever is in a hurry loses nothing in a comparison, and gets no window over another."""

import asyncio
from dataclasses import replace

import pytest
from textual.events import Paste

from groqchat.domain.errors.table import failure
from groqchat.domain.sessions.unsaved import UNSAVED
from groqchat.domain.turns.chat import State
from groqchat.services.compare.judge import Judge
from groqchat.storage.database.comparisons import Comparisons
from groqchat.ui.chat.palette_screen import PaletteScreen
from groqchat.ui.compare.column import CompareColumn, Phase
from groqchat.ui.compare.screen import CompareScreen
from groqchat.ui.compare.windows.verdict import VerdictScreen
from groqchat.ui.dialogs.ask_words import Words
from groqchat.ui.workspace import composer_draft
from tests.ui.compare.driving import (
    PROMPT,
    A,
    B,
    ask,
    begin,
    closed,
    comparing,
    judged,
    over,
    press,
    reopened,
    shown,
)
from tests.ui.stage import groqchat, held, seen, until


@pytest.fixture
def slowly(monkeypatch):
    def slow(owner, name, seconds=0.1):
        method = getattr(owner, name)

        async def later(*arguments, **named):
            await asyncio.sleep(seconds)
            return await method(*arguments, **named)

        monkeypatch.setattr(owner, name, later)

    return slow


def failing(message="full"):
    async def fail(*_, **__):
        raise failure("disk", detail=message)

    return fail


# -- one comparison at a time ------------------------------------------------------------------


async def test_a_key_pressed_twice_opens_one_comparison(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("1", "1")
        chat = await closed(pilot)
        await until(pilot, lambda: "Ctrl+K shows the columns" in seen(chat))
        press(pilot.app, "ctrl+k", "ctrl+k")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen))
        await pilot.pause(0.3)
        await pilot.press("escape")
        await closed(pilot)


async def test_a_session_chosen_twice_opens_its_columns_once(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("escape")
        chat = await closed(pilot)
        chosen = chat.chat.session_list.Chosen(screen.comparison.session.id)
        chat.chat.session_list.post_message(chosen)
        chat.chat.session_list.post_message(chosen)
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen))
        await pilot.pause(0.3)
        await pilot.press(*"typed", "escape")
        await closed(pilot)
        await until(pilot, lambda: chat.composer.text == "typed")


async def test_while_one_opens_another_that_is_named_is_given_back(groq, slowly):
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        chat = app.screen
        await until(pilot, lambda: chat.connection)
        slowly(chat.workspace.account, "ready", 0.5)
        chat.chat.dispatch.run("compare", f"{A} {B}")
        chat.chat.dispatch.run("compare", f"{B} {A}")
        await until(pilot, lambda: chat.composer.text == f"/compare {B} {A}")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        assert [column.model for column in app.screen.comparison.columns] == [A, B]


async def test_a_prompt_behind_the_command_waits_for_the_comparison(groq, monkeypatch):
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        chat = app.screen
        await until(pilot, lambda: chat.connection)
        released = held(monkeypatch, chat.workspace.account, "ready")
        chat.composer.text = f"/compare {A} {B}"
        press(app, "enter", *"Hi", "enter")
        await until(pilot, lambda: "The comparison is opening" in seen(chat))
        released.set()
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        assert app.screen.prompt.text == "Hi"
        assert list(await chat.workspace.services.store.sessions()) == []
        await until(pilot, lambda: app.screen.focused is not None)
        await pilot.press("escape")
        await closed(pilot)
        await until(pilot, lambda: chat.composer.text == "Hi")


async def test_no_comparison_opens_over_a_prompt_that_is_being_sent(groq, slowly):
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        chat = app.screen
        await until(pilot, lambda: chat.connection)
        slowly(chat.workspace.account, "ready", 0.5)
        await pilot.press(*"Hi", "enter")
        chat.chat.dispatch.run("compare", f"{A} {B}")
        await until(pilot, lambda: "is being sent to one model" in seen(chat))
        await until(pilot, lambda: chat.conversation.branch.leaf_id)
        assert app.screen is chat


async def test_columns_open_over_no_other_session(groq, slowly):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
    slowly(Comparisons, "find", 0.5)
    app = groqchat(resume=True)
    async with app.run_test(size=(120, 40)) as pilot:
        chat = app.screen
        await until(pilot, lambda: chat.connection)
        await pilot.press("ctrl+n", *"else")
        await pilot.pause(1)
        assert app.screen is chat
        assert chat.composer.text == "else"


async def test_the_columns_wait_for_the_answer_in_the_chat(groq, injected):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("1", "1")
        chat = await closed(pilot)
        await until(pilot, lambda: "Ctrl+K shows the columns" in seen(chat))
        injected("slow_first_token=1")
        await pilot.press(*"More", "enter")
        await until(pilot, lambda: chat.conversation.is_busy)
        await pilot.press("ctrl+k")
        await until(pilot, lambda: "The last prompt is still being answered" in seen(chat))
        await until(pilot, lambda: not chat.conversation.is_busy)
        answer = await chat.conversation.branch.last_answer()
        assert answer.state == "complete"


# -- leaving ----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["escape", "enter", "a"])
async def test_what_is_typed_while_it_closes_is_written_on_in_the_chat(groq, slowly, way):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press(*"Wait", "tab")
        chat = pilot.app.screen_stack[0]
        slowly(chat.workspace.services.store, "sessions")
        slowly(chat.workspace.services.store, "leaf_below")
        press(pilot.app, way)
        await until(pilot, lambda: pilot.app.screen is chat)
        for letter in "andsee":
            press(pilot.app, letter)
            await asyncio.sleep(0.02)
        await until(pilot, lambda: chat.composer.text == "Waitandsee")
        talk, drafts = chat.conversation, chat.workspace.services.drafts
        await until(pilot, lambda: (talk.branch.draft_id == UNSAVED) is (way == "escape"))
        own = talk.branch.draft_id
        while await drafts.draft(own) != "Waitandsee":
            await pilot.pause(0.05)
        if own != screen.comparison.session.id:
            assert await drafts.draft(screen.comparison.session.id) == ""


@pytest.mark.parametrize("key", ["a", "enter"])
async def test_a_palette_opened_in_that_moment_is_not_what_closes(groq, slowly, key):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        slowly(screen.services.votes, "save")
        slowly(screen.services.store, "path")
        press(pilot.app, key)
        await asyncio.sleep(0.02)
        press(pilot.app, "ctrl+p")
        await pilot.pause(0.5)
        await pilot.press("escape")
        chat = await closed(pilot)
        await until(pilot, lambda: chat.conversation.branch.leaf_id)


async def test_a_palette_that_is_under_a_window_opens_no_second_one(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(pilot.app.screen, PaletteScreen))
        pilot.app.push_screen(Words("Over it", "", 10))
        await until(pilot, lambda: isinstance(pilot.app.screen, Words))
        await pilot.press("ctrl+p")
        assert [type(each) for each in pilot.app.screen_stack[2:]] == [PaletteScreen, Words]


@pytest.mark.parametrize("keys", [("ctrl+p", "enter", "enter"), ("ctrl+r", "ctrl+r", "ctrl+r")])
async def test_windows_close_only_themselves_and_act_only_when_they_are_there(groq, keys):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("tab")  # Enter in an empty prompt is nothing, when the window is gone
        await pilot.press(keys[0])
        await until(pilot, lambda: pilot.app.screen is not screen)
        press(pilot.app, "down", *keys[1:])
        await pilot.pause(0.3)
        press(pilot.app, *keys)
        await pilot.pause(0.5)
        assert pilot.app.bug is None
        assert screen in pilot.app.screen_stack
        for _ in range(3):
            await pilot.press("escape")
            await pilot.pause(0.1)
        await until(pilot, lambda: pilot.app.screen is pilot.app.screen_stack[0])
        await pilot.press(*"alive")
        await until(pilot, lambda: pilot.app.screen.composer.text == "alive")


async def test_it_closes_once_what_lies_over_it_is_closed(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        pilot.app.push_screen(Words("Over it", "", 10))
        await until(pilot, lambda: pilot.app.screen is not screen)
        screen.leave(None)
        await pilot.press("escape")
        await closed(pilot)


async def test_an_answer_that_was_deleted_meanwhile_is_told(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await screen.services.store.delete_session(screen.comparison.session.id)
        await pilot.press("1", "1")
        chat = await closed(pilot)
        await until(pilot, lambda: "That answer was deleted meanwhile." in seen(chat))


async def test_a_full_disk_keeps_nobody_in_a_comparison(groq, monkeypatch):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press(*"Wait", "tab")
        chat = pilot.app.screen_stack[0]
        monkeypatch.setattr(chat.workspace.services.drafts, "save_draft", failing())
        await pilot.press("enter")
        await closed(pilot)
        await until(pilot, lambda: chat.composer.text == "Wait")
        await until(pilot, lambda: chat.conversation.branch.leaf_id)


# -- keys -------------------------------------------------------------------------------------


async def test_whoever_writes_over_the_columns_writes_a_prompt(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        press(pilot.app, *"hear me out, ", "enter")
        await over(pilot, screen, 2)
        assert [column.column.prompt.content for column in screen.state.columns] == [
            "hear me out, "
        ] * 2
        assert list(await screen.services.votes.all()) == []


async def test_what_is_pasted_over_the_columns_belongs_to_the_prompt(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        pilot.app.post_message(Paste("two\nlines"))
        await until(pilot, lambda: screen.prompt.text == "two\nlines")
        assert screen.focused is screen.prompt
        pilot.app.post_message(Paste(" more"))
        await until(pilot, lambda: screen.prompt.text == "two\nlines more")


async def test_ctrl_c_stops_then_clears_then_tells_how_to_leave(groq, injected):
    injected("slow_first_token=50", "slow_first_token=50")
    async with comparing(A, B) as (pilot, screen):
        chat = pilot.app.screen_stack[0]
        await begin(pilot, screen)
        await until(pilot, lambda: screen.comparison.turn == 1)
        await pilot.press(*"next", "ctrl+c")
        await until(pilot, lambda: not screen.is_busy)
        assert screen.prompt.text == "next"
        await pilot.press("ctrl+c")
        await until(pilot, lambda: screen.prompt.text == "")
        await pilot.press("ctrl+c")
        await until(pilot, lambda: "Ctrl+Q quits" in seen(screen))
        await pilot.press("n")
        assert pilot.app.screen_stack == [chat, screen]


async def test_what_is_typed_behind_up_follows_the_earlier_prompt(groq, slowly):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("tab")
        slowly(screen.services.drafts, "prompts", 0.3)
        press(pilot.app, "up", *"new")
        await until(pilot, lambda: screen.prompt.text.endswith("new"))
        assert screen.prompt.text == "Explain rate limitsnew"


async def test_a_verdict_opens_over_nothing_that_is_being_written(groq, monkeypatch):
    released = held(monkeypatch, Judge, "_round")
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await judged(pilot, screen)
        await pilot.press("tab", *"meanwhile")
        released.set()
        await until(pilot, lambda: "v shows it" in seen(screen))
        assert pilot.app.screen is screen
        assert screen.prompt.text == "meanwhile"
        await pilot.press("tab", "v")
        await until(pilot, lambda: isinstance(pilot.app.screen, VerdictScreen))
        await pilot.press("v")
        await until(pilot, lambda: "Who judges" in seen(pilot.app.screen))


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("z", "backspace", "w", "q"), "wq"),
        (("u", "backspace", "y"), "y"),
        (("k", "a", "left", "h"), "kha"),
    ],
)
async def test_keys_over_the_columns_act_in_their_order(groq, keys, text):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        press(pilot.app, "z", *keys)
        await until(pilot, lambda: screen.prompt.text == f"z{text}")


async def test_keys_before_tab_act_where_they_were_pressed(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("tab", *"abc")
        press(pilot.app, "d", "backspace", "backspace", "tab")
        await until(pilot, lambda: screen.prompt.text == "ab")
        await until(pilot, lambda: isinstance(screen.focused, CompareColumn))
        await pilot.press("tab")
        press(pilot.app, "left", "left", "tab")
        await until(pilot, lambda: screen.prompt.cursor_location == (0, 0))
        await until(pilot, lambda: screen.focused is screen.state.columns[0].view)


# -- asked again ------------------------------------------------------------------------------


@pytest.mark.parametrize(("fault", "ends"), [("stall", "stopped"), ("cut=15", "broken")])
async def test_a_part_of_an_answer_does_not_take_the_place_of_a_complete_one(
    groq, injected, fault, ends
):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("1")
        await until(pilot, lambda: "★ winner" in seen(screen))
        side = screen.state.columns[0]
        before, answer_id = (shown(side), side.figures, side.view.words), side.answer_id
        injected(fault)
        await pilot.press("r")
        if ends == "stopped":
            await until(pilot, lambda: shown(side) != before[0] and shown(side)[-1])
            await pilot.press("escape")
        else:
            await until(pilot, lambda: side.view.has_class("-failed"))
        await until(pilot, lambda: not screen.is_busy)
        assert (shown(side), side.figures, side.view.words) == before
        assert (side.answer_id, side.column.leaf_id) == (answer_id, answer_id)
        assert "★ winner" in seen(screen)
        versions = await screen.services.store.siblings(answer_id)
        states = {m.state for m in (await screen.services.store.messages(versions)).values()}
        assert State(ends) in states
        if ends == "broken":
            told = side.view.query_one("#error").render().plain.split()
            assert "The answer from before is kept." in " ".join(told)
        await pilot.press("escape")
        again = await reopened(pilot, await closed(pilot))
        await until(pilot, lambda: "★ winner" in seen(again))
        assert shown(again.state.columns[0]) == before[0]
        await pilot.press("tab", "1")  # the vote is there, so the same key goes on
        chat = await closed(pilot)
        await until(pilot, lambda: chat.conversation.branch.leaf_id == answer_id)


@pytest.mark.parametrize("ends", ["stopped", "refused"])
async def test_an_answer_stays_where_asking_again_comes_to_nothing(groq, injected, ends):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("1")
        await until(pilot, lambda: "★ winner" in seen(screen))
        column = screen.state.columns[0]
        before = shown(column), column.figures, column.view.words
        injected("slow_first_token=50" if ends == "stopped" else "unprocessable")
        await pilot.press("r")
        if ends == "stopped":
            await until(pilot, lambda: screen.is_busy)
            assert shown(column) == before[0]
            await pilot.press("escape")
            await until(pilot, lambda: not screen.is_busy)
        else:
            await until(pilot, lambda: column.view.has_class("-failed"))
        assert (shown(column), column.figures, column.view.words) == before
        assert column.view.phase is Phase.ANSWERED
        assert column.view.has_class("-failed") is (ends == "refused")
        assert "★ winner" in seen(screen)  # what was judged is what is still there


async def test_what_was_judged_before_is_no_vote_on_an_answer_that_was_asked_for_again(groq):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("1")
        await until(pilot, lambda: "★ winner" in seen(screen))
        judged_id = screen.state.columns[0].column.leaf_id
        await pilot.press("r")
        await until(pilot, lambda: screen.state.columns[0].column.leaf_id != judged_id)
        await over(pilot, screen)
        assert "★ winner" not in seen(screen)
        await pilot.press("1")
        await until(pilot, lambda: "★ winner" in seen(screen))
        assert pilot.app.screen is screen
        await pilot.press("escape")
        again = await reopened(pilot, await closed(pilot))
        await until(pilot, lambda: "★ winner" in seen(again))


async def test_a_prompt_that_a_column_did_not_answer_is_shown_there_again(groq, injected):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen)
        injected("unprocessable", "")
        await ask(pilot, screen, "Second")
        await ask(pilot, screen, "Third")
        before = [shown(column) for column in screen.state.columns]
        assert sorted(map(len, before)) == [5, 6]
        await pilot.press("escape")
        again = await reopened(pilot, await closed(pilot))
        await until(pilot, lambda: [shown(column) for column in again.state.columns] == before)


async def test_what_cannot_be_read_hides_nothing_else(groq, monkeypatch):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("escape")
        chat = await closed(pilot)
        monkeypatch.setattr(chat.workspace.services.votes, "all", failing("damaged"))
        again = await reopened(pilot, chat)
        await until(pilot, lambda: "damaged" in seen(again))
        assert [len(shown(column)) for column in again.state.columns] == [2, 2]
        assert A in seen(again)


# -- words ------------------------------------------------------------------------------------


async def test_a_refusal_stays_to_be_read_while_a_verdict_is_written(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        groq.arm("slow_first_token=3*2")
        await judged(pilot, screen)
        await pilot.press("x")
        await until(pilot, lambda: "A verdict is being written" in seen(screen))
        await pilot.pause(1)
        assert "A verdict is being written" in seen(screen)
        await until(pilot, lambda: "judges (1 of 2)" in seen(screen))


async def test_what_a_prompt_would_take_goes_with_the_prompt(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        took = [column.view.words for column in screen.state.columns]
        await pilot.press("tab", *"Hi")
        await until(pilot, lambda: seen(screen).count("○ ≈") == 2)
        await pilot.press("ctrl+u")
        await until(pilot, lambda: "○ ≈" not in seen(screen))
        assert "Enter sends" not in seen(screen)
        assert all(f"✓ {words}" in seen(screen) for words in took)


async def test_an_answer_that_was_cut_short_says_so_and_is_the_best_at_nothing(groq):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        column = screen.comparison.columns[1]
        column.options = replace(column.options, max_tokens=20, effort="low")
        await ask(pilot, screen)
        cut, whole = (bool(column.cut) for column in reversed(screen.state.columns))
        assert (cut, whole) == (True, False)
        assert "cut short" in screen.state.columns[1].view.words
        assert "★" not in seen(screen)
        await pilot.press("2")
        await until(pilot, lambda: "★ winner" in seen(screen))


async def test_on_a_low_screen_the_keys_of_an_error_are_in_sight(groq, injected):
    injected("unprocessable", "unprocessable")
    async with comparing(A, B, size=(40, 12)) as (pilot, screen):
        await ask(pilot, screen)
        await until(pilot, lambda: "r retry" in seen(screen))
        assert "best answer" not in seen(screen)


async def test_what_is_written_in_a_note_goes_only_if_that_is_meant(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("n", *"Good", "escape")
        await until(pilot, lambda: "Esc again discards it" in seen(pilot.app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: screen.state.ballot.note == "Good")
        await pilot.press("n", "!", "escape", "escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.state.ballot.note == "Good"


# -- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("is_blind", [False, True])
async def test_a_prompt_that_cannot_be_stored_changes_nothing(groq, monkeypatch, is_blind):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        if is_blind:
            await pilot.press("tab", "b", "tab")
        await ask(pilot, screen)
        await pilot.press("2")
        await until(pilot, lambda: "★ winner" in seen(screen))
        before = [(shown(column), column.view.words) for column in screen.state.columns]
        with monkeypatch.context() as broken:
            broken.setattr(screen.services.store, "add_message", failing())
            await begin(pilot, screen, "Second")
            await until(pilot, lambda: "full" in seen(screen))
        assert screen.prompt.text == "Second"
        assert [(shown(column), column.view.words) for column in screen.state.columns] == before
        assert "1✓  2✓" in seen(screen)
        assert "★ winner" in seen(screen)


async def test_blind_columns_that_cannot_be_read_again_end_nothing(groq, injected, monkeypatch):
    injected("unprocessable", "unprocessable")
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await pilot.press("tab", "b", "tab")
        monkeypatch.setattr(screen.services.store, "everything", failing("damaged"))
        await begin(pilot, screen)
        await until(pilot, lambda: "damaged" in seen(screen))
        assert not screen.is_busy


async def test_a_forecast_tells_no_hidden_name(groq):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await pilot.press("tab", "b", "tab", *"Hi")
        await until(pilot, lambda: seen(screen).count("○ fits") == 2)
        assert "TPM" not in seen(screen)


async def test_scores_count_no_vote_that_does_not_hold(groq):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("1")
        await until(pilot, lambda: "★ winner" in seen(screen))
        assert [each.wins for each in await screen.state.ballot.scores()] == [1, 0]
        judged_id = screen.state.columns[0].column.leaf_id
        await pilot.press("r")
        await until(pilot, lambda: screen.state.columns[0].column.leaf_id != judged_id)
        await over(pilot, screen)
        assert [each.wins for each in await screen.state.ballot.scores()] == [0, 0]


async def test_the_key_that_compares_says_that_the_columns_stay(groq):
    async with comparing(A, B) as (pilot, screen):
        await pilot.press("ctrl+k")
        await until(pilot, lambda: "The columns stay as they are." in seen(screen))


async def test_a_command_is_no_prompt_to_all(groq):
    async with comparing(A, B) as (pilot, screen):
        await pilot.press(*"/sessions", "enter")
        await until(pilot, lambda: "in the chat. Esc goes back there." in seen(screen))
        assert screen.prompt.text == "/sessions"
        assert screen.comparison.turn == 0


async def test_hidden_names_stay_hidden_in_the_chat_below(groq):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await pilot.press("tab", "b", "tab")
        await ask(pilot, screen)
        await pilot.press("escape")
        again = await reopened(pilot, await closed(pilot))
        await pilot.press(*"Wait", "escape")
        chat = await closed(pilot)
        await until(pilot, lambda: chat.composer.text == "Wait")
        assert chat.conversation.session.id != again.comparison.session.id
        assert not chat.conversation.transcript.entries


async def test_a_prompt_that_was_kept_before_it_was_sent_does_not_come_back(groq, monkeypatch):
    monkeypatch.setattr(composer_draft, "DELAY_S", 3_600.0)  # only what is told to be is kept
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await pilot.press("tab", "b", "tab")
        screen.prompt.text = PROMPT
        chat = pilot.app.screen_stack[0]
        await chat.workspace.draft.save()
        await ask(pilot, screen)
        await pilot.press(*"Wait", "escape")
        await closed(pilot)
        await until(pilot, lambda: chat.composer.text.endswith("Wait"))
        assert chat.composer.text == "Wait"
        assert await chat.workspace.services.drafts.draft(screen.comparison.session.id) == ""
