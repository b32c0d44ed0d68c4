"""The session on the screen: which one it is, its options, and the branch that is shown of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.message import Message as WidgetMessage

from groqchat.domain.sessions.options import beginning, followed, remembered
from groqchat.ui.conversation.branch_view import BranchView
from groqchat.ui.conversation.own_options import SessionOptions, before_summaries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.settings import Settings
    from groqchat.domain.turns.chat import Message, Session
    from groqchat.ui.services import Services
    from groqchat.ui.transcript.view import Transcript


class SessionView(SessionOptions, BranchView):
    """Shows one branch of one session.

    Args:
        services: The services.
    """

    @dataclass
    class Opened(WidgetMessage):
        """Another session is on the screen; ``is_put_back``: before a compaction that broke off."""

        session: Session
        is_put_back: bool = False

    def __init__(self, services: Services, *, id: str | None = None) -> None:
        super().__init__(services, id=id)
        # Called when another branch is on the screen.
        self.moved: Callable[[], None] = lambda: None
        # Whether a turn or a compaction runs in a session.
        self.is_taken: Callable[[str], bool] = lambda _session_id: False
        self.begin_options(beginning(services.settings, ""))
        # The model that was named for this run; new sessions begin with it.
        self.named_model: str | None = None
        self._opening = asyncio.Lock()

    def tell_screen(self, message: WidgetMessage) -> None:
        """Tell the screen something at once, not by way of all that lies between."""
        if self.is_attached:
            self.screen.post_message(message)

    async def open(self, session: Session, message_id: str | None = None) -> None:
        """Show a saved session where it was left, or at one of its messages."""
        async with self._opening:
            leaf = await self.leaf_to_open(session, message_id)
            end = await self.branch.end_at(leaf)
            is_left = message_id is None and not self.is_taken(session.id)
            if is_put_back := is_left and (before := before_summaries(end)) is not None:
                leaf = before
                await self._services.store.update_session(session.id, leaf_id=leaf)
                end = await self.branch.end_at(leaf)
            # Only now, and all at once: a prompt may be sent at any moment.
            self.leave_turn()
            self.branch.session = session
            self.options = remembered(session, self._services.settings, self.options.model)
            self._show_end(leaf, end, message_id)
            self.join_turn()
            await self._show_rest(leaf, end, message_id)
        self.tell_screen(self.Opened(session, is_put_back))

    async def leaf_to_open(self, session: Session, message_id: str | None) -> str | None:
        """The leaf of the branch that a session is opened at: where it was left, if that fits."""
        store, leaf_id = self._services.store, session.leaf_id
        if message_id is None or message_id == leaf_id:
            return leaf_id
        is_shown = leaf_id is not None and message_id in (await store.outline(leaf_id)).ids
        return leaf_id if is_shown else await store.leaf_below(message_id)

    def leave_turn(self) -> None:
        """Show nothing more of the turn of the session on the screen: another one is shown now."""

    def join_turn(self) -> None:
        """Show the turn of the session that is on the screen now, if there is one."""

    async def start_new(self) -> None:
        """Show an empty session; it is saved with its first prompt."""
        async with self._opening:
            self.leave_turn()
            self.branch.start_new()
            new = beginning(self._services.settings, self.options.model)
            self.options = replace(new, model=self.named_model or new.model)
            self.transcript.show([])
            self.begin(False)
        self.tell_screen(self.Opened(self.session))

    def follow_settings(self, before: Settings) -> None:
        """Take up settings that were changed, as long as nothing was said in the session."""
        settings = self._services.settings
        if self.branch.leaf_id is None:
            self.options = followed(self.options, before, settings)
        if settings.show_reasoning != before.show_reasoning:
            self._unfolds = settings.show_reasoning
        if settings.show_images != before.show_images:
            self.show_images(settings.show_images)
        if settings.show_times != before.show_times:
            self.show_times(settings.show_times)

    async def on_transcript_version_asked(self, event: Transcript.VersionAsked) -> None:
        """`[` and `]` on a message show its previous and next version."""
        event.stop()
        beside = await self.branch.version_beside(event.entry_id, event.step)
        if beside is not None:
            version_id, leaf_id = beside
            end = await self.branch.end_at(leaf_id)
            is_near = version_id in {message.id for message in end}
            await self._show_way(leaf_id, end, None if is_near else version_id)
            self.transcript.current = version_id

    async def show_branch(self, leaf_id: str | None, message_id: str | None = None) -> None:
        """Show the way to a leaf, at one of its messages if one is named, else at its end.

        Texts follow when they come into view.
        """
        await self._show_way(leaf_id, await self.branch.end_at(leaf_id), message_id)
        self.moved()

    async def _show_way(
        self, leaf_id: str | None, end: Sequence[Message], message_id: str | None = None
    ) -> None:
        """Show a branch of the session on the screen, at one of its messages if one is named."""
        if end and end[-1].session_id != self.session.id:
            return  # another session was opened while it was read
        self._show_end(leaf_id, end, message_id)
        await self._show_rest(leaf_id, end, message_id)
