"""The store of transcripts of pieces that are paid, until the text of their file is delivered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.storage.database.kept_piece_rows import KEPT_COLUMNS, piece_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from groqchat.domain.audio.kept import KeptPiece
    from groqchat.storage.database.database import Database

_OF_DIGESTS = "digest IN (SELECT value FROM json_each(?))"


class KeptPieces:
    """The :class:`~groqchat.services.audio.ports.PieceStore` of this machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def kept(self, digests: Iterable[str]) -> Mapping[str, KeptPiece]:
        """The pieces with some digests that are kept, by digest."""
        query = f"SELECT {KEPT_COLUMNS} FROM kept_pieces WHERE {_OF_DIGESTS}"
        wanted = json.dumps(list(digests))
        rows = await self._database.read(lambda db: db.execute(query, (wanted,)).fetchall())
        return {row[0]: piece_from(row) for row in rows}

    async def forget(self, digests: Iterable[str]) -> None:
        """Delete the pieces with some digests, from the file too."""
        wanted = json.dumps(list(digests))
        query = f"DELETE FROM kept_pieces WHERE {_OF_DIGESTS}"
        deleted = await self._database.write(lambda db: db.execute(query, (wanted,)).rowcount)
        if deleted:
            await self._database.empty_wal()
