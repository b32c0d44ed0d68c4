"""The command that compares models, and what comes back from a comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.chat import Session
from groqchat.domain.compare import FEWEST_MODELS, MOST_MODELS
from groqchat.services.compare import Comparison

if TYPE_CHECKING:
    from groqchat.ui.chat_screen import ChatScreen


class CompareActions:
    """Opens comparisons over the chat and goes on with what was chosen there."""

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._models: list[str] = []

    async def do_compare(self, argument: str) -> None:
        """Compare the models named, or choose them first."""
        screen = self._screen
        await screen.prompting.account("the comparison opens")
        if screen.connection is None:
            return
        named = argument or await self._picked()
        if not named:
            return
        words = dict.fromkeys(named.split())
        models = {word: screen.catalog.named(word) for word in words}
        unknown = [word for word, model in models.items() if model is None]
        known = list(dict.fromkeys(model for model in models.values() if model))
        if unknown:
            screen.toasts.notice(f"No model is called {', '.join(unknown)}.", severity="warning")
        elif not FEWEST_MODELS <= len(known) <= MOST_MODELS:
            said = f"A comparison takes {FEWEST_MODELS} to {MOST_MODELS} models."
            screen.toasts.notice(said, severity="warning")
        else:
            self._models = known
            await self._compare(known)

    async def do_leaderboard(self, argument: str) -> None:
        """Show how models do in all votes, of one kind of task if one is named."""
        from groqchat.ui.screens.leaderboard import LeaderboardScreen

        screen = self._screen
        votes = screen.parts.votes
        board = LeaderboardScreen(await votes.all(), await votes.notes(), argument.lower())
        await screen.app.push_screen_wait(board)

    async def _picked(self) -> str | None:
        from groqchat.ui.screens.compared_models import ComparedModels
        from groqchat.ui.shelf import open_shelf

        screen = self._screen
        shelf = await open_shelf(screen)
        chosen = self._models or [screen.conversation.options.model]
        return await screen.app.push_screen_wait(ComparedModels(shelf, chosen))

    async def _compare(self, models: list[str]) -> None:
        """Open the columns; the answer that is chosen there is gone on with here."""
        from groqchat.ui.screens.compare import CompareScreen

        screen, parts, connection = self._screen, self._screen.parts, self._screen.connection
        if connection is None:
            return
        now, options = parts.clock.now(), screen.conversation.options
        session = Session(parts.new_id(), "", now, now, models[0], options.system)
        columns = [replace(options, model=model, effort=None) for model in models]
        comparison = Comparison(
            connection.turns,
            session,
            columns,
            connection.models.refused,
            gap_s=parts.settings.compare_gap_s,
        )
        opened = CompareScreen(parts, connection, comparison, screen.composer.text)
        answer_id = await screen.app.push_screen_wait(opened)
        if comparison.turn:
            screen.composer.text = ""
        if answer_id is not None:
            answer = (await parts.store.messages([answer_id]))[answer_id]
            opens = answer.session_id
            await parts.store.update_session(opens, model=answer.model, leaf_id=answer_id)
            await screen.open_session(opens, answer_id)
            if opens != session.id:
                screen.toasts.notice("Each model has a session of its own now: Ctrl+S lists them.")
        else:
            await screen.figures.refresh()
            await screen.refresh_sessions()
