"""What can be read again, copied or looked at of the last answer."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING

from groqchat.cli.plain.figures import footer_line
from groqchat.domain.images.image import shown_prompt
from groqchat.domain.text.fences import code_blocks
from groqchat.domain.text.humanize import counted
from groqchat.domain.turns.answer_details import details_of
from groqchat.services.clipboard_tools import TMUX, desktop_tools, first_that_took
from groqchat.ui.sessions.request_copy import REQUEST, copy_request

if TYPE_CHECKING:
    from groqchat.cli.plain.seat import Seat


class Answers:
    """Commands about the last answer of the open session.

    Args:
        seat: The parts of the chat.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._lines = seat.lines

    async def read_again(self, _: str) -> None:
        """Write the last prompt and its answer once more."""
        branch = self._seat.conversation.branch
        answer, prompt = await branch.latest_answer(), await branch.last_prompt()
        if prompt is not None:
            self._lines.say(f"Prompt: {shown_prompt(prompt.content)}")
        if answer is None:
            self._lines.say("There is no answer yet.")
            return
        self._lines.stream(answer.content)
        self._lines.end()
        if self._seat.conversation.is_answered_elsewhere(answer):
            self._lines.say("The rest is being written in another program; /last reads it again.")
        else:
            self._lines.say(footer_line(answer))

    async def tell_details(self, _: str) -> None:
        """Tell what the last answer used, cost and took, and what it was asked with."""
        seat = self._seat
        answer = await seat.conversation.branch.latest_answer()
        if answer is None:
            self._lines.say("There is no answer yet.")
            return
        price = None if answer.provider else seat.catalog.get(answer.model or "").price
        when = datetime.fromtimestamp(answer.created).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        rows = [("time", when), *details_of(answer, price, seat.options.system)]
        self._lines.say("\n".join(f"{name}: {value}" for name, value in rows))

    async def copy(self, argument: str) -> None:
        """Copy the last answer, one of its code blocks, or the last request."""
        word, _, rest = argument.partition(" ")
        if word.lower() == REQUEST:
            await copy_request(self._seat, rest.strip(), self._copied)
            return
        answer = await self._seat.conversation.branch.latest_answer()
        if answer is None:
            self._lines.say("There is no answer to copy yet.")
            return
        text, blocks = answer.content, _codes(answer.content)
        if argument:
            if not (argument.isascii() and argument.isdigit() and 0 < int(argument) <= len(blocks)):
                there = counted(len(blocks), "code block")
                self._lines.say(f"/copy {argument}: the last answer has {there}.")
                return
            text = blocks[int(argument) - 1]
        self._lines.say(await self._copied(text))

    async def _copied(self, text: str) -> str:
        tmux = TMUX if os.environ.get("TMUX") else ()
        tool = await first_that_took([*desktop_tools(os.environ), *tmux], text)
        number = counted(len(text), "character")
        if tool:
            return f"Copied {number} ({tool})."
        return (
            "Nothing here takes a copy: xclip, wl-copy or pbcopy would. /export writes a file, "
            "/last reads it again."
        )


def _codes(text: str) -> list[str]:
    """The blocks of code in a text, without their fences."""
    return [
        "\n".join(text[start:end].splitlines()[1:]).rstrip("`~ \n")
        for start, end in code_blocks(text)
    ]
