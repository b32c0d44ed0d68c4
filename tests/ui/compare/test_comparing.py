"""Comparisons on the screen, on the real services, the real SDK and the simulator."""

from decimal import Decimal

import pytest

from groqchat.domain.compare.compare import Verdict
from groqchat.domain.text.humanize import exact_money
from groqchat.domain.turns.chat import State
from groqchat.simulator.faults.faults import parse
from groqchat.storage.catalog import load_catalog
from groqchat.ui.compare.column import Phase
from groqchat.ui.compare.column_advice import advice
from groqchat.ui.compare.screen import CompareScreen
from groqchat.ui.dialogs.parameters import ParametersForm
from groqchat.ui.widgets.send_warning import WARNING
from tests.ui.chat.test_fallback import write_settings
from tests.ui.compare.driving import PROMPT, A, B, C, D, ask, comparing, over, press, shown
from tests.ui.stage import groqchat, seen, until


async def test_code_in_a_column_has_no_number_since_digits_vote(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        for column in screen.state.columns:
            answer = column.view.transcript.entry(column.answer_id)
            assert not answer.numbers_code


async def test_every_column_shows_exactly_what_was_sent(groq):
    async with comparing(A, B, C, size=(200, 60)) as (pilot, screen):
        await ask(pilot, screen)
        for column in screen.state.columns:
            (message,) = (await screen.services.store.messages([column.column.leaf_id])).values()
            sent = groq.answer(message.request_id).content
            assert message.model == column.column.model
            assert shown(column) == [PROMPT, sent]
            assert exact_money(message.cost.total) in seen(screen)
        assert "★" in seen(screen)
        assert "1✓  2✓  3✓" in seen(screen)


async def test_each_column_ends_in_its_own_way_and_can_be_asked_again(groq, monkeypatch):
    faults = [[parse(name).injected] for name in ("rate_limited=1", "model_not_found", "cut")]
    write_settings("longest_wait_s = 0.9\n")  # so that the refusal is told
    monkeypatch.setattr(
        groq._state.faults,
        "take",
        lambda endpoint, prompt: faults.pop() if endpoint == "chat" and faults else [],
    )
    async with comparing(A, B, C, D, size=(200, 50)) as (pilot, screen):
        await ask(pilot, screen)
        retry_at = screen.services.clock.now() + 1.5
        phases = [column.view.phase for column in screen.state.columns]
        assert sorted(phases) == sorted([Phase.ANSWERED, *[Phase.FAILED] * 3])
        said = seen(screen)
        assert "429 · Rate limit reached" in said
        assert "404 · Model not found" in said
        assert "✗ broken off" in said
        assert said.count("r retry") == 4  # three columns, and the keys
        screen.state.columns[phases.index(Phase.ANSWERED)].view.focus()
        await pilot.pause()
        before = [column.column.leaf_id for column in screen.state.columns]
        await until(pilot, lambda: screen.services.clock.now() > retry_at)
        await pilot.press("R")
        await over(pilot, screen)
        assert {column.view.phase for column in screen.state.columns} == {Phase.ANSWERED}
        for column, leaf_id, phase in zip(screen.state.columns, before, phases, strict=True):
            assert (column.column.leaf_id == leaf_id) is (phase is Phase.ANSWERED)
            assert len(shown(column)) == 2


async def test_where_nobody_answered_no_best_is_asked_for(groq):
    groq.arm("unprocessable*2")
    async with comparing(A, B) as (pilot, screen):
        screen.prompt.text = PROMPT
        await pilot.press("enter")
        await until(pilot, lambda: "No model has answered." in seen(screen))


async def test_a_winner_is_voted_for_and_gone_on_with_in_the_chat(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        answer_id = screen.comparison.columns[1].leaf_id
        await pilot.press("2")
        await until(pilot, lambda: "★ winner" in seen(screen))
        (vote,) = await screen.services.votes.all()
        assert (vote.verdict, vote.winner, vote.models) == (Verdict.WINNER, B, (A, B))
        await pilot.press("2")
        chat = pilot.app.screen_stack[0]
        await until(pilot, lambda: pilot.app.screen is chat)
        await until(pilot, lambda: chat.conversation.branch.leaf_id == answer_id)
        assert chat.conversation.options.model == B
        assert await chat.workspace.services.store.siblings(answer_id)
        await until(pilot, lambda: "2/2" in seen(chat) or "1/2" in seen(chat))


async def test_the_next_prompt_follows_each_columns_own_answer(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("t")
        await ask(pilot, screen, "And then?")
        for column in screen.comparison.columns:
            path = await screen.services.store.path(column.leaf_id)
            assert [message.content for message in path][::2] == [PROMPT, "And then?"]
            assert {message.model for message in path[1::2]} == {column.model}
        await pilot.press("x", "s")
        await until(pilot, lambda: "Scores of this comparison" in seen(pilot.app.screen))
        cost = sum((fig.cost for fig in screen.comparison.columns[0].figures), Decimal(0))
        assert exact_money(cost) in seen(pilot.app.screen)
        verdicts = [vote.verdict for vote in await screen.services.votes.all()]
        assert verdicts == [Verdict.TIE, Verdict.ALL_BAD]


async def test_names_and_figures_are_hidden_until_the_vote(groq):
    async with comparing(A, B) as (pilot, screen):
        await pilot.press("tab", "b")
        await ask(pilot, screen)
        said = seen(screen)
        assert "Model A" in said
        assert "Model B" in said
        assert "gpt-oss" not in said.replace(PROMPT, "")
        assert "tok/s" not in said
        await pilot.press("1")
        await until(pilot, lambda: "tok/s" in seen(screen))
        assert A in seen(screen)
        (vote,) = await screen.services.votes.all()
        assert vote.is_blind
        assert vote.winner == screen.comparison.columns[0].model


async def test_escape_stops_all_keeps_what_came_and_then_closes(groq):
    groq.arm("stall")
    async with comparing(A, B) as (pilot, screen):
        screen.prompt.text = PROMPT
        await pilot.press("enter")
        await until(pilot, lambda: all(column.has_text for column in screen.state.columns))
        await pilot.press("tab")
        await until(pilot, lambda: "? all keys" in seen(screen))
        assert "retry" not in seen(screen)  # nothing is asked again meanwhile
        await pilot.press("escape")
        await until(pilot, lambda: not screen.is_busy)
        await until(pilot, lambda: "r retry" in seen(screen))
        assert {column.view.phase for column in screen.state.columns} == {Phase.STOPPED}
        for column in screen.state.columns:
            (saved,) = (await screen.services.store.messages([column.column.leaf_id])).values()
            assert (saved.state, shown(column)[-1]) == (State.STOPPED, saved.content)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not screen)


@pytest.mark.parametrize(("keys", "place"), [(("1",), 0), (("2",), 1), (("t", "right"), 1)])
async def test_escape_leads_to_the_winners_conversation_else_to_the_focused_columns(
    groq, keys, place
):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("1", "1")
        chat = pilot.app.screen_stack[0]
        await until(pilot, lambda: pilot.app.screen is chat)
        await until(pilot, lambda: "Ctrl+K shows the columns" in seen(chat))
        await pilot.press("ctrl+k")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen))
        again = pilot.app.screen
        await until(pilot, lambda: again.focused is not None)
        await ask(pilot, again, "And then?")
        await pilot.press(*keys)
        column = again.comparison.columns[place]
        await until(pilot, lambda: again.state.ballot.vote)
        await pilot.press("escape")
        await until(pilot, lambda: chat.conversation.branch.leaf_id == column.leaf_id)
        assert chat.conversation.options.model == column.model
        record = await chat.workspace.services.comparisons.find(again.comparison.session.id)
        assert record.is_open  # it is closed, but not gone on with


async def test_models_are_chosen_from_the_list(groq):
    app = groqchat()
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.screen.connection)
        app.screen.composer.text = "Half a prompt"
        await pilot.press("ctrl+k")
        await until(pilot, lambda: "Compare models" in seen(app.screen))
        await pilot.press(*"gpt-oss-20b", "tab", "enter")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        names = {column.model for column in app.screen.comparison.columns}
        assert names == {load_catalog().default().id, B}
        assert app.screen.prompt.text == "Half a prompt"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (f"{A} 0b", "'0b' may be"),
        (f"{A} whisper-large-v3", "does not chat"),
        (f"{A} gpt-oss-20b 20b", "named twice"),
        (f"{A} effort=deep {A}", "takes low, medium, high"),
        (A, "2 to 8 models"),
    ],
)
async def test_what_cannot_be_compared_is_said(groq, words, said):
    app = groqchat()
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.screen.connection)
        app.screen.composer.text = f"/compare {words}"
        await pilot.press("enter")
        await until(pilot, lambda: said in seen(app.screen))


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)])
async def test_what_is_needed_to_act_is_on_the_screen(groq, size):
    async with comparing(A, B, size=size) as (pilot, screen):
        await ask(pilot, screen)
        for words in ("1✓", "Esc close", "best answer", "go on with this one"):
            await until(pilot, lambda words=words: words in seen(screen))
        await pilot.press("right")
        await until(pilot, lambda: screen.focused.number == 1)
        await until(pilot, lambda: B in seen(screen))


async def test_letters_go_to_the_prompt_unless_they_are_keys(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen)
        await pilot.press("W", "h", "y")
        assert screen.prompt.text == "Why"
        assert screen.focused is screen.prompt


async def test_a_key_is_sent_only_by_a_second_enter(groq):
    async with comparing(A, B, size=(80, 24)) as (pilot, screen):
        screen.prompt.text = "What is gsk_testOfNobody0123456789 for?"
        await pilot.press("enter")
        await until(pilot, lambda: WARNING in seen(screen))
        assert screen.comparison.turn == 0
        await pilot.press("enter")
        await over(pilot, screen)
        assert all(column.is_answered for column in screen.state.columns)


async def test_a_spent_budget_is_said_and_enter_again_sends_to_all(groq, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    (groqchat_home / "config.toml").write_text('[budget]\nmonthly_usd = "0.00"\n')
    async with comparing(A, B) as (pilot, screen):
        screen.prompt.text = PROMPT
        await pilot.press("enter")
        await until(pilot, lambda: "Enter again to send it anyway" in seen(screen))
        assert screen.comparison.turn == 0
        await pilot.press("enter")
        await over(pilot, screen)
        assert all(column.is_answered for column in screen.state.columns)


async def test_columns_share_what_is_left_of_a_budget(groq, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    prices = "".join(f'[prices."{model}"]\ninput = "0"\noutput = "1"\n' for model in (A, B))
    budget = '[budget]\nmonthly_usd = "0.00015"\n'  # an answer costs a hundredth of a cent
    (groqchat_home / "config.toml").write_text(f"max_tokens = 100\n{budget}{prices}")
    async with comparing(A, B, size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen, "Write 100 tokens")
        phases = {column.view.phase: column for column in screen.state.columns}
        assert phases.keys() == {Phase.ANSWERED, Phase.FAILED}
        error = phases[Phase.FAILED].column.error
        assert error.cause.name in {"budget_held", "budget_short"}
        assert error.title in seen(screen)
        assert advice(error, replacement=None, has_text=False)[:20] in seen(screen)
        assert (await screen.services.ledger.spent()).cost == Decimal("0.0001")


async def test_settings_that_cannot_be_read_send_nothing_but_what_is_let_pass(groq, groqchat_home):
    async with comparing(A, B) as (pilot, screen):
        config = groqchat_home / "config.toml"
        config.write_text('[budget]\nmonthly_usd = "ten"\n')
        screen.prompt.text = PROMPT
        for _ in range(2):  # Enter again sends nothing either
            await pilot.press("enter")
            await until(pilot, lambda: "o send this one" in seen(pilot.app.screen))
            assert "(line 2)" in seen(pilot.app.screen)
            await pilot.press("enter", "escape")
            await until(pilot, lambda: screen.is_active)
        assert (screen.comparison.turn, screen.prompt.text) == (0, PROMPT)
        await pilot.press("enter")
        await until(pilot, lambda: "o send this one" in seen(pilot.app.screen))
        press(pilot.app, *"or")  # somebody types on
        await until(pilot, lambda: screen.is_active)
        assert screen.prompt.text == f"or{PROMPT}"  # at the cursor
        assert not groq._state.answers
        await pilot.press("enter")
        await until(pilot, lambda: "o send this one" in seen(pilot.app.screen))
        await pilot.press("o")
        await over(pilot, screen)
        assert all(column.is_answered for column in screen.state.columns)
        assert len(groq._state.answers) == 2
        await pilot.press("tab", "r")
        await until(pilot, lambda: "Nothing is sent" in seen(screen) and not screen.is_busy)
        await pilot.press("v")
        await until(pilot, lambda: "Who judges?" in seen(pilot.app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: "asked twice" in seen(pilot.app.screen))
        await pilot.press("y")
        await until(pilot, lambda: "No verdict: " in seen(screen))
        assert len(groq._state.answers) == 2


async def test_a_column_without_an_answer_failed_and_one_with_a_part_tells_its_end(groq):
    async with comparing(A, B) as (pilot, screen):
        await ask(pilot, screen, "Hi simulate: only_reasons*1")
        said = seen(screen)
        assert sorted(column.view.phase for column in screen.state.columns) == [
            Phase.ANSWERED,
            Phase.FAILED,
        ]
        assert "Reasoning without an answer" in said
        assert "✗ no answer" in said
        await ask(pilot, screen, "Hi simulate: ends_filtered=9")
        assert seen(screen).count("cut off by the content filter") == 2


async def test_columns_of_one_model_are_asked_as_they_are_written(groq, tmp_path):
    (tmp_path / "brief.txt").write_text("Be brief.")
    own = ["effort=low", f"effort=high system=@{tmp_path / 'brief.txt'}"]
    async with comparing(f"{A} {own[0]},", f"120b {own[1]}", size=(160, 40)) as (pilot, screen):
        await ask(pilot, screen)
        columns = [column.column for column in screen.state.columns]
        assert [column.name for column in columns] == [f"{A} {written}" for written in own]
        assert [column.options.system for column in columns] == ["", "Be brief."]
        answers = await screen.services.store.messages(column.leaf_id for column in columns)
        sent = [answers[column.leaf_id].asked_with["reasoning_effort"] for column in columns]
        assert sent == ["low", "high"]
        assert " · low" not in seen(screen)  # what the name holds is said once
        await pilot.press("1")
        await until(pilot, lambda: screen.state.ballot.winner == f"{A} effort=low")
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app_screen(pilot), ParametersForm))
        app_screen(pilot)._system.value = "Be kind."
        await pilot.press("enter")
        await until(pilot, lambda: f'{A} effort=low system="Be kind."' in seen(screen))
        assert columns[0].options.system == "Be kind."


def app_screen(pilot):
    """The window on top."""
    return pilot.app.screen
