"""The guides in the chat."""

from itertools import pairwise

import pytest
from textual.app import App

from groqchat.catalog.guides import GUIDES, guide_text
from groqchat.ui.dialogs.guides import GuidePicker, GuideScreen, show_guides


class Asked:
    """Answers windows with results, and remembers them."""

    def __init__(self, *results):
        self.windows, self.results = [], list(results)

    async def __call__(self, window):
        self.windows.append(window)
        return self.results.pop(0)


@pytest.mark.parametrize(
    ("topic", "results", "windows"),
    [
        ("limits", [None], [GuideScreen]),
        ("Lim", [None], [GuideScreen]),
        ("s", ["sets", None], [GuidePicker, GuideScreen]),
        ("", [None], [GuidePicker]),
        ("nothing like it", [None], [GuidePicker]),
    ],
)
async def test_a_name_leads_to_its_guide_and_anything_else_to_the_list(topic, results, windows):
    asked = Asked(*results)
    await show_guides(topic, asked)
    assert [type(window) for window in asked.windows] == windows


async def test_list_and_guide_on_a_small_screen():
    app = App()
    async with app.run_test(size=(40, 12)) as pilot:
        picker = GuidePicker("keyring")
        results = []
        await app.push_screen(picker, results.append)
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert results == ["keys"]
        await app.push_screen(GuideScreen("keys"), results.append)
        await pilot.pause()
        page = app.screen.query_one("_Page")
        rows = [row.line.text.strip() for row in page.virtual_list.all_rows(0)]
        assert rows[1:3] == ["Where your API key is kept,", "where it is searched for, and"]
        assert page.scroll_offset.y == 0
        await pilot.press("end")
        await pilot.pause()
        assert page.is_vertical_scroll_end
        await pilot.press("escape")
        assert results == ["keys", None]


@pytest.mark.parametrize("topic", GUIDES)
def test_paragraphs_are_one_line_for_a_terminal(topic):
    text = guide_text(topic)
    lines = [line for part in text.split("```")[::2] for line in part.splitlines()]
    assert not [pair for pair in pairwise(lines) if all(map(is_prose, pair))]
    assert text.count("\n\n\n") == 0


def is_prose(line):
    """Whether a line is a part of a paragraph."""
    return bool(line) and not line.startswith(("|", "#", "*", "-")) and not line[:1].isdigit()
