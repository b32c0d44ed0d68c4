"""Commands about sessions: begin, find, export, copy."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.images.image import shown_prompt
from groqchat.domain.turns.chat import Role
from groqchat.ui.sessions.archives import ArchiveActions
from groqchat.ui.sessions.deletion import MessageDeletion
from groqchat.ui.sessions.request_copy import REQUEST, copy_request
from groqchat.ui.sessions.shelves import SessionShelves
from groqchat.ui.sessions.titles import title_by
from groqchat.ui.sessions.tree import TreeActions
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.ui.sessions.opening import SessionListing, SessionOpening
    from groqchat.ui.workspace.workspace import Workspace


class SessionActions:
    """Commands about the open session and the list of all sessions.

    Args:
        workspace: The parts of the chat.
        listing: The list of sessions.
        opening: Opens a session that was found.
        copy: Copies a text; returns a sentence about it.

    Attributes:
        archives: Commands about many sessions at once.
        shelves: Puts sessions in order.
        tree: Acts on the branches of the open session.
    """

    def __init__(
        self,
        workspace: Workspace,
        listing: SessionListing,
        opening: SessionOpening,
        copy: Callable[[str], Awaitable[str]],
    ) -> None:
        self._workspace = workspace
        self._opening = opening
        self._copy = copy
        self.archives = ArchiveActions(workspace, listing)
        deletion = MessageDeletion(workspace, listing.refresh)
        self.shelves = SessionShelves(
            workspace, listing, opening, deletion.delete_part, partial(title_by, workspace)
        )
        self.tree = TreeActions(workspace, opening, deletion)

    async def begin_session(self, _: str) -> None:
        """Begin an empty conversation."""
        await self._workspace.conversation.start_new()

    async def find_text(self, argument: str) -> None:
        """Find here; a second time, in all sessions, and go to the place."""
        bar = self._workspace.conversation.find_bar
        if not argument and not bar.is_open:
            bar.open()
            return
        from groqchat.ui.sessions.search import SearchScreen

        argument = argument or bar.query_text
        bar.action_close()
        store = self._workspace.services.store
        hit = await self._workspace.ask(SearchScreen(store.search, argument))
        if hit is not None:
            await self._opening.open(hit.session_id, hit.message_id)

    async def export_session(self, argument: str) -> None:
        """Write the session to a file."""
        from groqchat.ui.sessions.exporting import export

        conversation, services = self._workspace.conversation, self._workspace.services
        leaf_id = conversation.branch.leaf_id
        try:
            said = await export(conversation.session.id, leaf_id, services, argument)
        except (StorageError, ValueError) as error:
            reason = error.facts.detail if isinstance(error, StorageError) else error
            self._workspace.prompt.refuse(f"Nothing is exported: {reason}.", "export", argument)
        else:
            self._workspace.notify(said)

    async def copy_answer(self, argument: str) -> None:
        """Copy the last answer, or one of its code blocks; or the last request."""
        word, _, rest = argument.partition(" ")
        if word.lower() == REQUEST:
            await copy_request(self._workspace, rest.strip(), self._copy)
            return
        answer = await self._workspace.conversation.branch.latest_answer()
        if answer is None:
            self._workspace.notify("There is no answer to copy yet.")
            return
        if argument and not (argument.isascii() and argument.isdigit()):
            said = f"/copy {line(argument)}: write /copy, /copy 1 for a code block, /copy request."
            self._workspace.prompt.refuse(said, "copy", argument)
            return
        await self.copy(answer.id, int(argument) if argument else None)

    async def show_last_details(self, _: str) -> None:
        """Show the details of the last answer."""
        answer = await self._workspace.conversation.branch.latest_answer()
        if answer is None:
            self._workspace.notify("There is no answer yet.")
        else:
            await self.show_details(answer.id)

    async def show_details(self, message_id: str) -> None:
        """Show what a message used, cost and took, and what it was asked with."""
        from groqchat.domain.turns.answer_details import details_of
        from groqchat.ui.dialogs.details import MessageDetails

        workspace = self._workspace
        message = await workspace.conversation.branch.message(message_id)
        if message is None:
            return
        price = workspace.catalog.get(message.model or "").price
        when = datetime.fromtimestamp(message.created).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        system = workspace.conversation.options.system
        rows = [("time", when), *details_of(message, None if message.provider else price, system)]
        what = "Answer" if message.role is Role.ASSISTANT else "Message"
        await workspace.ask(MessageDetails(f"{what}: details", rows))

    async def copy(self, message_id: str, block: int | None = None) -> None:
        """Copy a message as it was written, or one code block of it (from 1)."""
        workspace = self._workspace
        message = await workspace.conversation.branch.message(message_id)
        text = shown_prompt(message.content) if message else ""
        if block is not None:
            blocks = workspace.conversation.transcript.code_blocks(message_id)
            if not 1 <= block <= len(blocks):
                there = "code block" if len(blocks) == 1 else "code blocks"
                workspace.notify(f"This message has {len(blocks) or 'no'} {there}.")
                return
            text = blocks[block - 1]
        await self.copy_text(text)

    async def copy_text(self, text: str) -> None:
        """Copy a text and say how."""
        self._workspace.notify(await self._copy(text))
