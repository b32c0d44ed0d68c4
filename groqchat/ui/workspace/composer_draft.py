"""The text that is being written: a draft that belongs to a session and outlives the program."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.sessions.draft import KeptDraft
from groqchat.domain.sessions.unsaved import UNSAVED
from groqchat.ui.workspace.draft_writer import Draft, DraftWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from groqchat.domain.turns.chat import Message
    from groqchat.ui.conversation.branch import Branch
    from groqchat.ui.services import Drafts
    from groqchat.ui.widgets.prompt_area import PromptArea
    from groqchat.ui.widgets.reports_errors import Run

# A text is on the disk this long after it was typed at the latest, in seconds.
DELAY_S = 0.8


def _for_the_chat() -> None:
    """The text is written for the session on the screen."""


class ComposerDraft:
    """The draft in the composer, followed from session to session and where it is lent to.

    Args:
        area: The text area of the composer.
        branch: The branch on the screen, whose session the draft belongs to.
        drafts: The drafts on the disk, by the ids of sessions.
        run: Starts work whose expected errors are shown.
    """

    def __init__(self, area: PromptArea, branch: Branch, drafts: Drafts, run: Run) -> None:
        self._own_area = self._area = area
        self._branch = branch
        self._writer = DraftWriter(drafts)
        self._run = run
        self._written_for: Callable[[], str | None] = _for_the_chat
        self._timer: asyncio.TimerHandle | None = None
        # Whether the draft of the session on the screen stands in the composer.
        self._has_arrived = False
        self._has_ended = False
        # The session whose text is written on in the session that is opened next, or right now.
        self._going_along = self._came_along = ""

    @property
    def text(self) -> str:
        """The text in the composer or where it is lent to."""
        return self._area.text

    @property
    def shown(self) -> str:
        """The text with the labels of chips."""
        return self._area.shown

    @contextmanager
    def lent_to(self, area: PromptArea, session_id: Callable[[], str | None]) -> Iterator[None]:
        """Let the composer's text be written elsewhere for a while; it comes back.

        Args:
            area: Where it is written; it holds the composer's text already, with its labels.
            session_id: Names the session that it is written for; None: for the one on the screen.
        """
        area.chips = self._own_area.chips  # what is pasted in one is a chip in the other
        self._area, self._written_for = area, session_id
        self._own_area.begin_with("")
        yield  # a program that ends meanwhile keeps that text for that session
        self._area, self._written_for = self._own_area, _for_the_chat
        # Somebody may write on in the composer already.
        self._area.begin_with(area.text + self._area.text)

    # -- from session to session --------------------------------------------------------------

    def go_along(self, session_id: str) -> None:
        """Write the text of this session on in the session that is opened next."""
        self._going_along = session_id

    def leave(self) -> None:
        """Leave the text in the composer with this session: another one is about to be opened.

        A text that is written from now on belongs to the other one, before that is on the screen.
        """
        self._came_along, self._going_along = self._going_along, ""
        self._stop_timer()
        if not self._came_along:
            self._writer.leave(Draft(self._own, self._own_area.kept, is_whole=self._has_arrived))
            self._own_area.begin_with("")
        elif self._has_arrived and self._came_along != self._own:
            # What was kept of it here, before it was another session's, has gone with it.
            self._writer.leave(Draft(self._own, KeptDraft(), is_whole=True))
        self._has_arrived = False

    async def arrive(self) -> None:
        """Show the draft of the session that has been opened before what is written already.

        Raises:
            StorageError: Not all can be written; it is tried again with what is written next.
        """
        with suppress(StorageError):  # raised below, once the text here is followed again
            await self._writer.flush()
        came_along, self._came_along = self._came_along, ""
        if not self._has_arrived and came_along != self._own:
            draft = await self._writer.read(self._own)
            if draft.text and not self._has_arrived:
                self._area.chips.remember(draft)
                self._area.begin_with(draft.text + self._area.text)
        self._has_arrived = True
        await self._writer.flush()
        if came_along:
            await self.settle(came_along)

    async def settle(self, session_id: str) -> None:
        """Save the text of a session as that of the session on the screen."""
        await self.save()
        if session_id != self._own:
            await self._writer.write(session_id, KeptDraft())

    def saved_session(self, prompt: str) -> None:
        """Note that the draft of the unsaved session has become a prompt in a saved one."""
        self._run(self._forget(prompt), group="draft")

    async def _forget(self, prompt: str) -> None:
        """Keep of the unsaved session's draft only what was written behind the prompt.

        Another session may be open by now, and its draft written.
        """
        draft = await self._writer.read(UNSAVED)
        if draft.text.startswith(prompt):
            await self._writer.write(UNSAVED, draft.behind(len(prompt)))
        elif prompt.startswith(draft.text):
            await self._writer.write(UNSAVED, KeptDraft())
        self.keep()  # more may have been written meanwhile

    def is_for(self, session_id: str) -> bool:
        """Whether the text in the composer is written for this session."""
        return self._has_arrived and self._own == session_id

    async def keep_for(self, prompt: Message) -> None:
        """Save a prompt without an answer as the draft of its session, which was left."""
        await self._writer.flush()
        if not (await self._writer.read(prompt.session_id)).text:
            chips = self._own_area.chips
            draft = chips.kept(chips.shown(prompt.content))
            await self._writer.write(prompt.session_id, draft)

    # -- on the disk --------------------------------------------------------------------------

    def keep(self) -> None:
        """Save the text soon, and no later because more is typed."""
        if self._timer is None and not self._has_ended:
            self._timer = asyncio.get_running_loop().call_later(DELAY_S, self._keep_now)

    def _keep_now(self) -> None:
        self._timer = None
        self._run(self.save(), group="draft")

    async def save(self) -> None:
        """Save the text now; while a session is being opened, its own draft comes first."""
        self._stop_timer()
        await self._writer.flush()
        own, draft = self._own, self._area.kept
        place = self._written_for() or own
        if not self._has_arrived:
            return
        await self._writer.write(place, draft)
        if place != own:
            await self._writer.write(own, KeptDraft())

    async def rescue(self) -> None:
        """Save the text, whatever is still being opened: the program ends."""
        self._has_ended = True
        if not self._has_arrived:
            self._writer.leave(Draft(self._own, self._area.kept, is_whole=False))
        await self.save()

    @property
    def _own(self) -> str:
        return self._branch.draft_id

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
