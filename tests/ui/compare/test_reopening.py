"""What is written in a comparison and what was said there is never lost, on the real services."""

import pytest
from textual.events import Key

from groqchat.domain.compare.compare import Verdict
from groqchat.domain.sessions.unsaved import UNSAVED
from groqchat.ui.compare.column import Phase
from groqchat.ui.compare.screen import CompareScreen
from tests.ui.compare.driving import (
    PROMPT,
    A,
    B,
    C,
    ask,
    begin,
    closed,
    comparing,
    judged,
    over,
    reopened,
    shown,
)
from tests.ui.stage import groqchat, seen, until

# -- what is being written --------------------------------------------------------------------


async def test_what_is_typed_as_the_last_answer_ends_stays_a_prompt(groq):
    async with comparing(A, B) as (pilot, screen):
        await begin(pilot, screen)
        await over(pilot, screen)
        await pilot.press(*"txl1")
        assert screen.prompt.text == "txl1"
        assert pilot.app.screen is screen
        assert list(await screen.services.votes.all()) == []


async def test_a_prompt_stays_in_the_composer_until_it_is_stored(groq, monkeypatch):
    async with comparing(A, B) as (pilot, screen):
        seen_before = []
        store = screen.comparison._turns.store_prompt

        async def watched(*prompt):
            seen_before.append(screen.prompt.text)
            for letter in "more":  # a pilot would wait for the turn, which waits for this
                pilot.app.post_message(Key(letter, letter))
            await until(pilot, lambda: screen.prompt.text.endswith("more"))
            return await store(*prompt)

        monkeypatch.setattr(screen.comparison._turns, "store_prompt", watched)
        await begin(pilot, screen)
        await over(pilot, screen)
        assert seen_before == [PROMPT]
        assert screen.prompt.text == "more"


@pytest.mark.parametrize("way", ["escape", "enter"])
async def test_what_is_unsent_goes_along_to_the_chat(groq, way):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press(*"Wait", "tab", way)
        chat = await closed(pilot)
        await until(pilot, lambda: chat.composer.text == "Wait")
        await pilot.press("!")
        await until(pilot, lambda: chat.composer.text == "Wait!")
        assert bool(chat.conversation.branch.leaf_id) is (way == "enter")


async def test_what_is_unsent_is_written_down_while_the_columns_are_open(groq):
    async with comparing(A, B) as (pilot, screen):
        await pilot.press(*"Half")
        drafts = screen.services.drafts
        kept = ""
        while kept != "Half":
            await pilot.pause(0.05)
            kept = await drafts.draft(UNSAVED)
        await pilot.press("!")
        await pilot.app.screen_stack[0].save()
        assert await drafts.draft(UNSAVED) == "Half!"


async def test_the_arrows_bring_earlier_prompts_back(groq):
    async with comparing(A, B) as (pilot, screen):
        await begin(pilot, screen)
        await over(pilot, screen)
        await pilot.press("up")
        await until(pilot, lambda: screen.prompt.text == PROMPT)
        await pilot.press("down")
        await until(pilot, lambda: screen.prompt.text == "")


async def test_tab_comes_back_to_the_column_it_left(groq):
    async with comparing(A, B, C) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("2", "tab")
        assert screen.focused is screen.prompt
        await pilot.press("tab")
        assert screen.focused is screen.state.columns[1].view
        await pilot.press("enter")
        chat = await closed(pilot)
        await until(pilot, lambda: chat.conversation.options.model == B)


@pytest.mark.parametrize(
    "line",
    [
        f"/compare {A}",
        "/compare gpt-oss llama",
        f"/compare {A} {A.rpartition('/')[2]}",
        "/compare 20b 20b",
        f"/compare {A} whisper-large-v3",
        "/model gpt",
        "/model whisper",
        "/effort extreme",
        "/tier golden",
        "/theme nobody",
        "/budget much",
        "/attach nowhere.txt",
    ],
)
async def test_a_command_that_is_refused_is_given_back(groq, line):
    app = groqchat()
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.screen.connection)
        app.screen.composer.text = line
        await pilot.press("enter")
        await until(pilot, lambda: "▌" in seen(app.screen))  # a notice
        assert app.screen.composer.text == line
        assert isinstance(app.screen, type(app.screen_stack[0]))


async def test_models_are_named_with_commas_and_by_parts(groq):
    async with comparing("gpt-oss-120b,", "20b") as (_, screen):
        assert [column.model for column in screen.comparison.columns] == [A, B]


# -- votes ------------------------------------------------------------------------------------


async def test_only_who_answered_is_voted_on(groq, injected):
    async with comparing(A, B, C) as (pilot, screen):
        injected("", "", "unprocessable")
        await ask(pilot, screen)
        answered = [column.column.model for column in screen.state.columns if column.is_answered]
        assert len(answered) == 2
        await pilot.press("t")
        await until(pilot, lambda: "A tie." in seen(screen))
        (vote,) = await screen.services.votes.all()
        assert (vote.verdict, list(vote.models)) == (Verdict.TIE, answered)


async def test_a_tie_takes_two_answers(groq, injected):
    async with comparing(A, B) as (pilot, screen):
        injected("unprocessable", "")
        await ask(pilot, screen)
        await pilot.press("t")
        await until(pilot, lambda: "A tie needs two complete answers" in seen(screen))
        assert list(await screen.services.votes.all()) == []


async def test_the_last_winner_is_not_marked_while_the_next_answers_are_written(
    groq, injected, monkeypatch
):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await pilot.press("tab", "b")
        await ask(pilot, screen)
        await pilot.press("1")
        await until(pilot, lambda: "★ winner" in seen(screen))
        injected("slow_first_token=50", "slow_first_token=50")
        marked = []
        with monkeypatch.context() as watching:
            for column in [each.view for each in screen.state.columns]:
                watching.setattr(
                    column,
                    "show_name",
                    lambda *_, is_winner, **__: marked.append((screen.comparison.turn, is_winner)),
                )
            await begin(pilot, screen, "And then?")
            await until(pilot, lambda: screen.comparison.turn == 2)
            await pilot.pause()
        screen.board.show()
        await pilot.pause()
        assert screen.is_busy
        assert (2, False) in marked
        assert (2, True) not in marked
        assert "★" not in seen(screen)
        assert "gpt-oss" not in seen(screen)


# -- a verdict --------------------------------------------------------------------------------


async def test_a_judge_that_waits_for_a_limit_says_so_and_can_be_stopped(groq, injected):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        injected("rate_limited=30")
        await judged(pilot, screen)
        await until(pilot, lambda: "judges (1 of 2): sends in" in seen(screen))
        assert "Esc stops it" in seen(screen)
        await pilot.press("enter", "1")
        assert pilot.app.screen is screen
        assert list(await screen.services.votes.all()) == []
        await pilot.press("escape")
        await until(pilot, lambda: "The verdict was stopped" in seen(screen))
        assert "Esc close" in seen(screen)


async def test_after_a_verdict_that_failed_the_keys_are_those_of_before(groq, injected):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        injected("model_not_found")
        await judged(pilot, screen)
        await until(pilot, lambda: "No verdict: " in seen(screen))
        await until(pilot, lambda: "Esc close" in seen(screen))


# -- opened again -----------------------------------------------------------------------------


async def test_a_comparison_that_was_left_opens_as_its_columns(groq, injected):
    async with comparing(A, B, C, size=(200, 50)) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("2")
        injected("", "", "cut")
        await ask(pilot, screen, "And then?")
        await pilot.press("x", "n")
        await until(pilot, lambda: "Note on this turn" in seen(pilot.app.screen))
        await pilot.press(*"bad", "enter")
        await until(pilot, lambda: "✎" in seen(screen))
        before = [
            (shown(column), column.view.phase, column.figures) for column in screen.state.columns
        ]
        scores, columns = await screen.state.ballot.scores(), screen.comparison.columns
        await pilot.press("escape")
        chat = await closed(pilot)
        again = await reopened(pilot, chat)
        assert again is not screen
        await until(pilot, lambda: "all bad" in seen(again))
        assert "turn 2" in seen(again)
        assert "✎" in seen(again)
        assert [column.model for column in again.comparison.columns] == [A, B, C]
        (listed,) = await again.services.store.sessions()
        assert listed.turns == again.comparison.turn == 2
        for column, (texts, phase, figures) in zip(again.state.columns, before, strict=True):
            assert (shown(column), column.view.phase) == (texts, phase)
            if phase is Phase.ANSWERED:
                assert column.figures == figures
        assert await again.state.ballot.scores() == scores
        for new, old in zip(again.comparison.columns, columns, strict=True):
            assert (new.leaf_id, new.prompt.id, new.failures) == (
                old.leaf_id,
                old.prompt.id,
                old.failures,
            )
        await ask(pilot, again, "Go on")
        for column in again.state.columns:
            path = await again.services.store.path(column.column.leaf_id)
            asked = [m.content for m in path if m.role == "user"]
            assert asked == [PROMPT, "And then?", "Go on"]


async def test_the_chat_below_shows_what_was_said_in_the_columns_last(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("escape")
        again = await reopened(pilot, await closed(pilot))
        await ask(pilot, again, "And then?")
        await pilot.press(*"Wait", "escape")
        chat = await closed(pilot)
        await until(pilot, lambda: "And then?" in seen(chat))
        await until(pilot, lambda: chat.composer.text == "Wait")


async def test_a_comparison_that_was_gone_on_with_opens_as_a_chat_and_by_its_key_as_columns(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        session_id = screen.comparison.session.id
        await pilot.press("1", "1")
        chat = await closed(pilot)
        await until(pilot, lambda: "Ctrl+K shows the columns" in seen(chat))
        await pilot.press("ctrl+n")
        await until(pilot, lambda: chat.conversation.session.id != session_id)
        chat.chat.session_list.post_message(chat.chat.session_list.Chosen(session_id))
        await until(pilot, lambda: chat.conversation.session.id == session_id)
        await pilot.pause(0.2)
        assert pilot.app.screen is chat
        await pilot.press("ctrl+k")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen))
        await until(pilot, lambda: "★ winner" in seen(pilot.app.screen))


async def test_the_last_session_opens_as_columns_where_it_is_a_comparison(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        texts = [shown(column) for column in screen.state.columns]
        await pilot.press(*"Not sent")
    app = groqchat(resume=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        await until(pilot, lambda: [shown(column) for column in app.screen.state.columns] == texts)
        await until(pilot, lambda: app.screen.prompt.text == "Not sent")


async def test_why_a_column_has_no_answer_is_told_again(groq, injected):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        injected("", "model_not_found")
        await ask(pilot, screen)
        await until(pilot, lambda: "take " in seen(screen))
        (failed,) = [column for column in screen.state.columns if not column.is_answered]
        replacement = failed.column.replacement
        await pilot.press("escape")
        again = await reopened(pilot, await closed(pilot))
        await until(pilot, lambda: "404 · Model not found" in seen(again))
        assert "✗ 404" in seen(again)
        await until(
            pilot, lambda: again.state.columns[failed.view.number].column.replacement == replacement
        )
        await pilot.press("tab", "m")
        await until(pilot, lambda: "1✓  2✓" in seen(again))
        assert replacement in [column.column.model for column in again.state.columns]


async def test_names_stay_hidden_until_the_vote_though_it_was_closed(groq):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen, "First")
        await pilot.press("b")
        await ask(pilot, screen, "Second")
        order = [column.model for column in screen.comparison.columns]
        await pilot.press("escape")
        again = await reopened(pilot, await closed(pilot))
        await until(pilot, lambda: all(len(shown(column)) == 2 for column in again.state.columns))
        assert [column.model for column in again.comparison.columns] == order
        assert all(text not in seen(again) for text in (A, B, "tok/s", "First"))
        await pilot.press("tab", "2")
        await until(pilot, lambda: "★ winner" in seen(again))
        assert [len(shown(column)) for column in again.state.columns] == [4, 4]
        (vote,) = await again.services.votes.all()
        assert (vote.winner, vote.is_blind) == (order[1], True)


async def test_a_tag_is_kept_without_a_vote(groq):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("g")
        await pilot.press(*"code", "enter")
        await until(pilot, lambda: "#code" in seen(screen))
        await pilot.press("escape")
        again = await reopened(pilot, await closed(pilot))
        await until(pilot, lambda: "#code" in seen(again))


async def test_what_was_said_of_it_is_exported_with_it(groq, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("2")
        await until(pilot, lambda: "★ winner" in seen(screen))
        await pilot.press("n", *"Concise", "enter", "enter")
        chat = await closed(pilot)
        await until(pilot, lambda: chat.conversation.branch.leaf_id)
        chat.chat.dispatch.run("export", "talk.md")
        await until(pilot, (tmp_path / "talk.md").exists)
        text = (tmp_path / "talk.md").read_text()
        assert f"* Turn 1: {B} was the best" in text
        assert "* Turn 1: note: Concise" in text
        await chat.workspace.services.store.delete_session(screen.comparison.session.id)
        assert list(await chat.workspace.services.votes.notes()) == []
        assert len(await chat.workspace.services.votes.all()) == 1


async def test_a_vote_alone_does_not_make_it_open_as_columns_again(groq):
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("1", "1")
        chat = await closed(pilot)
        await until(pilot, lambda: "Ctrl+K shows the columns" in seen(chat))
        records, session_id = chat.workspace.services.comparisons, screen.comparison.session.id
        await pilot.press("ctrl+k")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen))
        again = pilot.app.screen
        await until(pilot, lambda: "★ winner" in seen(again))
        await pilot.press("tab", "2", "g")
        await pilot.press(*"code", "enter")
        await until(pilot, lambda: "#code" in seen(again))
        assert not (await records.find(session_id)).is_open
        await ask(pilot, again, "More")
        assert (await records.find(session_id)).is_open
        assert (await again.services.store.session(session_id)).turns == again.comparison.turn == 2
