"""Sessions as numbered lists: opened, searched, their branches, and what is deleted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.images.shown import line
from groqchat.domain.sessions.deletion import Refusal
from groqchat.domain.sessions.queries import QueryError, read_query
from groqchat.domain.text.humanize import counted
from groqchat.domain.turns.chat import Role
from groqchat.services.sessions.dates import day_start
from groqchat.services.sessions.duplicates import duplicate, fork
from groqchat.ui.workspace.unkept import with_loss

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from groqchat.cli.plain.console.choices import Choices
    from groqchat.cli.plain.console.draft import Draft
    from groqchat.cli.plain.queueing import PlainQueue
    from groqchat.cli.plain.seat import Seat
    from groqchat.domain.sessions.summaries import Hit
    from groqchat.domain.turns.chat import Message, Session

_MOST_LISTED = 20
_LONGEST_TITLE = 60
_LONGEST_PROMPT = 100
_UNSAVED = "This session is not saved yet; it is with its first prompt."


class PlainSessions:
    """Commands about sessions.

    Args:
        seat: The parts of the chat.
        choices: Offers what is listed, by number.
        draft: The unsent text of each session.
        queue: The queued prompts of each session.
    """

    def __init__(self, seat: Seat, choices: Choices, draft: Draft, queue: PlainQueue) -> None:
        self._seat = seat
        self._services = seat.services
        self._say = seat.lines.say
        self._choices = choices
        self._draft = draft
        self._queue = queue

    def _stored(self, said: str) -> None:
        """Say that something is stored, and if it is not for long."""
        self._say(with_loss(self._services, said))

    # -- opening ------------------------------------------------------------------------------

    async def begin(self, _: str) -> None:
        """Begin an empty session."""
        await self._seat.conversation.start_new()
        self._say(f"New session. Model: {self._seat.options.model}.")
        await self._draft.read()

    async def open(self, session: Session, message_id: str | None = None) -> None:
        """Open a session, and say where it stands."""
        conversation = self._seat.conversation
        await conversation.open(session, message_id)
        turns = counted(session.turns, "answer")
        title = line(session.title, _LONGEST_TITLE)
        self._say(f"Session “{title}”: {turns}. Model: {conversation.options.model}.")
        prompt = await conversation.branch.last_prompt()
        if prompt is not None:
            self._say(f"Last prompt: {line(prompt.content, _LONGEST_PROMPT)}")
            self._say(await self._of_its_answer())
        await self._services.store.note_end(session.id, None)
        await self._queue.read()
        await self._draft.read()

    async def _of_its_answer(self) -> str:
        """The sentence on the answer to the last prompt of the open session."""
        conversation = self._seat.conversation
        if conversation.branch.unanswered is not None and not conversation.is_busy:
            return "It has no answer yet; /retry asks it again."
        answer = await conversation.branch.last_answer()
        if answer is None or not conversation.is_answered_elsewhere(answer):
            return "/last reads its answer."
        return "It is being answered in another program; /last reads what has come."

    def _opening(
        self, session_id: str, message_id: str | None = None
    ) -> Callable[..., Awaitable[None]]:
        async def open_it() -> None:
            session = await self._services.store.session(session_id)
            if session is not None:
                await self.open(session, message_id)

        return open_it

    # -- lists --------------------------------------------------------------------------------

    async def list(self, written: str) -> None:
        """List sessions that match a filter, to be opened by number."""
        now = self._services.clock.now()
        try:
            query = read_query(written, partial(day_start, now=now))
        except QueryError as mistake:
            self._say(str(mistake))
            return
        store = self._services.store
        found = (
            await store.matching(query, limit=_MOST_LISTED, pinned_first=True)
            if query
            else await store.sessions(limit=_MOST_LISTED, pinned_first=True)
        )
        if not found:
            self._say("Nothing matches." if written else "Nothing is saved yet.")
            return
        self._choices.number(
            [(self._label(session), self._opening(session.id)) for session in found],
            "Type a number to open it. /sessions and words lists those that match.",
        )

    def _label(self, session: Session) -> str:
        from groqchat.cli.sessions.lists import day

        here = "open now, " if session.id == self._seat.conversation.session.id else ""
        busy = "being answered, " if self._seat.conversation.turns.is_running(session.id) else ""
        pinned = "pinned, " if session.is_pinned else ""
        tags = "".join(f" #{tag}" for tag in session.tags)
        title = line(session.title, _LONGEST_TITLE)
        what = f"{here}{busy}{pinned}{counted(session.turns, 'answer')}, {day(session.updated)}"
        return f"{title}{tags}: {what}"

    async def search(self, written: str) -> None:
        """Search all sessions for words, to open a message by number."""
        if not written:
            self._say("Write /search and the words to look for.")
            return
        try:
            hits = await self._services.store.search(written, limit=_MOST_LISTED)
        except QueryError as mistake:
            self._say(str(mistake))
            return
        if not hits:
            self._say("No message matches.")
            return
        self._choices.number(
            [(_hit(hit), self._opening(hit.session_id, hit.message_id)) for hit in hits],
            "Type a number to open the session there.",
        )

    async def branches(self, _: str) -> None:
        """List the branches of the open session by their last prompts."""
        conversation = self._seat.conversation
        everything = await self._services.store.everything(conversation.session.id)
        by_id = {each.id: each for each in everything}
        parents = {each.parent_id for each in everything}
        leaves = [each for each in everything if each.id not in parents]
        if len(leaves) < 2:
            self._say("This session has one branch. /edit and /retry make others.")
            return

        def standing(leaf: Message) -> Callable[[], Awaitable[None]]:
            async def stand() -> None:
                store, session = self._services.store, conversation.session
                await store.update_session(session.id, leaf_id=leaf.id)
                await conversation.show_branch(leaf.id)
                self._say("The next prompt follows this branch. /last reads its answer.")

            return stand

        self._choices.number(
            [(self._branch_label(leaf, by_id), standing(leaf)) for leaf in leaves],
            "Type a number to go there.",
        )

    def _branch_label(self, leaf: Message, by_id: dict[str, Message]) -> str:
        at: Message | None = leaf
        while at is not None and at.role is not Role.USER:
            at = by_id.get(at.parent_id or "")
        here = "here now, " if leaf.id == self._seat.conversation.branch.leaf_id else ""
        asked = line(at.content, _LONGEST_PROMPT) if at else "no prompt"
        author = f" {leaf.author}:" if leaf.role is Role.ASSISTANT else ""
        said = line(leaf.content, _LONGEST_PROMPT) if leaf is not at else "not answered"
        return f"{here}{asked} —{author} {said}"

    # -- copies -------------------------------------------------------------------------------

    async def copy(self, _: str) -> None:
        """Go on in a copy of the open session with all branches."""
        services, session_id = self._services, self._seat.conversation.session.id
        now = services.clock.now()
        await self._opened_copy(await duplicate(services.store, session_id, services.new_id, now))

    async def fork(self, _: str) -> None:
        """Go on in a copy of the open branch alone."""
        services, branch = self._services, self._seat.conversation.branch
        if branch.leaf_id is None:
            self._say(_UNSAVED)
            return
        now, new_id = services.clock.now(), services.new_id
        await self._opened_copy(await fork(services.store, branch.leaf_id, new_id, now))

    async def _opened_copy(self, copy: Session | None) -> None:
        if copy is None:
            self._say(_UNSAVED)
        else:
            await self.open(copy)
            self._stored("This is the copy; the session before is as it was.")

    # -- what is deleted ----------------------------------------------------------------------

    async def delete(self, part: str) -> None:
        """Put the open session into the bin, or delete its last message or its branch."""
        conversation = self._seat.conversation
        leaf_id = conversation.branch.leaf_id
        if leaf_id is None:
            self._say("There is nothing to delete yet; this session has no message.")
        elif conversation.is_busy:
            self._say("An answer is being written here; Ctrl+C stops it.")
        elif not part:
            session_id = conversation.session.id
            conversation.turns.forget(session_id)
            await self._services.bin.put([session_id])
            self._stored("The session is in the bin for 30 days; /restore brings it back.")
            await self.begin("")
        elif part == "message":
            await self._delete_message(leaf_id, with_branch=False)
        elif part == "branch":
            versions = (await conversation.branch.outline()).versions
            if not versions:
                self._say("This session has one branch; /delete puts all of it into the bin.")
                return
            first = (await conversation.branch.outline()).ids[max(versions)]
            await self._delete_message(first, with_branch=True)
        else:
            self._say("Write /delete for the session, /delete message, or /delete branch.")

    async def _delete_message(self, message_id: str, *, with_branch: bool) -> None:
        conversation = self._seat.conversation
        found = await self._services.bin.put_messages(message_id, with_branch=with_branch)
        if isinstance(found, Refusal):
            self._say(str(found))
            return
        conversation.turns.forget(conversation.session.id)  # it holds the last answer
        await conversation.show_branch(found.leaf_id)
        self._stored(f"Deleted: {counted(len(found.ids), 'message')}. /undo brings back.")

    async def undo(self, _: str) -> None:
        """Bring back what was deleted last of the open session."""
        conversation = self._seat.conversation
        restored = await self._services.bin.restore_messages(conversation.session.id)
        if restored is None:
            self._say("No deleted message is left here; /restore brings back a deleted session.")
            return
        await conversation.show_branch(restored.leaf_id)
        self._stored(f"Restored: {counted(len(restored.ids), 'message')}.")

    async def restore(self, _: str) -> None:
        """Bring back the session that was deleted last."""
        await self._restore_one(await self._services.bin.sessions(limit=1))

    async def _restore_one(self, sessions: Sequence[Session]) -> None:
        if not sessions:
            self._say("The bin is empty; there is nothing to restore.")
            return
        await self._services.bin.restore([sessions[0].id])
        self._stored("Restored.")
        await self._opening(sessions[0].id)()

    async def list_bin(self, _: str) -> None:
        """List the deleted sessions, to be restored by number."""
        deleted = await self._services.bin.sessions(limit=_MOST_LISTED)
        if not deleted:
            self._say("The bin is empty.")
            return
        self._choices.number(
            [(self._label(each), partial(self._restore_one, [each])) for each in deleted],
            "Type a number to restore it. `groqchat sessions bin --empty` deletes all for good.",
        )


def _hit(hit: Hit) -> str:
    return f"{line(hit.session_title, _LONGEST_TITLE)}: {line(''.join(t for t, _ in hit.snippet))}"
