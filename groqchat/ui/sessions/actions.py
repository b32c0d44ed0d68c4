"""Commands about sessions: begin, name, find, export, delete, copy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.text.redact import without_keys
from groqchat.ui.sessions.options import OFF
from groqchat.ui.widgets.text import line
from groqchat.ui.workspace.sides import Side

if TYPE_CHECKING:
    from groqchat.ui.chat.screen import ChatScreen


class SessionActions:
    """Acts on the open session and on the list of all."""

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen

    async def do_new(self, _: str) -> None:
        """Begin an empty conversation."""
        await self._screen.conversation.start_new()

    async def do_sessions(self, argument: str) -> None:
        """Go to the list of sessions, or hide it: once more from there, or by ``off``."""
        if argument == OFF:
            await self._screen.sides.want(Side.SESSIONS, is_wanted=False)
        else:
            await self._screen.sides.visit_sessions()

    async def do_rename(self, argument: str) -> None:
        """Give the session a title."""
        from groqchat.ui.dialogs.rename import RenameScreen

        screen = self._screen
        branch = screen.conversation.branch
        session = await screen.parts.store.session(branch.session.id) or branch.session
        title = argument or await screen.app.push_screen_wait(RenameScreen(session.title))
        title = without_keys(title)
        if not title:
            return
        if session.id == branch.session.id:  # an unsaved one is saved with its first prompt
            branch.session = replace(branch.session, title=title)
        await screen.parts.store.update_session(session.id, title=title)
        await screen.refresh_sessions()
        later = "" if branch.leaf_id else "; it is saved with its first prompt"
        screen.toasts.notice(f"The session is called “{line(title)}” now{later}.")

    async def do_delete(self, _: str) -> None:
        """Delete the open session, when confirmed."""
        from groqchat.ui.dialogs.confirm import Confirm

        screen = self._screen
        session = await screen.parts.store.session(screen.conversation.session.id)
        if session is None:
            screen.toasts.notice("This session is not saved yet; there is nothing to delete.")
            return
        question = f"Delete “{session.title}” and its messages permanently?"
        if await screen.app.push_screen_wait(Confirm(question, "Delete")):
            await screen.conversation.stop()
            await screen.parts.store.delete_session(session.id)
            screen.unsent.go_along(session.id)
            await screen.conversation.start_new()
            screen.toasts.notice(f"Deleted “{line(session.title)}”.")

    async def do_find(self, argument: str) -> None:
        """Find here; a second time, in all sessions, and go to the place."""
        bar = self._screen.conversation.find_bar
        if not argument and not bar.is_open:
            bar.open()
            return
        from groqchat.ui.sessions.search import SearchScreen

        argument = argument or bar.query_text
        bar.action_close()
        store = self._screen.parts.store
        hit = await self._screen.app.push_screen_wait(SearchScreen(store.search, argument))
        if hit is not None:
            await self._screen.open_session(hit.session_id, message_id=hit.message_id)

    async def do_export(self, argument: str) -> None:
        """Write the session to a file."""
        from groqchat.ui.sessions.exporting import export

        try:
            said = await export(self._screen, argument)
        except (StorageError, ValueError) as error:
            reason = error.facts.detail if isinstance(error, StorageError) else error
            self._screen.prompting.refuse(f"Nothing is exported: {reason}.", "export", argument)
        else:
            self._screen.toasts.notice(said)

    async def do_copy(self, argument: str) -> None:
        """Copy the last answer, or one of its code blocks."""
        answer = await self._screen.conversation.branch.latest_answer()
        if answer is None:
            self._screen.toasts.notice("There is no answer to copy yet.")
            return
        if argument and not (argument.isascii() and argument.isdigit()):
            said = f"/copy {line(argument)}: write /copy, or the number of a code block: /copy 1."
            self._screen.prompting.refuse(said, "copy", argument)
            return
        await self.copy(answer.id, int(argument) if argument else None)

    async def copy(self, message_id: str, block: int | None = None) -> None:
        """Copy a message as it was written, or one code block of it (from 1)."""
        screen = self._screen
        message = await screen.conversation.branch.message(message_id)
        text = message.content if message else ""
        if block is not None:
            blocks = screen.conversation.transcript.code_blocks(message_id)
            if not 1 <= block <= len(blocks):
                there = "code block" if len(blocks) == 1 else "code blocks"
                screen.toasts.notice(f"This message has {len(blocks) or 'no'} {there}.")
                return
            text = blocks[block - 1]
        await self.copy_text(text)

    async def copy_text(self, text: str) -> None:
        """Copy a text and say how."""
        from groqchat.ui.terminal.clipboard import copy

        self._screen.toasts.notice(await copy(self._screen.app, text))
