"""`/copy request`: the last request as a command of cURL, or as Python for the SDK."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.images.shown import line
from groqchat.domain.turns.request_copy import as_curl, as_python
from groqchat.services.images.request_files import written_images

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from groqchat.ui.workspace.parts import ChatParts

REQUEST = "request"
_UNLISTED = " The tools of servers are not in it: none was listed since the start."
_FORMS = {"": ("cURL", as_curl), "curl": ("cURL", as_curl), "python": ("Python", as_python)}


async def copy_request(
    parts: ChatParts, argument: str, copy: Callable[[str], Awaitable[str]]
) -> None:
    """Copy the last request of the open session.

    Args:
        parts: The parts of the chat.
        argument: What was written behind the word ``request``: a form, or nothing.
        copy: Copies a text; returns a sentence about it.
    """
    if argument.lower() not in _FORMS:
        said = f"/copy request {line(argument)}: write /copy request, or /copy request python."
        parts.prompt.refuse(said, "copy", f"{REQUEST} {argument}")
        return
    name, written = _FORMS[argument.lower()]
    prompt = await parts.conversation.branch.last_asked()
    connection = parts.account.connection
    if prompt is None or connection is None:
        parts.notify("There is no request to copy yet.")
        return
    options, turns = parts.options, connection.turns
    request = await connection.requests.last(prompt, options, turns.known_tools(options))
    try:
        files = await asyncio.to_thread(written_images, request)
    except OSError as error:
        parts.notify(f"Nothing is copied: its images cannot be written ({error.strerror}).")
        return
    said = await copy(written(request, files))
    key = f"${request.key_variable}"
    lead = f"The request as {name}, with the key as {key}: {said}"
    left_out = "" if turns.knows(options) else _UNLISTED
    parts.notify(f"{lead}{_more(name, files)}{left_out}")


def _more(name: str, files: Mapping[str, str]) -> str:
    """The sentences on where its images are, and on the other form."""
    folder = next((str(Path(path).parent) for path in files.values()), "")
    images = f" It reads its images from {folder}." if folder else ""
    return images + ("" if name == "Python" else " /copy request python is for the SDK.")
