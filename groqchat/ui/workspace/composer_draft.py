"""The text that is being written: a draft that belongs to a session and outlives the program."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.text.redact import holds_key
from groqchat.ui.conversation.branch import UNSAVED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from groqchat.domain.turns.chat import Message
    from groqchat.ui.conversation.branch import Branch
    from groqchat.ui.parts import Drafts
    from groqchat.ui.widgets.prompt_area import PromptArea
    from groqchat.ui.widgets.reports_errors import Run

# What is written is on the disk this long after it was typed at the latest, in seconds.
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
        self._drafts = drafts
        self._run = run
        self._written_for: Callable[[], str | None] = _for_the_chat
        self._timer: asyncio.TimerHandle | None = None
        # Under which name, the text, and whether that is all there is of it.
        self._left: list[tuple[str, str, bool]] = []
        self._flushing = asyncio.Lock()
        self._has_arrived = self._has_ended = False
        self._going_along = self._came_along = ""

    @property
    def text(self) -> str:
        """What is being written, in the composer or where its text is lent to."""
        return self._area.text

    @contextmanager
    def lent_to(self, area: PromptArea, session_id: Callable[[], str | None]) -> Iterator[None]:
        """Let the composer's text be written elsewhere for a while; it comes back.

        Args:
            area: Where it is written; it holds the composer's text already.
            session_id: Names the session that it is written for; None: for the one on the screen.
        """
        self._area, self._written_for = area, session_id
        self._own_area.begin_with("")
        yield  # where the program ends meanwhile, what stands there is kept for that session
        self._area, self._written_for = self._own_area, _for_the_chat
        # Somebody may write on in the composer already.
        self._area.begin_with(area.text + self._area.text)

    # -- from session to session --------------------------------------------------------------

    def go_along(self, session_id: str) -> None:
        """What is written for this session is written on in the one that is opened right now."""
        self._going_along = session_id

    def leave(self) -> None:
        """Another session is about to be opened: what stands in the composer stays with this one.

        What is written from now on belongs to the other, even before that is on the screen.
        """
        self._came_along, self._going_along = self._going_along, ""
        self._stop_timer()
        if not self._came_along:
            self._left.append((self._own, self._own_area.text, self._has_arrived))
            self._own_area.begin_with("")
        self._has_arrived = False

    async def arrive(self) -> None:
        """Another session is open: what was unsent in it stands before what is written already.

        Raises:
            StorageError: Not all can be written down; it is tried again with what is written next.
        """
        with suppress(StorageError):  # told below, once what is written here is followed again
            await self._flush()
        came_along, self._came_along = self._came_along, ""
        if not self._has_arrived and came_along != self._own:
            draft = await self._drafts.draft(self._own)
            if draft and not self._has_arrived:
                self._area.begin_with(draft + self._area.text)
        self._has_arrived = True
        await self._flush()
        if came_along:
            await self.settle(came_along)

    async def settle(self, session_id: str) -> None:
        """What was written for a session is for the one on the screen now; write that down."""
        await self.save()
        if session_id != self._own:
            await self._write(session_id, "")

    def saved_session(self, prompt: str) -> None:
        """What was being written in the unsaved session is a prompt in a saved one now."""
        self._run(self._forget(prompt), group="draft")

    async def _forget(self, prompt: str) -> None:
        """Keep of the unsaved session's draft only what was written behind the prompt.

        Another session may be open by now, and its draft written down.
        """
        draft = await self._drafts.draft(UNSAVED)
        if draft.startswith(prompt):
            await self._write(UNSAVED, draft[len(prompt) :].lstrip("\n"))
        elif prompt.startswith(draft):
            await self._write(UNSAVED, "")
        self.keep()  # more may have been written down meanwhile

    def is_for(self, session_id: str) -> bool:
        """Whether what is written now is written for this session."""
        return self._has_arrived and self._own == session_id

    async def keep_for(self, prompt: Message) -> None:
        """A prompt got no answer, and its session is left: it waits there, to be sent again."""
        await self._flush()
        if not await self._drafts.draft(prompt.session_id):
            await self._write(prompt.session_id, prompt.content)

    # -- on the disk --------------------------------------------------------------------------

    def keep(self) -> None:
        """Write it down soon, and no later because more is typed."""
        if self._timer is None and not self._has_ended:
            self._timer = asyncio.get_running_loop().call_later(DELAY_S, self._keep_now)

    def _keep_now(self) -> None:
        self._timer = None
        self._run(self.save(), group="draft")

    async def save(self) -> None:
        """Write it down now; while a session is being opened, its own draft comes first."""
        self._stop_timer()
        await self._flush()
        own, text = self._own, self.text
        place = self._written_for() or own
        if not self._has_arrived:
            return
        await self._write(place, text)
        if place != own:
            await self._write(own, "")

    async def rescue(self) -> None:
        """The program ends: write it down, whatever is still being opened."""
        self._has_ended = True
        if not self._has_arrived:
            self._left.append((self._own, self.text, False))
        await self.save()

    async def _flush(self) -> None:
        """Write down what was left with other sessions; what cannot be is tried again."""
        async with self._flushing:
            while self._left:
                draft_id, text, is_whole = self._left[0]
                if not is_whole:
                    text = await self._drafts.draft(draft_id) + text
                await self._write(draft_id, text)
                self._left.pop(0)

    @property
    def _own(self) -> str:
        return self._branch.draft_id

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _write(self, draft_id: str, text: str) -> None:
        """A text that holds a key belongs into no file."""
        await self._drafts.save_draft(draft_id, "" if holds_key(text) else text)
