"""The dialog that a keyring shows its user while a call waits for the answer."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from groqchat.domain.errors.keyring_advice import QUESTION, SILENCE
from groqchat.storage.threads import call_on_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Seconds after which the user is told about a dialog, since a keyring closes some of them itself.
# A dialog that is only assumed gets more time.
SHOWN_AFTER_S, ASSUMED_AFTER_S = 0.3, 2.0


class KeyringDialog:
    """The dialogs of one call, opened on the keyring's thread and reported on the event loop.

    Args:
        limit: The timeout of the call, which is moved while a dialog is open.
        asking_s: The limit for an open dialog, in seconds.
        timeout_s: The limit for the call without a dialog, in seconds.
        notify: Called with a sentence when a dialog is open, and with an empty one when not.
    """

    def __init__(
        self,
        limit: asyncio.Timeout,
        asking_s: float,
        timeout_s: float,
        notify: Callable[[str], None],
    ) -> None:
        self.is_open = False
        self._loop = asyncio.get_running_loop()
        self._limit = limit
        self._asking_s = asking_s
        self._timeout_s = timeout_s
        self._notify = notify
        self._is_shown = False
        self._timer: asyncio.TimerHandle | None = None
        self._cancelled = threading.Event()

    # -- on the keyring's thread ----------------------------------------------------------------

    @property
    def is_cancelled(self) -> bool:
        """Whether the call was cancelled, so that it must do nothing further."""
        return self._cancelled.is_set()

    @contextmanager
    def open(self, *, is_assumed: bool = False) -> Iterator[None]:
        """Report a dialog as open while the block runs.

        Args:
            is_assumed: Whether the dialog is only assumed because the call takes long.

        Raises:
            TimeoutError: The call was cancelled.
        """
        if self.is_cancelled:
            raise TimeoutError
        call_on_loop(self._loop, self._opened, is_assumed)
        try:
            yield
        finally:
            call_on_loop(self._loop, self._closed)

    # -- on the event loop -----------------------------------------------------------------------

    def cancel(self) -> None:
        """Cancel the call."""
        self._cancelled.set()
        self._withdraw()

    def _opened(self, is_assumed: bool) -> None:
        if not self.is_cancelled:
            self.is_open = True
            self._limit.reschedule(self._loop.time() + self._asking_s)
            words, delay = (SILENCE, ASSUMED_AFTER_S) if is_assumed else (QUESTION, SHOWN_AFTER_S)
            self._timer = self._loop.call_later(delay, self._tell, words)

    def _closed(self) -> None:
        if not self.is_cancelled:
            self.is_open = False
            self._limit.reschedule(self._loop.time() + self._timeout_s)
            self._withdraw()

    def _tell(self, words: str) -> None:
        self._is_shown = True
        self._notify(words)

    def _withdraw(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._is_shown:
            self._is_shown = False
            self._notify("")
