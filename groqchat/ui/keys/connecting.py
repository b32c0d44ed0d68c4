"""From a key to an account that is ready to answer: connect, warm up, read what it allows."""

from __future__ import annotations

import gc
import threading
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError, KeyRejectedError
from groqchat.ui.markdown.warm_up import warm_up as warm_up_markdown

if TYPE_CHECKING:
    from groqchat.services.account.keys import FoundKey
    from groqchat.ui.chat.screen import ChatScreen
    from groqchat.ui.parts import Connection, Parts


def connect(screen: ChatScreen, key: FoundKey) -> None:
    """Use a key from now on, and warm up for the first request in a thread nobody waits for."""
    screen.connection = screen.figures.connection = screen.parts.connect(key)
    screen.prompting.connected()
    warm_up = threading.Thread(target=_warm_up, args=(screen.parts,), daemon=True, name="warm-up")
    warm_up.start()
    if key.shadows_stored:
        screen.toasts.notice("GROQ_API_KEY is used instead of the key in the keyring.")
    follow = partial(_follow_account, screen, screen.connection)
    screen.run_alone(follow, group="account")


async def _follow_account(screen: ChatScreen, connection: Connection) -> None:
    """Read what the ledger and the account say."""
    await screen.figures.refresh()
    try:
        await connection.models.refresh()
    except KeyRejectedError as error:
        screen.troubles.show(error)
    except GroqchatError:
        return  # the shipped list serves; a request will say what is wrong, if it still is
    await screen.healing.heal()


def _warm_up(parts: Parts) -> None:
    """Load what the first request and the first answer need."""
    parts.warm_up()
    warm_up_markdown()
    # What is loaded now stays for good. Left to itself the collector would look through all of
    # it again and again, and stop a stream for as long as 90 ms each time.
    gc.freeze()
