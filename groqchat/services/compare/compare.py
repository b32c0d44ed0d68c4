"""One prompt to several models at once: every column is an ordinary turn, told as one stream.

The answers to a prompt are versions of each other in one session, so that any of them can be
gone on with like any other conversation. Listen with ``aclosing``, as to a single turn.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.compare.compare import FEWEST_MODELS, MOST_MODELS, Record, Seat, figures_of
from groqchat.domain.errors.tree import GroqchatError, ModelGoneError, StorageError
from groqchat.domain.sessions.options import keeping
from groqchat.domain.sessions.summaries import title_from
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Delta,
    Message,
    ReasoningDelta,
    Session,
    TurnEvent,
)
from groqchat.services.compare.merge import side_by_side

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence

    from groqchat.domain.compare.compare import Figures, Note, Vote
    from groqchat.domain.compare.judging import Judgement
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Options
    from groqchat.services.ports import SessionStore
    from groqchat.services.turns.chat import Turns


class Votes(Protocol):
    """Where judgements are kept. Every call may raise ``StorageError``."""

    async def save(self, vote: Vote) -> None:
        """Keep a vote; it replaces an earlier one on the same turn."""

    async def all(self) -> Sequence[Vote]:
        """All votes there are, oldest first."""

    async def save_note(self, note: Note) -> None:
        """Keep a note; it replaces an earlier one on the same turn, and an empty one removes it."""

    async def notes(self) -> Sequence[Note]:
        """All notes there are, the newest first."""

    async def save_judgement(self, judged: Judgement) -> None:
        """Keep what a model said; it replaces what the same one said of this turn before."""

    async def judgements(self) -> Sequence[Judgement]:
        """All judgements of models there are, oldest first."""


class Records(Protocol):
    """Where comparisons are kept. Every call may raise ``StorageError``."""

    async def save(self, record: Record) -> None:
        """Keep how a comparison stands; its session is stored already."""

    async def find(self, session_id: str) -> Record | None:
        """The comparison in a session, if it is one."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A column ended in an error; what had arrived of its answer is saved."""

    error: GroqchatError


@dataclass(frozen=True, slots=True)
class Held:
    """A column waits so many seconds before it begins, so that not all send at once."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Told:
    """An event of one column; columns are numbered from 0."""

    column: int
    event: TurnEvent | Failed | Held


@dataclass(slots=True)
class Column:
    """One model's side of a comparison.

    ``prompt`` was asked last, ``leaf_id`` is the last answer that there is text of: what the next
    prompt follows; ``answered`` is when that was begun (Unix time, 0: there is none). ``figures``
    are those of its whole answers, ``failures`` counts the others; ``error`` is why the last
    request brought no whole one. ``heir`` may take the place of a model that cannot answer, unless
    it has a column.
    """

    options: Options
    prompt: Message | None = None
    leaf_id: str | None = None
    answered: float = 0.0
    started: Message | None = None
    figures: list[Figures] = field(default_factory=list)
    failures: int = 0
    error: GroqchatError | None = None
    heir: str | None = None

    @property
    def model(self) -> str:
        """Who answers here."""
        return self.options.model

    def become(self, model: str) -> None:
        """Another model answers here from now on; the conversation goes on, the sums begin anew."""
        self.options = replace(self.options, model=model)
        self.figures, self.failures = [], 0
        self.begin()

    @property
    def seat(self) -> Seat:
        """How the column is asked and what came of its last prompt, as it is stored."""
        prompt_id = self.prompt.id if self.prompt else None
        return Seat(self.options, prompt_id, self.failures, self.error)

    def begin(self) -> None:
        """Forget the error of the prompt before; the column is asked now."""
        self.error = self.heir = None

    def note(self, event: TurnEvent | Failed) -> None:
        """Follow what happens to an answer."""
        match event:
            case AnswerStarted(message):
                self.started = message
            case Delta() | ReasoningDelta() if self.started is not None:
                self.leaf_id, self.answered = self.started.id, self.started.created
            case Answered(message):
                self.leaf_id, self.answered = message.id, message.created
                self.figures.append(figures_of(message))
            case Failed(error):
                self.failures += 1
                self.error = error


class Comparison:
    """Several models in one session; see `Record` for what is kept of it.

    Args:
        turns: The one engine that answers prompts.
        session: Where prompts and answers are kept; created with the first prompt.
        options: Model and parameters of every column.
        heir_of: The model that takes the place of one that the server refused as gone.
        records: Where it is kept that this is a comparison; None: nowhere.
        gap_s: Seconds between the beginning of one column and that of the next.
        pause: Waits.

    Raises:
        ValueError: For fewer columns than two, or more than can be looked at.
    """

    def __init__(
        self,
        turns: Turns,
        session: Session,
        options: Sequence[Options],
        heir_of: Callable[[str], Model | None],
        *,
        records: Records | None = None,
        gap_s: float = 0.0,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if not FEWEST_MODELS <= len(options) <= MOST_MODELS:
            message = f"a comparison has {FEWEST_MODELS} to {MOST_MODELS} columns"
            raise ValueError(message)
        self.session = session
        self.columns = [Column(each) for each in options]
        self.turn = 0
        self.tag = ""
        self.is_blind = self.is_hidden = False
        self.is_open = True
        self.gap_s = gap_s
        self._records = records
        self._pause = pause
        self._turns = turns
        self._heir_of = heir_of

    async def ask(self, text: str) -> AsyncGenerator[Told, None]:
        """Send a prompt to all columns; none waits for another's answer, or fails with it.

        Raises:
            StorageError: The prompt cannot be stored, so nothing was sent.
        """
        await self.put(text)
        async with aclosing(self.answers()) as events:
            async for told in events:
                yield told

    async def put(self, text: str) -> None:
        """Store a prompt, which `answers` sends; a turn begins.

        Each column goes on from its own last answer; what follows the same message is one prompt.

        Raises:
            StorageError: It cannot be stored: everything is as it was.
        """
        stored: dict[str | None, Message] = {}
        for column in self.columns:
            if column.leaf_id not in stored:
                stored[column.leaf_id] = await self._turns.store_prompt(
                    self.session, text, column.leaf_id
                )
        for column in self.columns:
            column.prompt = stored[column.leaf_id]
            column.begin()
        self.turn += 1
        self.is_open = True

    async def answers(self) -> AsyncGenerator[Told, None]:
        """Have all columns answer the prompt that was put, in the places they have now."""
        await self.remember()
        async with aclosing(self._merged(range(len(self.columns)))) as events:
            async for told in events:
                yield told

    async def ask_again(self, numbers: Iterable[int]) -> AsyncGenerator[Told, None]:
        """Answer the last prompt once more in some columns."""
        again = list(numbers)
        for number in again:
            self.columns[number].begin()
        await self.remember()
        async with aclosing(self._merged(again)) as events:
            async for told in events:
                yield told

    @property
    def hides_names(self) -> bool:
        """Whether nobody is to know who is who."""
        return self.is_blind and self.is_hidden

    @property
    def answered(self) -> float:
        """When the newest answer was begun: what was said earlier was said of others."""
        return max(column.answered for column in self.columns)

    @property
    def record(self) -> Record:
        """How it stands, as it is kept."""
        return Record(
            self.session.id,
            self.turn,
            tuple(column.seat for column in self.columns),
            is_open=self.is_open,
            tag=self.tag,
            is_blind=self.is_blind,
            is_hidden=self.is_hidden,
        )

    async def remember(self) -> None:
        """Keep how it stands; where that fails it goes on, whose texts are kept anyway."""
        if self._records is not None and self.turn:
            with suppress(StorageError):
                await self._records.save(self.record)

    async def _merged(self, numbers: Iterable[int]) -> AsyncGenerator[Told, None]:
        """The events of some columns as they come; closed, it stops them and saves what came."""
        columns = [self._told(number, at * self.gap_s) for at, number in enumerate(numbers)]
        async with aclosing(side_by_side(columns)) as events:
            async for told in events:
                yield told

    async def _told(self, number: int, delay_s: float) -> AsyncGenerator[Told, None]:
        """One column's turn, begun after a while."""
        column = self.columns[number]
        if delay_s:
            yield Told(number, Held(delay_s))
            await self._pause(delay_s)
        async with aclosing(self._turn(column)) as turn:
            async for event in turn:
                column.note(event)
                if isinstance(event, Failed):
                    await self.remember()
                yield Told(number, event)

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
            is_new = heir is not None and all(heir.id != each.model for each in self.columns)
            column.heir = heir.id if heir and is_new else None
            yield Failed(error.with_facts(replacement=heir.id if heir else None))
        except GroqchatError as error:
            yield Failed(error)


async def part_ways(
    comparison: Comparison, store: SessionStore, new_id: Callable[[], str], now: float
) -> dict[int, str]:
    """Give every column that has an answer a session of its own, which holds its conversation.

    Returns:
        By the number of the column the last message of its session.

    Raises:
        StorageError: Nothing of it could be stored.
    """
    leaves: dict[int, str] = {}
    copies: list[tuple[Session, list[Message]]] = []
    for number, column in enumerate(comparison.columns):
        if column.leaf_id is None:
            continue
        path = await store.path(column.leaf_id)
        title = f"{column.model.rpartition('/')[2]}: {title_from(path[0].content)}"
        session = keeping(Session(new_id(), title, now, now), column.options)
        messages: list[Message] = []
        for message in path:
            parent_id = messages[-1].id if messages else None
            own = {"id": new_id(), "session_id": session.id, "parent_id": parent_id}
            messages.append(replace(message, **own))  # type: ignore[arg-type]  # its own names
        copies.append((session, messages))
        leaves[number] = messages[-1].id
    await store.add_copies(copies)
    return leaves
