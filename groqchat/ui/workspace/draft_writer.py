"""Drafts on the disk: one for each session, written one after another."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.sessions.draft import KeptDraft
from groqchat.domain.text.redact import holds_key

if TYPE_CHECKING:
    from groqchat.ui.services import Drafts


@dataclass(frozen=True, slots=True)
class Draft:
    """An unsent text and the session that it belongs to.

    ``is_whole`` says whether the text is all there is; otherwise it follows the saved draft.
    """

    session_id: str
    kept: KeptDraft
    is_whole: bool


class DraftWriter:
    """Writes drafts, and keeps those that could not be written yet.

    Args:
        drafts: The drafts on the disk.
    """

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self._left: list[Draft] = []
        self._flushing = asyncio.Lock()

    async def read(self, session_id: str) -> KeptDraft:
        """The saved draft of a session; empty if there is none."""
        return await self._drafts.kept_draft(session_id)

    async def write(self, session_id: str, draft: KeptDraft) -> None:
        """Save the draft of a session; a text that holds a key belongs into no file."""
        kept = KeptDraft() if holds_key(draft.text) else draft
        await self._drafts.save_draft(session_id, kept.text, kept.chips)

    def leave(self, draft: Draft) -> None:
        """Keep a draft of a session that is left, to be written by ``flush``."""
        self._left.append(draft)

    async def flush(self) -> None:
        """Write the drafts of sessions that were left.

        Raises:
            StorageError: One cannot be written; it and those after it are tried the next time.
        """
        async with self._flushing:
            while self._left:
                draft = self._left[0]
                before = KeptDraft() if draft.is_whole else await self.read(draft.session_id)
                await self.write(draft.session_id, before + draft.kept)
                self._left.pop(0)
