"""What toasts are made of: a framed text, and one whose letters act while it has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from groqchat.ui.text import KeyHint, bound_key, key_lines, pressed_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.events import Click, Key
    from textual.timer import Timer

# A letter acts when no other follows within this; who writes a text is faster.
ALONE_S = 0.3
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
        """What it is about; always one line."""
        return Content()

    def body(self) -> Content:
        """What there is to say; cut where room is short."""
        return Content()

    def hints(self) -> Sequence[KeyHint]:
        """The keys; they are never cut."""
        return ()

    def short_hints(self) -> Sequence[KeyHint]:
        """The same in fewer words, where what there is to say would be cut."""
        return self.hints()

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
            body = body[:left]
            body[-1:] = [last.truncate(width - 1).rstrip() + "…" for last in body[-1:]]
        return [*head, *body, *keys][: max(1, room)]

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
        """One of its keys was pressed or clicked; ``escape`` is the way out."""

        def __init__(self, card: FocusCard, key: str) -> None:
            super().__init__()
            self.card = card
            self.key = key

    class Typed(Message):
        """A letter that means nothing here."""

        def __init__(self, character: str) -> None:
            super().__init__()
            self.character = character

    _timer: Timer | None = None
    _alone: Timer | None = None
    _letter = ""
    _is_written_on = False

    def on_key(self, event: Key) -> None:
        """Act on its own letters, hand the others back."""
        letter = event.character or ""
        if event.key == "escape":
            self._press("escape")
        elif not (event.is_printable and letter):
            return
        elif letter in self._letters() and not self._letter and not self._is_written_on:
            self._letter = letter
            self._alone = self.set_timer(ALONE_S, self._act)
        else:
            self._is_written_on = True
            self.post_message(self.Typed(self._take_letter() + letter))
        event.stop()
        event.prevent_default()

    def _act(self) -> None:
        """The letter stayed alone."""
        if letter := self._take_letter():
            self._press(letter)

    def _take_letter(self) -> str:
        if self._alone is not None:
            self._alone.stop()
        letter, self._letter = self._letter, ""
        return letter

    def on_click(self, event: Click) -> None:
        """A click on a hint is the key."""
        if key := pressed_key(event):
            self._press(key)

    def _press(self, key: str) -> None:
        self.post_message(self.Pressed(self, key))

    def on_focus(self) -> None:
        """The hints say what the keys do now."""
        self.refresh(layout=True)

    def on_blur(self) -> None:
        """The hints say how to come here."""
        self._is_written_on = False
        self.refresh(layout=True)

    def _letters(self) -> frozenset[str]:
        return frozenset(hint.key for hint in self.hints() if len(hint.key) == 1)

    def _reach(self) -> KeyHint:
        """How to come here by the keyboard, as it is bound now."""
        return KeyHint(bound_key(self.screen, "toast", "f8"), "choose")

    def _hint(self, key: str, words: str) -> KeyHint:
        return KeyHint("Esc" if key == "escape" else key, words, key)

    def count_down(self) -> None:
        """Tick while there is something to count."""
        if self._timer is None:
            self._timer = self.set_interval(TICK_S, self._tick)

    def stop_counting(self) -> None:
        """Tick no more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _tick(self) -> None:
        self.refresh(layout=True)
