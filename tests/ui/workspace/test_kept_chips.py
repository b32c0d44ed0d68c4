"""Chips of unsent prompts are chips again after a restart, wherever they stood."""

from textual.events import Paste

from groqchat.domain.sessions.unsaved import UNSAVED
from tests.ui.chat.test_chat_screen import PROMPT, ask, chatting
from tests.ui.compare.driving import A, B, closed, comparing
from tests.ui.stage import kept, until

LONG = "\n".join(f"{number},some words" for number in range(300))


async def paste(pilot, area, words):
    """Write some words, and paste a long text behind them; returns what is shown."""
    area.write(words)
    area.focus()
    pilot.app.post_message(Paste(LONG))
    await until(pilot, lambda: area.text == words + LONG)
    assert area.shown.startswith(f"{words}[pasted text · 4.4 kB · ")
    return area.shown


async def test_the_drafts_of_all_sessions_have_their_chips_after_a_restart(groq):
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        first = screen.conversation.session.id
        of_first = await paste(pilot, screen.composer.area, "Why? ")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: not screen.composer.text)
        of_new = await paste(pilot, screen.composer.area, "And new: ")
        await kept(pilot, screen, UNSAVED, f"And new: {LONG}")
        await kept(pilot, screen, first, f"Why? {LONG}")
    async with chatting() as (pilot, screen):
        area = screen.composer.area
        await until(pilot, lambda: area.shown == of_new)
        screen.chat.session_list.post_message(screen.chat.session_list.Chosen(first))
        await until(pilot, lambda: area.shown == of_first)
        assert area.text == f"Why? {LONG}"


async def test_a_paste_goes_to_a_comparison_and_back_as_a_chip(groq):
    async with comparing(A, B) as (pilot, screen):
        shown = await paste(pilot, screen.prompt, "Why? ")
        await kept(pilot, pilot.app.screen_stack[0], UNSAVED, f"Why? {LONG}")
        await pilot.press("escape")
        chat = await closed(pilot)
        await until(pilot, lambda: chat.composer.area.shown == shown)
