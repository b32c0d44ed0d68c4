"""The prompt cache in the chat: what breaks it is told before a prompt is sent."""

from tests.ui.chat.test_chat_screen import ask, chatting
from tests.ui.chat.test_session_options import command, shown
from tests.ui.stage import seen, until

LONG = "Name the source of each fact, and say how sure it is. " * 30


async def test_another_system_prompt_an_edit_and_two_hours_are_told_before_sending(groq):
    async with chatting((80, 24)) as (pilot, screen):
        await command(pilot, screen, f"/system {LONG}")
        assert "cache" not in shown(screen)
        await ask(pilot, screen, "One")
        figures = screen.workspace.figures
        screen.composer.text = "Two"
        await until(pilot, lambda: "≈ " in seen(screen).splitlines()[-1])
        assert figures.cache_note() == ""
        await command(pilot, screen, f"/system Rhyme. {LONG}")
        await until(pilot, lambda: "nothing of it comes from the cache" in shown(screen))
        screen.composer.text = "Two"
        await until(pilot, lambda: "cache starts anew" in seen(screen))
        await command(pilot, screen, f"/system {LONG.strip()}")
        await until(pilot, lambda: figures.cache_note() == "")
        screen.chat.dispatch.run("edit")
        await until(pilot, lambda: "cached up to the edit" in seen(screen))
        await pilot.press("escape")
        await until(pilot, lambda: figures.cache_note() == "")
        groq.arm("stall=40*1")
        screen.composer.text = "A slow one"
        await pilot.press("enter")
        await until(pilot, lambda: screen.conversation.is_busy and not screen.composer.text)
        assert figures.cache_note() == ""
        await screen.conversation.stop()
        clock = screen.workspace.services.clock
        later = clock.now() + 7_300
        clock.now = lambda: later
        screen.composer.text = "Three"
        await until(pilot, lambda: "cache probably cold" in seen(screen))
