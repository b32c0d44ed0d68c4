"""A client of the team's server: one process, with a connection of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.team.calls import TeamCalls


class PostgresClient:
    """What all stores in PostgreSQL are to the server.

    Args:
        calls: The calls to the server.
        client: A name for this process that no other has.
        machine: The name of this machine.
    """

    def __init__(self, calls: TeamCalls, client: str, machine: str) -> None:
        self._calls = calls
        self._client = client
        self._machine = machine

    async def close(self) -> None:
        """Close the connection; nothing is waited for."""
        self._calls.close()
