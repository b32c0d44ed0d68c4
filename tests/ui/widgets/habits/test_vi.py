"""The modes of vi in the composer: shown, left with Esc, undone with u, and sent from both."""

from textual.events import Paste

from groqchat.ui.compare.screen import CompareScreen
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.stage import groqchat, seen, until


async def test_the_composer_has_the_modes_of_vi(groq):
    async with chatting(composer_keys="vi") as (pilot, screen):
        area = screen.composer.area
        await until(pilot, lambda: "INSERT" in seen(screen))
        await pilot.press(*"one two", "escape")
        await until(pilot, lambda: "NORMAL" in seen(screen))
        assert area.cursor_location == (0, 6)
        await pilot.press(*"bdw")
        assert area.text == "one "
        await pilot.press("u")
        assert area.text == "one two"
        await pilot.press("ctrl+r")
        assert area.text == "one "
        await pilot.press(*"uyyp")
        assert (area.text, area.cursor_location) == ("one two\none two", (1, 0))
        await pilot.press(*"cw", *"three", "escape", *"ggx")
        assert (area.text, area.cursor_location) == ("ne two\nthree two", (0, 0))
        await pilot.press("Z", "alt+b", *"dq")
        assert area.text == "ne two\nthree two"
        # A paste is text in both modes; a chip is deleted as a whole.
        long = "\n".join(f"line {number}" for number in range(200))
        area.text = ""
        pilot.app.post_message(Paste(long))
        await until(pilot, lambda: area.text == long)
        await pilot.press("0", "x")
        assert area.text == ""
        await pilot.press("u")
        assert area.text == long
        # What is sent from normal mode leaves the next prompt in insert mode.
        area.text = ""
        await pilot.press("/", *"times", "escape")
        assert area.text == "/times"
        await pilot.press("enter")
        await until(pilot, lambda: "INSERT" in seen(screen) and area.text == "")
        await pilot.press("escape", ":")
        await until(pilot, lambda: "PaletteScreen" in repr(pilot.app.screen))


async def test_escape_stops_an_answer_from_an_empty_text_and_from_normal_mode(groq):
    async with chatting(composer_keys="vi") as (pilot, screen):
        area = screen.composer.area
        for written, escapes in (("", 1), ("next", 2)):
            groq.arm("stall=40*1")
            area.text = "Count"
            await pilot.press("enter")
            await until(pilot, lambda: screen.conversation.is_busy and not area.text)
            await pilot.press(*written)
            for _ in range(escapes - 1):
                await pilot.press("escape")
                assert screen.conversation.is_busy
            await pilot.press("escape")
            await until(pilot, lambda: not screen.conversation.is_busy)
        # Above the first line stand the prompts that were sent before.
        area.text = ""
        await pilot.press("k")
        await until(pilot, lambda: area.text == "Count")


async def test_a_comparison_names_the_mode_on_a_low_screen_and_the_keys_there_are(
    groq, groqchat_home
):
    groqchat_home.mkdir(exist_ok=True)
    keys = '[keys]\nsessions = "alt+s"\nhistory = "alt+h"\ntoast = "f7"\n'
    (groqchat_home / "config.toml").write_text(f'composer_keys = "vi"\n{keys}', "utf-8")
    app = groqchat()
    async with app.run_test(size=(40, 12)) as pilot:
        await until(pilot, lambda: app.screen.connection)
        app.screen.composer.text = "/compare openai/gpt-oss-20b openai/gpt-oss-120b"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        await until(pilot, lambda: "INSERT" in seen(app.screen))
        await pilot.press("a", "escape")
        await until(pilot, lambda: "NORMAL" in seen(app.screen))
        await pilot.resize_terminal(120, 60)
        await pilot.press("f1")
        await until(pilot, lambda: "Keys of a comparison" in seen(app.screen))
        told = seen(app.screen)
        assert all(key in told for key in ("Alt+H", "Alt+S", "F7", "Ctrl+G"))
        assert not any(key in told for key in ("Ctrl+R", "Ctrl+S", "F8"))
