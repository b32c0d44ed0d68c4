"""Turns sound files into text: several pieces side by side, within limits and budget.

Each piece is a request of its own, with its own ledger entry, and is kept from then on: what a
stopped run was paid for is not sent again, until whoever has the text forgets it. Limits are waited
for in sight. The text of a file is told when all of its pieces are there; what other files cost is
not lost where one of them fails.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.audio.joining import join
from groqchat.domain.audio.kept import KeptPiece, piece_digest
from groqchat.domain.audio.requests import SIDE_BY_SIDE, billed, exact_s, minimum_note
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.money.pricing import audio_cost
from groqchat.services.audio.metered import Booking, MeteredRequest, Wait, answered
from groqchat.services.scheduling.scheduler import JobQueue

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Container, Iterator, Sequence

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
    """A file on its way: the transcripts of its pieces by number, and its error once it has one.

    ``digests`` name its pieces, and are empty for what is not kept.
    """

    source: Source
    digests: tuple[str, ...]
    transcripts: dict[int, Transcript] = field(default_factory=dict)
    lengths_s: dict[int, float] = field(default_factory=dict)
    error: GroqchatError | None = None

    @property
    def is_done(self) -> bool:
        """Whether all of its pieces are there."""
        return len(self.transcripts) == len(self.source.pieces)

    def take(self, number: int, transcript: Transcript, length_s: float) -> None:
        """Take the transcript of a piece."""
        self.transcripts[number] = transcript
        self.lengths_s[number] = length_s


class SourceReader(Protocol):
    """Gives the requests for files, or for what takes the place of a file."""

    def requests(
        self, source: Source, options: AudioOptions, there: Container[int] = ()
    ) -> PieceReader:
        """The requests for the pieces of a file, without those whose numbers are ``there``."""


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
        self._files = [_File(source, _digests(source, options, services)) for source in sources]
        self._options = options
        self._reader = reader
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
    def there_s(self) -> float:
        """The seconds of sound whose text is there."""
        return sum(length for file in self._files for length in file.lengths_s.values())

    @property
    def billed_s(self) -> float | None:
        """The seconds that are still to be billed; None where a length is unknown."""
        lengths = self._lengths_to_send()
        return None if lengths is None else sum(map(billed, lengths))

    @property
    def minimum_note(self) -> str:
        """A note on what is still to be billed as longer than it is; may be empty."""
        return minimum_note(self._lengths_to_send() or ())

    def _lengths_to_send(self) -> list[float] | None:
        """The seconds of each piece that is still to be sent; None where a length is unknown."""
        missing = [(file.source, number) for file in self._files for number in _missing(file)]
        if any(source.length_s is None for source, _ in missing):
            return None
        return [source.pieces[number].length for source, number in missing]

    @property
    def cost(self) -> Decimal | None:
        """What is still to be paid in US dollars; None where a length or the price is unknown."""
        seconds = self.billed_s
        if seconds == 0:
            return ZERO
        return None if seconds is None else self._cost(seconds)

    async def recall(self) -> int:
        """Take over the pieces that a stopped run was paid for; returns how many there are.

        Raises:
            StorageError: They cannot be read.
        """
        wanted = [digest for file in self._files for digest in file.digests]
        kept = await self._services.pieces.kept(wanted) if wanted else {}
        for file in self._files:
            for number, digest in enumerate(file.digests):
                if piece := kept.get(digest):
                    file.take(number, piece.transcript, piece.length_s)
        return sum(len(file.transcripts) for file in self._files)

    @property
    def kept(self) -> dict[Source, int]:
        """The number of pieces that are kept of each file whose text was not delivered."""
        return {
            file.source: len(file.transcripts)
            for file in self._files
            if file.digests and file.transcripts
        }

    async def forget(self, source: Source) -> None:
        """Forget the pieces of a file whose text is delivered.

        Raises:
            StorageError: They cannot be deleted.
        """
        for file in self._files:
            if file.source is source and file.digests:
                await self._services.pieces.forget(file.digests)
                file.digests = ()

    async def events(self) -> AsyncGenerator[AudioEvent, None]:
        """Send all files; read the events with ``aclosing``.

        Raises:
            StorageError: The ledger cannot be read or written.
        """
        for file in self._files:
            if file.is_done:
                yield self._done(file)
        lane = self._services.lane_of(None, self._options.model)
        await self._services.quota.refresh(self._options.model)
        queue = JobQueue(lane, self._jobs(), most=self._most, is_direct=self._is_direct)
        async with aclosing(queue.events()) as events:
            async for event in events:
                yield event

    def _jobs(self) -> Iterator[partial[AsyncGenerator[AudioEvent, None]]]:
        for file in self._files:
            missing = _missing(file)
            there = frozenset(file.transcripts)
            reader = self._reader.requests(file.source, self._options, there)
            for number in missing:
                if file.error is None:
                    yield partial(self._piece, file, reader, number)

    async def _piece(
        self, file: _File, reader: PieceReader, number: int, slot: LaneSlot
    ) -> AsyncGenerator[AudioEvent, None]:
        """Write down one piece; the last one of a file tells the file's end."""
        if file.error is not None:
            return
        try:
            request = await reader.next()
            async with aclosing(self._send(file, number, request, slot)) as events:
                async for event in events:
                    yield event
        except GroqchatError as error:
            if file.error is None:
                file.error = error
                yield FileFailed(file.source, error)
            return
        yield PieceDone(file.source, file.lengths_s[number])
        if file.is_done and file.error is None:
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
            partial(self._kept, file, number, request),
        )
        sending = answered(metered, self._services, slot, ignores_budget=self._ignores_budget)
        async with aclosing(sending) as events:
            async for event in events:
                if isinstance(event, Wait):
                    yield AudioWait(file.source, event.seconds, event.error)
                else:
                    file.take(number, event.transcript, _length(request, event))

    def _kept(
        self, file: _File, number: int, request: AudioRequest, answer: AudioAnswer
    ) -> KeptPiece | None:
        """What is kept of an answered piece; None for a recording."""
        if not file.digests:
            return None
        length, now = _length(request, answer), self._services.clock.now()
        return KeptPiece(file.digests[number], now, length, answer.transcript)

    def _booking(self, seconds: float, answer: AudioAnswer) -> Booking:
        cost = self._cost(billed(seconds))
        return Booking(cost, answer.request_id, answer.reading, billed(seconds))

    def _cost(self, billed_s: float) -> Decimal | None:
        cost = audio_cost(exact_s(billed_s), self._services.price_of(self._options.model))
        return cost.total if cost else None

    def _done(self, file: _File) -> FileDone:
        pieces = file.source.pieces
        transcripts = [file.transcripts[number] for number in range(len(pieces))]
        lengths = [file.lengths_s[number] for number in range(len(pieces))]
        seconds = sum(map(billed, lengths))
        costs = [self._cost(billed(length)) for length in lengths]
        transcript = transcripts[0]
        if not file.source.is_whole:
            transcript = join(list(zip(pieces, transcripts, strict=True)))
        known = [cost for cost in costs if cost is not None]
        return FileDone(
            file.source,
            self._options.model,
            transcript,
            lengths[0] if file.source.is_whole else pieces[-1].end,
            seconds,
            sum(known, ZERO) if len(known) == len(costs) else None,
        )


def _missing(file: _File) -> list[int]:
    """The numbers of the pieces that are still to be sent."""
    return [n for n in range(len(file.source.pieces)) if n not in file.transcripts]


def _digests(source: Source, options: AudioOptions, services: AudioServices) -> tuple[str, ...]:
    if not source.digest:
        return ()
    return tuple(
        piece_digest(source.digest, span, options, services.place) for span in source.pieces
    )


def _length(request: AudioRequest, answer: AudioAnswer) -> float:
    """The length of a piece in seconds: as the server measured it, else our own."""
    told = answer.transcript.duration_s
    return told if told is not None else request.length_s or 0.0
