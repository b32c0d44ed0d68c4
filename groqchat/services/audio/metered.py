"""Requests that are metered by seconds of sound or by characters: within limits and budget."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.domain.ledger.holds import Claim
from groqchat.domain.ledger.running import Running
from groqchat.domain.turns.chat import Message, Role
from groqchat.domain.turns.retry import retry_at

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from decimal import Decimal

    from groqchat.domain.audio.kept import KeptPiece
    from groqchat.domain.limits.quota import Reading
    from groqchat.services.audio.audio_services import AudioServices
    from groqchat.services.quota.reservation import Reservation
    from groqchat.services.scheduling.lane import Slot

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Booking:
    """What an answered request used: seconds of sound or characters, and US dollars."""

    cost: Decimal | None
    request_id: str | None
    reading: Reading
    audio_s: float = 0.0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class MeteredRequest(Generic[T]):
    """A request before it is sent.

    ``audio_s`` and ``cost`` are what it will probably use; None is an unknown cost. ``send`` sends
    it once, ``booking`` says what its answer used, and ``piece`` what is kept of it.
    """

    model: str
    cost: Decimal | None
    send: Callable[[], Awaitable[T]]
    booking: Callable[[T], Booking]
    audio_s: float = 0.0
    piece: Callable[[T], KeptPiece | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait before a request is sent: for a limit, or after a failure."""

    seconds: float
    error: GroqchatError


class _OvertakenError(Exception):
    """A request was not sent, since other processes have taken of its limits meanwhile."""


@dataclass(slots=True)
class _Draft:
    """A request under way, which the budget holds money for."""

    message: Message
    is_recorded: bool = False


async def answered(
    request: MeteredRequest[T],
    services: AudioServices,
    slot: Slot,
    *,
    ignores_budget: bool = False,
) -> AsyncGenerator[Wait | T, None]:
    """Send a request until it is answered; the waits come before, and the answer last.

    Raises:
        GroqchatError: Waiting is of no use, or would take longer than is allowed.
    """
    attempt, waited = 0, 0.0
    while True:
        await slot.first_in_line()
        lease, error = await _admitted(request, services)
        if error is None:
            try:
                answer: T = await _sent(
                    request, services, slot, lease, ignores_budget=ignores_budget
                )
            except _OvertakenError:
                continue
            except GroqchatError as caught:
                attempt, error = attempt + 1, caught
            else:
                yield answer
                return
        wait = services.policy.wait_after(error, attempt, services.chance(), waited)
        if wait is None:
            raise error
        yield Wait(wait, error)
        await services.clock.sleep(wait)
        waited += wait


async def _admitted(
    request: MeteredRequest[T], services: AudioServices
) -> tuple[str, GroqchatError | None]:
    """The id of what was taken of a team's limits, and what holds the request back."""
    model, quota = request.model, services.quota
    if services.team is None:
        return "", quota.admission_error_of_audio(model, request.audio_s)
    if error := quota.told_to_wait(model):
        return "", error
    return await services.team.admitted_audio(model, request.audio_s)


async def _sent(
    request: MeteredRequest[T],
    services: AudioServices,
    slot: Slot,
    lease: str,
    *,
    ignores_budget: bool,
) -> T:
    """Send a request once, or raise that it was overtaken; what it used is in the ledger then."""
    model, now = request.model, services.clock.now()
    draft = _Draft(Message(services.new_id(), "", None, Role.ASSISTANT, "", now, model=model))
    reservation = services.quota.reserve(model, audio_s=request.audio_s)
    slot.sending(0.0)
    claim = _claim(request, services, reservation, draft)
    failed: GroqchatError | None = None
    entry: LedgerEntry | None = None
    try:
        holding = services.budget.holding(draft, request.cost, claim, ignores_budget=ignores_budget)
        async with holding as is_held:
            if not is_held:
                slot.not_sent()
                raise _OvertakenError
            try:
                answer = await request.send()
            except GroqchatError as error:
                draft.is_recorded = True
                entry = replace(_refused(request, services, reservation, error), uid=lease)
                await services.ledger.record(entry, held_for=draft.message.id)
                raise
            slot.accepted()
            draft.is_recorded = True
            entry = replace(_used(request, services, reservation, answer), uid=lease)
            piece = request.piece(answer)
            await services.ledger.record(entry, held_for=draft.message.id, piece=piece)
    except GroqchatError as error:
        failed = error
        raise
    finally:
        try:
            with suppress(StorageError):  # it is booked; the next request reads the ledger again
                await services.quota.follow(model)
        finally:  # the entry counts from now on
            services.quota.release(model, reservation)
            slot.ended(failed)
            if services.team is not None:
                services.team.limits.end(lease, entry)
    return answer


def _claim(
    request: MeteredRequest[T], services: AudioServices, reservation: Reservation, draft: _Draft
) -> Claim:
    """What a request takes of its limits; if its process dies, the server may have answered it."""
    entry = _entry(
        request,
        services,
        reservation,
        outcome="stream_broken",
        cost=request.cost,
        message_id=draft.message.id,
        audio_s=request.audio_s,
        estimated=True,
    )
    running = Running(draft.message.id, reservation.sent, audio_s=request.audio_s)
    return Claim(entry, running, services.quota.basis(request.model))


def _used(
    request: MeteredRequest[T], services: AudioServices, reservation: Reservation, answer: T
) -> LedgerEntry:
    booking = request.booking(answer)
    return _entry(
        request,
        services,
        reservation,
        outcome="ok",
        status=200,
        cost=booking.cost,
        price=services.price_of(request.model),
        request_id=booking.request_id,
        buckets=booking.reading.buckets,
        audio_s=booking.audio_s,
        characters=booking.characters,
    )


def _refused(
    request: MeteredRequest[T],
    services: AudioServices,
    reservation: Reservation,
    error: GroqchatError,
) -> LedgerEntry:
    return _entry(
        request,
        services,
        reservation,
        outcome=error.kind.value,
        status=error.facts.status,
        request_id=error.facts.request_id,
        buckets=services.quota.refused(request.model, reservation, error),
        retry_at=retry_at(error, services.clock.now()),
    )


def _entry(
    request: MeteredRequest[T], services: AudioServices, reservation: Reservation, **told: object
) -> LedgerEntry:
    account = services.account
    return LedgerEntry(
        time=reservation.sent,
        profile=account.profile,
        fingerprint=account.fingerprint,
        model=request.model,
        provider=account.provider,
        **told,  # type: ignore[arg-type]  # names are the dataclass's own
    )
