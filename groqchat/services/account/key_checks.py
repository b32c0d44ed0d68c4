"""Checks of a key, which cost no tokens and tell a bad key from a bad network."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.errors.servers import Server
    from groqchat.domain.models.catalog import LiveModel
    from groqchat.services.ports import Clock

# A check answers within this, in seconds, whatever the network does.
LONGEST_CHECK_S = 10.0


class KeyStatus(StrEnum):
    """The result of a check."""

    VALID = "valid"
    REJECTED = "rejected"
    NOT_PERMITTED = "not_permitted"
    LIMITED = "limited"
    UNREACHABLE = "unreachable"
    SERVICE_ERROR = "service_error"
    REFUSED = "refused"
    MISSING = "missing"


_STATUS_OF_KIND = {
    ErrorKind.NO_KEY: KeyStatus.MISSING,
    ErrorKind.KEY_REJECTED: KeyStatus.REJECTED,
    ErrorKind.NOT_PERMITTED: KeyStatus.NOT_PERMITTED,
    ErrorKind.RATE_LIMITED: KeyStatus.LIMITED,
    ErrorKind.TOO_LARGE: KeyStatus.LIMITED,
    ErrorKind.TIER_FULL: KeyStatus.SERVICE_ERROR,
    ErrorKind.SERVICE_ERROR: KeyStatus.SERVICE_ERROR,
    ErrorKind.STREAM_BROKEN: KeyStatus.SERVICE_ERROR,
    ErrorKind.UNREACHABLE: KeyStatus.UNREACHABLE,
    # Of the request, or of what a chat alone can meet: nothing is said for or against the key.
    ErrorKind.INVALID_REQUEST: KeyStatus.REFUSED,
    ErrorKind.MODEL_GONE: KeyStatus.REFUSED,
    ErrorKind.OVER_BUDGET: KeyStatus.REFUSED,
    ErrorKind.NO_ANSWER: KeyStatus.VALID,
    ErrorKind.SCHEMA_MISMATCH: KeyStatus.VALID,
}
GOOD = frozenset({KeyStatus.VALID, KeyStatus.LIMITED})


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """The result of a check with its sentences; ``models`` counts the account's list, if it came.

    ``suggestion`` is for the screen, ``command_suggestion`` for commands. ``clock_ahead_s`` is how
    far this machine's clock is ahead of the server's, in seconds; None where it was not told.
    """

    status: KeyStatus
    message: str
    suggestion: str = ""
    latency_ms: int | None = None
    models: int | None = None
    command_suggestion: str = ""
    clock_ahead_s: float | None = None

    @property
    def is_good(self) -> bool:
        """True where the key works; a limit proves that it does."""
        return self.status in GOOD


class Lister(Protocol):
    """A server that lists the models of a key.

    Every method raises only :class:`~groqchat.domain.errors.tree.GroqchatError`.
    """

    @property
    def server(self) -> Server:
        """The server, as sentences name it."""

    @property
    def server_time(self) -> float | None:
        """The Unix time in the last answer with a list, by the server's clock; None: not told."""

    def prepare(self) -> None:
        """Load what the request needs; for a thread."""

    async def models(self) -> Sequence[LiveModel]:
        """The account's own list of models; costs no tokens."""

    async def close(self) -> None:
        """Close the connections."""


async def check_with(provider: Lister, clock: Clock) -> KeyCheck:
    """Ask for the account's list of models, and close the provider.

    Raises:
        StorageError: The check failed on this machine, which says nothing about the key.
    """
    await asyncio.to_thread(provider.prepare)  # which is not the server's time
    start = clock.monotonic()
    models: int | None = None
    error: GroqchatError | None = None
    try:
        async with asyncio.timeout(LONGEST_CHECK_S):
            models = len(await provider.models())
    except TimeoutError:
        error = failure("timed_out", server=provider.server)
    except GroqchatError as refusal:
        error = refusal
    finally:
        await provider.close()
    latency = round((clock.monotonic() - start) * 1000)
    if error is not None:
        return verdict(error, latency)
    told = provider.server_time
    ahead = None if told is None else clock.now() - told
    return KeyCheck(KeyStatus.VALID, "The key works.", "", latency, models, clock_ahead_s=ahead)


def verdict(error: GroqchatError, latency_ms: int | None = None) -> KeyCheck:
    """The result of a check that met an error.

    Raises:
        StorageError: The error itself, if it is one of this machine: it says nothing about the key.
    """
    if error.kind is ErrorKind.STORAGE:
        raise error
    status = _STATUS_OF_KIND[error.kind]
    works = "The key works. " if status in GOOD else ""
    return KeyCheck(
        status,
        f"{works}{error.message}",
        error.suggestion,
        latency_ms,
        command_suggestion=error.command_suggestion,
    )
