"""The welcome, shown in a session until something is said in it, and the tour of the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widget import Widget

from groqchat.ui.widgets.text import way_to

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.screen import Screen

_NAME = Content.styled("groqchat", "bold $accent")
_SENTENCE = (
    "Ask anything. What each answer uses of your limits,",
    "and what it costs, shows beside it.",
)
_NAME_OF_DEMO = Content.assemble(_NAME, (" demo", "bold $text-warning"))
_SENTENCE_OF_DEMO = (
    "Answers and limits are pretend: a simulator makes",
    "them up. Nothing is sent away, and nothing is kept.",
)
_NAME_OF_INCOGNITO = Content.assemble(_NAME, (" incognito", "bold $text-warning"))
_SENTENCE_OF_INCOGNITO = (
    "No text, title or session is saved. The ledger keeps",
    "tokens, cost and model. /incognito off leaves this chat.",
)
_KEYS = (("Enter", "send"), ("/", "commands"))
_NAMED = ("model", "help")
_GAP = "   "
# Commands, none for the key that sends, and what their keys do; all fit beside each other in 40
# columns.
_TOUR = (
    ("", "sends what you write"),
    ("model", "switches the model"),
    ("quota", "shows your limits and costs"),
    ("compare", "asks several models at once"),
    ("help", "helps, in every window"),
)


class Welcome(Widget):
    """Words about the program, and the first keys, which are shown on few rows too.

    Args:
        is_demo: Whether a simulator answers, which is said instead.
        is_incognito: Whether nothing is saved, which is said instead.
    """

    DEFAULT_CSS = """
    Welcome {
        height: 1fr; content-align: center middle; text-align: center; color: $text-muted;
    }
    """

    def __init__(
        self, *, is_demo: bool = False, is_incognito: bool = False, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._name_shown = _NAME_OF_DEMO if is_demo else _NAME
        self._sentence = _SENTENCE_OF_DEMO if is_demo else _SENTENCE
        # That nothing is real, or nothing kept, is said even where it leaves no room for the tour.
        self._warns = is_demo or is_incognito
        self._tour: Callable[[], list[Content]] | None = None
        if is_incognito:
            self._name_shown, self._sentence = _NAME_OF_INCOGNITO, _SENTENCE_OF_INCOGNITO

    @property
    def has_tour(self) -> bool:
        """Whether the tour stands in the place of the keys."""
        return self._tour is not None

    def show_tour(self, lines: Callable[[], list[Content]] | None) -> None:
        """Show lines, as they are then, in the place of the keys; None: the keys again."""
        self._tour = lines
        self.refresh()

    def render(self) -> Content:
        """Empty rows are left out first where there are too few, then the words."""
        width, height = self.size
        named = (*_KEYS, *(way_to(self.screen, each, each)[:2] for each in _NAMED))
        keys = self._tour() if self._tour else _keys(named, width)
        sentence = list(map(Content, self._sentence))
        if max(row.cell_length for row in sentence) > width:
            sentence = Content(" ".join(self._sentence)).wrap(max(1, width))
        if self._tour and 1 + len(sentence) + len(keys) > height:
            if self._warns:
                keys = _keys(named, width)
            else:
                sentence = []  # a part of it would be none
        blanks = max(0, min(2, height - 1 - len(sentence) - len(keys)))
        rows = [
            self._name_shown,
            *[Content()] * (blanks > 1),
            *sentence,
            *[Content()] * (blanks > 0),
            *keys,
        ]
        return Content("\n").join(rows[-max(1, height) :])


def _keys(named: Sequence[tuple[str, str]], width: int) -> list[Content]:
    """The keys and what they do in one row, or by two where that is too narrow."""
    pieces = [Content.assemble((key, "bold"), f" {words}".rstrip()) for key, words in named]
    row = Content(_GAP).join(pieces)
    if row.cell_length <= width:
        return [row]
    return [Content(_GAP).join(pieces[place : place + 2]) for place in range(0, len(pieces), 2)]


def tour_lines(screen: Screen[Any], *, sends_with_enter: bool) -> list[Content]:
    """The five lines, with the keys as they are bound on a screen.

    Args:
        screen: The screen of the chat.
        sends_with_enter: Whether Enter sends, and not Ctrl+J.
    """
    send = "Enter" if sends_with_enter else "Ctrl+J"
    keys = (way_to(screen, each, "").key if each else send for each, _ in _TOUR)
    return [
        Content.assemble((key, "bold"), f" {words}")
        for key, (_, words) in zip(keys, _TOUR, strict=True)
    ]
