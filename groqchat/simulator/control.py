"""The simulator's own endpoints under /simulator/: what is true, the clock, the faults, others."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from groqchat.domain.money.usage import Usage
from groqchat.simulator.exchange import json_reply
from groqchat.simulator.limits import amounts_used

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.simulator.exchange import Reply, Request
    from groqchat.simulator.world import World

PREFIX = "/simulator/"


def answer(world: World, request: Request) -> Reply:
    """Answer a request for the simulator itself; it needs no key and is never limited."""
    name, _, argument = request.path.removeprefix(PREFIX).partition("/")
    if request.method == "GET" and name == "answers":
        return _answer(world, argument)
    route = _ROUTES.get((request.method, name))
    if route is None:
        return json_reply({"error": "no such endpoint of the simulator"}, 404)
    try:
        body = json.loads(request.body or b"{}")
        return json_reply(route(world, body))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        return json_reply({"error": str(problem)}, 400)


def _answer(world: World, request_id: str) -> Reply:
    answer = world.answers.get(request_id)
    if answer is None:
        return json_reply({"error": f"no answer {request_id!r}"}, 404)
    return json_reply(asdict(answer))


def _state(world: World, _: dict[str, Any]) -> dict[str, Any]:
    now = world.clock.now()
    models = {
        model: {
            gauge.bucket: {
                "limit": gauge.limit,
                "remaining": gauge.remaining_at(now),
                "used": gauge.used_at(now),
                "resets_in_s": gauge.resets_in(now),
            }
            for gauge in world.limits.gauges(model)
        }
        for model in world.models
    }
    return {
        "now": now,
        "plan": world.options.plan,
        "faults": world.faults.describe(),
        "models": {model: buckets for model, buckets in models.items() if buckets},
    }


def _advance(world: World, body: dict[str, Any]) -> dict[str, Any]:
    world.clock.advance(float(body["advance"]))
    return {"now": world.clock.now()}


def _others(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Another client of the organisation asks something: one request, and so many tokens."""
    usage = Usage(int(body.get("prompt_tokens", 0)), 0, int(body.get("completion_tokens", 0)))
    model, now = str(body["model"]), world.clock.now()
    for bucket, amount in amounts_used(usage).items():
        world.limits.spend(model, bucket, amount, now)
    return {"model": model, "remaining": world.state(model)}


def _arm(world: World, body: dict[str, Any]) -> dict[str, Any]:
    for spec in body.get("faults", ()):
        world.faults.arm(spec)
    return _faults(world, body)


def _disarm(world: World, body: dict[str, Any]) -> dict[str, Any]:
    world.faults.clear()
    return _faults(world, body)


def _faults(world: World, _: dict[str, Any]) -> dict[str, Any]:
    return {"faults": world.faults.describe()}


_ROUTES: dict[tuple[str, str], Callable[[World, dict[str, Any]], dict[str, Any]]] = {
    ("GET", "state"): _state,
    ("POST", "clock"): _advance,
    ("POST", "others"): _others,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _arm,
    ("DELETE", "faults"): _disarm,
}
