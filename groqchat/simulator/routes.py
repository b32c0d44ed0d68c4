"""Which path leads where, who may come in, and what is said about each request."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groqchat.simulator import audio, batches, chat, control, files, listing, refusals
from groqchat.simulator.exchange import RefusedError, Reply
from groqchat.simulator.options import REJECTED_KEY
from groqchat.simulator.tokens import text_of
from groqchat.simulator.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.simulator.exchange import Exchange, Request
    from groqchat.simulator.world import World

    Route = Callable[[World, Visit], Awaitable[Reply | None]]

_API = "/openai/v1/"


@dataclass(frozen=True, slots=True)
class _Entry:
    method: str
    pattern: re.Pattern[str]
    endpoint: str
    route: Route


def _entry(method: str, pattern: str, endpoint: str, route: Route) -> _Entry:
    return _Entry(method, re.compile(pattern), endpoint, route)


_TABLE = (
    _entry("POST", r"chat/completions", "chat", chat.complete),
    _entry("GET", r"models", "models", listing.models),
    _entry("GET", r"models/(.+)", "models", listing.model),
    _entry("POST", r"audio/transcriptions", "audio", audio.transcribe),
    _entry("POST", r"audio/translations", "audio", audio.translate),
    _entry("POST", r"files", "files", files.upload),
    _entry("GET", r"files", "files", files.listing),
    _entry("GET", r"files/(\w+)", "files", files.show),
    _entry("DELETE", r"files/(\w+)", "files", files.delete),
    _entry("GET", r"files/(\w+)/content", "files", files.content),
    _entry("POST", r"batches", "batches", batches.create),
    _entry("GET", r"batches", "batches", batches.listing),
    _entry("GET", r"batches/(\w+)", "batches", batches.show),
    _entry("POST", r"batches/(\w+)/cancel", "batches", batches.cancel),
)


async def answer(world: World, exchange: Exchange) -> None:
    """Answer one request, whatever it is."""
    request = exchange.request
    if request.path.startswith(control.PREFIX):
        await exchange.reply(control.answer(world, request))
        return
    entry, argument = _find(request)
    visit = _visit(world, exchange, entry, argument)
    try:
        reply = await _reply(world, visit, entry)
    except RefusedError as refusal:
        reply = refusal.reply
    try:
        if reply is not None:
            await visit.send(reply)
    finally:
        _narrate(world, visit)


async def _reply(world: World, visit: Visit, entry: _Entry | None) -> Reply | None:
    request = visit.request
    if entry is None:
        return refusals.unknown_url(request.method, request.path)
    await visit.strike_before(world.clock, str(_peek(request).get("model")))
    if not request.key.startswith("gsk_") or request.key.startswith(REJECTED_KEY):
        return refusals.invalid_key()
    return await entry.route(world, visit)


def _find(request: Request) -> tuple[_Entry | None, str]:
    if not request.path.startswith(_API):
        return None, ""
    rest = request.path.removeprefix(_API)
    for entry in _TABLE:
        match = entry.pattern.fullmatch(rest)
        if match and entry.method == request.method:
            return entry, "".join(match.groups())
    return None, ""


def _visit(world: World, exchange: Exchange, entry: _Entry | None, argument: str) -> Visit:
    request_id = world.new_id("req_")
    headers = {
        "x-request-id": request_id,
        "x-groq-region": "bom",
        "cache-control": "private, max-age=0, no-store, no-cache, must-revalidate",
        "via": "1.1 google",
        "server": "cloudflare",
    }
    question = _question(exchange.request) if entry and entry.endpoint == "chat" else ""
    strikes = world.faults.take(entry.endpoint, question) if entry else []
    return Visit(exchange, request_id, strikes, headers, argument)


def _peek(request: Request) -> dict[str, Any]:
    """The body as far as it can be read, for faults that strike before it is checked."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _question(request: Request) -> str:
    messages = _peek(request).get("messages")
    for message in reversed(messages if isinstance(messages, list) else []):
        if isinstance(message, dict) and message.get("role") == "user":
            return text_of(message.get("content"))
    return ""


def _narrate(world: World, visit: Visit) -> None:
    request = visit.request
    struck = ", ".join(strike.fault.name for strike in visit.strikes)
    parts = [f"{request.method} {request.path} → {visit.status or 'no answer'}", visit.outcome]
    parts.append(f"fault: {struck}" if struck else "")
    world.narrate(" · ".join(part for part in parts if part))
