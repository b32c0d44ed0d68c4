"""Turns sound files into text: several pieces side by side, within limits and budget.

Each piece is a request of its own, with its own ledger entry. Limits are waited for in sight. The
text of a file is told when all of its pieces are there; what other files cost is not lost where one
of them fails.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.audio.joining import join
from groqchat.domain.audio.requests import SIDE_BY_SIDE, billed, exact_s
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.money.pricing import audio_cost
from groqchat.services.audio.metered import Booking, MeteredRequest, Wait, answered
from groqchat.services.scheduling.scheduler import JobQueue

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

    from groqchat.domain.audio.requests import AudioAnswer, AudioOptions, AudioRequest
    from groqchat.domain.audio.transcript import Transcript
    from groqchat.services.audio.audio_services import AudioServices
    from groqchat.services.audio.ports import PieceReader
    from groqchat.services.audio.sources import Source
    from groqchat.services.scheduling.lane import LaneSlot

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class AudioWait:
    """A wait before a piece is sent: for a limit, or after a failure."""

    source: Source
    seconds: float
    error: GroqchatError


@dataclass(frozen=True, slots=True)
class PieceDone:
    """A piece was transcribed; ``seconds`` is its length."""

    source: Source
    seconds: float


@dataclass(frozen=True, slots=True)
class FileDone:
    """All pieces of a file were transcribed.

    ``duration_s`` and ``billed_s`` are seconds; ``cost`` is in US dollars, None where the price is
    unknown.
    """

    source: Source
    model: str
    transcript: Transcript
    duration_s: float
    billed_s: float
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class FileFailed:
    """A file that has no text, and why."""

    source: Source
    error: GroqchatError


AudioEvent = AudioWait | PieceDone | FileDone | FileFailed


@dataclass(slots=True)
class _File:
    """A file on its way: the answers to its pieces by number, and its error once it has one."""

    source: Source
    reader: PieceReader
    answers: dict[int, AudioAnswer] = field(default_factory=dict)
    sent_s: dict[int, float] = field(default_factory=dict)
    error: GroqchatError | None = None


class SourceReader(Protocol):
    """Gives the requests for files, or for what takes the place of a file."""

    def requests(self, source: Source, options: AudioOptions) -> PieceReader:
        """The requests for the pieces of a file."""


class Transcription:
    """One run over some files with the same options.

    Args:
        sources: The files.
        options: How they are transcribed.
        reader: Gives the requests for their pieces.
        services: The services that the run uses.
        most: The most requests at once.
        is_direct: Whether the requests pass those of others that wait for a limit.
        ignores_budget: Whether the user has decided to send them whatever the budget says.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        options: AudioOptions,
        reader: SourceReader,
        services: AudioServices,
        *,
        most: int = SIDE_BY_SIDE,
        is_direct: bool = False,
        ignores_budget: bool = False,
    ) -> None:
        self._files = [_File(source, reader.requests(source, options)) for source in sources]
        self._options = options
        self._services = services
        self._most = most
        self._is_direct = is_direct
        self._ignores_budget = ignores_budget

    @property
    def model(self) -> str:
        """The model that transcribes."""
        return self._options.model

    @property
    def length_s(self) -> float:
        """The seconds of sound in all files, as far as they are known."""
        return sum(file.source.length_s or 0.0 for file in self._files)

    @property
    def billed_s(self) -> float | None:
        """The seconds that will be billed; None where a length is unknown."""
        if any(file.source.length_s is None for file in self._files):
            return None
        return sum(billed(piece.length) for file in self._files for piece in file.source.pieces)

    @property
    def cost(self) -> Decimal | None:
        """The cost in US dollars; None where a length or the price is unknown."""
        seconds = self.billed_s
        return None if seconds is None else self._cost(seconds)

    async def events(self) -> AsyncGenerator[AudioEvent, None]:
        """Send all files; read the events with ``aclosing``.

        Raises:
            StorageError: The ledger cannot be read or written.
        """
        lane = self._services.lane_of(None, self._options.model)
        await self._services.quota.refresh(self._options.model)
        queue = JobQueue(lane, self._jobs(), most=self._most, is_direct=self._is_direct)
        async with aclosing(queue.events()) as events:
            async for event in events:
                yield event

    def _jobs(self) -> Iterator[partial[AsyncGenerator[AudioEvent, None]]]:
        for file in self._files:
            for number in range(len(file.source.pieces)):
                if file.error is None:
                    yield partial(self._piece, file, number)

    async def _piece(
        self, file: _File, number: int, slot: LaneSlot
    ) -> AsyncGenerator[AudioEvent, None]:
        """Write down one piece; the last one of a file tells the file's end."""
        if file.error is not None:
            return
        try:
            request = await file.reader.next()
            async with aclosing(self._send(file, number, request, slot)) as events:
                async for event in events:
                    yield event
        except GroqchatError as error:
            if file.error is None:
                file.error = error
                yield FileFailed(file.source, error)
            return
        yield PieceDone(file.source, file.sent_s[number])
        if len(file.answers) == len(file.source.pieces) and file.error is None:
            yield self._done(file)

    async def _send(
        self, file: _File, number: int, request: AudioRequest, slot: LaneSlot
    ) -> AsyncGenerator[AudioWait, None]:
        """Send one piece until it is answered; the answer is kept with the file."""
        seconds = request.billed_s
        metered = MeteredRequest(
            self._options.model,
            None if seconds is None else self._cost(seconds),
            partial(self._services.provider.transcribe, request),
            lambda answer: self._booking(_length(request, answer), answer),
            seconds or 0.0,
        )
        sending = answered(metered, self._services, slot, ignores_budget=self._ignores_budget)
        async with aclosing(sending) as events:
            async for event in events:
                if isinstance(event, Wait):
                    yield AudioWait(file.source, event.seconds, event.error)
                else:
                    file.answers[number] = event
                    file.sent_s[number] = _length(request, event)

    def _booking(self, seconds: float, answer: AudioAnswer) -> Booking:
        cost = self._cost(billed(seconds))
        return Booking(cost, answer.request_id, answer.reading, billed(seconds))

    def _cost(self, billed_s: float) -> Decimal | None:
        cost = audio_cost(exact_s(billed_s), self._services.price_of(self._options.model))
        return cost.total if cost else None

    def _done(self, file: _File) -> FileDone:
        pieces = file.source.pieces
        answers = [file.answers[number] for number in range(len(pieces))]
        lengths = [file.sent_s[number] for number in range(len(pieces))]
        seconds = sum(map(billed, lengths))
        costs = [self._cost(billed(length)) for length in lengths]
        transcript = answers[0].transcript
        if not file.source.is_whole:
            transcript = join(
                [(span, answer.transcript) for span, answer in zip(pieces, answers, strict=True)]
            )
        known = [cost for cost in costs if cost is not None]
        return FileDone(
            file.source,
            self._options.model,
            transcript,
            lengths[0] if file.source.is_whole else pieces[-1].end,
            seconds,
            sum(known, ZERO) if len(known) == len(costs) else None,
        )


def _length(request: AudioRequest, answer: AudioAnswer) -> float:
    """The length of a piece in seconds: as the server measured it, else our own."""
    told = answer.transcript.duration_s
    return told if told is not None else request.length_s or 0.0
