"""The file endpoints: upload, list, show, read and delete, all in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.simulator.exchange import RefusedError, Reply, json_reply
from groqchat.simulator.faults import refusals
from groqchat.simulator.faults.refusals import bad_request
from groqchat.simulator.multipart import read_form
from groqchat.simulator.stored import StoredFile

if TYPE_CHECKING:
    from groqchat.simulator.request_context import RequestContext
    from groqchat.simulator.server_state import ServerState


def store(state: ServerState, filename: str, purpose: str, content: bytes) -> StoredFile:
    """Store a file under a new id."""
    file = StoredFile(state.new_id("file_"), filename, purpose, state.clock.now(), content)
    state.files[file.id] = file
    return file


def find(state: ServerState, file_id: str) -> StoredFile:
    """The file with an id.

    Raises:
        RefusedError: 404 when no file has the id.
    """
    file = state.files.get(file_id)
    if file is None:
        raise RefusedError(refusals.error(404, f"file `{file_id}` not found", code="not_found"))
    return file


async def upload(state: ServerState, context: RequestContext) -> Reply:
    """Store an uploaded file."""
    form = read_form(context.request.headers.get("content-type", ""), context.request.body)
    if form.file is None or form.fields.get("purpose") != "batch":
        message = "a file and the purpose `batch` are required"
        raise bad_request(message)
    return json_reply(store(state, form.filename, "batch", form.file).shape())


async def listing(state: ServerState, context: RequestContext) -> Reply:
    """List the files."""
    del context
    return json_reply({"object": "list", "data": [file.shape() for file in state.files.values()]})


async def show(state: ServerState, context: RequestContext) -> Reply:
    """Describe one file."""
    return json_reply(find(state, context.argument).shape())


async def content(state: ServerState, context: RequestContext) -> Reply:
    """Send the content of a file."""
    file = find(state, context.argument)
    return Reply(200, file.content, "application/octet-stream")


async def delete(state: ServerState, context: RequestContext) -> Reply:
    """Delete a file."""
    file = find(state, context.argument)
    del state.files[file.id]
    return json_reply({"id": file.id, "object": "file", "deleted": True})
