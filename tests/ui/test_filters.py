from __future__ import annotations

from rich.control import Control
from rich.segment import Segment
from textual.color import Color
from textual.widgets import Input, OptionList, Static

from groqchat.ui.filters import ControlCodes
from tests.ui.stage import HOSTILE, Stage, is_clean, seen

BLACK = Color(0, 0, 0)


def test_an_ordinary_line_is_left_alone():
    segments = [Segment("plain"), Segment("👩‍👩‍👧 ❤️ नमस्ते")]
    assert ControlCodes().apply(segments, BLACK) is segments


def test_control_characters_are_removed_from_texts_only():
    control = Control.home().segment
    cleaned = ControlCodes().apply([Segment("a\x1b]52;c;x\x1b\\b\x9b\u202e"), control], BLACK)
    assert cleaned == [Segment("a]52;c;x\\b"), control]


async def test_nothing_gets_through_any_widget():
    class Careless(Stage):
        def compose(self):
            yield Static(HOSTILE.replace("\ud800", ""), markup=False)
            yield Input(HOSTILE.replace("\ud800", ""))
            yield OptionList(HOSTILE.replace("\ud800", ""), markup=False)

    app = Careless()
    async with app.run_test(size=(80, 24)):
        assert "evil" in seen(app.screen)
        assert is_clean(seen(app.screen))
