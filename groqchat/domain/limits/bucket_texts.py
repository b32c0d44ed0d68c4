"""Buckets as JSON text, as databases keep them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source

if TYPE_CHECKING:
    from collections.abc import Sequence


def buckets_text(buckets: Sequence[LeakyBucket]) -> str | None:
    """The JSON text of buckets; None where there are none."""
    rows = [(b.kind.value, b.limit, b.used, b.at, b.source.value) for b in buckets]
    return json.dumps(rows) if rows else None


def buckets_from(text: str | None) -> tuple[LeakyBucket, ...]:
    """The buckets of a JSON text."""
    rows = json.loads(text) if text else ()
    return tuple(
        LeakyBucket(LimitKind(b), limit, used, at, Source(s)) for b, limit, used, at, s in rows
    )
