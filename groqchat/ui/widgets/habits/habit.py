"""The choice between the ways to edit; only the chosen one is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.events import Key

    from groqchat.ui.widgets.attaching.chip_area import ChipArea


class Habit(Protocol):
    """A way to edit that has keys of its own."""

    def take(self, event: Key) -> bool:
        """Do what a key means; returns whether it means anything here."""

    def begin_writing(self) -> None:
        """Be ready for letters that are written: something was sent, or typed elsewhere."""

    def end(self) -> None:
        """Leave nothing behind: another way to edit was chosen."""


def habit_of(
    name: str, area: ChipArea, older: Callable[[], None], newer: Callable[[], None]
) -> Habit | None:
    """The way to edit of that name; None for Textual's own.

    Args:
        name: The setting ``composer_keys``.
        area: The text.
        older: Goes up a line, or to an older prompt.
        newer: Goes down a line, or to a newer prompt.
    """
    if name == "emacs":
        from groqchat.ui.widgets.habits.emacs import EmacsKeys

        return EmacsKeys(area, older, newer)
    if name == "vi":
        from groqchat.ui.widgets.habits.vi import ViKeys

        return ViKeys(area, older, newer)
    return None
