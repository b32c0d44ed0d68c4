"""What the screen on top makes of what belongs to the whole program: Ctrl+C, and a paste."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual.widgets import Input, TextArea

if TYPE_CHECKING:
    from textual.screen import Screen


@runtime_checkable
class Interruptible(Protocol):
    """A screen that knows what Ctrl+C means there."""

    async def interrupt(self) -> None:
        """Ctrl+C was pressed, and nothing is selected."""


def is_answering(screen: Screen[object]) -> bool:
    """Whether an answer or a verdict is being written there."""
    talk = getattr(screen, "conversation", screen)
    return bool(getattr(talk, "is_busy", False))


async def interrupt(screen: Screen[object]) -> None:
    """Do there what Ctrl+C means."""
    if isinstance(screen, Interruptible):
        await screen.interrupt()


def expect_paste(screen: Screen[object]) -> None:
    """Something is pasted: where nothing can be written now, that belongs to the prompt."""
    prompt = getattr(screen, "prompt", None)
    if isinstance(prompt, TextArea) and not isinstance(screen.focused, Input | TextArea):
        screen.set_focus(prompt, scroll_visible=False)
