"""One answer with everything that is told about it: the words, the usage, the ids."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groqchat.domain.money.usage import Usage
from groqchat.simulator import wire
from groqchat.simulator.answers import compose
from groqchat.simulator.odd_answers import OddAnswer
from groqchat.simulator.wire import Names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.simulator.composed_answer import ComposedAnswer
    from groqchat.simulator.faults import Strike
    from groqchat.simulator.validation import ChatCall
    from groqchat.simulator.world import World

# Groq reads prompts at about this speed, and has requests wait about this long.
_PROMPT_TPS = 20_000.0
_QUEUE_S = 0.021
_UNLISTED_TPS = 400.0


@dataclass(slots=True)
class Turn:
    """A request with the answer that it is going to get."""

    call: ChatCall
    answer: ComposedAnswer
    usage: Usage
    names: Names

    def whole(self) -> dict[str, Any]:
        """The body of the answer when it is not streamed."""
        answer, shows = self.answer, self.call.shows_reasoning
        message = wire.whole_message(
            None if answer.tool_calls else answer.content_field(answer.shown_content(shows)),
            "".join(answer.reasoning) if shows == "parsed" else "",
            answer.tool_calls,
            answer.executed_tools,
        )
        message |= answer.extra
        return wire.whole(self.names, message, answer.finish_reason, wire.usage_object(self.usage))


def take_turn(
    world: World, call: ChatCall, request_id: str, key: str, strikes: Iterable[Strike] = ()
) -> Turn:
    """Find the answer to a call, and count it.

    Asked the same again, the simulator says it in other words, unless the call names a seed.
    Of the faults those strike here that make another answer of it.
    """
    answer = compose(call, _generator(world, call))
    for strike in strikes:
        if isinstance(strike.fault, OddAnswer):
            strike.fault.bend(answer, int(strike.value))
    names = Names(
        request_id=request_id,
        completion_id=f"chatcmpl-{world.new_uuid()}",
        created=int(world.clock.now()),
        model=call.model.id,
        seed=world.new_seed() if call.seed is None else call.seed,
        fingerprint="fp_5111a70f00",
        tier=call.tier,
    )
    return Turn(call, answer, _usage(world, call, key, answer), names)


def rate_of(world: World, call: ChatCall) -> float | None:
    """Tokens per second at which an answer leaves; None for as fast as it is read."""
    rate = world.options.rate
    return _listed(call) if rate == "listed" else rate or None


def _listed(call: ChatCall) -> float:
    return float(call.model.speed_tps or _UNLISTED_TPS)


def _generator(world: World, call: ChatCall) -> random.Random:
    seed, again = call.seed, 1
    if seed is None:
        world.times_asked[call.question] += 1
        seed, again = world.options.seed, world.times_asked[call.question]
    return random.Random(f"{seed}|{again}|{call.question}")  # noqa: S311  # it only varies answers


def _usage(world: World, call: ChatCall, key: str, answer: ComposedAnswer) -> Usage:
    cached = 0
    if call.model.can("prompt_cache"):
        cached = world.cache.hit(f"{key} {call.model.id}", call.prompt, world.clock.now())
    return Usage(
        prompt_tokens=len(call.prompt),
        cached_tokens=cached,
        completion_tokens=answer.total,
        reasoning_tokens=len(answer.reasoning),
        queue_time=_QUEUE_S,
        prompt_time=round(len(call.prompt) / _PROMPT_TPS, 6),
        completion_time=round(answer.total / (rate_of(world, call) or _listed(call)), 6),
    )
