"""What stands in a session as long as nothing was said in it."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

_NAME = Content.styled("groqchat", "bold $accent")
_SENTENCE = (
    "Ask anything. What each answer uses of your limits,",
    "and what it costs, shows beside it.",
)
_KEYS = (("Enter", "send"), ("/", "commands"), ("Ctrl+L", "model"), ("F1", "help"))
_GAP = "   "


class Welcome(Widget):
    """What the program does and the first keys; the keys are shown on few rows too."""

    DEFAULT_CSS = """
    Welcome {
        height: 1fr; content-align: center middle; text-align: center; color: $text-muted;
    }
    """

    def render(self) -> Content:
        """Empty rows are left out first where there are too few, then the words."""
        width, height = self.size
        keys = _keys(width)
        sentence = list(map(Content, _SENTENCE))
        if max(row.cell_length for row in sentence) > width:
            sentence = Content(" ".join(_SENTENCE)).wrap(max(1, width))
        blanks = max(0, min(2, height - 1 - len(sentence) - len(keys)))
        rows = [_NAME, *[Content()] * (blanks > 1), *sentence, *[Content()] * (blanks > 0), *keys]
        return Content("\n").join(rows[-max(1, height) :])


def _keys(width: int) -> list[Content]:
    """The keys and what they do in one row, or by two where that is too narrow."""
    pieces = [Content.assemble((key, "bold"), f" {words}") for key, words in _KEYS]
    row = Content(_GAP).join(pieces)
    if row.cell_length <= width:
        return [row]
    return [Content(_GAP).join(pieces[place : place + 2]) for place in range(0, len(pieces), 2)]
