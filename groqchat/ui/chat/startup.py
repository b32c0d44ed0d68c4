"""The start after the first frame: show the rest, open the session, find the key."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import textual

from groqchat.catalog.guides import GUIDES
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.models.request_parameters import offered
from groqchat.domain.turns.service_tier import TIERS
from groqchat.services.account.last_model import model_used_last
from groqchat.services.sessions.export_files import ENDINGS
from groqchat.ui.chat.assembly import Chat
from groqchat.ui.chat.first_start import remember, show_tour, tell_news
from groqchat.ui.chat.turn_alerts import TurnAlerts
from groqchat.ui.sessions.compaction.command import WORDS as COMPACTION_WORDS
from groqchat.ui.terminal.tried import untried_notice
from groqchat.ui.workspace.estimates import text_tokens
from groqchat.ui.workspace.ledger_watch import LedgerWatch
from groqchat.ui.workspace.terminal_theme import themed
from groqchat.ui.workspace.themes import AUTO, left_out, load_themes
from groqchat.ui.workspace.unkept import SIGN

if TYPE_CHECKING:
    from textual.screen import Screen

    from groqchat.domain.turns.chat import Session
    from groqchat.ui.chat.host import ChatHost
    from groqchat.ui.chat.opening import Opening
    from groqchat.ui.services import Services

_LOG = logging.getLogger("groqchat.ui")


async def mount_chat(host: ChatHost, services: Services, opening: Opening) -> Chat:
    """Mount the chat around the composer, piece by piece, so that no key waits for all of it."""
    chat, screen, composer = Chat(host, services, opening.model), host.screen, host.composer
    workspace = chat.workspace
    chat.conversation.leave = chat.prompting.leave
    chat.conversation.turns.listen(chat.queueing.sending)
    alerts = TurnAlerts(services, chat.queueing, host.attention.call)
    chat.conversation.turns.listen(alerts)
    chat.queueing.sending.room.stuck = alerts.queue_stuck
    chat.listing.stuck = chat.queueing.stuck
    chat.listing.compared = lambda: chat.compare.going_on.marks
    chat.leaving.compared = lambda: chat.compare.going_on.ids
    chat.queueing.sending.paused = chat.listing.show_marks
    workspace.figures.estimated = chat.queueing.show
    composer.area.chips.tokens_of = lambda text: text_tokens(workspace.figures.preview(), text)
    desk = screen.query_one("#desk")
    await desk.mount(chat.conversation)
    await desk.mount(chat.toasts)
    await composer.mount_completions()
    await screen.mount(chat.status)
    screen.remove_class("-bare")
    sides = desk.mount(chat.session_list, before=0), desk.mount(chat.panel)
    for side in sides:
        await side
    await screen.mount(chat.queue_view, before=composer)
    _name_keys_of_messages(chat, host)
    composer.values = {
        "model": lambda: (model.id for model in workspace.catalog.chat_models()),
        "effort": lambda: workspace.catalog.get(workspace.options.model).reasoning_efforts,
        "tier": lambda: TIERS,
        "compare": lambda: (f"@{name}" for name in workspace.services.settings.presets),
        "prompts": chat.composing.prompts.words,
        "set": lambda: (
            each.name for each in offered(workspace.catalog.get(workspace.options.model))
        ),
        "compact": lambda: COMPACTION_WORDS,
        "export": lambda: (*ENDINGS, "--redact"),
        "mcp": lambda: workspace.services.settings.mcp,
        "theme": lambda: (AUTO, *screen.app.available_themes),
        "help": lambda: GUIDES,
    }
    _add_themes(chat, screen, opening)
    return chat


def _name_keys_of_messages(chat: Chat, host: ChatHost) -> None:
    """Name the keys of the message or the list that has the focus, below the composer."""
    transcript, screen = chat.conversation.transcript, host.screen

    def name() -> None:
        hints = transcript.hints() if screen.focused is transcript else ()
        host.composer.name_keys(chat.session_list.hints() or hints)

    screen.watch(screen, "focused", name, init=False)
    screen.watch(transcript, "current", name, init=False)
    screen.watch(transcript, "numbered", name, init=False)


def _add_themes(chat: Chat, screen: Screen[None], opening: Opening) -> None:
    app, services = themed(screen.app), chat.services
    themes, mistakes = load_themes(opening.themes_folder)
    for theme in themes:
        app.register_theme(theme)
    wanted = opening.theme
    if mistakes:
        services.notices.append(left_out(mistakes))
    if wanted not in {"", AUTO, *app.available_themes, *(each.theme for each in mistakes)}:
        services.notices.append(f"There is no theme {wanted}.")
    app.theme_changed_signal.subscribe(screen, chat.themes.keep)
    app.background_told = lambda is_light: services.last_run.note(is_light=is_light)
    services.last_run.note(is_light=app.is_light)  # it may have been told before
    show_tour(chat, screen)


async def start_up(chat: Chat, screen: Screen[None], opening: Opening) -> None:
    """Start the services, open the session and find the key; errors are shown."""
    services, workspace = chat.services, chat.workspace
    try:
        await services.start()
    except StorageError as error:
        workspace.show_error(error)
    if services.forgets:
        workspace.composer.mark(SIGN)
    if notice := untried_notice(textual.__version__):
        _LOG.info(notice)
    services.keys.on_question(chat.keyring.asked)
    for notice in services.notices:
        workspace.notify(notice, severity="warning")
    chat.watch.tell(opening.keys)
    await _follow_others(chat, screen)
    workspace.conversation.named_model = opening.model
    await _choose_model(chat, opening.model or services.settings.model or await _used_last(chat))
    session = await _wanted_session(chat, screen, opening)
    if session is not None:
        await workspace.conversation.open(session)
        await _choose_model(chat, opening.model)
    else:
        await workspace.draft.arrive()
    chat.dispatch.has_session.set()
    await chat.listing.refresh()
    await chat.queueing.read()
    await chat.queueing.tell_waiting()
    chat.watch.begin()
    workspace.run(services.bin.remove_old(), group="bin")
    tell_news(chat)
    await chat.keys.find(by_itself=True)
    remember(chat)
    if session is not None:
        await chat.compare.reopen(session.id)


async def _follow_others(chat: Chat, screen: Screen[None]) -> None:
    """Show from now on what other processes use and store."""

    async def refresh() -> None:
        await chat.workspace.figures.refresh()
        await chat.conversation.follow_others()
        await chat.queueing.read()
        if not chat.session_list.has_focus_within:  # nothing moves under the cursor
            await chat.listing.refresh()

    watch = LedgerWatch(
        chat.services.ledger,
        chat.conversation,
        refresh=refresh,
        is_on_top=lambda: screen.is_active,
    )
    await watch.begin()


async def _wanted_session(chat: Chat, screen: Screen[None], opening: Opening) -> Session | None:
    store = chat.services.store
    if opening.session_id:
        session = await store.session(opening.session_id)
        if session is None:
            screen.app.exit("unfound")
        return session
    return next(iter(await store.sessions(limit=1)), None) if opening.resume else None


async def _used_last(chat: Chat) -> str:
    try:
        return await model_used_last(chat.services.saved, chat.workspace.catalog)
    except StorageError:  # has been told
        return chat.workspace.catalog.default().id


async def _choose_model(chat: Chat, wanted: str | None) -> None:
    """Take the wanted model, replaced where it has been shut down; what the user chose stays."""
    workspace = chat.workspace
    await workspace.conversation.suggest(**({"model": wanted} if wanted else {}))
    await workspace.figures.refresh()
    await chat.replacement.replace_gone()
