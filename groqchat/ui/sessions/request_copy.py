"""`/copy request`: the last request as a command of cURL, or as Python for the SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.turns.request_copy import as_curl, as_python
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.ui.workspace.workspace import Workspace

REQUEST = "request"
_FORMS = {"": ("cURL", as_curl), "curl": ("cURL", as_curl), "python": ("Python", as_python)}


async def copy_request(
    workspace: Workspace, argument: str, copy: Callable[[str], Awaitable[str]]
) -> None:
    """Copy the last request of the open session.

    Args:
        workspace: The parts of the chat.
        argument: What was written behind the word ``request``: a form, or nothing.
        copy: Copies a text; returns a sentence about it.
    """
    if argument.lower() not in _FORMS:
        said = f"/copy request {line(argument)}: write /copy request, or /copy request python."
        workspace.prompt.refuse(said, "copy", f"{REQUEST} {argument}")
        return
    name, written = _FORMS[argument.lower()]
    prompt = await workspace.conversation.branch.last_prompt()
    connection = workspace.account.connection
    if prompt is None or connection is None:
        workspace.notify("There is no request to copy yet.")
        return
    request = await connection.requests.last(prompt, workspace.options)
    said = await copy(written(request))
    other = "" if name == "Python" else " /copy request python is for the SDK."
    key = f"${request.key_variable}"
    workspace.notify(f"The request as {name}, with the key as {key}: {said}{other}")
