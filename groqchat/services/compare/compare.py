"""A comparison: one prompt to several models at once, each in a column with an ordinary turn.

The events of all columns come as one stream; read it with ``aclosing``, like that of a single
turn. The answers to a prompt are versions of each other in one session, so that a chat can go on
with any of them.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import ComparisonRecord, SavedColumn, figures_of
from groqchat.domain.compare.rules import (
    FEWEST_MODELS,
    MOST_MODELS,
    hidden_name,
    is_number_of_models,
    variant_name,
)
from groqchat.domain.errors.tree import GroqchatError, ModelGoneError, StorageError
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Delta,
    Message,
    ReasoningDelta,
    Session,
    TurnEvent,
)
from groqchat.services.compare.merge import merge_streams

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence

    from groqchat.domain.compare.compare import Figures
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Options
    from groqchat.services.compare.stores import ComparisonRecords
    from groqchat.services.turns.chat import Turns


@dataclass(frozen=True, slots=True)
class Failed:
    """The end of a column's turn in an error; the part of the answer that arrived is saved."""

    error: GroqchatError


@dataclass(frozen=True, slots=True)
class Delayed:
    """The delay of a column's request in ``seconds``, so that not all are sent at once."""

    seconds: float


@dataclass(frozen=True, slots=True)
class ColumnEvent:
    """An event of the column with a number; the first column has number 0."""

    column: int
    event: TurnEvent | Failed | Delayed


@dataclass(slots=True)
class Column:
    """One model of a comparison, and its conversation.

    Attributes:
        options: Model and parameters.
        variant: The parameters that tell it from other columns of its model, as they were written.
        prompt: The last prompt.
        leaf_id: The last complete answer, or a later one that has text where the last prompt has no
            complete one; the next prompt follows it.
        answered: When that answer was begun (Unix time); 0 where there is none.
        is_answered: Whether that answer is a complete one to the last prompt.
        started: The answer that was begun last.
        figures: The figures of all complete answers.
        failures: The number of turns that ended in an error.
        error: The error of the last turn; None where it brought a complete answer.
        replacement: The model that may take the place of one that cannot answer.
    """

    options: Options
    variant: str = ""
    prompt: Message | None = None
    leaf_id: str | None = None
    answered: float = 0.0
    is_answered: bool = False
    started: Message | None = None
    figures: list[Figures] = field(default_factory=list)
    failures: int = 0
    error: GroqchatError | None = None
    replacement: str | None = None

    @property
    def model(self) -> str:
        """The id of the model."""
        return self.options.model

    @property
    def name(self) -> str:
        """The model, with what tells the column from others of it."""
        return variant_name(self.model, self.variant)

    @property
    def last_id(self) -> str | None:
        """The last message: the answer to the last prompt, or that prompt where it has none."""
        prompt = self.prompt
        return prompt.id if prompt and self.leaf_id == prompt.parent_id else self.leaf_id

    def put(self, prompt: Message) -> None:
        """Take a new prompt."""
        self.prompt = prompt
        self.is_answered = False
        self.begin()

    def become(self, model: str) -> None:
        """Let another model answer from now on; figures and failures start at zero."""
        self.options = replace(self.options, model=model)
        self.figures, self.failures = [], 0
        self.is_answered = False
        self.begin()

    @property
    def saved(self) -> SavedColumn:
        """The state of the column as it is stored."""
        prompt_id = self.prompt.id if self.prompt else None
        return SavedColumn(self.options, prompt_id, self.failures, self.error, self.variant)

    def begin(self) -> None:
        """Begin a turn, and clear the error of the last one."""
        self.error = self.replacement = None

    def note(self, event: TurnEvent | Failed) -> None:
        """Update the column from an event of its turn."""
        match event:
            case AnswerStarted(message):
                self.started = message
            case Delta() | ReasoningDelta() if self.started is not None and not self.is_answered:
                self.leaf_id, self.answered = self.started.id, self.started.created
            case Answered(message):
                self.leaf_id, self.answered = message.id, message.created
                self.is_answered = True
                self.figures.append(figures_of(message))
            case Failed(error):
                self.failures += 1
                self.error = error


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
        turns: Turns,
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
            turn = self._turns.ask(self.session, column.prompt, column.options)
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
