"""Everything by mouse: the palette has every command, and keys that are named can be clicked."""

from groqchat.ui.chat.palette_screen import PaletteScreen
from groqchat.ui.dialogs.details import MessageDetails
from groqchat.ui.widgets.text import KeyHint, key_lines
from tests.ui.chat.test_chat_screen import PROMPT, chatting
from tests.ui.stage import seen, until


def pressed(*written):
    """The keys that clicks on these hints press."""
    (line,) = key_lines([KeyHint(key, "x") for key in written], 200)
    metas = (getattr(span.style, "meta", None) for span in line.spans)
    return [meta["press"] for meta in metas if meta]


def test_a_written_key_can_be_clicked_unless_it_stands_for_several():
    assert pressed("e", "Del", "F2", "Ctrl+F", "Enter", "Esc", "↑") == [
        "e", "delete", "f2", "ctrl+f", "enter", "escape", "up",
    ]  # fmt: skip
    assert pressed("[ ]", "1–9", "↑↓", "←→ Enter") == [""] * 4


async def test_the_palette_opens_and_a_message_is_acted_on_by_the_mouse_alone(groq):
    async with chatting() as (pilot, screen):
        app, line = pilot.app, screen.composer.query_one("#estimate")
        await pilot.click(line)
        await until(pilot, lambda: isinstance(app.screen, PaletteScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press(*PROMPT, "enter")
        await until(pilot, lambda: "first token" in seen(screen))
        transcript = screen.chat.conversation.transcript
        await until(pilot, lambda: not screen.chat.conversation.is_busy)
        await pilot.click(transcript, offset=(10, transcript.size.height - 4), button=3)
        await until(pilot, lambda: transcript.has_focus and "regenerate" in seen(screen))
        row = line.render_line(0).text
        await pilot.click(line, offset=(row.index("i details") + 1, 0))
        await until(pilot, lambda: isinstance(app.screen, MessageDetails))
