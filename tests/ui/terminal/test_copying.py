"""What is selected with the mouse is copied at once where that is set, and only there."""

import pytest

from tests.ui.chat.test_chat_screen import PROMPT, ask, chatting
from tests.ui.chat.test_fallback import write_settings


@pytest.mark.parametrize("is_set", [True, False])
async def test_a_selection_is_copied_if_that_is_set(groq, monkeypatch, is_set):
    write_settings(f"copy_on_select = {str(is_set).lower()}\n")
    async with chatting() as (pilot, screen):
        await ask(pilot, screen, PROMPT)
        copied = []
        monkeypatch.setattr(screen.app, "copy_to_clipboard", copied.append)
        transcript = screen.conversation.transcript
        transcript.action_home()
        await pilot.pause()
        await pilot.mouse_down(transcript, offset=(2, 1))
        await pilot.hover(transcript, offset=(9, 1))
        await pilot.mouse_up(transcript, offset=(9, 1))
        await pilot.pause()
        selected = screen.get_selected_text()
        assert selected
        assert selected.strip() in PROMPT
        assert copied == ([selected] if is_set else [])
