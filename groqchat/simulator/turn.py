"""One answer with all that is reported about it: the tokens, the usage, the ids."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groqchat.domain.money.usage import Usage
from groqchat.simulator import wire
from groqchat.simulator.answers import compose
from groqchat.simulator.faults.answer_faults import AnswerFault
from groqchat.simulator.sampling import end_before
from groqchat.simulator.wire import AnswerIds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.simulator.composed_answer import ComposedAnswer
    from groqchat.simulator.faults.faults import InjectedFault
    from groqchat.simulator.server_state import ServerState
    from groqchat.simulator.validation import ChatCall

# Groq reads prompts at about this speed, and has requests wait about this long.
_PROMPT_TPS = 20_000.0
_QUEUE_S = 0.021
_UNLISTED_TPS = 400.0


@dataclass(slots=True)
class Turn:
    """A request with its answer."""

    call: ChatCall
    answer: ComposedAnswer
    usage: Usage
    names: AnswerIds

    def whole(self) -> dict[str, Any]:
        """The JSON body of an answer that is not streamed."""
        answer, shows = self.answer, self.call.shows_reasoning
        message = wire.whole_message(
            None if answer.tool_calls else answer.content_field(answer.shown_content(shows)),
            "".join(answer.reasoning) if shows == "parsed" else "",
            answer.tool_calls,
            answer.executed_tools,
        )
        message |= answer.extra
        return wire.whole(self.names, message, answer.finish_reason, wire.usage_object(self.usage))


def make_turn(
    state: ServerState,
    call: ChatCall,
    request_id: str,
    key: str,
    faults: Iterable[InjectedFault] = (),
) -> Turn:
    """Compose the answer to a call and count its tokens.

    A prompt that is sent again gets a different answer, unless the call names a seed. Of the
    faults only answer faults have an effect here.
    """
    answer = compose(call, _generator(state, call))
    end_before(answer, call.stop)
    for injected in faults:
        if isinstance(injected.fault, AnswerFault):
            injected.fault.alter(answer, int(injected.value))
    names = AnswerIds(
        request_id=request_id,
        completion_id=f"chatcmpl-{state.new_uuid()}",
        created=int(state.clock.now()),
        model=call.model.id,
        seed=state.new_seed() if call.seed is None else call.seed,
        fingerprint="fp_5111a70f00",
        tier=call.tier,
    )
    return Turn(call, answer, _usage(state, call, key, answer), names)


def rate_of(state: ServerState, call: ChatCall) -> float | None:
    """The tokens per second at which an answer is sent; None is as fast as the client reads."""
    rate = state.options.rate
    return _listed(call) if rate == "listed" else rate or None


def _listed(call: ChatCall) -> float:
    return float(call.model.speed_tps or _UNLISTED_TPS)


def _generator(state: ServerState, call: ChatCall) -> random.Random:
    seed, again = call.seed, 1
    if seed is None:
        state.times_asked[call.question] += 1
        seed, again = state.options.seed, state.times_asked[call.question]
    return random.Random(f"{seed}|{again}|{call.question}")  # noqa: S311  # it only varies answers


def _usage(state: ServerState, call: ChatCall, key: str, answer: ComposedAnswer) -> Usage:
    cached = 0
    if call.model.can("prompt_cache"):
        cached = state.cache.hit(f"{key} {call.model.id}", call.prompt, state.clock.now())
    return Usage(
        prompt_tokens=len(call.prompt),
        cached_tokens=cached,
        completion_tokens=answer.total,
        reasoning_tokens=len(answer.reasoning),
        queue_time=_QUEUE_S,
        prompt_time=round(len(call.prompt) / _PROMPT_TPS, 6),
        completion_time=round(answer.total / (rate_of(state, call) or _listed(call)), 6),
    )
