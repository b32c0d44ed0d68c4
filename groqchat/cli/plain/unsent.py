"""The prompt that is not sent yet: written in an editor, taken back, begun from sound, dropped."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.cli.plain.parts import Parts


class UnsentPrompt:
    """Commands about the prompt that is not sent yet.

    Args:
        parts: The parts of the chat.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._seat = parts.seat
        self._say = parts.seat.lines.say

    async def take_back(self, _: str) -> None:
        """Take the queued prompts back, as one that is not sent."""
        text = await self._parts.queue.clear()
        if text:
            await self._parts.draft.put(text, "Taken back:")
        else:
            self._say("Nothing is queued.")

    async def edit(self, _: str) -> None:
        """Change the last prompt in an editor, and send it."""
        prompt = await self._seat.conversation.branch.last_prompt()
        if prompt is None:
            self._say("There is no prompt to edit yet; /write begins one.")
        elif self._seat.is_free():
            text = self._parts.editor.edited(prompt.content)
            if text is None:
                return
            if not text.strip() or text == prompt.content:
                self._say("Nothing was changed.")
            else:
                await self._parts.prompting.edit(text)

    async def write(self, _: str) -> None:
        """Write the prompt in an editor."""
        draft = self._parts.draft
        text = self._parts.editor.edited(draft.text)
        if text is None:
            return
        await draft.take()
        if text.strip():
            await draft.put(text, "Written:")
        else:
            self._say("Nothing was written.")

    async def drop(self, _: str) -> None:
        """Forget the prompt and its files."""
        had_text = bool(await self._parts.draft.take())
        had_files = self._parts.attaching.drop()
        self._say("Forgotten." if had_text or had_files else "Nothing is unsent.")

    async def transcribe(self, files: str) -> None:
        """Have what is said in sound files go before the prompt."""
        if not files:
            self._say("Write /transcribe and the path of a sound file.")
            return
        try:
            names = shlex.split(files)
        except ValueError as mistake:
            self._say(f"/transcribe {files}: {mistake}.")
            return
        text = await self._parts.commands.captured("transcribe", *names)
        if text.strip():
            self._say(text.strip())
            self._parts.attaching.hold(", ".join(names), text)
            self._say("It goes before the next prompt; /drop leaves it out.")
