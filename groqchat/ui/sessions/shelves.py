"""Commands and keys that put sessions in order: titles, pins, tags, archive, copies, bin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.sessions.labels import LONGEST_TAG, changed_tags
from groqchat.domain.text.redact import without_keys
from groqchat.services.sessions.duplicates import duplicate
from groqchat.ui.commands import OFF
from groqchat.ui.widgets.session_list import SessionList, Verb
from groqchat.ui.widgets.text import line
from groqchat.ui.workspace.unkept import with_loss

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping
    from typing import Any

    from textual.message import Message as Event

    from groqchat.domain.turns.chat import Session
    from groqchat.ui.sessions.opening import SessionListing, SessionOpening
    from groqchat.ui.workspace.workspace import Workspace

# The word in place of a title that has a model write one.
AUTO = "auto"
_LONGEST_TITLE = 40
_LONGEST_TAGS = 200


class SessionShelves:
    """Puts sessions in order: the open one by commands, that under the highlight by keys.

    Args:
        workspace: The parts of the chat.
        listing: The list of sessions.
        opening: Opens a copy.
        delete_part: Deletes a part of the open session.
        title_by: Has a model write a title; empty where there is none.
    """

    def __init__(
        self,
        workspace: Workspace,
        listing: SessionListing,
        opening: SessionOpening,
        delete_part: Callable[[str], Coroutine[Any, Any, None]],
        title_by: Callable[[Session, str], Awaitable[str]],
    ) -> None:
        self._workspace = workspace
        self._said = ""
        self._delete_part = delete_part
        self._title_by = title_by
        self._listing = listing
        self._opening = opening
        self._store = workspace.services.store
        self._bin = workspace.services.bin
        self._verbs: Mapping[Verb, Callable[[Session, str], Awaitable[None]]] = {
            Verb.RENAME: self._rename,
            Verb.PIN: self._pin,
            Verb.ARCHIVE: self._archive,
            Verb.TAG: self._tag,
            Verb.DUPLICATE: self._duplicate,
            Verb.DELETE: self._delete,
        }

    @property
    def commands(self) -> Mapping[str, Callable[[str], Coroutine[Any, Any, None]]]:
        """The methods that run the commands, by the ids of the commands."""
        return {
            "rename": self.rename,
            "delete": self.delete,
            "restore": self.restore_last,
            "bin": self.show_bin,
            "pin": self.pin,
            "archive": self.archive,
            "tag": self.tag,
            "duplicate": self.duplicate,
        }

    async def handle(self, event: Event) -> None:
        """Act on a key that was pressed in the list."""
        run = self._workspace.run
        match event:
            case SessionList.Acted(verb, session_id):
                run(self._act(verb, session_id), group="command")
            case SessionList.BinWanted():
                run(self.show_bin(""), group="command")
            case SessionList.UndoWanted():
                run(self.restore_last(""), group="command")
            case SessionList.Filtered(written):
                narrow = self._listing.narrow
                self._workspace.run_alone(lambda: narrow(written), group="filter")

    async def _act(self, verb: Verb, session_id: str) -> None:
        session = await self._store.session(session_id)
        if session is not None:
            await self._verbs[verb](session, "")

    # -- commands about the open session --------------------------------------------------------

    async def rename(self, argument: str) -> None:
        """Give the open session a title."""
        branch = self._workspace.conversation.branch
        session = await self._store.session(branch.session.id) or branch.session
        word, _, model = argument.partition(" ")
        if word == AUTO:
            argument = await self._title_by(session, model.strip())
            if not argument:
                return
        await self._rename(session, argument)

    async def pin(self, _: str) -> None:
        """Pin the open session above the others, or no longer."""
        await self._to_open(self._pin)

    async def archive(self, _: str) -> None:
        """Take the open session out of the lists, or put it back."""
        await self._to_open(self._archive)

    async def tag(self, argument: str) -> None:
        """Show or change the tags of the open session."""
        await self._to_open(self._tag, argument)

    async def duplicate(self, _: str) -> None:
        """Go on in a copy of the open session."""
        await self._to_open(self._duplicate)

    async def delete(self, part: str) -> None:
        """Put the open session into the bin, or delete a part of it."""
        if part:
            await self._delete_part(part)
        else:
            await self._to_open(self._delete)

    async def _to_open(
        self, act: Callable[[Session, str], Awaitable[None]], argument: str = ""
    ) -> None:
        session = await self._store.session(self._workspace.conversation.session.id)
        if session is None:
            self._workspace.notify("This session is not saved yet; it is with its first prompt.")
        else:
            await act(session, argument)

    # -- what is done to one session ------------------------------------------------------------

    async def _rename(self, session: Session, argument: str) -> None:
        from groqchat.ui.dialogs.rename import RenameScreen

        workspace = self._workspace
        branch = workspace.conversation.branch
        title = without_keys(argument or await workspace.ask(RenameScreen(session.title)) or "")
        if not title:
            return
        is_open = session.id == branch.session.id
        if is_open:  # an unsaved one is saved with its first prompt
            branch.session = replace(branch.session, title=title)
        await self._change(session, title=title)
        later = "; it is saved with its first prompt" if is_open and not branch.leaf_id else ""
        said = f"The session is called “{line(title)}” now{later}."
        workspace.notify(with_loss(workspace.services, said))

    async def _pin(self, session: Session, _: str) -> None:
        await self._change(session, is_pinned=not session.is_pinned)
        how = "is no longer pinned" if session.is_pinned else "is pinned above the others"
        self._say(session, how)

    async def _archive(self, session: Session, _: str) -> None:
        await self._change(session, is_archived=not session.is_archived)
        where = "is in the archive; /sessions is:archived lists it"
        self._say(session, "is in the list again" if session.is_archived else where)

    async def _tag(self, session: Session, argument: str) -> None:
        from groqchat.ui.dialogs.ask_words import Words

        workspace, before = self._workspace, " ".join(session.tags)
        if not argument:
            about = "Words with spaces between them; the list finds them as tag:WORD."
            written = await workspace.ask(Words("Tags", before, _LONGEST_TAGS, about))
            if written is None or written == before:
                return
            argument = written or OFF
        tags = () if argument == OFF else changed_tags(session.tags, argument)
        await self._change(session, tags=tags)
        named = " ".join(f"#{tag[:LONGEST_TAG]}" for tag in tags)
        self._say(session, f"has the tags {named}" if tags else "has no tags")

    async def _duplicate(self, session: Session, _: str) -> None:
        services = self._workspace.services
        copy = await duplicate(self._store, session.id, services.new_id, services.clock.now())
        if copy is not None:
            await self._opening.open(copy.id)
            self._say(copy, "is open; the session before is as it was")

    async def _delete(self, session: Session, _: str) -> None:
        conversation = self._workspace.conversation
        is_open = session.id == conversation.session.id
        await conversation.turns.stop(session.id)
        conversation.turns.forget(session.id)
        await self._bin.put([session.id])
        if is_open:
            self._workspace.draft.go_along(session.id)
            await conversation.start_new()
        await self._listing.refresh()
        self._say(session, "is in the bin for 30 days; /restore brings it back")

    async def _change(self, session: Session, **changes: object) -> None:
        await self._store.update_session(session.id, **changes)
        await self._listing.refresh()

    def _say(self, session: Session, what: str) -> None:
        """Say what became of a session, in the place of what was said before."""
        self._workspace.toasts.withdraw(self._said)
        said = f"“{line(session.title, _LONGEST_TITLE)}” {what}."
        self._said = with_loss(self._workspace.services, said)
        self._workspace.notify(self._said)

    # -- the bin --------------------------------------------------------------------------------

    async def show_bin(self, _: str) -> None:
        """Show the deleted sessions, to bring them back or to delete them for good."""
        from groqchat.ui.sessions.bin import BinScreen

        workspace = self._workspace
        session = await workspace.ask(BinScreen(workspace.services))
        await self._listing.refresh()
        if session is not None:
            self._say(session, "is restored")

    async def restore_last(self, _: str) -> None:
        """Bring back the session that was deleted last."""
        last = next(iter(await self._bin.sessions(limit=1)), None)
        if last is None:
            self._workspace.notify("The bin is empty; there is nothing to restore.")
            return
        await self._bin.restore([last.id])
        await self._listing.refresh()
        self._say(last, "is restored")
