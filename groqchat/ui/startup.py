"""What happens after the first frame: open what was kept, find the key, connect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.errors import NoKeyError, StorageError

if TYPE_CHECKING:
    from groqchat.domain.chat import Session
    from groqchat.ui.chat_screen import ChatScreen


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
    await _choose_model(screen, opening.model or "")
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
        await screen.actions.account.do_keys("", reason=error)


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
    """The wanted model, else the user's default, healed where it has been shut down."""
    catalog = screen.catalog
    model = catalog.get(wanted or screen.parts.settings.model or catalog.default().id)
    if not wanted and not model.is_usable:
        heir = catalog.replacement_for(model.id)
        said = f"{model.id} was shut down; using {heir.id}."
        screen.toasts.notice(said, severity="warning")
        model = heir
    await screen.set_options(model=model.id)
