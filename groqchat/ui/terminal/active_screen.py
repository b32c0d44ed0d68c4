"""Ctrl+C, pastes and stray letters, handed to the screen on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from textual.events import Key, Paste
from textual.widgets import Input, TextArea

from groqchat.ui.terminal.textual_internals import forward_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen


MOST_PASTED = 16 * 2**20
"""The most characters of a paste, as many as the bytes of an attached file."""
TOO_LONG_A_PASTE = (
    "Nothing was pasted: it is longer than 16 MB, more than any model takes. Attach a part of it."
)


@runtime_checkable
class Interruptible(Protocol):
    """A screen that knows what Ctrl+C means there."""

    async def interrupt(self) -> None:
        """Ctrl+C was pressed, and nothing is selected."""


@runtime_checkable
class Pastable(Protocol):
    """A screen that knows where a paste belongs."""

    def take_paste(self, paste: Paste) -> bool:
        """A text is pasted while the screen is on top; returns whether the screen has taken it."""


@runtime_checkable
class Answering(Protocol):
    """A screen on which answers or verdicts are written."""

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being written."""


@runtime_checkable
class ShowsToasts(Protocol):
    """A screen that shows errors on cards whose letters act."""

    def reach_toast(self, letter: str) -> None:
        """Give the newest card on which a letter acts the focus, unless something is written."""


@runtime_checkable
class Telling(Protocol):
    """A screen that has a place for sentences about the program, which ``tell`` shows there."""

    tell: Callable[[str], None]


@runtime_checkable
class TakesKeys(Protocol):
    """A screen that asks for a key, whatever that key does elsewhere."""

    def take_key(self, key: Key) -> bool:
        """A key was pressed while the screen is on top; returns whether the screen has taken it."""


def tell(screen: Screen[object], text: str) -> None:
    """Show a sentence on the screen that is on top."""
    if isinstance(screen, Telling):
        screen.tell(text)
    else:
        screen.notify(text, severity="warning", markup=False)


def is_answering(screen: Screen[object]) -> bool:
    """Whether an answer or a verdict is being written on the active screen."""
    return isinstance(screen, Answering) and screen.is_busy


async def interrupt(screen: Screen[object]) -> None:
    """Do there what Ctrl+C means."""
    if isinstance(screen, Interruptible):
        await screen.interrupt()


def expect_paste(screen: Screen[object], paste: Paste) -> Paste | None:
    """Hand a paste to the prompt where nothing else can be written in.

    Returns:
        The paste; for a field of one line, all lines in one, where Textual takes only the first.
        None where the screen has seen to it.
    """
    if len(paste.text) > MOST_PASTED:
        tell(screen, TOO_LONG_A_PASTE)
        return None
    if isinstance(screen, Pastable) and screen.take_paste(paste):
        return None
    if (prompt := prompt_elsewhere(screen)) is not None:
        screen.set_focus(prompt, scroll_visible=False)
    lines = [line for line in paste.text.splitlines() if line.strip()]
    return Paste(" ".join(lines)) if isinstance(screen.focused, Input) else paste


def write_on(screen: Screen[object], key: Key) -> None:
    """A letter that means nothing where the focus is belongs to the prompt, which gets the focus.

    The key waits there for its turn, before those that are typed from now on.
    """
    if key.is_printable and key.character and key.key not in screen.active_bindings:
        hand_over(screen, key)


def hand_over(screen: Screen[Any], key: Key) -> None:
    """Give the prompt a key that was pressed elsewhere, and the focus.

    Where a field got the focus while the key was on its way, the key belongs to that field.
    """
    if (prompt := prompt_elsewhere(screen)) is not None:
        screen.set_focus(prompt, scroll_visible=False)
    if isinstance(screen.focused, Input | TextArea):
        forward_key(screen.focused, Key(key.key, key.character))


def write_text(screen: Screen[object], text: str) -> None:
    """Write letters that were typed outside a field into the prompt."""
    if (prompt := prompt_elsewhere(screen)) is not None:
        screen.set_focus(prompt, scroll_visible=False)
        prompt.type_text(text)


def page(screen: Screen[object], step: int) -> None:
    """Scroll what was said there by nearly a screenful, up (-1) or down (1)."""
    for said in screen.query("Transcript"):
        said.action_page(step)  # type: ignore[attr-defined]  # it imports this module


def offer(screen: Screen[object], key: Key) -> bool:
    """Offer a key to a screen that asks for one, and a letter to the cards of a screen.

    Returns:
        Whether the key was taken, and means nothing else.
    """
    if isinstance(screen, TakesKeys) and screen.take_key(key):
        return True
    if isinstance(screen, ShowsToasts) and key.is_printable and key.character:
        screen.reach_toast(key.character)
    return False


def prompt_elsewhere(screen: Screen[Any]) -> Any | None:  # noqa: ANN401 - widgets import this module
    """The PromptArea of a screen on which nothing is being written."""
    prompt = getattr(screen, "prompt", None)
    is_written_in = isinstance(screen.focused, Input | TextArea)
    return prompt if isinstance(prompt, TextArea) and not is_written_in else None
