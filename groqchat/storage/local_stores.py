"""The stores of this machine, and which of their databases is in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.services.clock import SystemClock
from groqchat.services.tools.approvals import Approvals
from groqchat.storage.database.bin.bin import Bin
from groqchat.storage.database.comparisons import Comparisons
from groqchat.storage.database.database import Database
from groqchat.storage.database.drafts import Drafts
from groqchat.storage.database.header_timing import HeaderTimings
from groqchat.storage.database.kept_pieces import KeptPieces
from groqchat.storage.database.ledger import Ledger
from groqchat.storage.database.prompt_queue import QueuedPrompts
from groqchat.storage.database.prompt_sets import PromptSets
from groqchat.storage.database.sessions import Sessions
from groqchat.storage.database.team.outbox import TeamOutbox
from groqchat.storage.database.votes import Votes
from groqchat.storage.model_lists import ModelLists
from groqchat.storage.tool_approvals import ToolApprovals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class LocalStores:
    """All stores, on a database file and where conversations are not kept also one in memory.

    Args:
        path: The file; None keeps everything in memory.
        notify: Called with a sentence for the user about repairs.
        keep: Whether conversations are kept.
        is_incognito: Whether drafts, votes and notes are not kept either.
    """

    def __init__(
        self,
        path: Path | None,
        notify: Callable[[str], None],
        *,
        keep: bool,
        is_incognito: bool = False,
    ) -> None:
        self.database = Database(path, notify)
        self._databases = [self.database]
        self.ledger = Ledger(self.database)
        self.model_lists = ModelLists(self.database)
        self.header_timings = HeaderTimings(self.database)
        self.prompt_sets = PromptSets(self.database)
        self.team_outbox = TeamOutbox(self.database)
        self.store = self.saved = Sessions(self.database)
        if path is not None and (is_incognito or not keep):
            from groqchat.storage.database.unsaved_sessions import UnlinkedLedger, UnsavedSessions

            self._databases.append(Database(None, notify))
            self.ledger = UnlinkedLedger(self.database)
            self.store = UnsavedSessions(self._databases[1], self.ledger)
        own = self._databases[-1]
        lasting = ToolApprovals(own if is_incognito else self.database)
        self.approvals = Approvals(lasting, SystemClock())
        self.drafts = Drafts(self.database, self.database.folder)
        if is_incognito:
            self.drafts = Drafts(own)
        self.votes = Votes(own if is_incognito else self.database)
        self.kept_pieces = KeptPieces(own)
        self.bin = Bin(own)
        self.comparisons = Comparisons(own)
        self.queued_prompts = QueuedPrompts(own)

    async def close_stores(self) -> None:
        """Finish writes and close the databases; drafts are left to the next process."""
        for database in self._databases:
            await database.close()
        self.drafts.release()
        self.ledger.leave()
