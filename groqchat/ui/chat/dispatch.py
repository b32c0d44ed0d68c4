"""The methods that run the commands of the chat: one row for each command of ``ui/commands``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from typing import Any

    from groqchat.ui.chat.composing_actions import ComposingActions
    from groqchat.ui.chat.error_actions import ErrorActions
    from groqchat.ui.chat.program_actions import ProgramActions
    from groqchat.ui.chat.turn_actions import TurnActions
    from groqchat.ui.compare.opening import ComparisonOpener
    from groqchat.ui.keys.actions import KeyActions
    from groqchat.ui.models.actions import ModelActions
    from groqchat.ui.sessions.actions import SessionActions
    from groqchat.ui.sessions.options import OptionActions
    from groqchat.ui.spending.actions import SpendingActions
    from groqchat.ui.widgets.reports_errors import Run
    from groqchat.ui.workspace.side_actions import SideActions
    from groqchat.ui.workspace.theme_actions import ThemeActions

    # Takes what was written behind the command.
    Method = Callable[[str], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class CommandGroups:
    """The objects whose methods run the commands."""

    turns: TurnActions
    options: OptionActions
    composing: ComposingActions
    sessions: SessionActions
    sides: SideActions
    models: ModelActions
    compare: ComparisonOpener
    spending: SpendingActions
    keys: KeyActions
    errors: ErrorActions
    themes: ThemeActions
    program: ProgramActions

    def table(self) -> Mapping[str, Method]:
        """The method of each command, by the id of the command."""
        return {
            "new": self.sessions.do_new,
            "stop": self.turns.do_stop,
            "retry": self.turns.do_retry,
            "continue": self.turns.do_continue,
            "edit": self.turns.do_edit,
            "copy": self.sessions.do_copy,
            "history": self.composing.do_history,
            "editor": self.composing.do_editor,
            "system": self.options.do_system,
            "effort": self.options.do_effort,
            "tier": self.options.do_tier,
            "longest": self.options.do_longest,
            "attach": self.composing.do_attach,
            "sessions": self.sides.do_sessions,
            "rename": self.sessions.do_rename,
            "delete": self.sessions.do_delete,
            "find": self.sessions.do_find,
            "export": self.sessions.do_export,
            "model": self.models.do_model,
            "compare": self.compare.do_compare,
            "leaderboard": self.compare.do_leaderboard,
            "quota": self.sides.do_quota,
            "cost": self.spending.do_cost,
            "budget": self.spending.do_budget,
            "usage": self.spending.do_usage,
            "plan": self.spending.do_plan,
            "toast": self.errors.do_toast,
            "keys": self.keys.do_keys,
            "errors": self.errors.do_errors,
            "reasoning": self.program.do_reasoning,
            "palette": self.program.do_palette,
            "theme": self.themes.do_theme,
            "settings": self.program.do_settings,
            "help": self.program.do_help,
            "quit": self.program.do_quit,
        }


class Dispatch:
    """Runs commands by their ids, each in a worker.

    Args:
        groups: The objects whose methods run the commands.
        run: Starts work whose expected errors are shown.
    """

    def __init__(self, groups: CommandGroups, run: Run) -> None:
        self._table = groups.table()
        self._run = run

    def run(self, command_id: str, argument: str = "") -> None:
        """Run a command with what was written behind it."""
        self._run(self._table[command_id](argument), group="command")
