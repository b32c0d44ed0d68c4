"""Page keys in a list of options that is not laid out, which is an error in Textual."""

from pathlib import Path

from groqchat.ui.terminal.option_list import PagedOptionList
from tests.ui.stage import Stage

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


def test_every_list_of_options_is_such_a_one():
    plain = ("= OptionList(", "yield OptionList(", "(OptionList)")
    sources = {path.name: path.read_text(encoding="utf-8") for path in UI.rglob("*.py")}
    found = {name for name, text in sources.items() if any(each in text for each in plain)}
    assert found == {"option_list.py"}
