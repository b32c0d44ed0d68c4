"""POST /chat/completions: admit, answer, deliver, settle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.money.usage import Usage
from groqchat.simulator import refusals, wire
from groqchat.simulator.delivery import Delivery
from groqchat.simulator.exchange import EVENT_STREAM, RefusedError, Reply, json_reply
from groqchat.simulator.limits import OverLimitError, amounts_reserved, amounts_used
from groqchat.simulator.stream_faults import Then
from groqchat.simulator.turn import rate_of, take_turn
from groqchat.simulator.validation import read_chat, read_object
from groqchat.simulator.wire import Events
from groqchat.simulator.world import Answer

if TYPE_CHECKING:
    from groqchat.simulator.limits import Reservation
    from groqchat.simulator.turn import Turn
    from groqchat.simulator.validation import ChatCall
    from groqchat.simulator.visit import Visit
    from groqchat.simulator.world import World

_SPLIT_BYTES = 3


@dataclass(slots=True)
class _Admitted:
    """A turn and what is set aside for it."""

    turn: Turn
    reservation: Reservation


async def complete(world: World, visit: Visit) -> Reply | None:
    """Answer a chat request; None when the answer was streamed."""
    call = read_chat(read_object(visit.request.body), world)
    reservation = _admit(world, call)
    turn = take_turn(world, call, visit.request_id, visit.request.key, visit.strikes)
    admitted = _Admitted(turn, reservation)
    try:
        await world.clock.sleep(world.options.first_token_s)
        if not call.stream or visit.struck("json_200"):
            return await _whole(world, admitted)
        _count_for_headers(world, admitted)
        await _stream(world, visit, turn)
    finally:
        _bill(world, admitted)
        _remember(world, visit, turn)
    return None


def _admit(world: World, call: ChatCall) -> Reservation:
    now = world.clock.now()
    amounts = amounts_reserved(len(call.prompt), call.max_tokens, call.model.reservation)
    try:
        return world.limits.admit(call.model.id, amounts, now)
    except OverLimitError as refusal:
        reply = refusals.over_limit(call.model.id, refusal, call.tier)
        if reply.status == 429:
            headers = {**world.limits.headers(call.model.id, now), **reply.headers}
            reply = replace(reply, headers=headers)
        raise RefusedError(reply) from refusal


def _bill(world: World, admitted: _Admitted) -> None:
    """Put the real use in the place of the reservation; a second bill changes nothing."""
    _count(world, admitted, admitted.turn.usage)


def _count_for_headers(world: World, admitted: _Admitted) -> None:
    """Have counted of a stream, by the time of its headers, what is this server's habit."""
    usage = admitted.turn.usage
    match world.options.habit:
        case HeaderTiming.NOTHING:
            _count(world, admitted, Usage())
        case HeaderTiming.PROMPT:
            _count(world, admitted, Usage(prompt_tokens=usage.prompt_tokens))
        case HeaderTiming.USED:
            _count(world, admitted, usage)


def _count(world: World, admitted: _Admitted, usage: Usage) -> None:
    used, now = amounts_used(usage), world.clock.now()
    admitted.reservation = world.limits.settle(admitted.reservation, used, now)


def _remember(world: World, visit: Visit, turn: Turn) -> None:
    usage, model = turn.usage, turn.call.model.id
    world.remember(
        Answer(
            request_id=visit.request_id,
            model=model,
            content="".join(turn.answer.content),
            reasoning="".join(turn.answer.reasoning),
            finish_reason=turn.answer.finish_reason,
            usage=usage,
        )
    )
    visit.outcome = f"{model} · {usage.prompt_tokens} + {usage.completion_tokens} tokens"


async def _whole(world: World, admitted: _Admitted) -> Reply:
    turn = admitted.turn
    if rate := rate_of(world, turn.call):
        await world.clock.sleep(turn.answer.total / rate)
    # The head of a whole answer is written when its real use is known; that of a stream is not.
    _bill(world, admitted)
    headers = world.limits.headers(turn.call.model.id, world.clock.now())
    return json_reply(turn.whole(), 200, headers)


async def _stream(world: World, visit: Visit, turn: Turn) -> None:
    delivery = Delivery(visit.exchange, world.clock, rate_of(world, turn.call))
    limits = world.limits.headers(turn.call.model.id, world.clock.now())
    try:
        await visit.begin(200, EVENT_STREAM, {"cache-control": "no-cache", **limits})
        await _events(world, visit, turn, delivery)
    finally:
        if delivery.sent < turn.answer.total:
            reasoned = min(len(turn.answer.reasoning), delivery.sent)
            turn.usage = replace(
                turn.usage, completion_tokens=delivery.sent, reasoning_tokens=reasoned
            )


async def _events(world: World, visit: Visit, turn: Turn, delivery: Delivery) -> None:
    """Send all events of an answer, or as many as its fault lets through."""
    events = Events(turn.names)
    await delivery.write(events.opening(content=None if turn.answer.tool_calls else ""))
    if slow := visit.struck("slow_first_token"):
        await visit.wait(world.clock, slow.value)
    reasoning, content = turn.answer.deltas(turn.call.model.id, turn.call.shows_reasoning)
    slots = [events.delta(delta) if delta else b"" for delta in (*reasoning, *content)]
    fault, after = visit.spoilt or (None, len(content))
    at = len(reasoning) + min(after, len(content) // 2 if fault else after)
    delivery.piece = _SPLIT_BYTES if visit.struck("split_utf8") else 0
    await delivery.send(slots[:at])
    if fault is not None:
        await delivery.write(fault.data)
        if fault.then is not Then.GO_ON:
            await visit.end(fault.then)
            return
    await delivery.send(slots[at:])
    await delivery.write(_ending(events, turn))
    if hold := visit.struck("hold_open"):
        await visit.wait(world.clock, hold.value)
    await visit.exchange.finish()


def _ending(events: Events, turn: Turn) -> bytes:
    usage = wire.usage_object(turn.usage)
    trailing = events.trailing_usage(usage) if turn.call.include_usage else b""
    return events.finish(turn.answer.finish_reason, usage) + trailing + wire.DONE
