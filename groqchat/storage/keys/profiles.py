"""The index of stored keys: names, dates and masked keys, without secrets."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from groqchat.domain.profiles import Profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.storage.database.database import Database

_COLUMNS = "name, created, last_checked, status, organisation, masked"
_SAVE = f"""
    INSERT INTO profiles ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET last_checked = excluded.last_checked,
        status = excluded.status, organisation = excluded.organisation,
        masked = excluded.masked
"""


class Profiles:
    """The store of profiles, which name stored keys. Every call may raise ``StorageError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def profiles(self) -> Sequence[Profile]:
        """All profiles, by name."""
        query = f"SELECT {_COLUMNS} FROM profiles ORDER BY name"
        return await self._database.read(lambda db: [Profile(*row) for row in db.execute(query)])

    async def save_profile(self, profile: Profile) -> None:
        """Add or update a profile; the date of its creation does not change."""
        await self._database.write(lambda db: db.execute(_SAVE, astuple(profile)))

    async def remove_profile(self, name: str) -> None:
        """Remove a profile."""
        query = "DELETE FROM profiles WHERE name = ?"
        await self._database.write(lambda db: db.execute(query, (name,)))
