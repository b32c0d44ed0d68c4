"""Finds the method for a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.chat.account_actions import AccountActions
from groqchat.ui.chat.composing_actions import ComposingActions
from groqchat.ui.chat.program_actions import ProgramActions
from groqchat.ui.chat.turn_actions import TurnActions
from groqchat.ui.compare.opening import CompareActions
from groqchat.ui.keys.actions import KeyActions
from groqchat.ui.sessions.actions import SessionActions
from groqchat.ui.sessions.options import AskingActions
from groqchat.ui.spending.actions import SpendingActions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.ui.chat.screen import ChatScreen

    Run = Callable[[str], Awaitable[None]]


class Actions:
    """All actions of a chat screen, by kind, and by the id of their command.

    Args:
        screen: The chat screen.
    """

    def __init__(self, screen: ChatScreen) -> None:
        self.turns = TurnActions(screen)
        self.asking = AskingActions(screen)
        self.composing = ComposingActions(screen)
        self.sessions = SessionActions(screen)
        self.account = AccountActions(screen)
        self.compare = CompareActions(screen)
        self.keys = KeyActions(screen)
        self.spending = SpendingActions(screen)
        self.program = ProgramActions(screen)

    def find(self, command_id: str) -> Run:
        """The method that runs a command; it takes what was written behind the command.

        Raises:
            LookupError: No such command: a mistake in the table of commands.
        """
        conversing = (self.turns, self.asking, self.composing, self.sessions, self.compare)
        for group in (*conversing, self.account, self.spending, self.keys, self.program):
            method: Run | None = getattr(group, f"do_{command_id}", None)
            if method is not None:
                return method
        raise LookupError(command_id)

    async def run(self, command_id: str, argument: str = "") -> None:
        """Run a command."""
        await self.find(command_id)(argument)
