"""What answers are booked as that nobody ends, as it is kept beside them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.storage.database.rows import LEDGER_COLUMNS, entry_from, entry_row

if TYPE_CHECKING:
    from groqchat.domain.ledger.entry import LedgerEntry

_NAMES = LEDGER_COLUMNS.split(", ")


def flight_json(entry: LedgerEntry, begun: int) -> str:
    """What an answer is booked as that nobody ends, and where its own text begins."""
    return json.dumps({"begun": begun, **dict(zip(_NAMES, entry_row(entry), strict=True))})


def flight_from(text: str) -> tuple[LedgerEntry, int]:
    """The entry, and where the answer's own text begins.

    Raises:
        ValueError, KeyError, TypeError, ArithmeticError: Another version wrote it.
    """
    flight = json.loads(text)
    return entry_from(tuple(flight[name] for name in _NAMES)), flight["begun"]
