"""Undo and redo in every text area, whatever was put in and however high the screen is."""

import random

import pytest
from textual.events import Paste

from groqchat.ui.compare.screen import CompareScreen
from groqchat.ui.widgets.composer import Composer
from groqchat.ui.widgets.prompt_area import PromptArea
from tests.ui.compare.conftest import groq
from tests.ui.compare.driving import A, B, comparing
from tests.ui.stage import Stage, until

__all__ = ["groq"]  # a fixture

LINES = "\n".join(f"line {number}" for number in range(40))


class Writing(Stage):
    def compose(self):
        yield Composer()


@pytest.fixture(params=[6, 12, 40])
def height(request):
    return request.param


async def test_a_long_text_is_undone_and_redone(height):
    app = Writing()
    async with app.run_test(size=(60, height)) as pilot:
        area = app.query_one(PromptArea)
        area.focus()
        area.insert(LINES)
        await pilot.press("ctrl+z")
        assert area.text == ""
        await pilot.press("ctrl+shift+z")
        assert area.text == LINES
        assert area.cursor_location == (39, len("line 39"))


async def test_any_edits_are_undone_one_after_another_and_redone(height):
    """Each text that stood there comes back, in both directions; the picture can be drawn."""
    dice = random.Random(height)
    app = Writing()
    async with app.run_test(size=(60, height)) as pilot:
        area = app.query_one(PromptArea)
        stood = [""]
        for _ in range(40):
            start, end = sorted(_place(area, dice) for _ in range(2))
            area.history.checkpoint()
            area.replace(_some_text(dice), start, end, maintain_selection_offset=False)
            if area.text != stood[-1]:
                stood.append(area.text)
        for step, texts in (area.undo, stood[-2::-1]), (area.redo, stood[1:]):
            for text in texts:
                step()
                assert area.text == text
                await pilot.pause()


async def test_deletions_of_one_batch_are_undone_together():
    app = Writing()
    async with app.run_test(size=(60, 12)) as pilot:
        area = app.query_one(PromptArea)
        area.focus()
        area.write(LINES)
        await pilot.press(*["backspace"] * 4, "ctrl+z")
        assert area.text == LINES
        await pilot.press("ctrl+shift+z", *"ends")
        assert area.text == LINES[:-4] + "ends"


async def test_a_long_paste_is_undone_in_a_comparison(groq):
    async with comparing(A, B) as (pilot, screen):
        assert isinstance(screen, CompareScreen)
        area = screen.query_one(PromptArea)
        pilot.app.post_message(Paste(LINES))
        await until(pilot, lambda: area.text == LINES)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: area.text == "")


def _place(area, dice):
    row = dice.randrange(area.document.line_count)
    return row, dice.randint(0, len(area.document.get_line(row)))


def _some_text(dice):
    return "\n".join("word " * dice.randint(1, 30) for _ in range(dice.choice((1, 2, 15))))
