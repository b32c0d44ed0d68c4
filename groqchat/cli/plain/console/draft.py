"""A prompt of several lines that is being written, and is sent by an empty line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import counted

if TYPE_CHECKING:
    from groqchat.cli.plain.console.lines import Lines
    from groqchat.ui.conversation.branch import Branch
    from groqchat.ui.services import Drafts

HOW = "An empty line sends it, more lines are added to it, /drop forgets it."


class Draft:
    """The lines so far, kept with the session so that a kill loses none.

    Args:
        drafts: Where they are kept.
        branch: The open session.
        lines: Where it is told.
    """

    def __init__(self, drafts: Drafts, branch: Branch, lines: Lines) -> None:
        self._drafts = drafts
        self._branch = branch
        self._lines = lines
        self.text = ""
        # Whether the next line is added and ends it: the last one ended in a backslash.
        self.is_continued = False
        # A line that may have been meant as a command; any line but an empty one is in its place.
        self._doubted = False

    async def read(self) -> None:
        """Take up what was kept with the open session."""
        self.text = await self._drafts.draft(self._branch.draft_id)
        self.is_continued = False
        if self.text:
            number = counted(len(self.text.splitlines()), "line")
            self._lines.say(f"An unsent prompt of {number} is kept here. {HOW}")

    async def put(self, text: str, why: str = "") -> None:
        """Keep a text that is not sent yet, and say how it is.

        Args:
            text: The text, behind what is written so far.
            why: What is said first.
        """
        if self._doubted:
            self.text = ""
        self.text = "\n".join(filter(None, (self.text, text)))
        self._doubted = False
        await self._save()
        number = counted(len(self.text.splitlines()), "line")
        self._lines.say(f"{why} {number} not sent yet. {HOW}".strip())

    async def doubt(self, text: str, why: str) -> None:
        """Keep a line that may be a mistyped command until the next one shows what was meant."""
        self.text, self._doubted = text, True
        await self._save()
        self._lines.say(f"{why} Not sent. An empty line sends it as a prompt.")

    async def let_go_of_doubt(self) -> None:
        """Forget a line that was meant as a command, now that another one is typed."""
        if self._doubted:
            await self.take()

    async def add(self, line: str, *, is_told: bool = True) -> None:
        """Add a line, and say how many there are: nobody hears that a line was not sent."""
        self.text = f"{self.text}\n{line}" if self.text else line
        await self._save()
        if is_told:
            self._lines.say(f"{counted(len(self.text.splitlines()), 'line')} not sent yet.")

    async def take(self) -> str:
        """End it; returns its text."""
        text, self.text, self.is_continued, self._doubted = self.text, "", False, False
        await self._save()
        return text

    async def _save(self) -> None:
        await self._drafts.save_draft(self._branch.draft_id, self.text)
