"""A comparison: one prompt to several models at once, each in a column with an ordinary turn.

The events of all columns come as one stream; read it with ``aclosing``, like that of a single
turn. The answers to a prompt are versions of each other in one session, so that a chat can go on
with any of them.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import ComparisonRecord
from groqchat.domain.compare.rules import (
    FEWEST_MODELS,
    MOST_MODELS,
    hidden_name,
    is_number_of_models,
)
from groqchat.domain.errors.tree import GroqchatError, ModelGoneError, StorageError
from groqchat.services.compare.column import Column, Failed
from groqchat.services.compare.merge import merge_streams

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import (
        Message,
        Options,
        Session,
        TurnEvent,
    )
    from groqchat.services.compare.stores import ComparisonRecords
    from groqchat.services.turns.ports import Asking


@dataclass(frozen=True, slots=True)
class Delayed:
    """The delay of a column's request in ``seconds``, so that not all are sent at once."""

    seconds: float


@dataclass(frozen=True, slots=True)
class ColumnEvent:
    """An event of the column with a number; the first column has number 0."""

    column: int
    event: TurnEvent | Failed | Delayed


class Comparison:
    """Several models that answer the same prompts in one session.

    Args:
        turns: The one engine that answers prompts.
        session: Where prompts and answers are kept; created with the first prompt.
        options: Model and parameters of every column.
        variants: What tells columns of the same model apart, for every column; none: nothing does.
        replacement_of: The model that takes the place of one that the server refused as gone.
        records: The store of the comparison; None: it is not stored.
        gap_s: Seconds between the beginning of one column and that of the next.
        pause: Sleeps for a number of seconds.

    Raises:
        ValueError: There are fewer columns than `FEWEST_MODELS`, or more than `MOST_MODELS`.
    """

    def __init__(
        self,
        turns: Asking,
        session: Session,
        options: Sequence[Options],
        replacement_of: Callable[[str], Model | None],
        *,
        variants: Sequence[str] = (),
        records: ComparisonRecords | None = None,
        gap_s: float = 0.0,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if not is_number_of_models(len(options)):
            message = f"a comparison has {FEWEST_MODELS} to {MOST_MODELS} columns"
            raise ValueError(message)
        self.session = session
        named = variants or [""] * len(options)
        self.columns = [Column(each, own) for each, own in zip(options, named, strict=True)]
        self.turn = 0
        self.tag = ""
        self.is_blind = self.is_hidden = False
        self.is_open = True
        self.gap_s = gap_s
        self._records = records
        self._pause = pause
        self._turns = turns.without_fallback()
        self._replacement_of = replacement_of

    async def ask(self, text: str) -> AsyncGenerator[ColumnEvent, None]:
        """Send a prompt to all columns, none of which waits for another's answer or fails with it.

        Raises:
            StorageError: The prompt cannot be stored, so nothing was sent.
        """
        await self.store_prompt(text)
        async with aclosing(self.answers()) as events:
            async for event in events:
                yield event

    async def store_prompt(self, text: str) -> None:
        """Begin a turn by storing its prompt; :meth:`answers` sends it.

        The prompt follows the last answer of each column; columns with the same last answer share
        one stored prompt, unless they are variants: an answer tells its model, and its prompt tells
        which variant of that gave it.

        Raises:
            StorageError: The prompt cannot be stored; nothing has changed.
        """
        stored: dict[tuple[str | None, str], Message] = {}
        for column in self.columns:
            place = column.leaf_id, column.variant
            if place not in stored:
                stored[place] = await self._turns.store_prompt(self.session, text, column.leaf_id)
        for column in self.columns:
            column.put(stored[column.leaf_id, column.variant])
        self.turn += 1
        self.is_open = True

    async def answers(self) -> AsyncGenerator[ColumnEvent, None]:
        """Have all columns answer the stored prompt."""
        await self.remember()
        async with aclosing(self._merged(range(len(self.columns)))) as events:
            async for event in events:
                yield event

    async def ask_again(self, numbers: Iterable[int]) -> AsyncGenerator[ColumnEvent, None]:
        """Have the columns with these numbers answer the last prompt once more."""
        again = list(numbers)
        for number in again:
            self.columns[number].begin()
        await self.remember()
        async with aclosing(self._merged(again)) as events:
            async for event in events:
                yield event

    @property
    def hides_names(self) -> bool:
        """Whether the names of the models are hidden until the vote."""
        return self.is_blind and self.is_hidden

    def hide_names(self) -> None:
        """Hide the names of this turn, and shuffle the columns so that no place tells a name."""
        self.is_hidden = True
        random.shuffle(self.columns)

    def name_of(self, column: Column) -> str:
        """The name over a column: its model; while names are hidden, "Model A" and so on."""
        return hidden_name(self.columns.index(column)) if self.hides_names else column.name

    def name_of_model(self, name: str) -> str:
        """The name of a model as it may be shown; the model may have left its column."""
        column = next((column for column in self.columns if column.name == name), None)
        return self.name_of(column) if column else name

    def replace_model(self, column: Column) -> list[Column]:
        """Let the model that is offered for a column answer there.

        Returns:
            The other columns in which the model was offered too, and no longer is.
        """
        model = column.replacement
        if model is None:
            return []
        column.become(model)
        others = [other for other in self.columns if other.replacement == model]
        for other in others:
            other.replacement = None
        return others

    @property
    def answered(self) -> float:
        """The Unix time when the newest answer was begun; earlier judgements were on others."""
        return max(column.answered for column in self.columns)

    @property
    def record(self) -> ComparisonRecord:
        """The state of the comparison as it is stored."""
        return ComparisonRecord(
            self.session.id,
            self.turn,
            tuple(column.saved for column in self.columns),
            is_open=self.is_open,
            tag=self.tag,
            is_blind=self.is_blind,
            is_hidden=self.is_hidden,
        )

    async def remember(self) -> None:
        """Store the state; a failure is passed over, since the texts are stored apart."""
        if self._records is not None and self.turn:
            with suppress(StorageError):
                await self._records.save(self.record)

    async def _merged(self, numbers: Iterable[int]) -> AsyncGenerator[ColumnEvent, None]:
        """The events of some columns as they come; closing it early stops them."""
        columns = [self._events_of(number, at * self.gap_s) for at, number in enumerate(numbers)]
        async with aclosing(merge_streams(columns)) as events:
            async for event in events:
                yield event

    async def _events_of(self, number: int, delay_s: float) -> AsyncGenerator[ColumnEvent, None]:
        """The events of one column's turn, which begins after ``delay_s`` seconds."""
        column = self.columns[number]
        if delay_s:
            yield ColumnEvent(number, Delayed(delay_s))
            await self._pause(delay_s)
        async with aclosing(self._turn(column)) as turn:
            async for event in turn:
                column.note(event)
                if isinstance(event, Failed):
                    await self.remember()
                yield ColumnEvent(number, event)

    async def _turn(self, column: Column) -> AsyncGenerator[TurnEvent | Failed, None]:
        """The events of one column's turn; an error is the last of them."""
        if column.prompt is None:
            return
        try:
            asked = column.standing or column.prompt
            turn = self._turns.ask(self.session, asked, column.options)
            async with aclosing(turn) as events:
                async for event in events:
                    yield event
        except ModelGoneError as error:
            replacement = self._replacement_of(column.model)
            is_new = replacement is not None and all(
                replacement.id != each.model for each in self.columns
            )
            column.replacement = replacement.id if replacement and is_new else None
            yield Failed(error.with_facts(replacement=replacement.id if replacement else None))
        except GroqchatError as error:
            yield Failed(error)
