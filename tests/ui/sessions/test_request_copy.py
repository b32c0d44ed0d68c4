"""`/copy request` copies the last request without the key."""

from tests.ui.chat.test_chat_screen import ask, chatting
from tests.ui.chat.test_session_options import command, shown
from tests.ui.stage import until


async def test_the_last_request_is_copied_as_curl_and_as_python(groq, monkeypatch):
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/copy request")
        await until(pilot, lambda: "There is no request to copy yet" in shown(screen))
        await ask(pilot, screen, "Hi")
        copied = []

        async def copy(text):
            copied.append(text)
            return "copied."

        monkeypatch.setattr(screen.chat.sessions, "_copy", copy)
        await command(pilot, screen, "/copy request")
        await until(pilot, lambda: "The request as cURL, with the key as" in shown(screen))
        await command(pilot, screen, "/copy request python")
        await until(pilot, lambda: "The request as Python" in shown(screen))
        assert copied[0].startswith("curl ")
        assert copied[1].startswith("import os")
        assert "gsk_" not in "".join(copied)
        screen.composer.text = "/copy request ruby"
        await pilot.press("enter")
        await until(pilot, lambda: "write /copy request, or" in shown(screen))
