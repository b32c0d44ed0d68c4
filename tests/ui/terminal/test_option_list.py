"""Page keys in a list of options that is not laid out, which is an error in Textual."""

from pathlib import Path

from textual.command import CommandList
from textual.widgets import Input

from groqchat.ui.chat.palette_screen import PaletteScreen
from groqchat.ui.terminal.option_list import PagedOptionList
from tests.ui.stage import Stage, until

UI = Path(__file__).parents[3] / "groqchat" / "ui"


class Listed(Stage):
    CSS = "PagedOptionList { height: 0; }"

    def compose(self):
        yield PagedOptionList("one", "two", "three")


async def test_page_keys_before_it_is_laid_out_are_left_out():
    async with Listed().run_test() as pilot:
        options = pilot.app.query_one(PagedOptionList)
        options.highlighted = 2
        await pilot.press("pageup", "pagedown")
        assert options.highlighted == 2
        options.styles.height = 8
        await pilot.pause()
        await pilot.press("pageup")
        assert options.highlighted == 0
        await pilot.press("pagedown")
        assert options.highlighted == 2


async def test_page_keys_in_a_palette_whose_list_is_not_laid_out_are_left_out():
    async with Stage().run_test() as pilot:
        pilot.app.push_screen(PaletteScreen())
        await until(pilot, lambda: isinstance(pilot.app.screen, PaletteScreen))
        commands = pilot.app.screen.query_one(CommandList)
        pilot.app.screen.query_one(Input).value = "e"
        await until(pilot, lambda: commands.option_count)
        commands.styles.height = 0
        await until(pilot, lambda: not commands.scrollable_content_region)
        commands.highlighted = 0
        await pilot.press("pageup", "pagedown")
        assert commands.highlighted == 0


def test_every_list_of_options_is_such_a_one():
    plain = ("= OptionList(", "yield OptionList(", "(OptionList)")
    sources = {path.name: path.read_text(encoding="utf-8") for path in UI.rglob("*.py")}
    found = {name for name, text in sources.items() if any(each in text for each in plain)}
    assert found == {"option_list.py"}
