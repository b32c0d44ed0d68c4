"""Comparisons that are opened again: their state and messages, read from the store."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import figures_of, of_rounds
from groqchat.domain.errors.table import failure
from groqchat.domain.turns.chat import Role, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.domain.compare.compare import ComparisonRecord, Figures, SavedColumn
    from groqchat.domain.turns.chat import Message
    from groqchat.services.compare.column import Column
    from groqchat.services.compare.compare import Comparison
    from groqchat.services.ports import SessionStore


async def resume(comparison: Comparison, record: ComparisonRecord, store: SessionStore) -> None:
    """Restore the state of a record in a new comparison with the same columns.

    Raises:
        StorageError: The messages cannot be read.
    """
    answers = Answers(await store.answers(record.session_id))
    if any(answer.calls for answer in answers.all):
        answers = Answers(answers.all, await store.everything(record.session_id))
    comparison.turn, comparison.tag = record.turn, record.tag
    comparison.is_blind, comparison.is_hidden = record.is_blind, record.is_hidden
    comparison.is_open = record.is_open
    for column, saved in zip(comparison.columns, record.columns, strict=True):
        await _restore_column(column, saved, answers, store)


async def _restore_column(
    column: Column, saved: SavedColumn, answers: Answers, store: SessionStore
) -> None:
    column.failures, column.error = saved.failures, saved.error
    path = await store.path(saved.prompt_id) if saved.prompt_id else ()
    if not path:
        return
    column.prompt = path[-1]
    own = answers.to(path, column.model)
    column.figures = [answers.figures_of(each) for each in own if _is_complete(each)]
    last = [
        each
        for each in own
        if answers.prompt_of(each) == saved.prompt_id and (_says_something(each) or each.calls)
    ]
    complete = [answer for answer in last if _is_complete(answer)]
    column.is_answered = bool(complete)
    last = complete or last
    column.leaf_id = last[-1].id if last else column.prompt.parent_id
    column.answered = last[-1].created if last else 0.0
    if last and not complete:
        column.standing = answers.standing_at(last[-1])
        if column.standing is not None and last[-1].calls:
            column.leaf_id = column.standing.id
    if last and last[-1].state is State.BROKEN and column.error is None:
        column.error = failure("stream_cut", model=column.model)  # the process died over it


class Answers:
    """The answers of a session, by the prompts that they answer, also where tools were called.

    Args:
        answers: The answers.
        everything: All messages of the session; needed where answers call tools.
    """

    def __init__(self, answers: Iterable[Message], everything: Iterable[Message] = ()) -> None:
        self.all = list(answers)
        self._by_id = {message.id: message for message in everything}

    def to(self, said: Iterable[Message], model: str) -> Sequence[Message]:
        """The answers of a model to the prompts among some messages, older versions included."""
        prompts = {message.id for message in said if message.role is Role.USER}
        return [
            each for each in self.all if each.model == model and self.prompt_of(each) in prompts
        ]

    def prompt_of(self, answer: Message) -> str | None:
        """The id of the prompt that an answer belongs to, above all results of tools."""
        above = answer
        while (parent := self._by_id.get(above.parent_id or "")) is not None:
            if parent.role is Role.USER:
                return parent.id
            above = parent
        return above.parent_id

    def figures_of(self, answer: Message) -> Figures:
        """The figures of an answer, together with those of the answers before that called tools."""
        rounds = [figures_of(answer)]
        above = self._by_id.get(answer.parent_id or "")
        while above is not None and above.role is not Role.USER:
            if above.calls and above.role is Role.ASSISTANT:
                rounds.insert(0, figures_of(above))
            above = self._by_id.get(above.parent_id or "")
        return of_rounds(rounds)

    def standing_at(self, answer: Message) -> Message | None:
        """The last result of a tool where a turn stands: below an answer's calls, or above it."""
        below = {each.parent_id: each for each in self._by_id.values() if each.role is Role.TOOL}
        found, last = below.get(answer.id), None
        while found is not None:
            found, last = below.get(found.id), found
        above = self._by_id.get(answer.parent_id or "")
        return last or (above if above is not None and above.role is Role.TOOL else None)


def _is_complete(answer: Message) -> bool:
    return answer.state.is_answered and not answer.calls


async def partial_answers(column: Column, store: SessionStore) -> Sequence[Message]:
    """The answers in a column that were stopped or broke off, which have a cost as well.

    Raises:
        StorageError: The answers cannot be read.
    """
    if column.prompt is None:
        return ()
    answers = Answers(await store.answers(column.prompt.session_id))
    own = answers.to(await messages_of(column, store), column.model)
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
    everything = await store.everything(last.session_id)
    own = {
        each.parent_id
        for each in everything
        if each.model == column.model and each.state.is_answered
    }
    prompts = [each for each in everything if each.role is Role.USER]
    said: list[Message] = []
    for message in path if last in path else (*path, last):
        if message.role is Role.USER:
            said += (each for each in _unanswered(message, prompts) if each.id not in own)
        said.append(message)
    return said


def _unanswered(prompt: Message, prompts: Iterable[Message]) -> Iterable[Message]:
    """Earlier prompts after the same answer, which this one had not.

    Those with the same text are of other variants of the model, which have prompts of their own.
    """
    before = takewhile(lambda each: each.id != prompt.id, prompts)
    return (
        each
        for each in before
        if each.parent_id == prompt.parent_id and each.content != prompt.content
    )
