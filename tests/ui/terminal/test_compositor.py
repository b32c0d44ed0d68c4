"""What is painted piece by piece adds up to the whole screen."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from groqchat.ui.terminal.compositor import FrugalCompositor, around
from groqchat.ui.widgets.rows import Rows

SIZE = (60, 24)
regions = st.builds(
    Region, st.integers(0, 8), st.integers(0, 8), st.integers(1, 8), st.integers(1, 8)
)


@given(regions, regions)
def test_what_is_around_a_part_and_the_part_are_the_whole(whole, other):
    part = whole.intersection(other)
    if not part:
        return
    pieces = [part, *around(part, whole)]
    assert sum(piece.area for piece in pieces) == whole.area
    assert all(whole.contains_region(piece) for piece in pieces)
    assert not any(one.overlaps(two) for one in pieces for two in pieces if one is not two)


class Letters(Widget):
    """Shows one letter everywhere; wide ones too."""

    DEFAULT_CSS = "Letters { width: 1fr; height: 1fr; }"
    letter = "a"

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        return Strip(Content(self.letter * width).render_segments(self.visual_style)).crop(0, width)


class Page(Screen[None]):
    def __init__(self) -> None:
        super().__init__()
        self._compositor = FrugalCompositor()
        self.painted: list[str] = []

    def compose(self):
        yield Letters(id="left")
        with VerticalScroll(id="scroll"):
            yield Numbered(id="rows")
            yield Letters(id="long")
        with Vertical(id="over"):
            yield Static("over", id="words")
            yield Letters()


class Numbered(Rows):
    numbers: tuple[int, ...] = (1, 2, 3)

    def made_rows(self) -> list[Content]:
        return [Content(f"row {number}") for number in self.numbers]


class Stage(App[None]):
    """Keeps what a terminal would show that is told of every update."""

    CSS = """
    Page { layers: below above; }
    #left { width: 25; height: 100%; dock: left; border: round red; }
    #over { layer: above; offset: 10 5; width: 30; height: 8; border: heavy blue; }
    #long { height: 60; }
    #rows { height: auto; border: round green; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.cells: dict[tuple[int, int], str] = {}
        self.cells_told = 0

    def get_default_screen(self) -> Screen[None]:
        return Page()

    def _display(self, screen, renderable) -> None:
        for x, y, strip in getattr(renderable, "patches", ()):
            self._put(x, y, strip)
        if hasattr(renderable, "strips"):
            for y, line in enumerate(renderable.strips):
                self._put(0, y, Strip.join(line))
        super()._display(screen, renderable)

    def _put(self, x: int, y: int, strip: Strip) -> None:
        self.cells_told += strip.cell_length
        at = x
        for character in strip.text:
            # The second half of a wide one shows nothing of its own.
            for half in range(cell_len(character)):
                self._break(at + half, y)
                self.cells[at + half, y] = "" if half else character
            at += cell_len(character)

    def _break(self, x: int, y: int) -> None:
        """What is left of a wide character when one of its halves is written over is blank."""
        if self.cells.get((x, y)) == "":
            self.cells[x - 1, y] = " "
        if self.cells.get((x + 1, y)) == "":
            self.cells[x + 1, y] = " "


def on_terminal(app: Stage) -> list[str]:
    width, height = SIZE
    return ["".join(app.cells.get((x, y), "?") for x in range(width)) for y in range(height)]


def whole(app: Stage) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]


def change(app: Stage, chance: random.Random) -> None:
    """Do one of the things that happen to screens."""
    match chance.randrange(7):
        case 0:
            letters = chance.choice(list(app.query(Letters)))
            letters.letter = chance.choice("bcdefg")
            letters.refresh()
        case 1:
            letters = chance.choice(list(app.query(Letters)))
            height = max(1, letters.size.height)
            # Where only a part is said to be new, only that part may be.
            letters.refresh(Region(0, chance.randrange(height), letters.size.width, 1))
        case 2:
            app.query_one("#words", Static).update("over" * chance.randrange(30))
        case 3:
            rows = app.query_one(Numbered)
            rows.numbers = tuple(chance.randrange(100) for _ in range(chance.choice((3, 3, 3, 5))))
            rows.renew()
        case 4:
            app.query_one("#scroll").scroll_to(y=chance.randrange(50), animate=False)
        case 5:
            app.query_one("#over").styles.offset = chance.randrange(30), chance.randrange(15)
        case _:
            app.query_one("#over").display = chance.random() < 0.7


@pytest.mark.parametrize("seed", range(6))
async def test_the_pieces_are_the_picture(seed):
    chance = random.Random(seed)
    app = Stage()
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(40):
            for _ in range(chance.randint(1, 3)):
                change(app, chance)
            await pilot.pause()
            assert on_terminal(app) == whole(app)


async def test_a_widget_that_vanishes_while_others_are_rendered_breaks_nothing():
    app = Stage()
    async with app.run_test(size=SIZE) as pilot:
        hidden = app.query_one("#over")
        hidden.display = False
        await pilot.pause()
        app.query_one("#scroll").refresh()
        hidden.query_one("#words").refresh()
        app.query_one("#long").display = False
        app.screen._on_timer_update()
        await pilot.pause()
        assert on_terminal(app) == whole(app)


async def test_wide_characters_are_whole_beside_what_moved_away():
    app = Stage()
    async with app.run_test(size=SIZE) as pilot:
        app.query_one("#left").display = False
        app.query_one("#rows").display = False
        app.query_one("#long").letter = "漢"
        app.query_one("#long").refresh()
        await pilot.pause()
        for x in (11, 14, 9, 16, 3):
            app.query_one("#over").styles.offset = x, 6
            await pilot.pause()
            assert on_terminal(app) == whole(app)


async def test_one_row_that_changes_is_all_that_is_told():
    app = Stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        rows = app.query_one(Numbered)
        app.query_one("#over").display = False
        await pilot.pause()
        app.cells_told = 0
        rows.numbers = (1, 7, 3)
        rows.renew()
        await pilot.pause()
        assert on_terminal(app) == whole(app)
        assert app.cells_told == rows.content_size.width


async def test_rows_that_say_the_same_are_not_painted_again():
    app = Stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.cells_told = 0
        app.query_one(Numbered).renew()
        await pilot.pause()
        assert app.cells_told == 0
