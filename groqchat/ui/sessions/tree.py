"""Commands about the branches of the open session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.sessions.tree import leaf_through
from groqchat.services.sessions.duplicates import fork
from groqchat.ui.widgets.text import line
from groqchat.ui.workspace.unkept import with_loss

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from typing import Any

    from groqchat.ui.sessions.deletion import MessageDeletion
    from groqchat.ui.sessions.opening import SessionOpening
    from groqchat.ui.workspace.workspace import Workspace

_LONGEST_TITLE = 40


class TreeActions:
    """Acts on the branches of the open session.

    Args:
        workspace: The parts of the chat.
        opening: Opens a fork.
        deletion: Deletes messages.
    """

    def __init__(
        self, workspace: Workspace, opening: SessionOpening, deletion: MessageDeletion
    ) -> None:
        self._workspace = workspace
        self.deletion = deletion
        self._opening = opening
        self._store = workspace.services.store

    @property
    def commands(self) -> Mapping[str, Callable[[str], Coroutine[Any, Any, None]]]:
        """The methods that run the commands, by the ids of the commands."""
        return {"tree": self.show, "fork": self.fork, "undo": self.deletion.undo_last}

    async def show(self, _: str) -> None:
        """Draw the branches of the session, and show the one that is chosen."""
        from groqchat.ui.sessions.tree_picker import TreeScreen

        workspace, conversation = self._workspace, self._workspace.conversation
        session_id, leaf_id = conversation.session.id, conversation.branch.leaf_id
        if leaf_id is None:
            workspace.notify("There are no branches yet; this session has no message.")
            return
        messages = await self._store.everything(session_id)
        now = workspace.services.clock.now()
        chosen = await workspace.ask(TreeScreen(messages, leaf_id, now, self.deletion))
        # Meanwhile an answer may have ended, and another session may have been opened.
        if chosen is None or conversation.session.id != session_id or not workspace.is_free():
            return
        messages = await self._store.everything(session_id)
        leaf_id = leaf_through(messages, chosen.id, conversation.branch.leaf_id)
        await self._store.update_session(session_id, leaf_id=leaf_id)
        await conversation.show_branch(leaf_id, chosen.id)
        await workspace.figures.refresh()

    async def fork(self, _: str) -> None:
        """Go on in a session of its own that holds the branch on the screen."""
        leaf_id = self._workspace.conversation.branch.leaf_id
        if leaf_id is None:
            self._workspace.notify("There is nothing to fork yet; this session has no message.")
        else:
            await self.fork_at(leaf_id)

    async def fork_at(self, message_id: str) -> None:
        """Go on in a session of its own that holds the messages down to this one."""
        workspace, services = self._workspace, self._workspace.services
        session = await fork(self._store, message_id, services.new_id, services.clock.now())
        if session is None:
            workspace.notify(
                "The answer is still being written. Fork when it has ended, or press f on an "
                "earlier message."
            )
            return
        await self._opening.open(session.id)
        title = line(session.title, _LONGEST_TITLE)
        said = f"“{title}” is open; the session before is as it was."
        workspace.notify(with_loss(services, said))
