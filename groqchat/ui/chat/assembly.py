"""The composition of the chat: widgets around the composer, and the objects that act on them."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from groqchat.services.sessions.prompt_queue import PromptQueues
from groqchat.services.turns.running import RunningTurns
from groqchat.ui.batches.actions import BatchActions
from groqchat.ui.chat.composing_actions import ComposingActions
from groqchat.ui.chat.dispatch import CommandGroups, Dispatch
from groqchat.ui.chat.error_actions import ErrorActions
from groqchat.ui.chat.errors import ErrorReporter
from groqchat.ui.chat.events import TurnEvents, WidgetEvents
from groqchat.ui.chat.leaving import Leaving
from groqchat.ui.chat.program_actions import ProgramActions
from groqchat.ui.chat.prompting import Prompting
from groqchat.ui.chat.queueing import Queueing
from groqchat.ui.chat.remedies import Remedies
from groqchat.ui.chat.screen_turns import ScreenTurns
from groqchat.ui.chat.settings_watch import SettingsWatch
from groqchat.ui.chat.turn_cards import TurnCards
from groqchat.ui.compare.opening import ComparisonOpener
from groqchat.ui.conversation.conversation import Conversation
from groqchat.ui.keys.actions import KeyActions
from groqchat.ui.keys.waiting import KeyringWait
from groqchat.ui.models.replacement import ModelReplacement
from groqchat.ui.models.screen_models import ScreenModels
from groqchat.ui.servers.actions import ServerActions
from groqchat.ui.sessions.actions import SessionActions
from groqchat.ui.sessions.compaction.actions import CompactionActions
from groqchat.ui.sessions.compaction.command import CompactCommand
from groqchat.ui.sessions.incognito import IncognitoActions
from groqchat.ui.sessions.opening import SessionListing, SessionOpening
from groqchat.ui.sessions.oversized import OversizedPrompts
from groqchat.ui.sessions.screen_options import ScreenOptions
from groqchat.ui.settings.actions import SettingsActions
from groqchat.ui.spending.screen_spending import ScreenSpending
from groqchat.ui.terminal.clipboard import copy
from groqchat.ui.terminal.editor import edit_file, edited
from groqchat.ui.widgets.own_keys import bind
from groqchat.ui.widgets.prompt_queue import PromptQueueView
from groqchat.ui.widgets.session_list import SessionList
from groqchat.ui.widgets.side_panel import SidePanel
from groqchat.ui.widgets.status_line import StatusLine
from groqchat.ui.widgets.toasts import Toasts
from groqchat.ui.workspace.account import Account
from groqchat.ui.workspace.composer_draft import ComposerDraft
from groqchat.ui.workspace.editing import PromptEditing
from groqchat.ui.workspace.figures import Figures
from groqchat.ui.workspace.prompt_text import PromptText
from groqchat.ui.workspace.side_actions import SideActions
from groqchat.ui.workspace.sides import Side
from groqchat.ui.workspace.terminal_theme import themed
from groqchat.ui.workspace.theme_actions import ThemeActions
from groqchat.ui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from textual.message import Message

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.ui.chat.host import ChatHost
    from groqchat.ui.services import Services

    Handler = Callable[[Message], Coroutine[Any, Any, None]]


class Chat:
    """The chat behind its screen: widgets, workspace, and the objects that act on them.

    Each part is made when it is asked for first, so that parts may name each other.

    Args:
        host: The screen that the chat is mounted in.
        services: The services.
        named_model: The model that was named for this run, if any.
    """

    def __init__(self, host: ChatHost, services: Services, named_model: str | None) -> None:
        self._host = host
        self._app = host.screen.app
        self._named_model = named_model
        now = services.clock.now
        self.services = services
        self.conversation = Conversation(services, RunningTurns(services.store), id="conversation")
        self.toasts = Toasts(now, self.conversation.give_way, host.composer.tell, id="toasts")
        self.panel = SidePanel(now, is_demo=services.is_demo, id="panel")
        self.status = StatusLine(is_demo=services.is_demo, id="status")
        self.session_list = SessionList("Incognito" if services.is_incognito else "Sessions")
        self.leaving = Leaving(host.screen, self.conversation.turns, services)
        self.queue_view = PromptQueueView(id="queue")

    @cached_property
    def workspace(self) -> Workspace:
        """The parts that the commands share."""
        services, host, notify = self.services, self._host, self.toasts.notice
        composer, conversation = host.composer, self.conversation
        find_key = lambda: host.run(self.keys.find(), group="key")  # noqa: E731
        has_id = lambda made: self.replacement.has_id(connection=made)  # noqa: E731
        account = Account(services, notify, composer.invite, find_key, has_id)
        return Workspace(
            services,
            account,
            conversation,
            composer,
            prompt=PromptText(composer.area, notify),
            draft=ComposerDraft(composer.area, conversation.branch, services.drafts, host.run),
            toasts=self.toasts,
            figures=Figures(
                services,
                conversation,
                composer,
                account,
                self._editing,
                self.panel,
                self.status,
                notify,
            ),
            ask=self._app.push_screen_wait,
            run=host.run,
            run_alone=host.run_alone,
            show_error=self._show_error,
        )

    @cached_property
    def _editing(self) -> PromptEditing:
        return PromptEditing(self._host.composer, self.conversation.branch)

    # -- errors -------------------------------------------------------------------------------

    @cached_property
    def reporter(self) -> ErrorReporter:
        """Shows errors, and keeps the last ones."""
        return ErrorReporter(self.workspace, self.compaction, self._oversized.has_long_file)

    def _show_error(self, error: GroqchatError) -> None:
        self.reporter.show(error)

    @cached_property
    def _errors(self) -> ErrorActions:
        return ErrorActions(self.workspace.ask, self.toasts, self.reporter)

    @cached_property
    def remedies(self) -> Remedies:
        """Carries out the remedies of errors."""
        return Remedies(
            self.workspace,
            self.reporter,
            prompting=self.prompting,
            turns=self.turns,
            compaction=self.compaction,
            keys=self.keys,
            models=self._models,
            errors=self._errors,
            hold_queue=self.queueing.wait_for_answer,
        )

    # -- prompts and turns --------------------------------------------------------------------

    @cached_property
    def composing(self) -> ComposingActions:
        """Commands that write to the composer."""
        return ComposingActions(
            self.workspace, partial(edited, self._app), self.reporter.show_of_sound
        )

    @cached_property
    def queueing(self) -> Queueing:
        """The queues of prompts."""
        services = self.services
        queues = PromptQueues(services.queued_prompts, services.clock, services.new_id)
        return Queueing(self.workspace, queues, self.queue_view, self.compaction)

    @cached_property
    def prompting(self) -> Prompting:
        """Sends the texts of the composer."""
        return Prompting(
            self.workspace,
            self._editing,
            self.queueing,
            run_command=lambda name, words: self.dispatch.run(name, argument=words),
            attach_named=self.composing.attach_named,
            is_held=lambda: self.compare.holds_prompts,
            compaction=self.compaction,
            oversized=self._oversized,
        )

    @cached_property
    def _oversized(self) -> OversizedPrompts:
        return OversizedPrompts(self.workspace, self._editing)

    @cached_property
    def compaction(self) -> CompactionActions:
        """Makes conversations shorter."""
        return CompactionActions(self.workspace)

    @cached_property
    def turns(self) -> ScreenTurns:
        """Commands about turns."""

        def stop_other() -> bool:
            stops = (self.keyring.give_up, self.composing.stop_work, self.sessions.archives.stop)
            return any(stop() for stop in stops)

        return ScreenTurns(
            self.workspace,
            self._editing,
            stop_other=stop_other,
            pause_queue=self.queueing.pause,
            put_away=self._host.sides.put_away,
            forget_error=self.reporter.put_away,
        )

    # -- keys and models ----------------------------------------------------------------------

    @cached_property
    def keyring(self) -> KeyringWait:
        """The wait for a keyring that asks."""
        return KeyringWait(self.toasts, lambda: self._app.screen)

    @cached_property
    def keys(self) -> KeyActions:
        """Commands about keys."""
        begin_demo = partial(self._app.exit, "demo")
        replace_gone = self.replacement.replace_gone
        return KeyActions(self.workspace, self.keyring, replace_gone, begin_demo)

    @cached_property
    def _models(self) -> ScreenModels:
        return ScreenModels(self.workspace)

    @cached_property
    def replacement(self) -> ModelReplacement:
        """Replaces models that are gone."""
        return ModelReplacement(self.workspace, self._named_model)

    # -- sessions and comparisons -------------------------------------------------------------

    @cached_property
    def listing(self) -> SessionListing:
        """Fills the list of sessions."""
        is_seen = partial(self._host.sides.is_shown, Side.SESSIONS)
        parts = self.services.store, self.session_list, self.conversation, self.status
        notify, now = self.toasts.notice, self.services.clock.now
        return SessionListing(*parts, is_seen=is_seen, notify=notify, now=now)

    @cached_property
    def opening(self) -> SessionOpening:
        """Opens sessions."""
        return SessionOpening(
            self.workspace,
            self.listing,
            self._host.sides.put_away,
            self.replacement.replace_gone,
            self.compare.reopen,
        )

    @cached_property
    def sessions(self) -> SessionActions:
        """Commands about sessions."""
        return SessionActions(self.workspace, self.listing, self.opening, partial(copy, self._app))

    @cached_property
    def compare(self) -> ComparisonOpener:
        """Commands about comparisons."""
        return ComparisonOpener(
            self.workspace,
            self.listing,
            is_on_top=self._host.is_on_top,
            is_sending=lambda: self.prompting.is_sending,
        )

    # -- the program --------------------------------------------------------------------------

    @cached_property
    def themes(self) -> ThemeActions:
        """The command about themes."""
        return ThemeActions(self.workspace, themed(self._app))

    @cached_property
    def watch(self) -> SettingsWatch:
        """Takes up settings that were changed."""
        return SettingsWatch(
            self.workspace,
            bind_keys=partial(bind, self._app, self._host.screen),
            apply_theme=self.themes.apply,
            is_on_top=self._host.is_on_top,
        )

    # -- what the screen hands on -------------------------------------------------------------

    @cached_property
    def dispatch(self) -> Dispatch:
        """Runs commands by their ids."""
        palette, leave = self._app.action_command_palette, self._app.action_quit
        program = ProgramActions(self.workspace, open_palette=palette, leave=leave)
        sides = SideActions(
            self._host.sides,
            self.session_list,
            self._host.composer.area,
            notify=self.toasts.notice,
            keep=self.services.change_setting,
            show_error=self._show_error,
        )
        servers, edit = ServerActions(self.workspace), partial(edit_file, self._app)
        windows = {"theme": self.themes.choose_theme, "mcp": servers.show_servers}
        may_leave = partial(self.leaving.may_end, again="/incognito again goes on")
        groups = CommandGroups(
            turns=self.turns,
            prompting=self.prompting,
            queueing=self.queueing,
            options=ScreenOptions(self.workspace),
            composing=self.composing,
            compaction=CompactCommand(self.workspace, self.compaction),
            sessions=self.sessions,
            shelves=self.sessions.shelves,
            incognito=IncognitoActions(self.workspace, self._app.exit, may_leave),
            sides=sides,
            models=self._models,
            compare=self.compare,
            spending=ScreenSpending(self.workspace),
            batches=BatchActions(self.workspace),
            servers=servers,
            keys=self.keys,
            errors=self._errors,
            themes=self.themes,
            settings=SettingsActions(self.workspace, self.watch, edit, windows),
            program=program,
        )
        return Dispatch(groups, self._host.run)

    @cached_property
    def handlers(self) -> tuple[Handler, ...]:
        """The methods that take the messages of the widgets."""
        cards = TurnCards(self.workspace, self.reporter)
        turns = TurnEvents(self.workspace, self.prompting, cards, self.listing, self.keys)
        widgets = WidgetEvents(
            self.workspace,
            opening=self.opening,
            cards=cards,
            remedies=self.remedies,
            turns=self.turns,
            sessions=self.sessions,
            open_url=self._app.open_url,
        )
        return turns.handle, widgets.handle, self.queueing.handle, self.sessions.shelves.handle
