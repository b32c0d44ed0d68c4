"""The control endpoints under /simulator/: state, answers, clock, faults, other clients."""

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
    from groqchat.simulator.server_state import ServerState

PREFIX = "/simulator/"


def answer(state: ServerState, request: Request) -> Reply:
    """Answer a control request, which needs no key and is never limited."""
    name, _, argument = request.path.removeprefix(PREFIX).partition("/")
    if request.method == "GET" and name == "answers":
        return _answer(state, argument)
    route = _ROUTES.get((request.method, name))
    if route is None:
        return json_reply({"error": "no such endpoint of the simulator"}, 404)
    try:
        body = json.loads(request.body or b"{}")
        return json_reply(route(state, body))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        return json_reply({"error": str(problem)}, 400)


def _answer(state: ServerState, request_id: str) -> Reply:
    answer = state.answers.get(request_id)
    if answer is None:
        return json_reply({"error": f"no answer {request_id!r}"}, 404)
    return json_reply(asdict(answer))


def _state(state: ServerState, _: dict[str, Any]) -> dict[str, Any]:
    now = state.clock.now()
    models = {
        model: {
            bucket.kind: {
                "limit": bucket.limit,
                "remaining": bucket.remaining_at(now),
                "used": bucket.used_at(now),
                "resets_in_s": bucket.resets_in(now),
            }
            for bucket in state.limits.buckets(model)
        }
        for model in state.models
    }
    return {
        "now": now,
        "plan": state.options.plan,
        "faults": state.faults.describe(),
        "models": {model: buckets for model, buckets in models.items() if buckets},
    }


def _advance(state: ServerState, body: dict[str, Any]) -> dict[str, Any]:
    state.clock.advance(float(body["advance"]))
    return {"now": state.clock.now()}


def _others(state: ServerState, body: dict[str, Any]) -> dict[str, Any]:
    """Charge one request and its tokens for another client of the organisation."""
    usage = Usage(int(body.get("prompt_tokens", 0)), 0, int(body.get("completion_tokens", 0)))
    model, now = str(body["model"]), state.clock.now()
    for kind, amount in amounts_used(usage).items():
        state.limits.spend(model, kind, amount, now)
    return {"model": model, "remaining": state.remaining(model)}


def _arm(state: ServerState, body: dict[str, Any]) -> dict[str, Any]:
    for spec in body.get("faults", ()):
        state.faults.arm(spec)
    return _faults(state, body)


def _disarm(state: ServerState, body: dict[str, Any]) -> dict[str, Any]:
    state.faults.clear()
    return _faults(state, body)


def _faults(state: ServerState, _: dict[str, Any]) -> dict[str, Any]:
    return {"faults": state.faults.describe()}


_ROUTES: dict[tuple[str, str], Callable[[ServerState, dict[str, Any]], dict[str, Any]]] = {
    ("GET", "state"): _state,
    ("POST", "clock"): _advance,
    ("POST", "others"): _others,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _arm,
    ("DELETE", "faults"): _disarm,
}
