"""The question that a keyring puts to its user while a call waits for the answer."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from groqchat.domain.errors.keyring_advice import QUESTION, SILENCE
from groqchat.storage.database.threads import call_on_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A keyring answers some of its own questions; only one that is open for so long, in seconds, is
# told about. Where a question is only supposed, it is given more time.
SHOWN_AFTER_S, ASSUMED_AFTER_S = 0.3, 2.0


class KeyringDialog:
    """One call's questions, asked on the keyring's thread and told about on the loop's.

    Args:
        limit: The call's own limit, which an open question moves.
        asking_s: How long a question may stay open, in seconds.
        timeout_s: How long the call may take when none is open, in seconds.
        told: Told in words that a question is open, and with none that it no longer is.
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
        """Whether nobody waits for the call any more, so that it must do nothing further."""
        return self._cancelled.is_set()

    @contextmanager
    def open(self, *, is_assumed: bool = False) -> Iterator[None]:
        """The question is open for as long as the block lasts.

        Args:
            is_assumed: Whether that is only known from the silence.

        Raises:
            TimeoutError: Nobody waits for the call any more.
        """
        if self.is_cancelled:
            raise TimeoutError
        call_on_loop(self._loop, self._opened, is_assumed)
        try:
            yield
        finally:
            call_on_loop(self._loop, self._closed)

    # -- on the loop's ---------------------------------------------------------------------------

    def cancel(self) -> None:
        """Nobody waits any more."""
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
