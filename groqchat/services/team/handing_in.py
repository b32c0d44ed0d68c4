"""What of the ledger's entries a team gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.ledger.entry import BATCH
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.team.entries import TeamEntry
from groqchat.domain.team.place import Place
from groqchat.services.quota.usage_window import Use

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.limits.quota import LeakyBucket
    from groqchat.domain.team.place import Amounts


def team_entries(entries: Iterable[LedgerEntry], account: str) -> list[TeamEntry]:
    """The entries as a team gets them, for the limits of an endpoint."""
    return [_team_entry(entry, account) for entry in entries]


def amounts_of(entry: LedgerEntry) -> Amounts:
    """What a request took of its limits; a refused one took nothing."""
    use = Use.of(entry)
    return {kind: use.amount(kind) for kind in LimitKind} if use.is_accepted else {}


def _team_entry(entry: LedgerEntry, account: str) -> TeamEntry:
    place = None if entry.service_tier == BATCH else Place(account, entry.model)
    return TeamEntry(entry.uid, entry, amounts_of(entry), place, _told(entry))


def _told(entry: LedgerEntry) -> tuple[LeakyBucket, ...]:
    """The limits of which the server told what everybody had used.

    That is a refusal; and requests of the day, which no answer gives back once it is there. Of
    tokens it may have counted what has been given back by now.
    """
    if not entry.accepted:
        return entry.buckets
    return tuple(bucket for bucket in entry.buckets if bucket.kind is LimitKind.RPD)
