"""What can be done in a comparison beside asking and voting, on the real services."""

import re

import pytest
from rich.console import ColorSystem
from textual.events import Key

from groqchat.domain.compare.compare import Verdict
from groqchat.domain.ledger.sums import Grouping
from groqchat.domain.text.humanize import duration, exact_money
from groqchat.ui.compare.column import Phase
from groqchat.ui.compare.commands import COMMANDS
from groqchat.ui.dialogs.image_viewer import ImageViewer
from groqchat.ui.transcript.entries import Entry, EntryKind
from groqchat.ui.widgets.cost_meter import CostMeter
from tests.images import image
from tests.ui.compare.driving import PROMPT, A, B, C, D, ask, comparing, opened, over, shown
from tests.ui.stage import held, seen, until

WIDE = (160, 50)


async def test_scores_tell_what_was_stopped_and_what_that_cost(groq, injected):
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        await ask(pilot, screen)
        injected("stall", "stall")
        screen.prompt.text = "Slowly"
        screen.prompt.focus()
        await pilot.press("enter")
        await until(pilot, lambda: all(column.has_text for column in screen.state.columns))
        await pilot.press("escape")
        await over(pilot, screen, 2)
        await pilot.press("tab", "s")
        board = await opened(pilot, "Scores of this comparison")
        await until(pilot, lambda: "stopped" in seen(board))
        sums = await screen.state.ballot.scores()
        assert [(each.answers, each.stopped, each.failures) for each in sums] == [(1, 1, 0)] * 2
        spent = await screen.services.ledger.spent(session_id=screen.comparison.session.id)
        assert sum(each.cost for each in sums) == spent.cost


async def test_an_answer_that_was_stopped_shows_what_was_booked(groq, injected):
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        injected("stall", "stall")
        screen.prompt.text = "Slowly"
        await pilot.press("enter")
        await until(pilot, lambda: all(column.has_text for column in screen.state.columns))
        await pilot.press("escape")
        await over(pilot, screen)
        for column in screen.state.columns:
            await until(pilot, lambda column=column: column.figures.cost is not None)
            (stored,) = (await screen.services.store.messages([column.answer_id])).values()
            assert column.figures.cost == stored.cost.total
        costs = [row for row in seen(screen).splitlines() if "cost" in row]
        assert sum(row.count("≈ $") for row in costs) == 2, seen(screen)


async def test_blind_names_are_shown_where_nobody_answered(groq, injected):
    injected("unprocessable", "unprocessable")
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        await pilot.press("tab", "b")
        await ask(pilot, screen)
        await until(pilot, lambda: A in seen(screen))
        assert "422" in seen(screen)
        await pilot.press("R")
        await over(pilot, screen)
        await until(pilot, lambda: "1✓  2✓" in seen(screen))


async def test_a_column_that_hangs_holds_up_nobody_and_can_be_stopped(groq, injected):
    injected("slow_first_token=50", "slow_first_token=50", "", "")
    async with comparing(A, B, C, D, size=WIDE) as (pilot, screen):
        screen.prompt.text = PROMPT
        await pilot.press("enter")
        await until(
            pilot, lambda: [s.view.phase for s in screen.state.columns].count(Phase.ANSWERED) == 2
        )
        assert screen.is_busy
        await pilot.press(*"next")
        assert screen.prompt.text == "next"
        await pilot.press("escape")
        await until(pilot, lambda: not screen.is_busy)
        phases = [column.view.phase for column in screen.state.columns]
        assert sorted(phases) == sorted([Phase.ANSWERED] * 2 + [Phase.STOPPED] * 2)


async def test_the_model_named_for_one_that_is_gone_takes_its_column(groq, injected):
    injected("model_not_found", "model_not_found")
    async with comparing(B, D, size=WIDE) as (pilot, screen):
        await ask(pilot, screen)
        gone = [column for column in screen.state.columns if column.column.replacement]
        replacement = gone[0].column.replacement
        assert f"m take {replacement}" in seen(screen)
        gone[0].view.focus()
        await pilot.press("m")
        await over(pilot, screen)
        assert (gone[0].column.model, gone[0].view.phase) == (replacement, Phase.ANSWERED)
        saved = (await screen.services.store.messages([gone[0].column.leaf_id])).values()
        assert [message.model for message in saved] == [replacement]
        assert replacement in seen(screen)
        assert len(shown(gone[0])) == 2
        assert gone[0].column.replacement is None


async def test_where_a_limit_is_in_the_way_a_model_with_room_may_take_the_column(groq, injected):
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        injected("rate_limited=600", "rate_limited=600")
        await ask(pilot, screen)
        first, second = screen.state.columns
        await until(pilot, lambda: first.column.replacement and second.column.replacement)
        replacement = first.column.replacement
        assert replacement not in {A, B}
        assert f"m take {replacement}" in seen(screen)
        await pilot.press("m")
        await until(pilot, lambda: first.view.phase is Phase.ANSWERED)
        assert first.column.model == replacement
        assert replacement != second.column.replacement
        assert len(shown(first)) == 2


@pytest.mark.parametrize("fault", ["blocked_project", "model_not_found"])
async def test_no_column_is_a_dead_end(groq, injected, fault):
    async with comparing(A, B, C, size=WIDE) as (pilot, screen):
        injected(fault, fault, fault)
        await ask(pilot, screen)
        await until(
            pilot, lambda: all(column.column.replacement for column in screen.state.columns)
        )
        assert not {column.column.replacement for column in screen.state.columns} & {A, B, C}


async def test_what_is_typed_right_after_tab_goes_where_it_is_meant_to(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        for keys in (("tab", "x", "2"), ("tab", "2")):
            for key in keys:
                pilot.app.post_message(Key(key, key if len(key) == 1 else None))
            await pilot.pause()
        await until(
            pilot, lambda: screen.state.ballot.winner == screen.state.columns[1].column.model
        )
        assert screen.prompt.text == "x2"


async def test_names_are_hidden_again_at_every_turn(groq):
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        await pilot.press("tab", "b")
        await ask(pilot, screen)
        await pilot.press("1")
        await until(pilot, lambda: A in seen(screen) and "tok/s" in seen(screen))
        await ask(pilot, screen, "And then?")
        said = seen(screen)
        assert "gpt-oss" not in said
        assert "tok/s" not in said
        assert PROMPT not in said
        assert not any(
            f"✓ {duration(column.figures.total_s)}" in said for column in screen.state.columns
        )
        assert all(len(shown(column)) == 2 for column in screen.state.columns)
        await pilot.press("2")
        await until(pilot, lambda: all(len(shown(column)) == 4 for column in screen.state.columns))
        for column in screen.state.columns:
            path = await screen.services.store.path(column.column.leaf_id)
            assert shown(column) == [message.content for message in path]
        votes = await screen.services.votes.all()
        assert [vote.is_blind for vote in votes] == [True, True]
        assert votes[1].winner == screen.comparison.columns[1].model


async def test_an_error_tells_no_hidden_name(groq, injected):
    injected("model_not_found", "")
    async with comparing(B, D, size=WIDE) as (pilot, screen):
        await pilot.press("tab", "b")
        await ask(pilot, screen)
        said = seen(screen)
        assert "404 · Model not found" in said
        assert not any(model in said for model in (A, B, D))
        await pilot.press("x")
        await until(pilot, lambda: f"m take {A}" in seen(screen) or A in seen(screen))
        assert "does not exist" in seen(screen)


async def test_columns_have_options_of_their_own(groq):
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        await pilot.press("tab", "right", "o")
        window = await opened(pilot, f"Column 2: {B}")
        await pilot.press(*"Be brief.", "tab", *"extreme", "enter")
        await until(pilot, lambda: "effort extreme: " in seen(window))
        await pilot.press(*["backspace"] * 7, *"high", "tab", *"abc", "enter")
        await until(pilot, lambda: "max_tokens abc: " in seen(window))
        await pilot.press(*["backspace"] * 3, *"300", "tab", *"3", "enter")
        await until(pilot, lambda: "from 0 to 2" in seen(window))
        await pilot.press("backspace", *"0.5", "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        details = "high · ≤ 300 tokens · T 0.5 · own system prompt"
        await until(pilot, lambda: details in seen(screen))
        first, second = (column.options for column in screen.comparison.columns)
        assert (first.system, first.effort, first.max_tokens) == ("", None, None)
        assert (second.system, second.effort) == ("Be brief.", "high")
        assert (second.max_tokens, second.temperature) == (300, 0.5)
        await ask(pilot, screen)
        assert [column.figures.completion_tokens <= 300 for column in screen.state.columns][1]


async def test_where_two_answers_differ_stands_between_marks(groq):
    async with comparing(A, B, C, size=WIDE) as (pilot, screen):
        for column, text in zip(
            screen.state.columns, ("a red car", "a blue car", "no car"), strict=True
        ):
            screen.state.ballot.comparison.turn = 1
            column.answer_id, column.has_text = column.column.model, True
            message = Entry(column.answer_id, EntryKind.ASSISTANT, "Answer", text)
            column.view.transcript.add(message)
        await pilot.press("tab", "d")
        window = await opened(pilot, "1 difference · ")
        assert "a [-red-] car" in seen(window)
        assert "a {+blue+} car" in seen(window)
        await pilot.press("right")
        await until(pilot, lambda: f"3 {C}" in seen(window) and "{+no+} car" in seen(window))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)


async def test_notes_and_tags_are_kept_and_shown_with_the_ratings(groq):
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        await pilot.press("tab", "n")
        await until(pilot, lambda: "There is no turn yet" in seen(screen))
        await ask(pilot, screen)
        await pilot.press("1", "n")
        await opened(pilot, "Note on this turn")
        await pilot.press(*"good ", "left_square_bracket", *"b]one", "enter")
        await until(pilot, lambda: "✎" in seen(screen))
        await pilot.press("g")
        await opened(pilot, "Tag of this comparison")
        await pilot.press(*"My Code", "enter")
        await until(pilot, lambda: "#my-code" in seen(screen))
        await until(pilot, lambda: "The tag is stored as my-code." in seen(screen))
        (vote,) = await screen.services.votes.all()
        assert (vote.tag, vote.verdict) == ("my-code", Verdict.WINNER)
        await ask(pilot, screen, "And then?")
        await pilot.press("t", "l")
        window = await opened(pilot, "Leaderboard of your votes")
        for words in ("[my-code]", "2 votes", "good [b]one"):
            await until(pilot, lambda words=words: words in seen(window))
        assert seen(window).index(A) < seen(window).index(B)
        await pilot.press("right")
        await until(pilot, lambda: "[all tasks]" in seen(window))


async def test_a_model_judges_after_its_cost_is_confirmed_and_its_verdict_is_no_vote(groq):
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        await pilot.press("tab", "v")
        await until(pilot, lambda: "A verdict needs two complete answers" in seen(screen))
        await ask(pilot, screen)
        spent = await screen.services.ledger.spent()
        await pilot.press("v")
        await opened(pilot, "Who judges?")
        await pilot.press(*B[-7:], "enter")
        window = await opened(pilot, "judges 2 answers, asked twice")
        assert "at most $0.00" in seen(window)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert await screen.services.ledger.spent() == spent
        await pilot.press("v")
        await opened(pilot, "Who judges?")
        await pilot.press(*B[-7:], "enter")
        await opened(pilot, "judges 2 answers, asked twice")
        await pilot.press("y")
        window = await opened(pilot, "Verdict of a model")
        # The pretended Groq always prefers what it was shown last.
        assert "depended on their order" in seen(window)
        assert seen(window).count("On average 1.5:") == 2
        assert (await screen.services.ledger.spent()).requests == spent.requests + 2
        assert list(await screen.services.votes.all()) == []
        (judged,) = await screen.services.votes.judgements()
        assert (judged.judge, judged.verdict, judged.agreed) == (B, Verdict.TIE, False)
        await pilot.press("escape")
        await until(pilot, lambda: "⚖ a tie" in seen(screen))
        # What the verdict cost belongs to the comparison.
        session_id = screen.comparison.session.id
        shares = await screen.services.ledger.by(Grouping.SESSION)
        assert [(share.key, share.sums.requests) for share in shares] == [(session_id, 4)]
        session = await screen.services.store.session(session_id)
        assert session.cost == shares[0].sums.cost


async def test_a_verdict_that_fails_is_said(groq, injected):
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        await ask(pilot, screen)
        injected("model_not_found")
        await pilot.press("v")
        await opened(pilot, "Who judges?")
        await pilot.press("enter")
        await opened(pilot, "asked twice")
        await pilot.press("y")
        await until(pilot, lambda: "does not exist" in seen(screen))
        assert list(await screen.services.votes.judgements()) == []


async def test_every_column_can_go_on_in_a_session_of_its_own(groq):
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        await ask(pilot, screen)
        texts = [shown(column)[1] for column in screen.state.columns]
        await pilot.press("right", "a")
        chat = pilot.app.screen_stack[0]
        await until(pilot, lambda: pilot.app.screen is chat)
        await until(pilot, lambda: "now has its own session" in seen(chat))
        sessions = await chat.workspace.services.store.sessions()
        titles = {PROMPT, *(f"{model.rpartition('/')[2]}: {PROMPT}" for model in (A, B))}
        assert {s.title for s in sessions} == titles
        assert chat.conversation.session.title == f"{B.rpartition('/')[2]}: {PROMPT}"
        # What was paid for once counts once.
        paid = [s.cost for s in sessions if s.cost is not None]
        assert paid == [sum(column.figures.cost for column in screen.state.columns)]
        assert chat.conversation.options.model == B
        answer = await chat.conversation.branch.last_answer()
        assert (answer.content, answer.model) == (texts[1], B)
        # Nothing was paid here yet, neither in this turn nor in this session.
        rows = [" ".join(row.plain.split()) for row in chat.query_one(CostMeter).made_rows()]
        assert rows[1:3] == ["this turn –", "this session $0.00"]


async def test_requests_leave_apart_where_that_is_wanted(groq, monkeypatch):
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        await pilot.press("tab", "p")
        await until(pilot, lambda: "sent 1.0s apart" in seen(screen))
        assert screen.services.settings.compare_gap_s == 1.0
        released = held(monkeypatch, screen.comparison, "_pause")
        screen.prompt.text = PROMPT
        await pilot.press("tab", "enter")
        await until(pilot, lambda: re.search("begins in [01]s, after the others", seen(screen)))
        released.set()
        await over(pilot, screen)
        assert all(column.is_answered for column in screen.state.columns)
        await pilot.press("tab", "p", "p", "p", "p")
        await until(pilot, lambda: "All requests are now sent at once" in seen(screen))


async def test_every_command_is_in_the_help_and_in_the_palette(groq):
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        await pilot.press("tab", "question_mark")
        window = await opened(pilot, "Keys of a comparison")
        assert all(f"{command.title}: {command.help}" in seen(window) for command in COMMANDS)
        await pilot.press("escape", "ctrl+p")
        await until(pilot, lambda: pilot.app.screen is not screen)
        await pilot.press(*"leaderb")
        await until(pilot, lambda: "ratings from all your votes" in seen(pilot.app.screen))
        await pilot.press("enter")
        await opened(pilot, "No votes yet")


@pytest.mark.parametrize("keys", [("enter", "enter"), ("1", "1", "1"), ("a", "l"), ("a", "a")])
async def test_of_keys_that_come_at_once_one_acts_at_a_time(groq, keys):
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        await ask(pilot, screen)
        screen.state.columns[0].view.focus()
        await pilot.pause()
        for key in keys:
            pilot.app.simulate_key(key)
        await until(pilot, lambda: screen._command is not None and screen._command.is_finished)
        await pilot.pause()
        sessions = await screen.services.store.sessions(limit=10)
        # The comparison, and with "a" one session for each column, once.
        assert len(sessions) == (3 if keys[0] == "a" else 1)
        await pilot.press("escape", "escape")
        assert pilot.app.is_running


async def test_an_answer_is_copied_from_its_column(groq):
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("right", "c")
        await until(pilot, lambda: "characters" in seen(screen))
        assert pilot.app.clipboard == shown(screen.state.columns[1])[1]


async def test_keys_of_the_chat_say_where_they_act(groq):
    async with comparing(A, B) as (pilot, screen):
        for key, words in (
            ("ctrl+l", "The columns keep their models. Esc, then /compare"),
            ("ctrl+s", "Sessions: in the chat"),
        ):
            await pilot.press(key)
            await until(pilot, lambda words=words: words in seen(screen))


async def test_earlier_prompts_are_found_and_an_editor_can_write_one(groq, monkeypatch):
    monkeypatch.setattr("groqchat.ui.terminal.editor.edited", lambda _, text: f"{text}, edited")
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("tab", "ctrl+r")
        await opened(pilot, "Prompts sent before")
        await until(pilot, lambda: PROMPT in seen(pilot.app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: screen.prompt.text == PROMPT)
        await pilot.press("ctrl+g")
        await until(pilot, lambda: screen.prompt.text == f"{PROMPT}, edited")


async def test_on_a_low_screen_words_and_figures_are_whole(groq):
    async with comparing(A, B, C, size=(40, 12)) as (pilot, screen):
        await pilot.press("tab", "b")
        await until(pilot, lambda: "every turn, until you vote." in seen(screen))
        await pilot.press("b")
        await ask(pilot, screen)
        first, *_, last = (column.model for column in screen.comparison.columns)  # shuffled
        await pilot.press("2", "s")
        window = await opened(pilot, "Scores of this comparison")
        figures = screen.comparison.columns[0].figures[0]
        await until(pilot, lambda: exact_money(figures.cost) in seen(window))
        await pilot.press("escape", "right")
        await until(pilot, lambda: last in seen(screen))
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: all(model in seen(screen) for model in (A, B, C)))
        await pilot.resize_terminal(40, 12)
        await until(pilot, lambda: last in seen(screen) and first not in seen(screen))
        assert seen(screen).splitlines()[1].startswith("┏")


async def test_columns_are_in_sight_whole_or_not_at_all(groq):
    async with comparing(A, B, C, D, size=(80, 24)) as (pilot, screen):
        await pilot.press("tab")
        for number in (1, 2, 3, 0, 3, 2, 1):
            step = "right" if number == (screen.focused.number + 1) % 4 else "left"
            while screen.focused.number != number:
                await pilot.press(step)
            await pilot.pause()
            edge = seen(screen).splitlines()[1]
            assert edge[0] in "╭┏"
            assert edge[79] in "╮┓"
            assert screen.state.columns[number].view.region.width == 40
            assert 0 <= screen.state.columns[number].view.region.x <= 40


async def test_files_are_attached_in_a_comparison_too(groq, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("Milk")
    async with comparing(A, B, size=WIDE) as (pilot, screen):
        screen.prompt.text = "Buy @notes.txt"
        screen.prompt.focus()
        view = screen.state.columns[0].view
        await until(pilot, lambda: "≈" in str(view.border_subtitle))
        forecast = str(view.border_subtitle)
        await pilot.press("enter")
        await until(pilot, lambda: "notes.txt stands below the prompt now" in seen(screen))
        await until(pilot, lambda: str(view.border_subtitle) != forecast)
        assert "notes.txt stands below the prompt now" in seen(screen)
        assert screen.comparison.turn == 0
        await pilot.press("enter")
        await over(pilot, screen)
        prompt = screen.state.columns[0].column.prompt
        assert prompt.content.startswith("Buy notes.txt\n\nnotes.txt:\n```\nMilk\n```")


async def test_answers_in_json_are_trees_that_fold(groq):
    async with comparing(f"{A} schema='name, tags str[]'", B, size=WIDE) as (pilot, screen):
        await ask(pilot, screen)
        await until(pilot, lambda: "▾ tags:" in seen(screen))
        assert "fits the schema" in seen(screen)
        await pilot.press("f")
        assert "▸ tags:" in seen(screen)
        await pilot.press("right", "f")
        await until(pilot, lambda: "fold the parts of an answer in JSON" in seen(screen))


async def test_images_are_drawn_in_the_columns_and_a_click_shows_one(groq):
    eyes = "qwen/qwen3.8-27b"
    async with comparing(f"{eyes} top_p=1", f"{eyes} top_p=0.9", size=WIDE) as (pilot, screen):
        pilot.app.console._color_system = ColorSystem.TRUECOLOR
        await screen.services.store.keep_images([image()])
        await ask(pilot, screen, f"Look {image().mark}")
        await until(pilot, lambda: seen(screen).count("▀▀▀▀") == 4)
        y, row = next((y, row) for y, row in enumerate(seen(screen).splitlines()) if "▀▀" in row)
        await pilot.click(offset=(row.index("▀"), y))
        await until(pilot, lambda: isinstance(pilot.app.screen, ImageViewer))
