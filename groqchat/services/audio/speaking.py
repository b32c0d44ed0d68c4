"""Speaks a text: piece after piece, within limits and budget."""

from __future__ import annotations

from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.audio.requests import SIDE_BY_SIDE
from groqchat.domain.audio.speech import SpeechRequest, pieces
from groqchat.domain.money.pricing import speech_cost
from groqchat.services.audio.metered import Booking, MeteredRequest, Wait, answered
from groqchat.services.scheduling.scheduler import JobQueue

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator
    from decimal import Decimal

    from groqchat.domain.audio.speech import SpeechAnswer
    from groqchat.services.audio.audio_services import AudioServices
    from groqchat.services.scheduling.lane import LaneSlot


class Speaking:
    """A text that is spoken by one voice.

    Args:
        text: The text.
        model: The model.
        voice: One of its voices.
        services: The services that are used.
        ignores_budget: Whether the user has decided to send them whatever the budget says.
    """

    def __init__(
        self,
        text: str,
        model: str,
        voice: str,
        services: AudioServices,
        *,
        ignores_budget: bool = False,
    ) -> None:
        self._requests = [SpeechRequest(piece, model, voice) for piece in pieces(text)]
        self._model = model
        self._services = services
        self._ignores_budget = ignores_budget
        self._answers: dict[int, SpeechAnswer] = {}

    @property
    def characters(self) -> int:
        """The characters that are sent, which are billed."""
        return sum(len(request.text) for request in self._requests)

    @property
    def requests(self) -> int:
        """The number of requests."""
        return len(self._requests)

    @property
    def cost(self) -> Decimal | None:
        """The cost in US dollars; None where the price is unknown."""
        return self._cost(self.characters)

    @property
    def sounds(self) -> list[bytes]:
        """The WAV files of the pieces, in their order, once all are there."""
        return [self._answers[number].content for number in range(len(self._requests))]

    async def waits(self) -> AsyncGenerator[Wait, None]:
        """Send all pieces, and yield each wait for a limit; read the waits with ``aclosing``.

        Raises:
            GroqchatError: A piece was refused, or the ledger cannot be written.
        """
        lane = self._services.lane_of(None, self._model)
        await self._services.quota.follow(self._model)
        queue = JobQueue(lane, self._jobs(), most=SIDE_BY_SIDE)
        async with aclosing(queue.events()) as events:
            async for event in events:
                yield event

    def _jobs(self) -> Iterator[partial[AsyncGenerator[Wait, None]]]:
        for number, request in enumerate(self._requests):
            yield partial(self._piece, number, request)

    async def _piece(
        self, number: int, request: SpeechRequest, slot: LaneSlot
    ) -> AsyncGenerator[Wait, None]:
        characters = len(request.text)
        cost = self._cost(characters)
        metered = MeteredRequest(
            self._model,
            cost,
            partial(self._services.provider.speak, request),
            lambda answer: Booking(cost, answer.request_id, answer.reading, characters=characters),
        )
        sending = answered(metered, self._services, slot, ignores_budget=self._ignores_budget)
        async with aclosing(sending) as events:
            async for event in events:
                if isinstance(event, Wait):
                    yield event
                else:
                    self._answers[number] = event

    def _cost(self, characters: int) -> Decimal | None:
        cost = speech_cost(characters, self._services.price_of(self._model))
        return cost.total if cost else None
