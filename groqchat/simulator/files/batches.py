"""The batch endpoints: a batch is read from a file, and its answers are written to another."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from groqchat.domain.models.catalog import Plan
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
_DAY_S = 86_400
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
    batch = Batch(
        state.new_id("batch_"), file.id, window, body.get("metadata"), state.clock.now(), [], []
    )
    for line in file.content.splitlines():
        if line.strip():
            _answer_line(state, batch, line, context.request.key)
    if not batch.total:
        message = "the input file holds no requests"
        raise bad_request(message, param="input_file_id")
    state.batches[batch.id] = batch
    return json_reply(_shape(state, batch))


async def listing(state: ServerState, context: RequestContext) -> Reply:
    """List the batches, the newest first."""
    del context
    shapes = [_shape(state, batch) for batch in reversed(state.batches.values())]
    return json_reply({"object": "list", "data": shapes})


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


def _answer_line(state: ServerState, batch: Batch, line: bytes, key: str) -> None:
    """Answer one line of the input. Batches have separate limits, so no bucket is charged."""
    request_id = state.new_id("req_")
    request: dict[str, Any] = {}
    try:
        request = read_object(line)
        body = read_object(json.dumps(request.get("body")).encode())
        call = read_chat(body, state)
    except RefusedError as refusal:
        status, answer = refusal.reply.status, json.loads(refusal.reply.body)
    else:
        status, answer = 200, make_turn(state, call, request_id, key).whole()
    result = {
        "id": f"batch_req_{request_id.removeprefix('req_')}",
        "custom_id": request.get("custom_id"),
        "response": {"status_code": status, "request_id": request_id, "body": answer},
        "error": None,
    }
    (batch.answers if status == 200 else batch.errors).append(dump(result))


def _shape(state: ServerState, batch: Batch) -> dict[str, Any]:
    now = state.clock.now()
    status = batch.status(now)
    if status == "completed":
        _write_files(state, batch)
    done = batch.done(now)
    failed = max(0, done - len(batch.answers))
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
        "expires_at": int(batch.created) + _DAY_S,
        "completed_at": int(batch.ready) if status == "completed" else None,
        "cancelled_at": None if batch.cancelled is None else int(batch.cancelled),
        "request_counts": {"total": batch.total, "completed": done - failed, "failed": failed},
        "metadata": batch.metadata,
    }


def _write_files(state: ServerState, batch: Batch) -> None:
    if batch.answers and batch.output_file_id is None:
        lines = b"\n".join(batch.answers) + b"\n"
        file = files.store(state, f"{batch.id}_output.jsonl", "batch_output", lines)
        batch.output_file_id = file.id
    if batch.errors and batch.error_file_id is None:
        lines = b"\n".join(batch.errors) + b"\n"
        file = files.store(state, f"{batch.id}_errors.jsonl", "batch_output", lines)
        batch.error_file_id = file.id
