"""Columns of a comparison as JSON: what the database keeps of them, and what is exported."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from groqchat.domain.compare.compare import Seat
from groqchat.domain.errors.table import CAUSES, failure
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.turns.chat import Options

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError

# What stays true of an error: not how long to wait, nor what its headers said.
_LASTING = (
    "status", "code", "model", "bucket", "limit", "used", "requested", "parameter", "replacement",
    "detail", "vendor", "allowed", "advice",
)  # fmt: skip
_OPTIONS = frozenset(field.name for field in fields(Options))


def seat_document(seat: Seat) -> dict[str, object]:
    """A column as JSON has it, which knows no sets."""
    options = {**asdict(seat.options), "dropped": sorted(seat.options.dropped)}
    error = seat.error and {
        "cause": seat.error.cause.name,
        "facts": {name: getattr(seat.error.facts, name) for name in _LASTING},
    }
    return {
        "options": options,
        "prompt_id": seat.prompt_id,
        "failures": seat.failures,
        "error": error,
    }


def seat_from(document: dict[str, Any]) -> Seat:
    """A column from its document; options that this version does not know are none.

    Raises:
        KeyError, TypeError, ValueError: It is no such document.
    """
    options = {name: told for name, told in document["options"].items() if name in _OPTIONS}
    return Seat(
        Options(**{**options, "dropped": frozenset(options["dropped"])}),
        document["prompt_id"],
        document["failures"],
        _error(document.get("error")),
    )


def _error(written: dict[str, Any] | None) -> GroqchatError | None:
    """An error as it was told; one that this version does not know any more is none."""
    if written is None or written["cause"] not in CAUSES:
        return None
    facts = {name: told for name, told in written["facts"].items() if name in _LASTING}
    if facts.get("bucket"):
        facts["bucket"] = LimitKind(facts["bucket"])
    return failure(written["cause"], **facts)
