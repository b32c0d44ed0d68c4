"""What is known about each model: status, prices, limits, abilities, retirement."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.pricing import Price
    from groqchat.domain.quota import Bucket


class Plan(StrEnum):
    """An account's plan with Groq."""

    FREE = "free"
    DEVELOPER = "developer"
    ENTERPRISE = "enterprise"


class Status(StrEnum):
    """Where a model stands in its life; ``unlisted``: served, but in no table of the docs."""

    PRODUCTION = "production"
    PREVIEW = "preview"
    RETIRED = "retired"
    UNLISTED = "unlisted"


class Kind(StrEnum):
    """What a model is for."""

    CHAT = "chat"
    AUDIO = "audio"
    SPEECH = "speech"
    GUARD = "guard"


@dataclass(frozen=True, slots=True)
class Model:
    """One model. Unknown figures are None or absent; limits map a plan to its buckets.

    ``limits`` values are counts per the bucket's window (requests, tokens, seconds of audio).
    ``live`` says whether the account's own list had it: True, False, or None when not asked.
    ``reasoning_efforts`` are the values the API accepts for ``reasoning_effort``.
    ``speed_tps`` is the listed speed in tokens per second: product data, never a promise.
    """

    id: str
    status: Status = Status.UNLISTED
    kind: Kind = Kind.CHAT
    context_window: int | None = None
    max_completion_tokens: int | None = None
    price: Price | None = None
    limits: Mapping[Plan, Mapping[Bucket, int]] = field(default_factory=dict)
    abilities: tuple[str, ...] = ()
    reasoning_efforts: tuple[str, ...] = ()
    reasoning_formats: tuple[str, ...] = ()
    speed_tps: int | None = None
    retired_on: str | None = None
    replacement: str | None = None
    live: bool | None = None
    note: str = ""
    source: str = ""
    as_of: str = ""
