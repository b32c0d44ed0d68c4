"""The methods that run the commands of the chat: one row for each command of ``ui/commands``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from typing import Any

    from groqchat.ui.chat.composing_actions import ComposingActions
    from groqchat.ui.chat.error_actions import ErrorActions
    from groqchat.ui.chat.program_actions import ProgramActions
    from groqchat.ui.chat.turn_actions import TurnActions
    from groqchat.ui.compare.opening import CompareActions
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


def command_table(
    *,
    turns: TurnActions,
    options: OptionActions,
    composing: ComposingActions,
    sessions: SessionActions,
    sides: SideActions,
    models: ModelActions,
    compare: CompareActions,
    spending: SpendingActions,
    keys: KeyActions,
    errors: ErrorActions,
    themes: ThemeActions,
    program: ProgramActions,
) -> Mapping[str, Method]:
    """The method of each command, by the id of the command."""
    return {
        "new": sessions.do_new,
        "stop": turns.do_stop,
        "retry": turns.do_retry,
        "continue": turns.do_continue,
        "edit": turns.do_edit,
        "copy": sessions.do_copy,
        "history": composing.do_history,
        "editor": composing.do_editor,
        "system": options.do_system,
        "effort": options.do_effort,
        "tier": options.do_tier,
        "longest": options.do_longest,
        "attach": composing.do_attach,
        "sessions": sides.do_sessions,
        "rename": sessions.do_rename,
        "delete": sessions.do_delete,
        "find": sessions.do_find,
        "export": sessions.do_export,
        "model": models.do_model,
        "compare": compare.do_compare,
        "leaderboard": compare.do_leaderboard,
        "quota": sides.do_quota,
        "cost": spending.do_cost,
        "budget": spending.do_budget,
        "usage": spending.do_usage,
        "plan": spending.do_plan,
        "toast": errors.do_toast,
        "keys": keys.do_keys,
        "errors": errors.do_errors,
        "reasoning": program.do_reasoning,
        "palette": program.do_palette,
        "theme": themes.do_theme,
        "settings": program.do_settings,
        "help": program.do_help,
        "quit": program.do_quit,
    }


class Dispatch:
    """Runs commands by their ids, each in a worker.

    Args:
        table: The methods, by the ids of the commands.
        run: Starts work whose expected errors are shown.
    """

    def __init__(self, table: Mapping[str, Method], run: Run) -> None:
        self.table = table
        self._run = run

    def run(self, command_id: str, argument: str = "") -> None:
        """Run a command with what was written behind it."""
        self._run(self.table[command_id](argument), group="command")
