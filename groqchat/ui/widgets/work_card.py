"""The card of work that goes on beside the chat, such as a recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.ui.terminal.motion import tick_s
from groqchat.ui.widgets.cards import Card
from groqchat.ui.widgets.text import KeyHint, block, line, pressed_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.events import Click

TICK_S = 0.2
_LONGEST_BODY = 600


class WorkCard(Card):
    """What is going on, told anew several times a second, with the keys that end it.

    Args:
        title: The work.
        words: Tells how far it is; the most important line comes first.
        keys: The keys, which are pressed in the chat; a click on one presses it.
        press: Does what a key does, told the key's name for clicks.
    """

    DEFAULT_CSS = """
    WorkCard { border-left: outer $accent; }
    """

    def __init__(
        self,
        title: str,
        words: Callable[[], str],
        keys: Callable[[], Sequence[KeyHint]],
        press: Callable[[str], None],
    ) -> None:
        super().__init__()
        self.title = title
        self._words = words
        self._keys = keys
        self._press = press
        self._said = words()

    def on_mount(self) -> None:
        """Tell it anew until the card is gone."""
        self.set_interval(tick_s(TICK_S), self.tell)

    def tell(self) -> None:
        """Tell how far it is now."""
        said = self._words()
        if said != self._said:
            is_longer = len(said) != len(self._said)
            self._said = said
            self.refresh(layout=is_longer)

    def head(self) -> Content:
        """The work."""
        return Content.styled(line(self.title), "bold $text-accent")

    def body(self) -> Content:
        """How far it was when it was told last."""
        return Content(block(self._said, _LONGEST_BODY))

    def hints(self) -> Sequence[KeyHint]:
        """The keys that end it."""
        return self._keys()

    def on_click(self, event: Click) -> None:
        """A click on a hint is the key."""
        if key := pressed_key(event):
            self._press(key)
