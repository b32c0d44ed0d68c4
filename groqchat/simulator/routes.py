"""The routing table, the check of the key, and the narration of each request."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groqchat.simulator import audio, chat, control, listing, speech
from groqchat.simulator.exchange import RefusedError, Reply
from groqchat.simulator.faults import refusals
from groqchat.simulator.files import batches, files
from groqchat.simulator.options import REJECTED_KEY
from groqchat.simulator.request_context import RequestContext
from groqchat.simulator.tokens import text_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.simulator.exchange import Exchange, Request
    from groqchat.simulator.server_state import ServerState

    Route = Callable[[ServerState, RequestContext], Awaitable[Reply | None]]

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
    _entry("POST", r"audio/speech", "audio", speech.speak),
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


async def answer(state: ServerState, exchange: Exchange) -> None:
    """Answer a request to any path."""
    request = exchange.request
    if request.path.startswith(control.PREFIX):
        await exchange.reply(control.answer(state, request))
        return
    entry, argument = _find(request)
    context = _context_of(state, exchange, entry, argument)
    try:
        reply = await _reply(state, context, entry)
    except RefusedError as refusal:
        reply = refusal.reply
    try:
        if reply is not None:
            await context.send(reply)
    finally:
        _narrate(state, context)


async def _reply(state: ServerState, context: RequestContext, entry: _Entry | None) -> Reply | None:
    request = context.request
    if entry is None:
        return refusals.unknown_url(request.method, request.path)
    await context.inject_before_work(state.clock, str(_peek(request).get("model")))
    if not request.key.startswith("gsk_") or request.key.startswith(REJECTED_KEY):
        return refusals.invalid_key()
    return await entry.route(state, context)


def _find(request: Request) -> tuple[_Entry | None, str]:
    if not request.path.startswith(_API):
        return None, ""
    rest = request.path.removeprefix(_API)
    for entry in _TABLE:
        match = entry.pattern.fullmatch(rest)
        if match and entry.method == request.method:
            return entry, "".join(match.groups())
    return None, ""


def _context_of(
    state: ServerState, exchange: Exchange, entry: _Entry | None, argument: str
) -> RequestContext:
    request_id = state.new_id("req_")
    headers = {
        "x-request-id": request_id,
        "x-groq-region": "bom",
        "cache-control": "private, max-age=0, no-store, no-cache, must-revalidate",
        "via": "1.1 google",
        "server": "cloudflare",
    }
    question = _question(exchange.request) if entry and entry.endpoint == "chat" else ""
    faults = state.faults.take(entry.endpoint, question) if entry else []
    return RequestContext(exchange, request_id, faults, headers, argument)


def _peek(request: Request) -> dict[str, Any]:
    """The body if it is a JSON object, else an empty dict; for faults before the validation."""
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


def _narrate(state: ServerState, context: RequestContext) -> None:
    request = context.request
    injected = ", ".join(injected.fault.name for injected in context.faults)
    parts = [f"{request.method} {request.path} → {context.status or 'no answer'}", context.outcome]
    parts.append(f"fault: {injected}" if injected else "")
    state.narrate(" · ".join(part for part in parts if part))
