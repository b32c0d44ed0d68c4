"""Messages of the open session that are deleted, and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.sessions.deletion import Refusal
from groqchat.domain.text.humanize import counted
from groqchat.ui.workspace.unkept import with_loss

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from groqchat.domain.turns.chat import Message
    from groqchat.ui.workspace.workspace import Workspace

_BUSY = "An answer is being written here; stop it with Esc, or delete when it has ended."


class MessageDeletion:
    """Deletes messages of the open session, and undoes that.

    Args:
        workspace: The parts of the chat.
        list_anew: Lists the sessions again.
    """

    def __init__(self, workspace: Workspace, list_anew: Callable[[], Awaitable[None]]) -> None:
        self._workspace = workspace
        self._list_anew = list_anew
        self._bin = workspace.services.bin

    async def delete(self, message_id: str, *, with_branch: bool = False) -> str:
        """Delete a message, or a message with all that follows it; returns a sentence on it."""
        conversation = self._workspace.conversation
        session_id = conversation.session.id
        if conversation.is_busy:
            return _BUSY
        near = self._beside(message_id)
        found = await self._bin.put_messages(message_id, with_branch=with_branch)
        if isinstance(found, Refusal):
            return str(found)
        conversation.turns.forget(session_id)  # it holds the last answer
        await self._show(session_id, found.leaf_id, near)
        them = "it" if len(found.ids) == 1 else "them"
        said = counted(len(found.ids), "message")
        told = f"Deleted: {said}. /undo brings {them} back for 30 days."
        return with_loss(self._workspace.services, told)

    async def undo(self) -> str:
        """Bring back what was deleted last; returns a sentence on it."""
        conversation = self._workspace.conversation
        session_id = conversation.session.id
        if conversation.is_busy:
            return _BUSY
        restored = await self._bin.restore_messages(session_id)
        if restored is None:
            return "No deleted message is left here; /restore brings back a deleted session."
        first = restored.ids[0] if restored.ids else None
        await self._show(session_id, restored.leaf_id, first)
        said = f"Restored: {counted(len(restored.ids), 'message')}."
        return with_loss(self._workspace.services, said)

    async def messages(self) -> tuple[Sequence[Message], str | None]:
        """All messages of the open session, and the last one of the branch that is shown."""
        conversation = self._workspace.conversation
        everything = await self._workspace.services.store.everything(conversation.session.id)
        return everything, conversation.branch.leaf_id

    # -- commands and keys ----------------------------------------------------------------------

    async def delete_one(self, message_id: str) -> None:
        """Delete a message, and say so."""
        self._workspace.notify(await self.delete(message_id))

    async def undo_last(self, _: str) -> None:
        """Bring back what was deleted last, and say so."""
        self._workspace.notify(await self.undo())

    async def delete_part(self, part: str) -> None:
        """Delete the last ``message`` on the screen, or the ``branch`` that is shown."""
        workspace, branch = self._workspace, self._workspace.conversation.branch
        leaf_id = branch.leaf_id
        if part not in {"message", "branch"}:
            said = "Write /delete for the session, /delete message for the last one on the screen, "
            workspace.prompt.refuse(f"{said}or /delete branch.", "delete", part)
        elif leaf_id is None:
            workspace.notify("There is nothing to delete yet; this session has no message.")
        elif part == "message":
            await self.delete_one(leaf_id)
        elif not (versions := (outline := await branch.outline()).versions):
            workspace.notify(
                "This session has one branch; /delete puts all of it into the bin, and /tree "
                "deletes from any message on."
            )
        else:
            first = outline.ids[max(versions)]
            workspace.notify(await self.delete(first, with_branch=True))

    # -- the screen -----------------------------------------------------------------------------

    def _beside(self, message_id: str) -> str | None:
        """The message above one on the screen, or below the first one; None for the last one."""
        ids = self._workspace.conversation.transcript.virtual_list.entries.ids
        if message_id not in ids[:-1]:
            return None
        at = ids.index(message_id)
        return ids[at - 1] if at else ids[1]

    async def _show(self, session_id: str, leaf_id: str | None, near: str | None) -> None:
        workspace = self._workspace
        await self._list_anew()
        if workspace.conversation.session.id == session_id:
            await workspace.conversation.show_branch(leaf_id, near)
            await workspace.figures.refresh()
