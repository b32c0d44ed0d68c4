"""Ctrl+F, and Ctrl+F again: both find by the same rule."""

from tests.ui.chat.test_chat_screen import ask, chatting, shows
from tests.ui.stage import seen, until


async def test_what_is_found_here_is_found_in_all_sessions(groq):
    async with chatting(size=(160, 50)) as (pilot, screen):
        await ask(pilot, screen, "Say nothing of the Café's **rate** limit")
        await pilot.press("ctrl+f")
        bar = screen.conversation.find_bar
        for query, is_there in (
            ('"cafe\u0301s"', False),
            ("CAFE", True),
            ('"RATE limit"', True),
            ('"limit rate"', False),
            ("café's nothing", True),
        ):
            bar.open(query)
            hits = sum((await screen.conversation.branch.occurrences(query)).values())
            assert bool(hits) == is_there, query
            await shows(pilot, screen, f" {hits} found")
            assert bool(await screen.workspace.services.store.search(query)) == is_there, query
        await pilot.press("ctrl+f")
        await until(pilot, lambda: "Search all sessions" in seen(pilot.app.screen))
        await until(pilot, lambda: "Café's" in seen(pilot.app.screen))
