"""POST /chat/completions: reserve, answer, send, settle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.money.usage import Usage
from groqchat.simulator import wire
from groqchat.simulator.delivery import Delivery
from groqchat.simulator.exchange import EVENT_STREAM, RefusedError, Reply, json_reply
from groqchat.simulator.faults import refusals
from groqchat.simulator.faults.stream_faults import AfterFault
from groqchat.simulator.limits import OverLimitError, amounts_reserved, amounts_used
from groqchat.simulator.server_state import RecordedAnswer
from groqchat.simulator.turn import make_turn, rate_of
from groqchat.simulator.validation import read_chat, read_object
from groqchat.simulator.wire import Events

if TYPE_CHECKING:
    from groqchat.simulator.limits import AdmittedRequest
    from groqchat.simulator.request_context import RequestContext
    from groqchat.simulator.server_state import ServerState
    from groqchat.simulator.turn import Turn
    from groqchat.simulator.validation import ChatCall

_SPLIT_BYTES = 3


@dataclass(slots=True)
class _AdmittedTurn:
    """A turn whose request the limits have admitted."""

    turn: Turn
    request: AdmittedRequest


async def complete(state: ServerState, context: RequestContext) -> Reply | None:
    """Answer a chat request; None when the answer was streamed."""
    call = read_chat(read_object(context.request.body), state)
    request = _admit(state, call)
    turn = make_turn(state, call, context.request_id, context.request.key, context.faults)
    admitted = _AdmittedTurn(turn, request)
    try:
        await state.clock.sleep(state.options.first_token_s)
        if not call.stream or context.injected("json_200"):
            return await _whole(state, admitted)
        _count_for_headers(state, admitted)
        await _stream(state, context, turn)
    finally:
        _bill(state, admitted)
        _remember(state, context, turn)
    return None


def _admit(state: ServerState, call: ChatCall) -> AdmittedRequest:
    now = state.clock.now()
    amounts = amounts_reserved(len(call.prompt), call.max_tokens, call.model.reservation)
    try:
        return state.limits.admit(call.model.id, amounts, now)
    except OverLimitError as refusal:
        reply = refusals.over_limit(call.model.id, refusal, call.tier)
        if reply.status == 429:
            headers = {**state.limits.headers(call.model.id, now), **reply.headers}
            reply = replace(reply, headers=headers)
        raise RefusedError(reply) from refusal


def _bill(state: ServerState, admitted: _AdmittedTurn) -> None:
    """Replace the reserved tokens by those used; to do it again changes nothing."""
    _count(state, admitted, admitted.turn.usage)


def _count_for_headers(state: ServerState, admitted: _AdmittedTurn) -> None:
    """Charge what this server has counted of a stream when its headers are sent."""
    usage = admitted.turn.usage
    match state.options.header_timing:
        case HeaderTiming.NOTHING:
            _count(state, admitted, Usage())
        case HeaderTiming.PROMPT:
            _count(state, admitted, Usage(prompt_tokens=usage.prompt_tokens))
        case HeaderTiming.USED:
            _count(state, admitted, usage)


def _count(state: ServerState, admitted: _AdmittedTurn, usage: Usage) -> None:
    used, now = amounts_used(usage), state.clock.now()
    admitted.request = state.limits.settle(admitted.request, used, now)


def _remember(state: ServerState, context: RequestContext, turn: Turn) -> None:
    usage, model = turn.usage, turn.call.model.id
    state.remember(
        RecordedAnswer(
            request_id=context.request_id,
            model=model,
            content="".join(turn.answer.content),
            reasoning="".join(turn.answer.reasoning),
            finish_reason=turn.answer.finish_reason,
            usage=usage,
        )
    )
    context.outcome = f"{model} · {usage.prompt_tokens} + {usage.completion_tokens} tokens"


async def _whole(state: ServerState, admitted: _AdmittedTurn) -> Reply:
    turn = admitted.turn
    if rate := rate_of(state, turn.call):
        await state.clock.sleep(turn.answer.total / rate)
    # The headers of a whole answer are sent when its usage is known; those of a stream are not.
    _bill(state, admitted)
    headers = state.limits.headers(turn.call.model.id, state.clock.now())
    form = turn.call.response_format.get("type", "text")
    if form != "text" and turn.answer.finish_reason == "length":
        text = "".join(turn.answer.content)
        return replace(
            refusals.json_failed(text, has_schema=form == "json_schema"), headers=headers
        )
    return json_reply(turn.whole(), 200, headers)


async def _stream(state: ServerState, context: RequestContext, turn: Turn) -> None:
    delivery = Delivery(context.exchange, state.clock, rate_of(state, turn.call))
    limits = state.limits.headers(turn.call.model.id, state.clock.now())
    try:
        await context.begin(200, EVENT_STREAM, {"cache-control": "no-cache", **limits})
        await _events(state, context, turn, delivery)
    finally:
        if delivery.sent < turn.answer.total:
            reasoned = min(len(turn.answer.reasoning), delivery.sent)
            turn.usage = replace(
                turn.usage, completion_tokens=delivery.sent, reasoning_tokens=reasoned
            )


async def _events(
    state: ServerState, context: RequestContext, turn: Turn, delivery: Delivery
) -> None:
    """Send the events of an answer, or those before its fault."""
    events = Events(turn.names)
    await delivery.write(events.opening(content=None if turn.answer.tool_calls else ""))
    if slow := context.injected("slow_first_token"):
        await context.wait(state.clock, slow.value)
    reasoning, content = turn.answer.deltas(turn.call.model.id, turn.call.shows_reasoning)
    slots = [events.delta(delta) if delta else b"" for delta in (*reasoning, *content)]
    fault, after = context.stream_fault or (None, len(content))
    at = len(reasoning) + min(after, len(content) // 2 if fault else after)
    delivery.piece = _SPLIT_BYTES if context.injected("split_utf8") else 0
    await delivery.send(slots[:at])
    if fault is not None:
        await delivery.write(fault.data)
        if fault.then is not AfterFault.GO_ON:
            await context.end(fault.then)
            return
    await delivery.send(slots[at:])
    await delivery.write(_ending(events, turn))
    if hold := context.injected("hold_open"):
        await context.wait(state.clock, hold.value)
    await context.exchange.finish()


def _ending(events: Events, turn: Turn) -> bytes:
    usage = wire.usage_object(turn.usage)
    trailing = events.trailing_usage(usage) if turn.call.include_usage else b""
    return events.finish(turn.answer.finish_reason, usage) + trailing + wire.DONE
