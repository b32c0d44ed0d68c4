"""The prompt cache in the chat: what breaks it is told before a prompt is sent."""

from dataclasses import replace

from groqchat.storage.database.sessions import Sessions
from groqchat.ui.widgets.quota_panel import QuotaPanel
from tests.ui.chat.test_chat_screen import ask, chatting
from tests.ui.chat.test_session_options import command, shown
from tests.ui.stage import held, seen, until

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


async def test_it_is_told_once_the_session_is_free_also_where_no_limit_refills(groq, monkeypatch):
    monkeypatch.setattr(QuotaPanel, "_tick", lambda _: None)
    async with chatting((80, 24)) as (pilot, screen):
        await command(pilot, screen, f"/system {LONG}")
        released = held(monkeypatch, Sessions, "siblings")  # the last step of a turn
        screen.composer.text = "One"
        await pilot.press("enter")
        await until(pilot, lambda: screen.workspace.figures.last_turn)
        screen.conversation.options = replace(screen.conversation.options, system=f"Rhyme. {LONG}")
        screen.composer.text = "Two"
        await until(pilot, screen.workspace.figures.preview)
        await pilot.pause()
        assert screen.conversation.is_busy
        assert "cache" not in seen(screen).splitlines()[-2]
        released.set()
        await until(pilot, lambda: "cache starts anew" in seen(screen))
