"""The recorded requests of each model of an account, read from the ledger as it grows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from groqchat.services.quota.shared_reads import SharedReads
from groqchat.services.quota.usage_window import DAY_S, UsageWindow

if TYPE_CHECKING:
    from groqchat.domain.ledger.entry import Recorded
    from groqchat.services.ports import Clock


class EntriesReader(Protocol):
    """Reads the entries of an account."""

    async def __call__(self, time: float, /, *, model: str, number: int) -> Recorded:
        """The entries of a model since a Unix time, from a number on.

        Raises:
            StorageError: The ledger cannot be read.
        """


class UsageWindows:
    """The windows of all models; several who follow a model at once share a read.

    Args:
        read: Reads the ledger.
        clock: Time.
    """

    def __init__(self, read: EntriesReader, clock: Clock) -> None:
        self._read_entries = read
        self._clock = clock
        self._windows: dict[str, UsageWindow] = {}
        self._reads: dict[str, SharedReads] = {}

    def of(self, model: str) -> UsageWindow:
        """The recorded requests of a model as they were read last."""
        return self._windows.setdefault(model, UsageWindow())

    async def follow(self, model: str) -> None:
        """Read what was recorded of a model since.

        Raises:
            StorageError: The ledger cannot be read.
        """
        if model not in self._reads:
            self._reads[model] = SharedReads(partial(self._read, model))
        await self._reads[model].join()

    async def _read(self, model: str) -> None:
        """Read what is new; the whole day where that does not continue what is known."""
        if not await self._continue(self.of(model), model):
            self._windows[model] = UsageWindow()
            await self._continue(self._windows[model], model)

    async def _continue(self, window: UsageWindow, model: str) -> bool:
        now = self._clock.now()
        recorded = await self._read_entries(now - DAY_S, model=model, number=window.read_to)
        return window.follow(recorded, now)
