"""What the headers of each endpoint count, as it was learnt."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.domain.header_habits import Habit

if TYPE_CHECKING:
    from groqchat.storage.database import Database

_SAVE = """
    INSERT INTO header_habits (endpoint, habit) VALUES (?, ?)
    ON CONFLICT (endpoint) DO UPDATE SET habit = excluded.habit
"""


class HeaderHabits:
    """The :class:`~groqchat.services.ports.HabitStore` of this machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def habit(self, endpoint: str) -> Habit | None:
        """What an endpoint's headers count; None also for what a newer groqchat wrote."""
        query = "SELECT habit FROM header_habits WHERE endpoint = ?"
        found = await self._database.read(lambda db: db.execute(query, (endpoint,)).fetchone())
        with suppress(ValueError):
            return Habit(found[0]) if found else None
        return None

    async def save_habit(self, endpoint: str, habit: Habit) -> None:
        """Remember it."""
        await self._database.write(lambda db: db.execute(_SAVE, (endpoint, habit.value)))
