"""One compaction that is carried out: requests for summaries, then a note in the branch.

A compaction is stored in the branch that it makes shorter: `groqchat.domain.turns.context` reads
from there what is sent, so that a restart, an export and another process know it too.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.sessions.copies import copied
from groqchat.domain.turns.chat import Message, Role
from groqchat.domain.turns.compaction import INSTRUCTION, Way
from groqchat.domain.turns.message_kind import MessageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

    from groqchat.domain.turns.chat import Options, Session
    from groqchat.domain.turns.compaction import Plan
    from groqchat.services.ports import Clock, SessionStore


@dataclass(slots=True)
class Compaction:
    """A compaction under way: requests for summaries one after another, then a note.

    Whoever carries it out answers each request with ``options``, which are not the session's, and
    does so within ``async with``: left before ``finish``, the session is where it was.
    ``origin_id`` is the message at which the conversation stood before.
    """

    _store: SessionStore
    _clock: Clock
    _new_id: Callable[[], str]
    session: Session
    plan: Plan
    leaf_id: str
    options: Options
    is_automatic: bool
    _summary: list[Message] = field(default_factory=list)
    _costs: list[Decimal | None] = field(default_factory=list)
    origin_id: str = ""
    _is_finished: bool = False

    def __post_init__(self) -> None:
        self.origin_id = self.leaf_id

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self._is_finished:
            await self._give_up()

    async def next_request(self) -> Message | None:
        """Store the next request for a summary; None where all are answered."""
        done = len(self._costs)
        if done == len(self.plan.parts):
            return None
        request = self._message(Role.USER, INSTRUCTION, MessageKind.SUMMARY, self.plan.parts[done])
        await self._store.add_message(request, self.session)
        self._summary = [request]
        return request

    def take(self, answer: Message) -> None:
        """Go on from the answer to the last request."""
        self._summary.append(answer)
        self._costs.append(answer.cost.total if answer.cost else None)
        self.leaf_id = answer.id

    async def _give_up(self) -> None:
        """Leave the session where it was; what was asked for stays as a version of what follows."""
        with suppress(StorageError):  # what broke the compaction is told, and nothing half is used
            await self._store.update_session(self.session.id, leaf_id=self.origin_id)

    async def finish(self) -> Message:
        """Store the note about what was done, which the next prompt follows.

        Where a new session goes on, it is created with the last summary, whose cost stays where
        it was asked for; the note is the last message there.
        """
        known = [cost for cost in self._costs if cost is not None]
        cost = sum(known, Decimal(0)) if len(known) == len(self._costs) else None
        record = self.plan.record(cost, is_automatic=self.is_automatic)
        kept_from = self.plan.kept_from
        mark = self._message(Role.SYSTEM, record, MessageKind.COMPACTION, kept_from)
        if self.plan.way is Way.NEW_SESSION:
            mark = await self._begun([*self._summary, mark])
        else:
            await self._store.add_message(mark)
        self._is_finished = True
        return mark

    async def _begun(self, messages: Sequence[Message]) -> Message:
        """Begin a session with copies of messages, and leave the old one where it was."""
        now = self._clock.now()
        new = replace(
            self.session,
            id=self._new_id(),
            created=now,
            updated=now,
            leaf_id=None,
            turns=0,
            cost=None,
        )
        copies = copied(messages, new.id, self._new_id)
        await self._store.add_copies([(new, copies)])
        await self._store.update_session(self.session.id, leaf_id=self.origin_id)
        return copies[-1]

    def _message(self, role: Role, text: str, kind: MessageKind, kept_from: str | None) -> Message:
        now, session_id = self._clock.now(), self.session.id
        message = Message(self._new_id(), session_id, self.leaf_id, role, text, now)
        return replace(message, kind=kind, kept_from=kept_from)
