"""Title, pin, archive and tags of the open session, set by the command line's own commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.cli.plain.command_line import CommandLine
    from groqchat.cli.plain.seat import Seat


class SessionLabels:
    """Labels the open session.

    Args:
        seat: The parts of the chat.
        commands: Runs ``groqchat sessions edit``.
    """

    def __init__(self, seat: Seat, commands: CommandLine) -> None:
        self._seat = seat
        self._say = seat.lines.say
        self._commands = commands

    async def _on_session(self, *words: str) -> None:
        conversation = self._seat.conversation
        if conversation.branch.leaf_id is None:
            self._say("This session is not saved yet; it is with its first prompt.")
            return
        await self._commands.run("sessions", "edit", conversation.session.id, *words)
        session = await self._seat.services.store.session(conversation.session.id)
        if session is not None:
            conversation.branch.session = session

    async def rename(self, argument: str) -> None:
        """Give the open session a title, have one written, or say the present one."""
        word, _, model = argument.partition(" ")
        if word == "auto":
            await self._on_session("--auto-title", *(("-m", model) if model else ()))
        elif argument:
            await self._on_session("--title", argument)
        else:
            self._say(f"This session is called “{self._seat.conversation.session.title}”.")

    async def pin(self, _: str) -> None:
        """Pin the open session above the others, or no longer."""
        is_pinned = self._seat.conversation.session.is_pinned
        await self._on_session("--unpin" if is_pinned else "--pin")

    async def archive(self, _: str) -> None:
        """Take the open session out of the lists, or put it back."""
        is_archived = self._seat.conversation.session.is_archived
        await self._on_session("--unarchive" if is_archived else "--archive")

    async def tag(self, argument: str) -> None:
        """Say or change the tags of the open session."""
        tags = self._seat.conversation.session.tags
        if not argument:
            self._say(f"Tags: {' '.join(tags) or 'none'}. /tag +WORD adds one, -WORD removes one.")
            return
        words = [] if argument == "off" else argument.split()
        is_change = all(word[0] in "+-" for word in words)
        removed = [w[1:] for w in words if w[0] == "-"] if words and is_change else list(tags)
        added = [word.lstrip("+") for word in words if word[0] != "-"]
        gone = [f"--remove-tag={tag}" for tag in removed if tag not in added]
        await self._on_session(*gone, *(f"--add-tag={tag}" for tag in added))
