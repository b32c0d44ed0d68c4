"""The wait for a keyring that asks its user: said where it is seen, ended by Esc."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from groqchat.ui.chat.screen import ChatScreen

T = TypeVar("T")


@runtime_checkable
class HearsKeyring(Protocol):
    """A window that shows what the keyring asks while it waits for it."""

    def keyring_asks(self, question: str) -> None:
        """Show it; an empty one: no longer."""


class KeyringWait:
    """What the keyring asks, and the work that waits for the answer."""

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._question = ""
        self._work: asyncio.Task[object] | None = None

    def asked(self, question: str) -> None:
        """The keyring asks its user, or no longer: say so on whatever window is open."""
        window, toasts = self._screen.app.screen, self._screen.toasts
        if isinstance(window, HearsKeyring):
            window.keyring_asks(question)
        toasts.withdraw(self._question)
        self._question = f"{question} Esc cancels." if question else ""
        if question:
            toasts.notice(self._question, severity="warning", stays=True)

    async def unless_given_up(self, work: Coroutine[object, object, T]) -> T | None:
        """Do what may have to wait for a keyring.

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
        """Wait no longer for a keyring that asks; returns whether one did."""
        if not self._question or self._work is None:
            return False
        self._work.cancel()
        return True
