"""The wait for a keyring that asks its user: shown where the user looks, ended by Esc."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.screen import Screen

    from groqchat.ui.widgets.toasts import Toasts

T = TypeVar("T")


@runtime_checkable
class HearsKeyring(Protocol):
    """A window that shows the question of the keyring while it waits for a key."""

    def keyring_asks(self, question: str) -> None:
        """Show the question; an empty one ends it."""


class KeyringWait:
    """The question of the keyring, and the work that waits for the answer.

    Args:
        toasts: The notices of the chat.
        top: Returns the window on top.
    """

    def __init__(self, toasts: Toasts, top: Callable[[], Screen[object]]) -> None:
        self._toasts = toasts
        self._top = top
        self._question = ""
        self._work: asyncio.Task[object] | None = None

    def asked(self, question: str) -> None:
        """Show a question on whatever window is open; an empty one ends it."""
        window, toasts = self._top(), self._toasts
        if isinstance(window, HearsKeyring):
            window.keyring_asks(question)
        toasts.withdraw(self._question)
        self._question = f"{question} Esc cancels." if question else ""
        if question:
            toasts.notice(self._question, severity="warning", stays=True)

    async def unless_given_up(self, work: Coroutine[object, object, T]) -> T | None:
        """Do work that may have to wait for a keyring.

        Returns:
            What the work gives; None if it was given up.
        """
        self._work = task = asyncio.create_task(work)
        try:
            return await task
        except asyncio.CancelledError:
            if (outer := asyncio.current_task()) is not None and outer.cancelling():
                raise
            return None
        finally:
            if self._work is task:
                self._work = None

    def give_up(self) -> bool:
        """End the wait for a keyring that asks; returns whether one did."""
        if not self._question or self._work is None:
            return False
        self._work.cancel()
        return True
