from __future__ import annotations

from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.widgets import Input, OptionList, Static

from groqchat.ui.markdown.lines import Line, Span
from groqchat.ui.markdown.paint import paint
from groqchat.ui.markdown.palette import Palette
from groqchat.ui.terminal.control_codes import ControlCodes, line_filters
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


def test_italics_are_underlined_in_screen_alone():
    segments = [Segment("plain"), Segment("said", Style(italic=True, color="red"))]
    for environ, italic in (({"STY": "1"}, False), ({"TERM": "xterm"}, True)):
        shown = segments
        for line_filter in line_filters(environ):
            shown = line_filter.apply(shown, BLACK)
        assert [segment.text for segment in shown] == ["plain", "said"]
        assert (shown[1].style.italic, bool(shown[1].style.underline)) == (italic, not italic)
        assert shown[1].style.color.name == "red"


def test_terminals_are_told_of_links_unless_they_would_print_them():
    line = Line((Span("a", "link", "https://example.org"), Span("b", "link", "https://e\x1b.org")))
    segments = paint(line, 4, Palette({}))
    assert [segment.style.link for segment in segments] == ["https://example.org", None, None]
    for name, link in (("xterm-256color", "https://example.org"), ("linux", None)):
        shown = segments
        for line_filter in line_filters({"TERM": name}):
            shown = line_filter.apply(shown, BLACK)
        assert shown[0].style.link == link
