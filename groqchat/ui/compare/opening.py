"""The commands of the chat that open comparisons, and the way back from one to the chat."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.ui.compare.background import LeftComparisons
from groqchat.ui.compare.naming import new_comparison

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from groqchat.domain.turns.chat import Message
    from groqchat.services.account.connection import Connection
    from groqchat.services.compare.compare import Comparison
    from groqchat.ui.compare.screen import CompareScreen
    from groqchat.ui.sessions.opening import SessionListing
    from groqchat.ui.workspace.workspace import Workspace


class ComparisonOpener:
    """Opens comparisons over the chat, and goes on in the chat when one is closed.

    Args:
        workspace: The parts of the chat.
        listing: The list of sessions.
        is_on_top: Whether no window lies over the chat.
        is_sending: Whether a prompt is on its way to become a turn.
    """

    def __init__(
        self,
        workspace: Workspace,
        listing: SessionListing,
        *,
        is_on_top: Callable[[], bool],
        is_sending: Callable[[], bool],
    ) -> None:
        self._workspace = workspace
        self._listing = listing
        self._is_on_top = is_on_top
        self._is_sending = is_sending
        self._models: list[str] = []
        self._is_opening = self._is_asked_for = False
        self._coming_back = asyncio.Lock()
        self.going_on = LeftComparisons(workspace, listing)

    @property
    def holds_prompts(self) -> bool:
        """Whether a requested comparison is opening; the next prompt is then for its models."""
        return self._is_opening and self._is_asked_for

    async def compare(self, argument: str) -> None:
        """Compare the named models; without names, open the columns of this session or a choice."""
        workspace = self._workspace
        if self._is_opening:
            workspace.prompt.refuse("A comparison is already opening.", "compare", argument)
            return
        if self._is_sending():
            workspace.prompt.refuse("Your prompt is being sent to one model.", "compare", argument)
            return
        with self._opening(is_asked_for=True):
            connection = await workspace.account.ready("the comparison opens")
            if connection is None:
                workspace.prompt.give_command_back("compare", argument)
                return
            if not argument and await self._is_opened_again():
                return
            named = argument or await self._picked()
            if not named:
                return
            comparison, mistake = await new_comparison(workspace, connection, named)
            if comparison is None:
                workspace.prompt.refuse(mistake, "compare", argument)
                return
            self._models = [column.model for column in comparison.columns]
            await self._open(comparison)

    async def _is_opened_again(self) -> bool:
        """Open the columns of the session on the screen; returns whether it has any."""
        session_id = self._workspace.conversation.session.id
        if session_id in self.going_on.ids:
            await self._show_again(session_id)
            return True
        left = await self._left(session_id)
        if left is not None and self._workspace.is_free():
            await self._open(left)
        return left is not None

    async def reopen(self, session_id: str) -> None:
        """Show the session on the screen as columns, if it was left as a comparison."""
        if self._is_opening:
            return
        async with self._coming_back:  # another comparison, whose session may be this one, closes
            pass
        with self._opening():
            if session_id in self.going_on.ids:
                await self._show_again(session_id)
                return
            comparison = await self._left(session_id, only_open=True)
            if comparison is not None and self._stands_at(session_id):
                await self._open(comparison)

    async def _show_again(self, session_id: str) -> None:
        """Show the columns again whose answers are still being written."""
        is_here = self._workspace.conversation.session.id == session_id
        screen = self.going_on.take(session_id) if is_here and self._is_on_top() else None
        if screen is not None:
            screen.goes_on = screen.opens_new = False
            screen.prompt.begin_with(self._workspace.draft.text)
            await self._show(screen)

    def _stands_at(self, session_id: str) -> bool:
        """Whether the chat still shows a session in which nothing was begun meanwhile."""
        conversation = self._workspace.conversation
        is_here = self._is_on_top() and conversation.session.id == session_id
        return is_here and not (conversation.is_busy or self._is_sending())

    @contextmanager
    def _opening(self, *, is_asked_for: bool = False) -> Iterator[None]:
        """Mark that a comparison is opening, so that no other one opens over it."""
        self._is_opening, self._is_asked_for = True, is_asked_for
        try:
            yield
        finally:
            self._is_opening = False

    async def _left(self, session_id: str, *, only_open: bool = False) -> Comparison | None:
        """The comparison in a session, in the state in which it was left.

        Args:
            session_id: The id of the session.
            only_open: Pass over a comparison once the chat went on with one of its answers.
        """
        connection = self._workspace.account.connection
        if connection is None:
            return None
        gap_s = self._workspace.services.settings.compare_gap_s
        return await connection.comparisons.reopen(session_id, gap_s, only_open=only_open)

    async def show_leaderboard(self, argument: str) -> None:
        """Show the leaderboard, of one kind of task if one is named."""
        from groqchat.ui.compare.windows.leaderboard import LeaderboardScreen

        workspace = self._workspace
        votes = workspace.services.votes
        board = LeaderboardScreen(await votes.all(), await votes.notes(), argument.lower())
        await workspace.ask(board)

    async def _picked(self) -> str | None:
        from groqchat.ui.compare.windows.models import ComparedModels
        from groqchat.ui.models.choices import model_choices

        workspace = self._workspace
        models = await model_choices(workspace.services, workspace.account)
        chosen = self._models or [workspace.options.model]
        return await workspace.ask(ComparedModels(models, chosen))

    async def _open(self, comparison: Comparison) -> None:
        """Show the columns, and go on with the answer that is chosen there.

        The unsent text is moved to the comparison, and back.
        """
        connection = self._workspace.account.connection
        if connection is None:
            return
        await self._show(self._screen(connection, comparison))

    def _screen(
        self, connection: Connection, comparison: Comparison, begins: tuple[int, str] = (0, "")
    ) -> CompareScreen:
        from groqchat.ui.compare.screen import CompareScreen

        services, draft = self._workspace.services, self._workspace.draft
        return CompareScreen(
            services, connection, comparison, draft.shown, draft.keep, begins=begins
        )

    async def _show(self, opened: CompareScreen) -> None:
        """Show a screen until it is left, and go on in the chat."""
        comparison, answer_id = opened.comparison, await self._left_with(opened)
        while opened.reopens:  # once more where a column has been added
            opened = self._screen(opened.connection, comparison, opened.reopens)
            answer_id = await self._left_with(opened)
        self._is_opening = False
        async with self._coming_back:
            if opened.opens_new:
                await self._begin_new(comparison)
            elif not opened.goes_on:
                await self._come_back(comparison, answer_id)
            else:
                await self._leave_behind(comparison.session.id)
            if opened.goes_on:
                self._workspace.notify("The comparison goes on; Ctrl+S leads back to it.")

    async def _left_with(self, opened: CompareScreen) -> str | None:
        """Show a screen until it is left; returns the answer that the chat goes on with."""
        draft, comparison = self._workspace.draft, opened.comparison
        written_for = lambda: comparison.session.id if comparison.turn else None  # noqa: E731
        with draft.lent_to(opened.prompt, written_for):
            answer_id = await self._workspace.ask(opened)
            if opened.goes_on:
                self.going_on.keep(opened)
        return answer_id

    async def _leave_behind(self, session_id: str) -> None:
        """Stand in another session while a comparison goes on."""
        workspace = self._workspace
        if workspace.conversation.session.id == session_id:
            workspace.draft.go_along(session_id)
            await workspace.conversation.start_new()
        else:
            await workspace.draft.settle(session_id)
            await workspace.figures.refresh()
        await self._listing.refresh()

    async def _begin_new(self, comparison: Comparison) -> None:
        """Show an empty session, with the unsent text."""
        workspace = self._workspace
        own = workspace.conversation.branch.draft_id
        workspace.draft.go_along(comparison.session.id if comparison.turn else own)
        await workspace.conversation.start_new()
        await self._listing.refresh()

    async def _come_back(self, comparison: Comparison, answer_id: str | None) -> None:
        """Show the chosen answer, else the end of the session, with the unsent text."""
        workspace, store = self._workspace, self._workspace.services.store
        session_id = comparison.session.id
        answer = (await store.messages([answer_id])).get(answer_id) if answer_id else None
        if answer is not None:
            await self._go_on(comparison, answer)
        elif comparison.hides_names:
            workspace.draft.go_along(session_id)
            await workspace.conversation.start_new()  # the chat would reveal the models
        elif workspace.conversation.session.id == session_id:
            session = await store.session(session_id) or comparison.session
            workspace.draft.go_along(session_id)
            await workspace.conversation.open(session)
        else:
            if answer_id is not None:
                workspace.notify("That answer was deleted meanwhile.", severity="warning")
            await workspace.draft.settle(session_id)
            await workspace.figures.refresh()
            await self._listing.refresh()

    async def _go_on(self, comparison: Comparison, answer: Message) -> None:
        workspace, services = self._workspace, self._workspace.services
        opens = answer.session_id
        await services.store.update_session(opens, model=answer.model, leaf_id=answer.id)
        if opens == comparison.session.id:
            await services.comparisons.save(replace(comparison.record, is_open=False))
        session = await services.store.session(opens)
        if session is None:
            return
        workspace.draft.go_along(comparison.session.id)
        await workspace.conversation.open(session, answer.id)
        if opens != comparison.session.id:
            workspace.notify(
                "Each model now has its own session: Ctrl+S lists them. What the answers cost so "
                "far counts in the comparison."
            )
        else:
            workspace.notify("Ctrl+K shows the columns of this comparison again.")
