"""Budget, usage and planner on the chat screen."""

import json

from groqchat.domain.errors import OverBudgetError
from tests.ui.stage import seen, until
from tests.ui.test_chat_screen import PROMPT, ask, chatting, shows


async def test_a_budget_stops_and_lets_one_request_pass_when_told(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        await ask(pilot, screen, "/budget session 0.0000001", answered=False)
        await shows(pilot, screen, "Session budget: $0.0000001")
        await ask(pilot, screen, "More", answered=False)
        await shows(pilot, screen, "o send anyway")
        assert isinstance(next(iter(screen.troubles.log)).error, OverBudgetError)
        asked = screen.figures.last_turn.id
        await pilot.press("f8", "o")
        await until(pilot, lambda: screen.figures.last_turn.id != asked)
        await ask(pilot, screen, "Even more", answered=False)
        await shows(pilot, screen, "o send anyway")
        screen.run_command("budget", "session off")
        await until(pilot, lambda: screen.parts.settings.budget.session_usd is None)


async def test_usage_is_shown_and_saved_and_the_planner_speaks_of_ones_own_turns(
    groq, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        screen.run_command("usage")
        await until(pilot, lambda: "Usage at list price" in seen(pilot.app.screen))
        await pilot.press("m")
        await until(pilot, lambda: "openai/gpt-oss-120b" in seen(pilot.app.screen))
        await pilot.press("j")
        saved = tmp_path / "groqchat-usage-by-model.json"
        await until(pilot, saved.exists)
        sums = await screen.parts.ledger.spent()
        assert [row["requests"] for row in json.loads(saved.read_text())] == [sums.requests]
        await pilot.press("escape")
        screen.run_command("plan")
        await until(pilot, lambda: "tokens a turn" in seen(pilot.app.screen))


async def test_settings_that_cannot_be_read_hold_prompts_until_they_can(groq, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    config = groqchat_home / "config.toml"
    config.write_text('[budget]\nmonthly_usd = "ten"\n')
    async with chatting() as (pilot, screen):
        await shows(pilot, screen, "o send this one")
        await ask(pilot, screen, PROMPT, answered=False)
        await pilot.pause()
        assert screen.composer.text == PROMPT
        assert (await screen.parts.ledger.spent()).requests == 0
        await pilot.press("f8", "o")
        await until(pilot, lambda: screen.figures.last_turn)
        await ask(pilot, screen, "More", answered=False)
        await shows(pilot, screen, "o send this one")
        assert screen.composer.text == "More"
        config.write_text('[budget]\nmonthly_usd = "0.00"\n')
        await pilot.press("f8", "escape", "enter")
        await shows(pilot, screen, "o send anyway")
        config.write_text("")
        asked = screen.figures.last_turn.id
        await pilot.press("escape", "enter")
        await until(pilot, lambda: screen.figures.last_turn.id != asked)
