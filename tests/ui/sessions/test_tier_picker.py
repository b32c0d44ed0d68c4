"""A service tier is chosen from a list that says what each means for limits and price."""

import pytest

from groqchat.ui.sessions.tier_picker import TierPicker
from tests.ui.chat.test_chat_screen import ask, chatting
from tests.ui.chat.test_fallback import write_settings
from tests.ui.chat.test_session_options import command, shown
from tests.ui.stage import seen, until


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)])
async def test_limits_and_price_on_this_plan_are_told_before_it_is_chosen(groq, asked, size):
    write_settings('plan = "developer"\n')
    async with chatting(size) as (pilot, screen):
        await ask(pilot, screen, "Hi")
        screen.composer.text = "/tier"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TierPicker))
        picker = pilot.app.screen
        await until(pilot, lambda: "No tier is sent" in seen(picker))
        await pilot.press(*"flex")
        await until(pilot, lambda: "Refuses at once (498)" in seen(picker))
        assert "$0.15 in" in seen(picker)
        if size[1] >= 24:
            shown = " ".join(seen(picker).split())
            assert "10,000 RPM" in shown
            assert "2,500,000 TPM" in shown
            assert "$0.15 in, $0.60 out" in shown
        await pilot.press("enter")
        await until(pilot, lambda: screen.conversation.options.service_tier == "flex")
        await ask(pilot, screen, "Again")
        assert asked[-1]["service_tier"] == "flex"


async def test_a_tier_that_the_plan_lacks_says_so_and_escape_changes_nothing(groq):
    write_settings('plan = "free"\n')
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, "Hi")
        await command(pilot, screen, "/tier flex")
        await until(pilot, lambda: "The free plan has no flex." in shown(screen))
        screen.composer.text = "/tier"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TierPicker))
        await until(pilot, lambda: "not on your plan" in seen(pilot.app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.conversation.options.service_tier == "flex"
