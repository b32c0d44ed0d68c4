"""Framed texts for toasts, one of them with letters that act while it has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from groqchat.ui.terminal.motion import tick_s
from groqchat.ui.widgets.lone_letter import LoneLetter
from groqchat.ui.widgets.text import KeyHint, cut, key_lines, pressed_key, way_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.events import Click, Key
    from textual.timer import Timer

TICK_S = 1.0


class Card(Widget):
    """A small framed text, as high as it must be and never higher than there is room."""

    DEFAULT_CSS = """
    Card {
        visibility: visible; padding: 0 1;
        background: $panel; color: $foreground; border-left: outer $success;
    }
    Card.-warning { border-left: outer $warning; }
    Card.-error { border-left: outer $error; }
    Card:focus { background: $block-cursor-blurred-background; }
    """

    def head(self) -> Content:
        """The subject, always on one line."""
        return Content()

    def body(self) -> Content:
        """The message; cut where room is short."""
        return Content()

    def hints(self) -> Sequence[KeyHint]:
        """The keys; they are never cut."""
        return ()

    def short_hints(self) -> Sequence[KeyHint]:
        """The hints in fewer words, for where the body would be cut."""
        return self.hints()

    def cut_body(self, width: int, rows: int) -> list[Content]:
        """The most important part of the body, on fewer rows than the whole takes."""
        return cut(self.body().wrap(width), rows)

    def lines(self, width: int, room: int) -> list[Content]:
        """Lay the text out.

        Args:
            width: The width of the text in cells.
            room: How many lines there may be at most.
        """
        head = [self.head().truncate(width, ellipsis=True)] if self.head() else []
        body = self.body().wrap(width) if self.body() else []
        keys = key_lines(self.hints(), width)
        if len(head) + len(body) + len(keys) > room:
            keys = key_lines(self.short_hints(), width)
        left = max(0, room - len(head) - len(keys))
        if len(body) > left:
            body = self.cut_body(width, left)
        return [*head, *body, *keys][: max(1, room)]

    def fit(self, width: int, room: int) -> None:
        """Be as high as the text is at a width, where nothing else places the card.

        Args:
            width: The width of the card, in cells.
            room: The most lines.
        """
        self.styles.height = len(self.lines(max(1, width - self.gutter.width), room))

    def render(self) -> Content:
        """The text, in the room that the card was given."""
        return Content("\n").join(self.lines(max(1, self.content_size.width), self.size.height))


class FocusCard(Card, can_focus=True):
    """A card whose letters act while it has the focus; other letters are handed back.

    A letter acts when it stays alone for a moment. With another one right behind it, somebody is
    writing: both are handed back, and so is all that follows until the focus has moved.
    """

    DEFAULT_CSS = """
    FocusCard { border-left: outer $error; }
    """

    class Pressed(Message):
        """A key of the card was pressed or clicked; ``escape`` closes the card."""

        def __init__(self, card: FocusCard, key: str) -> None:
            super().__init__()
            self.card = card
            self.key = key

    class Typed(Message):
        """A letter that means nothing here."""

        def __init__(self, character: str) -> None:
            super().__init__()
            self.character = character

    class Entered(Message):
        """Enter was pressed, which means nothing here."""

    # Whether its letters act from an empty composer as well.
    is_reached_by_letters: ClassVar[bool] = True
    _timer: Timer | None = None

    def __init__(self) -> None:
        super().__init__()
        self._lone = LoneLetter(self, self._press, lambda text: self.post_message(self.Typed(text)))

    def on_key(self, event: Key) -> None:
        """Act on its own letters, hand the others and Enter back."""
        if event.key in {"escape", "enter"}:
            event.stop()
            event.prevent_default()
            if event.key == "escape":
                self._press("escape")
            elif not self._lone.is_waiting:
                self.post_message(self.Entered())
        else:
            self._lone.take(event, self.letters)

    def on_click(self, event: Click) -> None:
        """Do what the key of the clicked hint does."""
        if key := pressed_key(event):
            self._press(key)

    def _press(self, key: str) -> None:
        self.post_message(self.Pressed(self, key))

    def on_focus(self) -> None:
        """The hints say what the keys do now."""
        self.refresh(layout=True)

    def on_blur(self) -> None:
        """Show the key that focuses the card."""
        self._lone.begin_anew()
        self.refresh(layout=True)

    @property
    def letters(self) -> frozenset[str]:
        """The letters that act."""
        return frozenset(hint.key for hint in self.hints() if len(hint.key) == 1)

    def _reach(self) -> KeyHint:
        """The key that leads to the card, as it is bound now."""
        return way_to(self.screen, "toast", "choose")

    def _hint(self, key: str, words: str) -> KeyHint:
        return KeyHint("Esc" if key == "escape" else key, words, key)

    def count_down(self) -> None:
        """Tick while there is something to count."""
        if self._timer is None:
            self._timer = self.set_interval(tick_s(TICK_S), self._tick)

    def stop_counting(self) -> None:
        """Tick no more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _tick(self) -> None:
        self.refresh(layout=True)
