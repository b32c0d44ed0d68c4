"""Budget, usage and planner on the chat screen."""

import json
from dataclasses import replace
from functools import partial

from groqchat.domain.errors.tree import OverBudgetError
from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.ui.widgets.toast_cards import Notice
from tests.ui.chat.test_chat_screen import PROMPT, ask, chatting, is_over, shows
from tests.ui.stage import PATIENCE_S, seen, until


async def test_a_budget_stops_and_lets_one_request_pass_when_told(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await ask(pilot, screen, "/budget session 0.0000001", answered=False)
        await shows(pilot, screen, "Session budget: $0.0000001")
        await ask(pilot, screen, "More", answered=False)
        await shows(pilot, screen, "o send anyway")
        assert isinstance(next(iter(screen.chat.reporter.log)).error, OverBudgetError)
        await until(pilot, lambda: screen.workspace.figures.last_turn is None)
        await pilot.press("f8", "o")
        await until(pilot, lambda: screen.workspace.figures.last_turn)
        await ask(pilot, screen, "Even more", answered=False)
        await shows(pilot, screen, "o send anyway")
        screen.chat.dispatch.run("budget", "session off")
        await until(pilot, lambda: screen.workspace.services.settings.budget.session_usd is None)


async def test_usage_is_shown_and_saved_and_the_planner_speaks_of_ones_own_turns(
    groq, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        screen.chat.dispatch.run("usage")
        await until(pilot, lambda: "Usage at list price" in seen(pilot.app.screen))
        await until(pilot, lambda: "all  " in seen(pilot.app.screen))
        await pilot.press("m")
        await until(pilot, lambda: "openai/gpt-oss-120b" in seen(pilot.app.screen))
        await pilot.press("j")
        saved = tmp_path / "groqchat-usage-by-model.json"
        await until(pilot, saved.exists)
        sums = await screen.workspace.services.ledger.spent()
        assert [row["requests"] for row in json.loads(saved.read_text())] == [sums.requests]
        await pilot.press("escape")
        now = screen.workspace.services.clock.now()
        late = LedgerEntry(now + 90 * 86_400, "p", "f", "clock/was-ahead", "ok")
        await screen.workspace.services.ledger.record(late)
        await screen.workspace.services.ledger.record(
            replace(late, time=now, model="clock/is-right")
        )
        screen.chat.dispatch.run("plan")
        await until(pilot, lambda: "tokens a turn" in seen(pilot.app.screen))
        projections = {projection.model.id for projection in pilot.app.screen._projections}
        assert "clock/is-right" in projections
        assert "clock/was-ahead" not in projections


async def test_a_cost_that_nobody_knows_is_unknown_wherever_it_stands(groq):
    async with chatting(size=(80, 24)) as (pilot, screen):
        await ask(pilot, screen, "/model allam-2-7b", answered=False)
        await shows(pilot, screen, "goes to allam-2-7b")
        await ask(pilot, screen, PROMPT)
        await until(pilot, lambda: "unknown" in seen(screen).splitlines()[-1])
        await ask(pilot, screen, "/cost", answered=False)
        await shows(pilot, screen, "This session: unknown at list price, 1 request")


async def test_settings_that_cannot_be_read_hold_prompts_until_they_can(groq, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    config = groqchat_home / "config.toml"
    config.write_text('[budget]\nmonthly_usd = "ten"\n')
    async with chatting() as (pilot, screen):
        await shows(pilot, screen, "o send this one")
        await ask(pilot, screen, PROMPT, answered=False)
        await pilot.pause()
        assert screen.composer.text == PROMPT
        assert (await screen.workspace.services.ledger.spent()).requests == 0
        await pilot.press("f8", "o")
        await until(pilot, lambda: screen.workspace.figures.last_turn)
        await ask(pilot, screen, "More", answered=False)
        await shows(pilot, screen, "o send this one")
        assert screen.composer.text == "More"
        config.write_text('[budget]\nmonthly_usd = "0.00"\n')
        await pilot.press("f8", "escape", "enter")
        await shows(pilot, screen, "o send anyway")
        config.write_text("")
        await until(pilot, lambda: screen.workspace.figures.last_turn is None)
        await pilot.press("escape", "enter")
        await until(pilot, lambda: screen.workspace.figures.last_turn)


async def test_settings_that_cannot_be_read_are_told_once_and_until_they_can(groq, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    config = groqchat_home / "config.toml"
    config.write_text('[budget]\nmonthly_usd = "ten"\n')
    async with chatting() as (pilot, screen):
        await shows(pilot, screen, "o send this one")
        await until(pilot, lambda: screen.connection)
        assert seen(screen).count("monthly_usd") == 1
        assert not notices(screen)
        for prompt in (PROMPT, "More"):
            await ask(pilot, screen, prompt, answered=False)
            await shows(pilot, screen, "o send this one")
            await until(pilot, lambda: not held_back(screen))
            before = screen.workspace.figures.last_turn
            await pilot.press("f8", "o")
            await until(pilot, lambda last=before: screen.workspace.figures.last_turn is not last)
            await until(pilot, lambda: held_back(screen))
            await until(pilot, lambda: seen(screen).count("monthly_usd") == 1)
            # What stays lies over no words.
            await until(pilot, lambda: screen.conversation.transcript.styles.margin.bottom)
        config.write_text("")
        await until(pilot, lambda: not held_back(screen))
        config.write_text('[budget]\nmonthly_usd = "ten"\n')
        await shows(pilot, screen, "o send this one")
        config.write_text("")
        await until(pilot, lambda: "o send this one" not in seen(screen))


def held_back(screen):
    """What the notices say of prompts that are not sent."""
    return {text for text in notices(screen) if "monthly_usd" in text and "held back" in text}


async def test_no_way_to_ask_again_passes_settings_that_cannot_be_read(groq, groqchat_home):
    config = groqchat_home / "config.toml"
    async with chatting() as (pilot, screen):

        async def kept_back(press):
            await press()
            await until(pilot, lambda: error_count(screen) > kept_back.errors)
            await until(pilot, lambda: not screen.conversation.is_busy)
            kept_back.errors = error_count(screen)
            assert (await screen.workspace.services.ledger.spent()).requests == 1
            assert len(groq._state.answers) == answers

        groq.arm("cut=30*1")
        await ask(pilot, screen, PROMPT)
        answer, answers = screen.workspace.figures.last_turn, len(groq._state.answers)
        config.write_text('[budget]\nmonthly_usd = "ten"\n')
        kept_back.errors = 0
        await shows(pilot, screen, "o send this one")  # the chat has seen it by itself
        kept_back.errors = error_count(screen)
        turns = screen.chat.turns
        await kept_back(partial(turns.retry, ""))
        await kept_back(partial(turns.regenerate, answer.id))
        await kept_back(partial(turns.continue_answer, ""))
        await until(pilot, lambda: "o send this one" in seen(screen))
        await pilot.press("f8", "o")
        await until(
            pilot, lambda: is_over(screen) and screen.workspace.figures.last_turn.id != answer.id
        )
        longer = screen.workspace.figures.last_turn
        assert longer.parent_id == answer.parent_id
        assert longer.content.startswith(answer.content)
        assert len(longer.content) > len(answer.content)
        assert (await screen.workspace.services.ledger.spent()).requests == 2


def error_count(screen):
    """How many errors have been shown so far."""
    return len(screen.chat.reporter.log)


async def test_a_file_that_is_changed_beside_the_chat_is_taken_up_and_told(
    groq, groqchat_home, monkeypatch
):
    monkeypatch.setattr("groqchat.ui.widgets.toast_cards.NOTICE_S", PATIENCE_S)
    groqchat_home.mkdir(exist_ok=True)
    config = groqchat_home / "config.toml"
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        config.write_text('attempts = 2\n[budget]\nmonthly_usd = "7.77"\n[keys]\nnew = "f5"\n')
        told = (
            "config.toml was changed. These apply after the next start: attempts. "
            "The others now apply."
        )
        await until(pilot, lambda: told in notices(screen))
        await shows(pilot, screen, "$7.77")
        await pilot.press("f5")
        await until(pilot, lambda: not screen.conversation.transcript.entries)
        screen.chat.dispatch.run("budget", "5")  # its own changes are no news
        await shows(pilot, screen, "Monthly budget: $5.00")
        assert screen.workspace.services.settings_before_news() is None
        config.write_text("attempts = 2\nthme = 1\n")
        told = "config.toml was changed. The settings now apply."
        await until(pilot, lambda: told in notices(screen))
        await shows(pilot, screen, "“thme”")


def notices(screen):
    """What the notices say that are on the screen."""
    return {notice.text for notice in screen.toasts.query(Notice)}
