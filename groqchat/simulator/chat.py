"""POST /chat/completions: admit, answer, deliver, settle."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.usage import Usage
from groqchat.simulator import refusals, wire
from groqchat.simulator.answers import compose
from groqchat.simulator.delivery import Delivery
from groqchat.simulator.exchange import EVENT_STREAM, RefusedError, Reply, json_reply
from groqchat.simulator.limits import OverLimitError, amounts_reserved, amounts_used
from groqchat.simulator.stream_faults import Then
from groqchat.simulator.validation import read_chat, read_object
from groqchat.simulator.wire import Events, Names
from groqchat.simulator.world import Answer

if TYPE_CHECKING:
    from groqchat.simulator.answers import Composed
    from groqchat.simulator.limits import Reservation
    from groqchat.simulator.validation import ChatCall
    from groqchat.simulator.visit import Visit
    from groqchat.simulator.world import World

# Groq reads prompts at about this speed, and has requests wait about this long.
_PROMPT_TPS = 20_000.0
_QUEUE_S = 0.021
_UNLISTED_TPS = 400.0


@dataclass(slots=True)
class _Turn:
    """An admitted request with the answer that it is going to get."""

    call: ChatCall
    reservation: Reservation
    answer: Composed
    usage: Usage
    names: Names


async def complete(world: World, visit: Visit) -> Reply | None:
    """Answer a chat request; None when the answer was streamed."""
    call = read_chat(read_object(visit.request.body), world)
    turn = _begin(world, visit, call, _admit(world, call))
    try:
        await world.clock.sleep(world.options.first_token_s)
        if not call.stream or visit.struck("json_200"):
            return await _whole(world, visit, turn)
        await _stream(world, visit, turn)
    finally:
        _settle(world, visit, turn)
    return None


def _admit(world: World, call: ChatCall) -> Reservation:
    now = world.clock.now()
    amounts = amounts_reserved(len(call.prompt), call.max_tokens)
    try:
        return world.limits.admit(call.model.id, amounts, now)
    except OverLimitError as refusal:
        reply = refusals.over_limit(call.model.id, refusal, call.tier)
        if reply.status == 429:
            headers = {**world.limits.headers(call.model.id, now), **reply.headers}
            reply = replace(reply, headers=headers)
        raise RefusedError(reply) from refusal


def _begin(world: World, visit: Visit, call: ChatCall, reservation: Reservation) -> _Turn:
    world.times_asked[call.question] += 1
    ground = world.options.seed if call.seed is None else call.seed
    again = world.times_asked[call.question] if call.seed is None else 1
    rng = random.Random(f"{ground}|{again}|{call.question}")  # noqa: S311  # it varies answers
    answer = compose(call, rng)
    names = Names(
        request_id=visit.request_id,
        completion_id=f"chatcmpl-{world.new_uuid()}",
        created=int(world.clock.now()),
        model=call.model.id,
        seed=world.new_seed() if call.seed is None else call.seed,
        fingerprint="fp_5111a70f00",
        tier=call.tier,
    )
    return _Turn(call, reservation, answer, _usage(world, visit, call, answer), names)


def _usage(world: World, visit: Visit, call: ChatCall, answer: Composed) -> Usage:
    cached = 0
    if call.model.can("prompt_cache"):
        scope = f"{visit.request.key} {call.model.id}"
        cached = world.cache.hit(scope, call.prompt, world.clock.now())
    return Usage(
        prompt_tokens=len(call.prompt),
        cached_tokens=cached,
        completion_tokens=answer.total,
        reasoning_tokens=len(answer.reasoning),
        queue_time=_QUEUE_S,
        prompt_time=round(len(call.prompt) / _PROMPT_TPS, 6),
        completion_time=round(answer.total / (_rate(world, call) or _listed(call)), 6),
    )


def _listed(call: ChatCall) -> float:
    return float(call.model.speed_tps or _UNLISTED_TPS)


def _rate(world: World, call: ChatCall) -> float | None:
    rate = world.options.rate
    return _listed(call) if rate == "listed" else rate or None


def _settle(world: World, visit: Visit, turn: _Turn) -> None:
    """Bill what was sent and remember it, however the answer ended."""
    _bill(world, turn)
    content = "".join(turn.answer.content)
    reasoning = "".join(turn.answer.reasoning)
    reason = turn.answer.finish_reason
    world.remember(
        Answer(visit.request_id, turn.call.model.id, content, reasoning, reason, turn.usage)
    )
    visit.outcome = (
        f"{turn.call.model.id} · {turn.usage.prompt_tokens} + {turn.usage.completion_tokens} tokens"
    )


def _bill(world: World, turn: _Turn) -> None:
    """Put the real use in the place of the reservation; a second bill changes nothing."""
    used = amounts_used(turn.usage)
    world.limits.settle(turn.reservation, used, world.clock.now())
    turn.reservation = replace(turn.reservation, amounts=used)


async def _whole(world: World, visit: Visit, turn: _Turn) -> Reply:
    rate = _rate(world, turn.call)
    if rate:
        await world.clock.sleep(turn.answer.total / rate)
    answer = turn.answer
    message = wire.whole_message(
        None if answer.tool_calls else answer.shown_content(turn.call.shows_reasoning),
        "".join(answer.reasoning) if turn.call.shows_reasoning == "parsed" else "",
        answer.tool_calls,
        answer.executed_tools,
    )
    usage = wire.usage_object(turn.usage)
    # The head of a whole answer is written when its real use is known; that of a stream is not.
    _bill(world, turn)
    headers = world.limits.headers(turn.call.model.id, world.clock.now())
    return json_reply(wire.whole(turn.names, message, answer.finish_reason, usage), 200, headers)


async def _stream(world: World, visit: Visit, turn: _Turn) -> None:
    delivery = Delivery(visit.exchange, world.clock, _rate(world, turn.call))
    headers = {
        "cache-control": "no-cache",
        **world.limits.headers(turn.call.model.id, world.clock.now()),
    }
    try:
        await visit.begin(200, EVENT_STREAM, headers)
        await _events(world, visit, turn, delivery)
    finally:
        if delivery.sent < turn.answer.total:
            shown = min(len(turn.answer.reasoning), delivery.sent)
            turn.usage = replace(
                turn.usage, completion_tokens=delivery.sent, reasoning_tokens=shown
            )


async def _events(world: World, visit: Visit, turn: _Turn, delivery: Delivery) -> None:
    events = Events(turn.names)
    await delivery.write(events.opening(content=None if turn.answer.tool_calls else ""))
    if slow := visit.struck("slow_first_token"):
        await visit.wait(world.clock, slow.value)
    reasoning, content = turn.answer.deltas(turn.call.model.id, turn.call.shows_reasoning)
    slots = [events.delta(delta) if delta else b"" for delta in (*reasoning, *content)]
    at = len(slots)
    fault = None
    if visit.spoilt:
        fault, after = visit.spoilt
        at = len(reasoning) + min(after, len(content) // 2)
    elif visit.struck("split_utf8"):
        at = len(reasoning)
    await delivery.send(slots[:at])
    delivery.piece = 3 if visit.struck("split_utf8") else 0
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


def _ending(events: Events, turn: _Turn) -> bytes:
    usage = wire.usage_object(turn.usage)
    trailing = events.trailing_usage(usage) if turn.call.include_usage else b""
    return events.finish(turn.answer.finish_reason, usage) + trailing + wire.DONE
