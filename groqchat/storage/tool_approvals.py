"""Lasting approvals of tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.tools.approval import Approval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.tools.tool import Tool
    from groqchat.storage.database.database import Database

_ALL = "SELECT fingerprint, source, name, time FROM tool_approvals ORDER BY source, name, time"
_PUT = "INSERT OR REPLACE INTO tool_approvals (fingerprint, source, name, time) VALUES (?, ?, ?, ?)"


class ToolApprovals:
    """The approvals in a database.

    Args:
        database: The database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_approved(self, fingerprint: str) -> bool:
        """Whether calls of a tool may always run."""
        query = "SELECT 1 FROM tool_approvals WHERE fingerprint = ?"
        found = await self._database.read(lambda db: db.execute(query, (fingerprint,)).fetchone())
        return found is not None

    async def approve(self, tool: Tool, time: float) -> None:
        """Let calls of a tool run from now on, as long as nothing of it changes."""
        row = (tool.fingerprint, tool.source, tool.name, time)
        await self._database.write(lambda db: db.execute(_PUT, row), durable=True)

    async def approvals(self) -> Sequence[Approval]:
        """All approvals, by source and name."""
        return await self._database.read(lambda db: [Approval(*row) for row in db.execute(_ALL)])

    async def revoke(self, fingerprint: str) -> None:
        """Ask again before a call of a tool runs."""
        statement = "DELETE FROM tool_approvals WHERE fingerprint = ?"
        await self._database.write(lambda db: db.execute(statement, (fingerprint,)), durable=True)
