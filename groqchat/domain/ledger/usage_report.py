"""Sums of the ledger as documents: JSON and CSV, money as exact decimal strings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.ledger.sums import Sums
from groqchat.domain.money.pricing import usd_string
from groqchat.domain.text.csv_table import csv_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from groqchat.domain.ledger.sums import Share


def sums_document(sums: Sums) -> dict[str, object]:
    """Sums by name; money is None where nothing that was used has a known price."""
    return {
        "requests": sums.requests,
        "prompt_tokens": sums.prompt_tokens,
        "cached_tokens": sums.cached_tokens,
        "completion_tokens": sums.completion_tokens,
        "cost_usd": _usd(sums.known_cost),
        "saved_usd": _usd(sums.known_saved),
        "unpriced": sums.unpriced,
        "cached_share": None if sums.cached_share is None else round(sums.cached_share, 4),
        "audio_s": sums.audio_s,
        "characters": sums.characters,
    }


def _usd(amount: Decimal | None) -> str | None:
    return None if amount is None else usd_string(amount)


def share_rows(shares: Sequence[Share]) -> list[dict[str, object]]:
    """One document for each share, its key first."""
    return [{"key": share.key, **sums_document(share.sums)} for share in shares]


def shares_csv(shares: Sequence[Share]) -> str:
    """The shares as CSV."""
    head = ["key", *sums_document(Sums())]
    return csv_table(head, (row.values() for row in share_rows(shares)))
