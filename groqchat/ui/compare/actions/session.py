"""Commands of the chat that act on the session of a comparison too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.text.redact import without_keys
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.ui.compare.state import CompareState
    from groqchat.ui.dialogs.dialog import Ask
    from groqchat.ui.services import Services


class SessionActions:
    """Exports and names the session of a comparison, and shows what was spent.

    Each method returns whether the command was run; else the line of words says why not.

    Args:
        state: The comparison on the screen.
        services: The services.
        ask: Opens a window and waits for its result.
        leave_program: Ends the program.
    """

    def __init__(
        self,
        state: CompareState,
        services: Services,
        ask: Ask,
        leave_program: Callable[[], Awaitable[None]],
    ) -> None:
        self._state = state
        self._services = services
        self._ask = ask
        self._leave_program = leave_program

    async def export(self, argument: str) -> bool:
        """Write the session with all columns to a file."""
        from groqchat.ui.sessions.exporting import export

        state = self._state
        if state.is_busy or state.hides_names:
            state.refuse("Vote first: the export would reveal the names.")
            return False
        session_id, leaf_id = state.comparison.session.id, self._leaf_id
        try:
            state.say(await export(session_id, leaf_id, self._services, argument))
        except (StorageError, ValueError) as error:
            reason = error.facts.detail if isinstance(error, StorageError) else error
            state.say(f"Nothing is exported: {reason}.", "$text-error")
            return False
        return True

    @property
    def _leaf_id(self) -> str | None:
        """The end of the best column: the winner's, else the first with an answer."""
        state = self._state
        winner = [each for each in state.columns if each.column.name == state.ballot.winner]
        columns = [*winner, *state.answered, *state.columns]
        return next((each.column.leaf_id for each in columns if each.column.leaf_id), None)

    async def rename(self, argument: str) -> bool:
        """Give the session a title."""
        from groqchat.ui.dialogs.rename import RenameScreen

        state, store = self._state, self._services.store
        comparison = state.comparison
        session = await store.session(comparison.session.id) or comparison.session
        title = without_keys(argument or await self._ask(RenameScreen(session.title)) or "")
        if title:
            comparison.session = replace(comparison.session, title=title)
            await store.update_session(session.id, title=title)
            state.say(f"The comparison is called “{line(title)}” now.")
        return True

    async def show_cost(self) -> bool:
        """Say what the session has cost."""
        from groqchat.ui.spending.actions import cost_words

        self._state.say(await cost_words(self._services, self._state.comparison.session.id))
        return True

    async def show_usage(self) -> bool:
        """Open the window with what was used."""
        from groqchat.ui.spending.screen_spending import usage_screen

        await self._ask(usage_screen(self._services))
        return True

    async def quit(self) -> bool:
        """End the program."""
        await self._leave_program()
        return True
