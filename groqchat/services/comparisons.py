"""Comparisons that were left: taken up again where they stood, and read as one conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.chat import Role
from groqchat.domain.compare import figures_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.domain.chat import Message, Session
    from groqchat.domain.compare import Record, Seat
    from groqchat.services.compare import Column, Comparison, Records
    from groqchat.services.ports import SessionStore


async def take_up(comparison: Comparison, record: Record, store: SessionStore) -> None:
    """Bring a comparison whose columns are those of a record to where it stood.

    Raises:
        StorageError: It cannot be read.
    """
    answers = await store.answers(record.session_id)
    comparison.turn = record.turn
    for column, seat in zip(comparison.columns, record.seats, strict=True):
        await _sit_down(column, seat, answers, store)


async def _sit_down(
    column: Column, seat: Seat, answers: Iterable[Message], store: SessionStore
) -> None:
    column.failures = seat.failures
    path = await store.path(seat.prompt_id) if seat.prompt_id else ()
    if not path:
        return
    prompts = {message.id for message in path if message.role is Role.USER}
    own = [each for each in answers if each.model == column.model and each.parent_id in prompts]
    column.prompt = path[-1]
    column.figures = [figures_of(answer) for answer in own if answer.state.is_answered]
    last = [each for each in own if each.parent_id == seat.prompt_id and _says_something(each)]
    column.leaf_id = last[-1].id if last else column.prompt.parent_id


def _says_something(answer: Message) -> bool:
    return bool(answer.content or answer.reasoning)


async def whole_session(
    session: Session, records: Records, store: SessionStore
) -> Sequence[Message]:
    """All that a session tells: its branch, of a comparison every column.

    Raises:
        StorageError: It cannot be read.
    """
    record = await records.find(session.id)
    if record is not None:
        return await _all_columns(record, session, store)
    return await store.path(session.leaf_id) if session.leaf_id else ()


async def _all_columns(record: Record, session: Session, store: SessionStore) -> Sequence[Message]:
    """Every prompt once, then all answers to it; what was said after going on comes last."""
    answers = await store.answers(record.session_id)
    ends = [seat.prompt_id for seat in record.seats] + [session.leaf_id]
    said: dict[str, Message] = {}
    for end in filter(None, ends):
        said |= {message.id: message for message in await store.path(end)}
    said |= {each.id: each for each in answers if each.parent_id in said and _says_something(each)}
    told: list[Message] = []
    for message in sorted(said.values(), key=lambda each: (each.created, each.id)):
        # Columns that no longer share a conversation were asked in messages of their own.
        if not (told and message.role is Role.USER and _is_same(told[-1], message)):
            told.append(message)
    return told


def _is_same(one: Message, other: Message) -> bool:
    return (one.role, one.content) == (other.role, other.content)
