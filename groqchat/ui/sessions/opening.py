"""Sessions that are opened on the chat's screen, and what follows when another one is shown."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.sessions.groups import by_day
from groqchat.domain.sessions.queries import QueryError, read_query
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.services.sessions.dates import day_name, day_start
from groqchat.services.turns.running_turn import Phase
from groqchat.ui.widgets.session_list import TurnMark
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
    from typing import Any

    from groqchat.domain.turns.chat import Session
    from groqchat.services.ports import SessionStore
    from groqchat.services.turns.running_turn import RunningTurn
    from groqchat.ui.conversation.conversation import Conversation
    from groqchat.ui.widgets.session_list import SessionList
    from groqchat.ui.widgets.status_line import StatusLine
    from groqchat.ui.widgets.toasts import Notify
    from groqchat.ui.workspace.workspace import Workspace

# A session that goes on is listed first this much later, in seconds.
LATER_S = 0.1
# A filter is applied this long after its last letter, in seconds.
DEBOUNCE_S = 0.15
# How many sessions the list at the left shows; the rest is found by searching.
LISTED_SESSIONS = 200
# Of a title in a notice, in characters.
LONGEST_TITLE = 40


class SessionListing:
    """Fills the list of sessions at the left, with a mark at those that are or were answered.

    Args:
        store: The saved sessions.
        session_list: The list on the screen.
        conversation: The conversation, whose session is marked in the list.
        status: The line that says where there is no list how many sessions are answered.
        is_seen: Whether the list is on the screen.
        notify: Shows a notice.
        now: The Unix time.
    """

    def __init__(
        self,
        store: SessionStore,
        session_list: SessionList,
        conversation: Conversation,
        status: StatusLine,
        *,
        is_seen: Callable[[], bool],
        notify: Notify,
        now: Callable[[], float],
    ) -> None:
        self._store = store
        self._now = now
        # Gives the sessions whose queues wait for the user.
        self.stuck: Callable[[], Sequence[str]] = tuple
        # Gives what the sessions do whose columns are being answered behind the chat.
        self.compared: Callable[[], Mapping[str, TurnMark]] = dict
        self._written = ""
        self._list = session_list
        self._conversation = conversation
        self._status = status
        self._is_seen = is_seen
        self._notify = notify
        self._sessions: Sequence[Session] = ()
        # The marks of sessions whose turns ended unseen in an earlier run.
        self._unseen: Mapping[str, TurnMark] = {}
        # By which filter they were found, and the words where there are none.
        self._answered, self._nothing = "", ""
        self._count = 0

    async def refresh_soon(self) -> None:
        """List them a moment later, unless that is done meanwhile: what is sent comes before it."""
        before = self._count
        await asyncio.sleep(LATER_S)
        if self._count == before:
            await self.refresh()

    async def narrow(self, written: str) -> None:
        """List what matches a filter from now on, when the typing pauses."""
        self._written = written
        await asyncio.sleep(DEBOUNCE_S)
        await self.refresh()

    async def refresh(self) -> None:
        """List the sessions as they are now."""
        self._count += 1
        written, now = self._written, self._now()
        self._sessions, self._nothing = await self._wanted(written, now)
        self._answered = written
        ends = await self._store.unseen_ends()
        self._unseen = {id_: _MARKS[end] for id_, end in ends.items() if end in _MARKS}
        self.show_marks()

    async def _wanted(self, written: str, now: float) -> tuple[Sequence[Session], str]:
        """The sessions that match, and the words where there are none."""
        try:
            query = read_query(written, partial(day_start, now=now))
        except QueryError as mistake:
            return (), str(mistake)
        if query:
            found = await self._store.matching(query, limit=LISTED_SESSIONS, pinned_first=True)
            return found, "Nothing matches"
        found = await self._store.sessions(limit=LISTED_SESSIONS, pinned_first=True)
        return found, "Nothing saved yet"

    def show_marks(self) -> None:
        """Show the sessions that were read last with what their turns do now."""
        current, turns = self._conversation.session.id, self._conversation.turns
        of_listed = map(turns.of, (session.id for session in self._sessions))
        now_marked = {turn.session.id: mark_of(turn) for turn in of_listed if turn is not None}
        paused = dict.fromkeys(self.stuck(), TurnMark.PAUSED)
        failed = {id_: mark for id_, mark in now_marked.items() if mark is TurnMark.FAILED}
        marks = {**self._unseen, **now_marked, **paused, **failed, **self.compared()}
        marks[current] = now_marked.get(current)
        now = self._now()
        self._list.show(
            by_day(self._sessions, lambda time: day_name(time, now)),
            current,
            marks,
            written=self._answered,
            nothing=self._nothing,
        )
        going = (turn.session.id for turn in turns.running if not turn.is_over)
        self._status.show(others=sum(session_id != current for session_id in going))

    async def seen(self, session_id: str) -> None:
        """Note that the end of a session's last turn was seen."""
        if session_id in self._unseen:
            await self._store.note_end(session_id, None)

    async def tell_end(self, turn: RunningTurn) -> None:
        """Say where an answer ended that nobody saw, unless the list shows it.

        The mark is remembered until the session is opened, also over a restart.
        """
        mark = mark_of(turn)
        if mark in _ENDS:
            await self._store.note_end(turn.session.id, mark.name.lower())
            self._unseen = {**self._unseen, turn.session.id: mark}
        is_summary = turn.prompt is not None and turn.prompt.kind is MessageKind.SUMMARY
        if self._is_seen() or mark not in _ENDS or is_summary:
            return  # how a compaction ends is told by itself
        session = await self._store.session(turn.session.id)
        if session is not None:
            title = line(session.title, LONGEST_TITLE)
            self._notify(f"“{title}” {_ENDS[mark]}. Ctrl+S leads to the session.")


NOT_COMPACTED = "The conversation was not compacted; it goes on as it was before."
_ENDS = {TurnMark.UNREAD: "is answered", TurnMark.FAILED: "has failed"}


_MARKS = {mark.name.lower(): mark for mark in _ENDS}


def mark_of(turn: RunningTurn) -> TurnMark | None:
    """What the list says about the last turn of a session; nothing once its end was seen."""
    if turn.is_over:
        if turn.phase is Phase.FAILED:
            return None if turn.is_put_away else TurnMark.FAILED
        return TurnMark.UNREAD if turn.phase is Phase.ENDED and not turn.is_seen else None
    if turn.phase is Phase.ASKING:
        return TurnMark.ASKING
    return TurnMark.WAITING if turn.phase is Phase.WAITING else TurnMark.WRITING


class SessionOpening:
    """Opens sessions on the chat's screen.

    Args:
        workspace: The parts of the chat.
        listing: The list of sessions.
        put_away: Hides what lies over the conversation.
        replace_gone: Replaces models that are gone, as that of the session may be.
        reopen: Opens the columns of a session that was left as a comparison.
    """

    def __init__(
        self,
        workspace: Workspace,
        listing: SessionListing,
        put_away: Callable[[], None],
        replace_gone: Callable[[], Awaitable[None]],
        reopen: Callable[[str], Coroutine[Any, Any, None]],
    ) -> None:
        self._workspace = workspace
        self._listing = listing
        self._put_away = put_away
        self._replace_gone = replace_gone
        self._reopen = reopen

    def choose(self, session_id: str) -> None:
        """Open a session in place of one that is being opened; its end is painted first."""
        self._workspace.run_alone(partial(self.open, session_id), group="open")

    async def open(self, session_id: str, message_id: str | None = None) -> None:
        """Show a session, at one of its messages if one is named."""
        self._put_away()
        workspace = self._workspace
        session = await workspace.services.store.session(session_id)
        if session is None:
            return
        await workspace.conversation.open(session, message_id)
        if message_id is not None and not workspace.conversation.transcript.holds(message_id):
            workspace.notify(
                "That message is in another version; [ and ] show it after the answer."
            )
        if message_id is None:
            workspace.run(self._reopen(session_id), group="columns")

    async def opened(self, *, is_put_back: bool = False) -> None:
        """Show the draft and the figures of the session that has been opened.

        Args:
            is_put_back: Whether it stands before a compaction that did not come to its end.
        """
        workspace = self._workspace
        if is_put_back:
            workspace.notify(NOT_COMPACTED, severity="warning")
        await self._listing.seen(workspace.conversation.session.id)
        await self._replace_gone()
        workspace.figures.opened(await workspace.conversation.branch.last_answer())
        await workspace.draft.arrive()
        workspace.composer.area.focus()
        await workspace.figures.refresh()
        await self._listing.refresh()
