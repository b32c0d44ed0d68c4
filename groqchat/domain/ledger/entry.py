"""One line of the ledger: what a request used and what the server told with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.money.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from groqchat.domain.ledger.running import Running
    from groqchat.domain.limits.quota import LeakyBucket
    from groqchat.domain.money.pricing import Price


BATCH = "batch"
"""What stands in the place of a service tier for a line of a batch, which has none and counts
against no limit of other requests (Groq batch docs)."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """The record of one request, with the price that was valid at that time.

    ``time`` is the Unix time at which it was sent; ``outcome`` is "ok", "stopped" or an error
    kind; ``fingerprint`` names the key without revealing it. ``estimated`` says that the server
    never counted the tokens (a stopped or broken answer) and ours are an estimate. ``buckets`` are
    the limits as the server told them with this request, corrected by what the answer used.
    ``audio_s`` are the seconds of sound that were billed, ``characters`` those that were spoken.
    ``provider`` names another vendor's endpoint that was asked; None is Groq, whose limits no
    request to another counts against. ``retry_at`` is the Unix time before which the server that
    refused the request wants none. ``number`` counts the entries in the order in which they were
    recorded; 0 is one that is not. ``uid`` is the same entry's name in a team: that of what was
    reserved there; empty: it gets one when it is recorded.
    """

    time: float
    profile: str
    fingerprint: str
    model: str
    outcome: str
    status: int | None = None
    service_tier: str | None = None
    usage: Usage = field(default_factory=Usage)
    estimated: bool = False
    cost: Decimal | None = None
    saved: Decimal | None = None
    price: Price | None = None
    session_id: str | None = None
    message_id: str | None = None
    request_id: str | None = None
    buckets: tuple[LeakyBucket, ...] = ()
    audio_s: float = 0.0
    characters: int = 0
    provider: str | None = None
    retry_at: float | None = None
    number: int = field(default=0, compare=False)
    uid: str = field(default="", compare=False)

    @property
    def counted_at(self) -> float:
        """The Unix time at which the server counted the request: its headers', or ``time``."""
        return min((bucket.at for bucket in self.buckets), default=self.time)

    @property
    def accepted(self) -> bool:
        """True if the server took the request, so that it counts against the limits."""
        return self.outcome in {"ok", "stopped", "stream_broken", "no_answer"}


class Recorded(NamedTuple):
    """Entries in the order of their recording, and the number of the ledger's last entry.

    ``running`` are the requests of other processes that were under way then, and ``version`` is
    that of the database, which changes when another process writes.
    """

    entries: Sequence[LedgerEntry]
    last: int
    running: Sequence[Running] = ()
    version: int = 0
