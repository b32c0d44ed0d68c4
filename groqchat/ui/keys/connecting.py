"""The way from a key to an account that is ready to answer: connect, warm up, read its models."""

from __future__ import annotations

import gc
import threading
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError, KeyRejectedError
from groqchat.domain.text.humanize import counted
from groqchat.ui.markdown.warm_up import warm_up as warm_up_markdown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from groqchat.services.account.connection import Connection
    from groqchat.services.account.keys import FoundKey
    from groqchat.ui.services import Services
    from groqchat.ui.workspace.figures import Figures
    from groqchat.ui.workspace.workspace import Workspace


def connect(
    workspace: Workspace, key: FoundKey, replace_gone: Callable[[], Awaitable[None]]
) -> None:
    """Use a key from now on, and warm up for the first request in a thread nobody waits for.

    Args:
        workspace: The parts of the chat.
        key: The key.
        replace_gone: Replaces models that are gone, once the account's own list is known.
    """
    connection = workspace.account.connect(key)
    warm_up = threading.Thread(
        target=_warm_up, args=(workspace.services,), daemon=True, name="warm-up"
    )
    warm_up.start()
    if key.shadows_stored:
        workspace.notify("GROQ_API_KEY is used instead of the key in the keyring.")
    follow = partial(
        _follow_account, connection, workspace.figures, workspace.show_error, replace_gone
    )
    workspace.run_alone(follow, group="account")


async def _follow_account(
    connection: Connection,
    figures: Figures,
    show_error: Callable[[GroqchatError], None],
    replace_gone: Callable[[], Awaitable[None]],
) -> None:
    """Read what the ledger and the account say."""
    await figures.refresh()
    try:
        await connection.models.refresh()
    except KeyRejectedError as error:
        show_error(error)
    except GroqchatError:
        return  # the shipped list serves; a request will say what is wrong, if it still is
    await replace_gone()


def _warm_up(services: Services) -> None:
    """Load what the first request and the first answer need."""
    services.warm_up()
    warm_up_markdown()
    # What is loaded now stays for good. Left to itself the collector would look through all of
    # it again and again, and stop a stream for as long as 90 ms each time.
    gc.freeze()


async def close_unused(workspace: Workspace, old: Connection, taken: Collection[str]) -> None:
    """Close a connection once the sessions that use it are free; a notice says so if any do."""
    if taken:
        begun = counted(len(taken), "session")
        workspace.notify(f"What is under way in {begun} ends with the key it began with.")
    try:
        await workspace.conversation.turns.until_free(taken)
    finally:
        await old.close()
