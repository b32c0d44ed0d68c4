"""The batch endpoints: a batch is read from a file, and its answers are written to another."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any

from groqchat.domain.models.catalog import Plan
from groqchat.simulator import audio
from groqchat.simulator.exchange import RefusedError, Reply, dump, json_reply
from groqchat.simulator.faults import refusals
from groqchat.simulator.faults.refusals import bad_request
from groqchat.simulator.files import files
from groqchat.simulator.stored import Batch
from groqchat.simulator.turn import make_turn
from groqchat.simulator.validation import read_chat, read_object

if TYPE_CHECKING:
    from groqchat.simulator.request_context import RequestContext
    from groqchat.simulator.server_state import ServerState

ENDPOINT = "/v1/chat/completions"
_ABILITIES = {
    "/v1/audio/transcriptions": "transcription",
    "/v1/audio/translations": "translation",
}
_EXPIRED = {
    "code": "batch_expired",
    "message": "This request could not be executed before the completion window expired.",
}
# Batches on a page of the list, and lines answered before other requests get a turn.
_PAGE, _LINES_AT_ONCE = 20, 100
_WINDOW = re.compile(r"24h|[1-7]d")


async def create(state: ServerState, context: RequestContext) -> Reply:
    """Create a batch; refused on the free plan."""
    if state.options.plan is Plan.FREE:
        message = "The Batch API is not available on your current plan."
        raise RefusedError(refusals.error(403, message, code="not_available_for_plan"))
    body = read_object(context.request.body)
    if body.get("endpoint") != ENDPOINT:
        raise bad_request(f"`endpoint` must be one of `{ENDPOINT}`", param="endpoint")
    window = str(body.get("completion_window"))
    if _WINDOW.fullmatch(window) is None:
        message = "`completion_window` must be between 24h and 7d"
        raise bad_request(message, param="completion_window")
    file = files.find(state, str(body.get("input_file_id")))
    lines = [line for line in file.content.split(b"\n") if line.strip()]
    if not lines:
        message = "the input file holds no requests"
        raise bad_request(message, param="input_file_id")
    metadata, now = body.get("metadata"), state.clock.now()
    batch = Batch(state.new_id("batch_"), file.id, window, metadata, now, len(lines), [], [])
    # Listed before its lines are answered: a client that is killed meanwhile has to find it.
    state.batches[batch.id] = batch
    await _answer_lines(state, context, batch, lines)
    return json_reply(_shape(state, batch))


async def listing(state: ServerState, context: RequestContext) -> Reply:
    """List the batches, the newest first, a page at a time."""
    start = int(context.request.query.get("cursor", "cursor_0").removeprefix("cursor_"))
    end = start + _PAGE
    batches = list(reversed(state.batches.values()))
    shapes = [_shape(state, batch) for batch in batches[start:end]]
    paging = {"next_cursor": f"cursor_{end}"} if end < len(batches) else {}
    return json_reply({"object": "list", "data": shapes, "paging": paging})


async def show(state: ServerState, context: RequestContext) -> Reply:
    """Show a batch with its status and progress."""
    return json_reply(_shape(state, _find(state, context.argument)))


async def cancel(state: ServerState, context: RequestContext) -> Reply:
    """Cancel a batch; one that has ended does not change."""
    batch = _find(state, context.argument)
    now = state.clock.now()
    if batch.status(now) in {"validating", "in_progress"}:
        batch.cancelled = now
    return json_reply(_shape(state, batch))


def _find(state: ServerState, batch_id: str) -> Batch:
    batch = state.batches.get(batch_id)
    if batch is None:
        message = f"batch `{batch_id}` not found"
        raise RefusedError(refusals.error(404, message, code="not_found"))
    return batch


async def _answer_lines(
    state: ServerState, context: RequestContext, batch: Batch, lines: list[bytes]
) -> None:
    """Answer all lines of the input; some fail or expire where a fault says so."""
    failing, expiring = context.injected("batch_failed"), context.injected("batch_expired")
    expired: list[bytes] = []
    for index, line in enumerate(lines):
        if index % _LINES_AT_ONCE == 0:
            await asyncio.sleep(0)
        place = index % 100
        if failing and place < failing.value:
            batch.errors.append(dump(_result(state, line, _overloaded(), None)))
        elif expiring and place >= 100 - expiring.value:
            expired.append(dump(_result(state, line, None, _EXPIRED)))
        else:
            _answer_line(state, batch, line, context.request.key)
    batch.expired = len(expired)
    batch.errors += expired


def _answer_line(state: ServerState, batch: Batch, line: bytes, key: str) -> None:
    """Answer one line of the input. Batches have separate limits, so no bucket is charged."""
    request_id = state.new_id("req_")
    try:
        request = read_object(line)
        body = read_object(json.dumps(request.get("body")).encode())
        answer = _answer(state, str(request.get("url")), body, request_id, key)
        status = 200
    except RefusedError as refusal:
        status, answer = refusal.reply.status, json.loads(refusal.reply.body)
    response = {"status_code": status, "request_id": request_id, "body": answer}
    result = dump(_result(state, line, response, None))
    (batch.answers if status == 200 else batch.errors).append(result)


def _answer(
    state: ServerState, url: str, body: dict[str, Any], request_id: str, key: str
) -> dict[str, Any]:
    """The body of the answer to one line.

    Raises:
        RefusedError: The line is refused.
    """
    if ability := _ABILITIES.get(url):
        told: dict[str, Any] = json.loads(
            audio.answer_in_batch(state, body, ability, request_id).body
        )
        return told
    if url != ENDPOINT:
        raise bad_request(f"Invalid url: '{url}'", param="url")
    return make_turn(state, read_chat(body, state), request_id, key).whole()


def _result(
    state: ServerState,
    line: bytes,
    response: dict[str, Any] | None,
    error: dict[str, str] | None,
) -> dict[str, Any]:
    """The result of a line, in the form of the result files."""
    try:
        custom_id = read_object(line).get("custom_id")
    except RefusedError:
        custom_id = None
    return {
        "id": state.new_id("batch_req_"),
        "custom_id": custom_id,
        "response": response,
        "error": error,
    }


def _overloaded() -> dict[str, Any]:
    error = {"message": "The service is temporarily overloaded.", "type": "internal_server_error"}
    return {"status_code": 503, "request_id": "", "body": {"error": error}}


def _shape(state: ServerState, batch: Batch) -> dict[str, Any]:
    now = state.clock.now()
    status = batch.status(now)
    if status in {"completed", "expired", "cancelled"}:
        _write_files(state, batch, now)
    done = batch.done(now)
    failed = max(0, done - len(batch.answers)) + (batch.expired if status == "expired" else 0)
    done = min(done, len(batch.answers))
    return {
        "id": batch.id,
        "object": "batch",
        "endpoint": ENDPOINT,
        "errors": None,
        "input_file_id": batch.input_file_id,
        "completion_window": batch.window,
        "status": status,
        "output_file_id": batch.output_file_id,
        # An empty object, not null, where nothing failed (observed).
        "error_file_id": batch.error_file_id or ({} if status == "completed" else None),
        "created_at": int(batch.created),
        "expires_at": int(batch.window_end),
        "completed_at": int(batch.ready) if status == "completed" else None,
        "expired_at": int(batch.ready) if status == "expired" else None,
        "cancelled_at": None if batch.cancelled is None else int(batch.cancelled),
        "request_counts": {"total": batch.total, "completed": done, "failed": failed},
        "metadata": batch.metadata,
    }


def _write_files(state: ServerState, batch: Batch, now: float) -> None:
    """Write the result files; a batch that was cancelled has the answers until then."""
    answers = batch.answers if batch.cancelled is None else batch.answers[: batch.done(now)]
    if answers and batch.output_file_id is None:
        lines = b"\n".join(answers) + b"\n"
        file = files.store(state, f"{batch.id}_output.jsonl", "batch_output", lines)
        batch.output_file_id = file.id
    if batch.errors and batch.cancelled is None and batch.error_file_id is None:
        lines = b"\n".join(batch.errors) + b"\n"
        file = files.store(state, f"{batch.id}_errors.jsonl", "batch_output", lines)
        batch.error_file_id = file.id
