"""The files of an account: uploaded, listed, read and deleted, all in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.simulator import refusals
from groqchat.simulator.exchange import RefusedError, Reply, json_reply
from groqchat.simulator.multipart import read_form
from groqchat.simulator.refusals import bad_request
from groqchat.simulator.stored import StoredFile

if TYPE_CHECKING:
    from groqchat.simulator.visit import Visit
    from groqchat.simulator.world import World


def store(world: World, filename: str, purpose: str, content: bytes) -> StoredFile:
    """Keep a file."""
    file = StoredFile(world.new_id("file_"), filename, purpose, world.clock.now(), content)
    world.files[file.id] = file
    return file


def find(world: World, file_id: str) -> StoredFile:
    """A file by its id.

    Raises:
        RefusedError: 404 when there is none.
    """
    file = world.files.get(file_id)
    if file is None:
        raise RefusedError(refusals.error(404, f"file `{file_id}` not found", code="not_found"))
    return file


async def upload(world: World, visit: Visit) -> Reply:
    """Take a file."""
    form = read_form(visit.request.headers.get("content-type", ""), visit.request.body)
    if form.file is None or form.fields.get("purpose") != "batch":
        message = "a file and the purpose `batch` are required"
        raise bad_request(message)
    return json_reply(store(world, form.filename, "batch", form.file).shape())


async def listing(world: World, visit: Visit) -> Reply:
    """List the files."""
    del visit
    return json_reply({"object": "list", "data": [file.shape() for file in world.files.values()]})


async def show(world: World, visit: Visit) -> Reply:
    """Describe one file."""
    return json_reply(find(world, visit.argument).shape())


async def content(world: World, visit: Visit) -> Reply:
    """Give a file back."""
    file = find(world, visit.argument)
    return Reply(200, file.content, "application/octet-stream")


async def delete(world: World, visit: Visit) -> Reply:
    """Forget a file."""
    file = find(world, visit.argument)
    del world.files[file.id]
    return json_reply({"id": file.id, "object": "file", "deleted": True})
