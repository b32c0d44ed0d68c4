"""The store of what each endpoint's headers count, as learnt from its answers."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.domain.limits.header_timing import HeaderTiming

if TYPE_CHECKING:
    from groqchat.storage.database.database import Database

_SAVE = """
    INSERT INTO header_habits (endpoint, habit) VALUES (?, ?)
    ON CONFLICT (endpoint) DO UPDATE SET habit = excluded.habit
"""
_SAVE_DOUBT = """
    INSERT INTO header_doubts (endpoint, model, doubt) VALUES (?, ?, ?)
    ON CONFLICT (endpoint, model) DO UPDATE SET doubt = excluded.doubt
"""
_DOUBT = "SELECT doubt FROM header_doubts WHERE endpoint = ? AND model = ?"


class HeaderTimings:
    """The :class:`~groqchat.services.ports.HeaderTimingStore` of this machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def header_timing(self, endpoint: str) -> HeaderTiming | None:
        """The timing of an endpoint's headers; None if unknown, or written by a newer groqchat."""
        query = "SELECT habit FROM header_habits WHERE endpoint = ?"
        found = await self._database.read(lambda db: db.execute(query, (endpoint,)).fetchone())
        with suppress(ValueError):
            return HeaderTiming(found[0]) if found else None
        return None

    async def save_header_timing(self, endpoint: str, header_timing: HeaderTiming) -> None:
        """Save the timing of an endpoint's headers."""
        await self._database.write(lambda db: db.execute(_SAVE, (endpoint, header_timing.value)))

    async def alternatives(self, endpoint: str, model: str) -> str | None:
        """The limits of a model as stored while the timing of headers was not known."""
        place = (endpoint, model)
        found = await self._database.read(lambda db: db.execute(_DOUBT, place).fetchone())
        return str(found[0]) if found else None

    async def save_alternatives(self, endpoint: str, model: str, alternatives: str) -> None:
        """Save the possible limits of a model; they replace earlier ones."""
        values = (endpoint, model, alternatives)
        await self._database.write(lambda db: db.execute(_SAVE_DOUBT, values))
