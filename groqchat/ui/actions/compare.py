"""The command that compares models, and what comes back from a comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.catalog import Kind
from groqchat.domain.chat import Session
from groqchat.domain.compare import FEWEST_MODELS, MOST_MODELS
from groqchat.services.compare import Comparison
from groqchat.services.comparisons import take_up
from groqchat.ui.naming import unclear

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.domain.chat import Options
    from groqchat.domain.compare import Record
    from groqchat.ui.chat_screen import ChatScreen
    from groqchat.ui.parts import Connection


# What is for something else than answering prompts.
_MUTE = frozenset({Kind.AUDIO, Kind.SPEECH})


class CompareActions:
    """Opens comparisons over the chat and goes on with what was chosen there."""

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._models: list[str] = []

    async def do_compare(self, argument: str) -> None:
        """Compare the models named; else open the columns of this session, or choose models."""
        screen = self._screen
        await screen.prompting.account("the comparison opens")
        if screen.connection is None:
            return
        if not argument and await self.reopen(screen.conversation.session.id):
            return
        named = argument or await self._picked()
        if not named:
            return
        words = list(dict.fromkeys(named.replace(",", " ").split()))
        if mistake := self._mistake(words):
            screen.prompting.refuse(mistake, "compare", argument)
            return
        self._models = [screen.catalog.named(word)[0] for word in words]
        now, options = screen.parts.clock.now(), screen.conversation.options
        session = Session(screen.parts.new_id(), "", now, now, self._models[0], options.system)
        columns = [replace(options, model=model, effort=None) for model in self._models]
        await self._open(self._comparison(screen.connection, session, columns))

    async def reopen(self, session_id: str, *, only_open: bool = False) -> bool:
        """Show the columns of a session again, if it is a comparison.

        Args:
            session_id: The session.
            only_open: Not where one of its answers was gone on with.

        Returns:
            Whether they were shown; by then they are closed again.
        """
        screen, parts = self._screen, self._screen.parts
        record = await parts.comparisons.find(session_id)
        session = await parts.store.session(session_id) if record else None
        if record is None or session is None or screen.connection is None:
            return False
        if only_open and not record.is_open:
            return False
        await self._open(await self._recalled(screen.connection, session, record))
        return True

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

    def _mistake(self, words: Iterable[str]) -> str:
        """What is wrong with the models that were named; empty where nothing is."""
        catalog = self._screen.catalog
        if mistake := unclear(catalog, words):
            return mistake
        models = [catalog.named(word)[0] for word in words]
        twice = next((model for model in models if models.count(model) > 1), None)
        mute = next((model for model in models if catalog.get(model).kind in _MUTE), None)
        if twice is not None:
            return f"{twice} is named twice."
        if mute is not None:
            return f"{mute} does not chat; Ctrl+K lists the models that do."
        if not FEWEST_MODELS <= len(models) <= MOST_MODELS:
            return f"A comparison takes {FEWEST_MODELS} to {MOST_MODELS} models."
        return ""

    def _comparison(
        self, connection: Connection, session: Session, columns: Sequence[Options]
    ) -> Comparison:
        parts = self._screen.parts
        return Comparison(
            connection.turns,
            session,
            columns,
            connection.models.refused,
            records=parts.comparisons,
            gap_s=parts.settings.compare_gap_s,
        )

    async def _recalled(
        self, connection: Connection, session: Session, record: Record
    ) -> Comparison:
        comparison = self._comparison(connection, session, [seat.options for seat in record.seats])
        await take_up(comparison, record, self._screen.parts.store)
        return comparison

    async def _open(self, comparison: Comparison) -> None:
        """Show the columns; the answer that is chosen there is gone on with here.

        What is unsent goes along, there and back.
        """
        from groqchat.ui.screens.compare import CompareScreen

        screen, connection = self._screen, self._screen.connection
        if connection is None:
            return
        prompting, written = screen.prompting, screen.composer.text
        opened = CompareScreen(screen.parts, connection, comparison, written, prompting.keep)
        with prompting.lent_to(
            opened.prompt, lambda: comparison.session.id if comparison.turn else None
        ):
            answer_id = await screen.app.push_screen_wait(opened)
        await screen.parts.drafts.save_draft(comparison.session.id, "")
        unsent, screen.composer.text = screen.composer.text, ""
        try:
            await self._come_back(comparison, answer_id)
        finally:
            screen.composer.text = unsent

    async def _come_back(self, comparison: Comparison, answer_id: str | None) -> None:
        screen = self._screen
        if answer_id is not None:
            await self._go_on(comparison, answer_id)
        elif screen.conversation.session.id == comparison.session.id:
            session = await screen.parts.store.session(comparison.session.id)
            await screen.conversation.open(session or comparison.session)
        else:
            await screen.figures.refresh()
            await screen.refresh_sessions()

    async def _go_on(self, comparison: Comparison, answer_id: str) -> None:
        screen, parts = self._screen, self._screen.parts
        answer = (await parts.store.messages([answer_id]))[answer_id]
        opens = answer.session_id
        await parts.store.update_session(opens, model=answer.model, leaf_id=answer_id)
        if opens == comparison.session.id:
            await parts.comparisons.save(replace(comparison.record, is_open=False))
        await screen.open_session(opens, answer_id)
        if opens != comparison.session.id:
            screen.toasts.notice("Each model has a session of its own now: Ctrl+S lists them.")
        else:
            screen.toasts.notice("Ctrl+K shows the columns of this comparison again.")
