"""What happens after the first frame: furnish the screen, open what was kept, find the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.turns.chat import TIERS
from groqchat.ui.chat.dispatch import Actions
from groqchat.ui.chat.errors import Troubles
from groqchat.ui.chat.prompting import Prompting
from groqchat.ui.conversation.conversation import Conversation
from groqchat.ui.models.replacement import Healing
from groqchat.ui.widgets.session_list import SessionList
from groqchat.ui.widgets.side_panel import SidePanel
from groqchat.ui.widgets.status_line import StatusLine
from groqchat.ui.widgets.toasts import Toasts
from groqchat.ui.workspace.drafts import Unsent
from groqchat.ui.workspace.figures import Figures
from groqchat.ui.workspace.theme_choice import ThemeChoice
from groqchat.ui.workspace.themes import load_themes

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import Session
    from groqchat.ui.chat.opening import Opening
    from groqchat.ui.chat.screen import ChatScreen
    from groqchat.ui.parts import Parts


async def furnish(screen: ChatScreen, parts: Parts, opening: Opening) -> None:
    """Put everything around the composer, piece by piece, so that no key waits for all of it."""
    now = parts.clock.now
    screen.parts = parts
    screen.conversation = Conversation(parts, id="conversation")
    screen.toasts = Toasts(now, screen.conversation.give_way, screen.composer.tell, id="toasts")
    screen.panel = SidePanel(now, is_demo=parts.is_demo, id="panel")
    screen.status = StatusLine(is_demo=parts.is_demo, id="status")
    screen.session_list = SessionList(id="sessions")
    screen.figures = Figures(
        parts, screen.conversation, screen.composer, screen.panel, screen.status
    )
    screen.actions = Actions(screen)
    screen.troubles = Troubles(screen)
    screen.unsent = Unsent(screen)
    screen.prompting = Prompting(screen)
    screen.healing = Healing(screen, opening.model)
    desk = screen.query_one("#desk")
    await desk.mount(screen.conversation)
    await desk.mount(screen.toasts)
    await screen.composer.furnish()
    await screen.mount(screen.status)
    screen.remove_class("-bare")
    sides = desk.mount(screen.session_list, before=0), desk.mount(screen.panel)
    for side in sides:
        await side
    _name_keys_of_messages(screen)
    screen.composer.values = {
        "model": lambda: (model.id for model in screen.catalog.chat_models()),
        "effort": lambda: screen.catalog.get(screen.conversation.options.model).reasoning_efforts,
        "tier": lambda: TIERS,
        "theme": lambda: screen.app.available_themes,
    }
    _add_themes(screen, opening)


def _name_keys_of_messages(screen: ChatScreen) -> None:
    """While a message has the focus, the line below the composer names its keys."""
    transcript = screen.conversation.transcript

    def name() -> None:
        screen.composer.name_keys(transcript.hints() if screen.focused is transcript else ())

    screen.watch(screen, "focused", name, init=False)
    screen.watch(transcript, "current", name, init=False)
    screen.watch(transcript, "numbered", name, init=False)


def _add_themes(screen: ChatScreen, opening: Opening) -> None:
    themes, mistakes = load_themes(opening.themes_folder)
    for theme in themes:
        screen.app.register_theme(theme)
    wanted = opening.theme
    if wanted and wanted not in screen.app.available_themes:
        mistakes.append(f"There is no theme {wanted}.")
    screen.parts.notices.extend(mistakes)
    screen.app.theme_changed_signal.subscribe(screen, ThemeChoice(screen).keep)


async def start_up(screen: ChatScreen, opening: Opening) -> None:
    """Bring a chat screen to life; what does not work is said on it, and the rest goes on."""
    parts = screen.parts
    try:
        await parts.start()
    except StorageError as error:
        screen.troubles.show(error)
    parts.keys.hear(screen.actions.keys.keyring.asked)
    for notice in parts.notices:
        screen.toasts.notice(notice, severity="warning")
    screen.actions.program.watch.tell(opening.keys)
    screen.conversation.named_model = opening.model
    await _choose_model(screen, opening.model or parts.settings.model)
    session = await _wanted_session(screen, opening)
    if session is not None:
        await screen.conversation.open(session)
        if opening.model:
            await _choose_model(screen, opening.model)
    else:
        await screen.unsent.arrive()
    await screen.refresh_sessions()
    screen.actions.program.watch.begin()
    await screen.actions.keys.find()
    if session is not None:
        await screen.actions.compare.reopen(session.id)


async def _wanted_session(screen: ChatScreen, opening: Opening) -> Session | None:
    store = screen.parts.store
    if opening.session_id:
        session = await store.session(opening.session_id)
        if session is None:
            screen.app.exit("unfound")
        return session
    return next(iter(await store.sessions(limit=1)), None) if opening.resume else None


async def _choose_model(screen: ChatScreen, wanted: str) -> None:
    """The wanted model, else the best there is; replaced where it has been shut down."""
    await screen.set_options(model=wanted or screen.catalog.default().id)
    await screen.healing.heal()
