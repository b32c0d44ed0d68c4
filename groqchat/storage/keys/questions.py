"""The question that a keyring puts to its user while a call waits for the answer."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from groqchat.domain.errors.keyring_advice import QUESTION, SILENCE
from groqchat.storage.database.threads import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A keyring answers some of its own questions; only one that is open for so long, in seconds, is
# told about. Where a question is only supposed, it is given more time.
TOLD_AFTER_S, SUPPOSED_AFTER_S = 0.3, 2.0


class Question:
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
        told: Callable[[str], None],
    ) -> None:
        self.is_open = False
        self._loop = asyncio.get_running_loop()
        self._limit = limit
        self._asking_s = asking_s
        self._timeout_s = timeout_s
        self._told = told
        self._is_told = False
        self._telling: asyncio.TimerHandle | None = None
        self._given_up = threading.Event()

    # -- on the keyring's thread ----------------------------------------------------------------

    @property
    def is_given_up(self) -> bool:
        """Whether nobody waits for the call any more, so that it must do nothing further."""
        return self._given_up.is_set()

    @contextmanager
    def open(self, *, is_supposed: bool = False) -> Iterator[None]:
        """The question is open for as long as the block lasts.

        Args:
            is_supposed: Whether that is only known from the silence.

        Raises:
            TimeoutError: Nobody waits for the call any more.
        """
        if self.is_given_up:
            raise TimeoutError
        tell(self._loop, self._opened, is_supposed)
        try:
            yield
        finally:
            tell(self._loop, self._closed)

    # -- on the loop's ---------------------------------------------------------------------------

    def give_up(self) -> None:
        """Nobody waits any more."""
        self._given_up.set()
        self._hush()

    def _opened(self, is_supposed: bool) -> None:
        if not self.is_given_up:
            self.is_open = True
            self._limit.reschedule(self._loop.time() + self._asking_s)
            words, delay = (SILENCE, SUPPOSED_AFTER_S) if is_supposed else (QUESTION, TOLD_AFTER_S)
            self._telling = self._loop.call_later(delay, self._tell, words)

    def _closed(self) -> None:
        if not self.is_given_up:
            self.is_open = False
            self._limit.reschedule(self._loop.time() + self._timeout_s)
            self._hush()

    def _tell(self, words: str) -> None:
        self._is_told = True
        self._told(words)

    def _hush(self) -> None:
        if self._telling is not None:
            self._telling.cancel()
        if self._is_told:
            self._is_told = False
            self._told("")
