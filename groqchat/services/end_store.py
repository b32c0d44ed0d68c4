"""The store of how turns ended that nobody has seen, as a port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class EndStore(Protocol):
    """Keeps how turns ended that nobody has seen. Every call may raise ``StorageError``."""

    async def unseen_ends(self) -> Mapping[str, str]:
        """The ends of turns that nobody has seen yet, by the ids of their sessions."""

    async def note_end(self, session_id: str, end: str | None) -> None:
        """Note how the last turn of a session ended, or with None that it was seen."""
