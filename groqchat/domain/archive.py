"""A session with all that belongs to it, as it leaves one database and enters another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.chat import Message, Session
    from groqchat.domain.compare import Note, Record, Seat, Vote
    from groqchat.domain.judging import Judgement


@dataclass(frozen=True, slots=True)
class Archive:
    """A session whole. ``messages`` are those of all branches, each behind its parent.

    ``record`` is how its columns stand, where it is a comparison.
    """

    session: Session
    messages: tuple[Message, ...]
    record: Record | None = None
    votes: tuple[Vote, ...] = ()
    notes: tuple[Note, ...] = ()
    judgements: tuple[Judgement, ...] = ()

    def renamed(self, name: Callable[[str], str]) -> Archive:
        """A copy whose messages have other ids, wherever they are named."""

        def new(old: str | None) -> str | None:
            return None if old is None else name(old)

        def seat(old: Seat) -> Seat:
            return replace(old, prompt_id=new(old.prompt_id))

        record = self.record
        return replace(
            self,
            session=replace(self.session, leaf_id=new(self.session.leaf_id)),
            messages=tuple(
                replace(each, id=name(each.id), parent_id=new(each.parent_id))
                for each in self.messages
            ),
            record=record and replace(record, seats=tuple(map(seat, record.seats))),
        )


class Added(NamedTuple):
    """What an archive added: whether its session was new, and how many messages were."""

    is_new: bool
    messages: int
