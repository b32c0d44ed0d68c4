"""Comparisons that are opened again: their state and messages, read from the store."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import figures_of
from groqchat.domain.errors.table import failure
from groqchat.domain.turns.chat import Role, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.domain.compare.compare import ComparisonRecord, SavedColumn
    from groqchat.domain.turns.chat import Message
    from groqchat.services.compare.compare import Column, Comparison
    from groqchat.services.ports import SessionStore


async def resume(comparison: Comparison, record: ComparisonRecord, store: SessionStore) -> None:
    """Restore the state of a record in a new comparison with the same columns.

    Raises:
        StorageError: The messages cannot be read.
    """
    answers = await store.answers(record.session_id)
    comparison.turn, comparison.tag = record.turn, record.tag
    comparison.is_blind, comparison.is_hidden = record.is_blind, record.is_hidden
    comparison.is_open = record.is_open
    for column, saved in zip(comparison.columns, record.columns, strict=True):
        await _restore_column(column, saved, answers, store)


async def _restore_column(
    column: Column, saved: SavedColumn, answers: Iterable[Message], store: SessionStore
) -> None:
    column.failures, column.error = saved.failures, saved.error
    path = await store.path(saved.prompt_id) if saved.prompt_id else ()
    if not path:
        return
    column.prompt = path[-1]
    own = _answers_to(path, answers, column.model)
    column.figures = [figures_of(answer) for answer in own if answer.state.is_answered]
    last = [each for each in own if each.parent_id == saved.prompt_id and _says_something(each)]
    complete = [answer for answer in last if answer.state.is_answered]
    column.is_answered = bool(complete)
    last = complete or last
    column.leaf_id = last[-1].id if last else column.prompt.parent_id
    column.answered = last[-1].created if last else 0.0
    if last and last[-1].state is State.BROKEN and column.error is None:
        column.error = failure("stream_cut", model=column.model)  # the process died over it


def _answers_to(
    said: Iterable[Message], answers: Iterable[Message], model: str
) -> Sequence[Message]:
    """The answers of a model to the prompts among some messages, older versions included."""
    prompts = {message.id for message in said if message.role is Role.USER}
    return [each for each in answers if each.model == model and each.parent_id in prompts]


async def partial_answers(column: Column, store: SessionStore) -> Sequence[Message]:
    """The answers in a column that were stopped or broke off, which have a cost as well.

    Raises:
        StorageError: The answers cannot be read.
    """
    if column.prompt is None:
        return ()
    answers = await store.answers(column.prompt.session_id)
    own = _answers_to(await messages_of(column, store), answers, column.model)
    return [answer for answer in own if not answer.state.is_answered]


def _says_something(message: Message) -> bool:
    return bool(message.content or message.reasoning)


async def messages_of(column: Column, store: SessionStore) -> Sequence[Message]:
    """All messages of a column in their order, prompts without an answer included.

    Raises:
        StorageError: The messages cannot be read.
    """
    last = column.prompt
    if last is None:
        return ()
    path = await store.path(column.leaf_id) if column.leaf_id else ()
    prompts = [each for each in await store.everything(last.session_id) if each.role is Role.USER]
    said: list[Message] = []
    for message in path if last in path else (*path, last):
        said += _unanswered(message, prompts) if message.role is Role.USER else ()
        said.append(message)
    return said


def _unanswered(prompt: Message, prompts: Iterable[Message]) -> Iterable[Message]:
    """Earlier prompts after the same answer: none of them was answered."""
    before = takewhile(lambda each: each.id != prompt.id, prompts)
    return (each for each in before if each.parent_id == prompt.parent_id)
