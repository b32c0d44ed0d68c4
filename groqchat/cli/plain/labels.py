"""Title, pin, archive and tags of the open session, set by the command line's own commands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from groqchat.cli.plain.console.choices import Choice
from groqchat.domain.models.names import UnclearModelError

if TYPE_CHECKING:
    from groqchat.cli.plain.command_line import CommandLine
    from groqchat.cli.plain.console.choices import Choices
    from groqchat.cli.plain.seat import Seat
    from groqchat.services.account.connection import Connection
    from groqchat.services.turns.titles import TitlePlan

_UNSAVED = "This session is not saved yet; it is with its first prompt."


class SessionLabels:
    """Labels the open session.

    Args:
        seat: The parts of the chat.
        choices: Asks before a model writes a title.
        commands: Runs ``groqchat sessions edit``.
    """

    def __init__(self, seat: Seat, choices: Choices, commands: CommandLine) -> None:
        self._seat = seat
        self._say = seat.lines.say
        self._choices = choices
        self._commands = commands

    async def _on_session(self, *words: str, told: str) -> None:
        """Change the open session; ``told`` is said in the place of the command's own words."""
        conversation, store = self._seat.conversation, self._seat.services.store
        if await store.session(conversation.session.id) is None:
            self._say(_UNSAVED)
            return
        if await self._commands.captured("sessions", "edit", conversation.session.id, *words):
            self._say(told)
        session = await store.session(conversation.session.id)
        if session is not None:
            conversation.branch.session = session

    async def rename(self, argument: str) -> None:
        """Give the open session a title, have one written, or say the present one."""
        word, _, model = argument.partition(" ")
        if word == "auto":
            await self._offer_title(model.strip())
        elif argument:
            await self._on_session(f"--title={argument}", told=f"Renamed: “{argument}”.")
        else:
            title = self._seat.conversation.session.title
            named = f"This session is called “{title}”." if title else "This session has no title."
            self._say(f"{named} /rename and a title changes it.")

    async def _offer_title(self, model: str) -> None:
        """Say who would write a title and at what cost; nothing is sent without a ``y``."""
        seat = self._seat
        connection = await seat.account.ready("the title is asked for")
        if connection is None:
            return
        try:
            model = (await connection.models.called(model)).id if model else ""
        except UnclearModelError as error:
            self._say(f"{error}.")
            return
        plan = await connection.titles.plan(seat.conversation.session, model)
        if plan is None:
            self._say("There is nothing to name yet; this session has no message.")
            return
        self._say(plan.question)
        write = partial(self._write_title, connection, plan)
        self._choices.offer([Choice("y", "ask for a title", write)])

    async def _write_title(self, connection: Connection, plan: TitlePlan) -> None:
        title = (await connection.titles.write(plan)).text
        await self._seat.figures.refresh()
        if title:
            await self._on_session(f"--title={title}", told=f"Renamed: “{title}”.")
        else:
            self._say(f"{plan.model} wrote no title; the session keeps its own.")

    async def pin(self, _: str) -> None:
        """Pin the open session above the others, or no longer."""
        is_pinned = self._seat.conversation.session.is_pinned
        how, told = (
            ("--unpin", "No longer pinned.")
            if is_pinned
            else ("--pin", "Pinned above the other sessions.")
        )
        await self._on_session(how, told=told)

    async def archive(self, _: str) -> None:
        """Take the open session out of the lists, or put it back."""
        is_archived = self._seat.conversation.session.is_archived
        how, told = (
            ("--unarchive", "Back in the lists.")
            if is_archived
            else ("--archive", "Archived: out of the lists. /archive again puts it back.")
        )
        await self._on_session(how, told=told)

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
        left = [*(tag for tag in tags if tag not in removed and tag not in added), *added]
        told = f"Tags: {' '.join(left) or 'none'}."
        await self._on_session(*gone, *(f"--add-tag={tag}" for tag in added), told=told)
