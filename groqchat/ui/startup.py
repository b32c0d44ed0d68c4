"""What happens after the first frame: open what was kept, find the key, connect, warm up."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.errors import NoKeyError, StorageError
from groqchat.ui.markdown.warm_up import warm_up as warm_up_markdown

if TYPE_CHECKING:
    from groqchat.domain.chat import Session
    from groqchat.ui.chat_screen import ChatScreen
    from groqchat.ui.parts import Parts

# Objects made until the young, the middle and the old are looked through; Python's own are
# 700, 10 and 10.
GC_THRESHOLDS = (5_000, 20, 50)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the program was started to show.

    ``session_id`` is an id or a unique beginning of one; ``resume`` asks for the session used
    last; ``model`` is taken instead of the session's own.
    """

    session_id: str | None = None
    resume: bool = False
    model: str | None = None


async def start_up(screen: ChatScreen, opening: Opening) -> None:
    """Bring a chat screen to life; what does not work is said on it, and the rest goes on."""
    parts = screen.parts
    try:
        await parts.start()
    except StorageError as error:
        screen.troubles.show(error)
    for notice in (*parts.notices, *parts.mistakes):
        screen.toasts.notice(notice, severity="warning")
    await _choose_model(screen, opening.model or parts.settings.model)
    session = await _wanted_session(screen, opening)
    if session is not None:
        await screen.conversation.open(session)
        if opening.model:
            await _choose_model(screen, opening.model)
    else:
        draft = await parts.drafts.draft(screen.conversation.branch.draft_id)
        screen.prompting.offer(draft)
    await screen.refresh_sessions()
    try:
        screen.connect(await parts.find_key())
    except (NoKeyError, StorageError) as error:
        await screen.actions.keys.ask(error)


async def _wanted_session(screen: ChatScreen, opening: Opening) -> Session | None:
    store = screen.parts.store
    if opening.session_id:
        session = await store.session(opening.session_id)
        if session is None:
            said = f"There is no session {opening.session_id}; this is a new one."
            screen.toasts.notice(said, severity="warning")
        return session
    return next(iter(await store.sessions(limit=1)), None) if opening.resume else None


async def _choose_model(screen: ChatScreen, wanted: str) -> None:
    """The wanted model, else the best there is; replaced where it has been shut down."""
    await screen.set_options(model=wanted or screen.catalog.default().id)
    await screen.healing.heal()


def warm_up(parts: Parts) -> None:
    """Load what the first request and the first answer need; for a thread."""
    parts.warm_up()
    warm_up_markdown()
    # What is loaded now stays for good. Left to itself the collector would look through all of
    # it again and again, and stop a stream for as long as 90 ms each time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
