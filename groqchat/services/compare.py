"""One prompt to several models at once: every column is an ordinary turn, told as one stream.

The answers to a prompt are versions of each other in one session, so that any of them can be
gone on with like any other conversation. Listen with ``aclosing``, as to a single turn.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.chat import Answered, AnswerStarted, Delta, Message, ReasoningDelta, TurnEvent
from groqchat.domain.compare import FEWEST_MODELS, MOST_MODELS, figures_of
from groqchat.domain.errors import GroqchatError, ModelGoneError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Sequence

    from groqchat.domain.catalog import Model
    from groqchat.domain.chat import Options, Session
    from groqchat.domain.compare import Figures, Vote
    from groqchat.services.chat import Turns


class Votes(Protocol):
    """Where judgements are kept. Every call may raise ``StorageError``."""

    async def save(self, vote: Vote) -> None:
        """Keep a vote; it replaces an earlier one on the same turn."""

    async def all(self) -> Sequence[Vote]:
        """All votes there are, oldest first."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A column ended in an error; what had arrived of its answer is saved."""

    error: GroqchatError


@dataclass(frozen=True, slots=True)
class Told:
    """An event of one column; columns are numbered from 0."""

    column: int
    event: TurnEvent | Failed


@dataclass(slots=True)
class Column:
    """One model's side of a comparison.

    ``prompt`` was asked last, ``leaf_id`` is the last answer that there is text of: what the next
    prompt follows. ``figures`` are those of its whole answers, ``failures`` counts the others.
    """

    options: Options
    prompt: Message | None = None
    answer_id: str = ""
    leaf_id: str | None = None
    figures: list[Figures] = field(default_factory=list)
    failures: int = 0

    @property
    def model(self) -> str:
        """Who answers here."""
        return self.options.model

    def note(self, event: TurnEvent | Failed) -> None:
        """Follow what happens to an answer."""
        match event:
            case AnswerStarted(message):
                self.answer_id = message.id
            case Delta() | ReasoningDelta():
                self.leaf_id = self.answer_id
            case Answered(message):
                self.leaf_id = message.id
                self.figures.append(figures_of(message))
            case Failed():
                self.failures += 1


class Comparison:
    """Several models in one session.

    Args:
        turns: The one engine that answers prompts.
        session: Where prompts and answers are kept; created with the first prompt.
        options: Model and parameters of every column.
        heir_of: The model that takes the place of one that the server refused as gone.

    Raises:
        ValueError: For fewer columns than two, or more than can be looked at.
    """

    def __init__(
        self,
        turns: Turns,
        session: Session,
        options: Sequence[Options],
        heir_of: Callable[[str], Model | None],
    ) -> None:
        if not FEWEST_MODELS <= len(options) <= MOST_MODELS:
            message = f"a comparison has {FEWEST_MODELS} to {MOST_MODELS} columns"
            raise ValueError(message)
        self.session = session
        self.columns = [Column(each) for each in options]
        self.turn = 0
        self._turns = turns
        self._heir_of = heir_of

    async def ask(self, text: str) -> AsyncGenerator[Told, None]:
        """Send a prompt to all columns at once; none waits for another, or fails with it.

        Each column goes on from its own last answer; what follows the same message is one prompt.

        Raises:
            StorageError: The prompt cannot be stored, so nothing was sent.
        """
        stored: dict[str | None, Message] = {}
        for column in self.columns:
            if column.leaf_id not in stored:
                stored[column.leaf_id] = await self._turns.store_prompt(
                    self.session, text, column.leaf_id
                )
        for column in self.columns:
            column.prompt = stored[column.leaf_id]
        self.turn += 1
        async with aclosing(self._merged(range(len(self.columns)))) as events:
            async for told in events:
                yield told

    async def ask_again(self, numbers: Iterable[int]) -> AsyncGenerator[Told, None]:
        """Answer the last prompt once more in some columns."""
        async with aclosing(self._merged(numbers)) as events:
            async for told in events:
                yield told

    async def _merged(self, numbers: Iterable[int]) -> AsyncGenerator[Told, None]:
        """The events of some columns as they come; closed, it stops them and saves what came."""
        events: asyncio.Queue[Told | None] = asyncio.Queue()
        tasks = [asyncio.create_task(self._listen(number, events)) for number in numbers]
        running = len(tasks)
        try:
            while running:
                told = await events.get()
                if told is None:
                    running -= 1
                else:
                    yield told
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in tasks:
            task.result()  # a bug in one column is a bug, not silence

    async def _listen(self, number: int, events: asyncio.Queue[Told | None]) -> None:
        column = self.columns[number]
        try:
            async with aclosing(self._turn(column)) as turn:
                async for event in turn:
                    column.note(event)
                    events.put_nowait(Told(number, event))
        finally:
            events.put_nowait(None)

    async def _turn(self, column: Column) -> AsyncGenerator[TurnEvent | Failed, None]:
        """One column's turn, whose error is an event like others."""
        if column.prompt is None:
            return
        try:
            turn = self._turns.ask(self.session, column.prompt, column.options, may_switch=False)
            async with aclosing(turn) as events:
                async for event in events:
                    yield event
        except ModelGoneError as error:
            heir = self._heir_of(column.model)
            yield Failed(error.with_facts(replacement=heir.id if heir else None))
        except GroqchatError as error:
            yield Failed(error)
