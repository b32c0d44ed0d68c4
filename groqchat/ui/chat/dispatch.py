"""The methods that run the commands of the chat: one row for each command of ``ui/commands``."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from typing import Any

    from groqchat.ui.batches.actions import BatchActions
    from groqchat.ui.chat.composing_actions import ComposingActions
    from groqchat.ui.chat.error_actions import ErrorActions
    from groqchat.ui.chat.program_actions import ProgramActions
    from groqchat.ui.chat.prompting import Prompting
    from groqchat.ui.chat.queueing import Queueing
    from groqchat.ui.chat.screen_turns import ScreenTurns
    from groqchat.ui.compare.opening import ComparisonOpener
    from groqchat.ui.keys.actions import KeyActions
    from groqchat.ui.models.actions import ModelActions
    from groqchat.ui.servers.actions import ServerActions
    from groqchat.ui.sessions.actions import SessionActions
    from groqchat.ui.sessions.compaction.command import CompactCommand
    from groqchat.ui.sessions.incognito import IncognitoActions
    from groqchat.ui.sessions.options import OptionActions
    from groqchat.ui.sessions.shelves import SessionShelves
    from groqchat.ui.settings.actions import SettingsActions
    from groqchat.ui.spending.screen_spending import ScreenSpending
    from groqchat.ui.widgets.reports_errors import Run
    from groqchat.ui.workspace.side_actions import SideActions
    from groqchat.ui.workspace.theme_actions import ThemeActions

    # Takes what was written behind the command.
    Method = Callable[[str], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class CommandGroups:
    """The objects whose methods run the commands."""

    turns: ScreenTurns
    prompting: Prompting
    queueing: Queueing
    options: OptionActions
    composing: ComposingActions
    compaction: CompactCommand
    sessions: SessionActions
    shelves: SessionShelves
    incognito: IncognitoActions
    sides: SideActions
    models: ModelActions
    compare: ComparisonOpener
    spending: ScreenSpending
    batches: BatchActions
    servers: ServerActions
    keys: KeyActions
    errors: ErrorActions
    themes: ThemeActions
    settings: SettingsActions
    program: ProgramActions

    def table(self) -> Mapping[str, Method]:
        """The method of each command, by the id of the command."""
        return {
            **self.about_session(),
            "stop": self.turns.stop,
            "history": self.composing.search_history,
            "editor": self.composing.open_editor,
            "chip": self.composing.show_chip,
            **self.options.commands,
            "attach": self.composing.attach_file,
            "image": self.composing.attach_copied,
            "transcribe": self.composing.files.transcribe,
            "talk": self.composing.talk.talk,
            "prompts": self.composing.prompts.prompts,
            "sessions": self.sides.show_sessions,
            "import": self.sessions.archives.import_file,
            "backup": self.sessions.archives.back_up,
            "model": self.models.choose_model,
            "leaderboard": self.compare.show_leaderboard,
            "quota": self.sides.show_quota,
            "budget": self.spending.set_budget,
            "usage": self.spending.show_usage,
            "batches": self.batches.show_batches,
            "mcp": self.servers.show_servers,
            "tools": self.servers.tools.show_tools,
            "plan": self.spending.open_planner,
            "toast": self.errors.focus_toast,
            "keys": self.keys.manage_keys,
            "errors": self.errors.list_errors,
            "theme": self.themes.choose_theme,
            "settings": self.settings.show_settings,
            "keymap": self.settings.show_keys,
            **self.program.commands,
        }

    def about_session(self) -> Mapping[str, Method]:
        """The methods of commands that read or change the open session, or leave it."""
        return {
            "new": self.sessions.begin_session,
            "queue": self.queueing.toggle,
            "unqueue": self.queueing.clear,
            "compact": self.compaction.compact,
            "copy": self.sessions.copy_answer,
            "info": self.sessions.show_last_details,
            **self.shelves.commands,
            **self.sessions.tree.commands,
            "incognito": self.incognito.toggle,
            "find": self.sessions.find_text,
            "export": self.sessions.export_session,
            "compare": self.compare.compare,
            "cost": self.spending.show_cost,
            "retry": self.turns.retry,
            "continue": self.turns.continue_answer,
            "edit": self.turns.edit_last_prompt,
            "btw": self.prompting.ask_aside,
            "turn_above": self.turns.show_turn_above,
            "turn_below": self.turns.show_turn_below,
        }


class Dispatch:
    """Runs commands by their ids, each in a worker.

    Commands about the session wait until that is open which the chat was started with. What is
    chosen for the next request does not: the session that is opened takes it over.

    Args:
        groups: The objects whose methods run the commands.
        run: Starts work whose expected errors are shown.
    """

    def __init__(self, groups: CommandGroups, run: Run) -> None:
        self._table, self._about_session = groups.table(), groups.about_session().keys()
        # Commands whose key hides what it has shown.
        self._of_keys: Mapping[str, Method] = {"quota": groups.sides.toggle_quota}
        self._run = run
        # Set once the session that the chat was started with is open, or cannot be opened.
        self.has_session = asyncio.Event()

    def run(self, command_id: str, argument: str = "") -> None:
        """Run a command with what was written behind it."""
        self._begin(command_id, self._table[command_id], argument)

    def run_key(self, command_id: str) -> None:
        """Run a command as its key does it."""
        self._begin(command_id, self._of_keys.get(command_id, self._table[command_id]), "")

    def _begin(self, command_id: str, method: Method, argument: str) -> None:
        if command_id in self._about_session and not self.has_session.is_set():
            self._run(self._once_open(method, argument), group="command")
        else:
            self._run(method(argument), group="command")

    async def _once_open(self, method: Method, argument: str) -> None:
        await self.has_session.wait()
        await method(argument)
