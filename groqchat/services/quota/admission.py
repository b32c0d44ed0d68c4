"""The reasons why a request is not to be sent now: limits, and the time that a refusal told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import Facts
from groqchat.domain.models.context_window import beyond_window
from groqchat.services.quota.reservation import for_answers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.limits.allowance import Allowance
    from groqchat.domain.models.catalog import Catalog
    from groqchat.services.quota.reservation import Reservation

# Clocks in fractions of a second do not add up to the last digit.
_SLACK_S = 1e-3


def limit_error(
    room: Allowance,
    model: str,
    catalog: Catalog,
    now: float,
    running: Iterable[Reservation] = (),
) -> GroqchatError | None:
    """The limit that a request does not fit at a Unix time, or never; None where it fits.

    Args:
        room: The terms on which the request may be sent.
        model: The model.
        catalog: The models and their windows.
        now: The Unix time.
        running: The requests under way, for whose answers a part of the limit is reserved.
    """
    if room.wait_s == 0:
        return None
    bucket = room.tightest
    if bucket is None:
        return beyond_window(catalog, model, room.requested)
    facts = Facts(
        model=model,
        limit_kind=bucket.kind,
        limit=bucket.limit,
        used=bucket.limit - bucket.remaining_at(now),
        requested=room.requested,
        reserved=for_answers(running).get(bucket.kind) or None,
        retry_after_s=room.wait_s,
    )
    return failure("never_fits" if room.wait_s is None else "no_room_yet", facts)


def asked_to_wait(refusal: LedgerEntry | None, now: float) -> GroqchatError | None:
    """The refusal of an earlier request, as long as its ``retry-after`` is not over.

    It is in the ledger, so that it binds all processes of the user.
    """
    if refusal is None or refusal.retry_at is None or refusal.retry_at - now <= _SLACK_S:
        return None
    return failure("asked_to_wait", model=refusal.model, retry_after_s=refusal.retry_at - now)


def longest_wait(own: GroqchatError | None, refused: GroqchatError | None) -> GroqchatError | None:
    """The error with the longer wait: that of our own sum, or that of the refusal."""
    if own is None or refused is None:
        return own or refused
    if own.kind is ErrorKind.TOO_LARGE:
        return own
    return max(own, refused, key=lambda error: error.facts.retry_after_s or 0.0)
