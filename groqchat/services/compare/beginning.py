"""New comparisons of an account, and those that were left, opened again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.sessions.options import keeping
from groqchat.domain.turns.chat import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Options
    from groqchat.services.compare.compare import Comparison
    from groqchat.services.compare.stores import ComparisonRecords
    from groqchat.services.ports import Clock, SessionStore
    from groqchat.services.turns.ports import Asking


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparisons:
    """The comparisons of an account.

    ``replacement_of`` finds the model that takes the place of one that the server refused as gone.
    """

    turns: Asking
    replacement_of: Callable[[str], Model | None]
    store: SessionStore
    records: ComparisonRecords
    clock: Clock
    new_id: Callable[[], str]

    def begin(
        self, columns: Sequence[Options], gap_s: float, variants: Sequence[str] = ()
    ) -> Comparison:
        """A new comparison; nothing is sent or stored yet.

        Args:
            columns: Model and parameters of each column.
            gap_s: Seconds between the beginning of one column and that of the next.
            variants: What tells columns of the same model apart, for every column.
        """
        now = self.clock.now()
        session = keeping(Session(self.new_id(), "", now, now), columns[0])
        return self._of(session, columns, gap_s, variants)

    async def reopen(
        self, session_id: str, gap_s: float, *, only_open: bool = False
    ) -> Comparison | None:
        """The comparison in a session, in the state in which it was left.

        Args:
            session_id: The id of the session.
            gap_s: Seconds between the beginning of one column and that of the next.
            only_open: Pass over a comparison once the chat went on with one of its answers.

        Returns:
            The comparison; None where the session is none, or is gone.

        Raises:
            StorageError: The comparison cannot be read.
        """
        record = await self.records.find(session_id)
        session = await self.store.session(session_id) if record else None
        if record is None or session is None or (only_open and not record.is_open):
            return None
        from groqchat.services.compare.reopening import resume

        comparison = self._of(
            session,
            [column.options for column in record.columns],
            gap_s,
            [column.variant for column in record.columns],
        )
        await resume(comparison, record, self.store)
        return comparison

    def _of(
        self,
        session: Session,
        columns: Sequence[Options],
        gap_s: float,
        variants: Sequence[str],
    ) -> Comparison:
        from groqchat.services.compare.compare import Comparison

        return Comparison(
            self.turns,
            session,
            columns,
            self.replacement_of,
            variants=variants,
            records=self.records,
            gap_s=gap_s,
        )
