"""What a typed line means: a choice, a command, more of an unsent prompt, or a prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.plain.table import EXTRAS, row_of
from groqchat.ui.slash import read_slash

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from groqchat.cli.plain.console.lines import Lines
    from groqchat.cli.plain.console.reader import Typed
    from groqchat.cli.plain.dispatch import Dispatch
    from groqchat.cli.plain.parts import Parts


class Entry:
    """Takes the lines that are typed.

    Args:
        parts: The parts of the chat.
        dispatch: Runs slash commands.
        lines: Told what was typed.
    """

    def __init__(self, parts: Parts, dispatch: Dispatch, lines: Lines) -> None:
        self._parts = parts
        self._dispatch = dispatch
        self._lines = lines

    async def take(self, typed: Typed) -> None:
        """Do what lines that came at once ask for."""
        parts = self._parts
        self._lines.typed(typed.lines[0] if len(typed.lines) == 1 else "")
        text = "\n".join(typed.lines)
        if typed.is_cut:
            said = "A terminal passes on 4,095 bytes of a line, so the end of this may be missing."
            await parts.draft.put(text, f"{said} /write and @file know no bound.")
        elif len(typed.lines) == 1:
            await self._take_line(text)
        elif self._is_typed_ahead(typed.lines):
            for line in typed.lines:
                await self._take_line(line)
        else:
            parts.choices.forget()
            await parts.draft.put(text, "Pasted:")

    def _is_typed_ahead(self, lines: tuple[str, ...]) -> bool:
        """Whether lines that came at once are commands, not a text that has such words inside."""
        first = next((line for line in lines if line.strip()), "")
        return read_slash(first) is not None or self._parts.choices.take(first) is not None

    async def _take_line(self, text: str) -> None:
        parts, draft = self._parts, self._parts.draft
        if text.strip():
            await draft.let_go_of_doubt()
        if draft.is_continued:
            await self._continue_draft(text)
        elif not text.strip() and not parts.choices.asks:
            await self._take_empty()
        elif (act := parts.choices.take(text)) is not None:
            parts.choices.forget()
            await act()
        elif (command := self._command(text)) is not None:
            self._forget_choices()
            await command
        elif (sentence := parts.choices.beside(text)) and not draft.text:
            self._lines.say(sentence)
            parts.failures.refused()
        elif draft.text:
            await draft.add(text)
        elif text.endswith("\\"):
            await self._continue_draft(text)
        else:
            self._forget_choices()
            await self._send(text)

    async def _continue_draft(self, text: str) -> None:
        draft = self._parts.draft
        draft.is_continued = text.endswith("\\")
        await draft.add(text.removesuffix("\\"), is_told=False)
        if not draft.is_continued:
            await self._send(await draft.take())

    async def _take_empty(self) -> None:
        """Send the unsent prompt; without one, go on with a paused queue."""
        parts = self._parts
        if parts.draft.text:
            await self._send(await parts.draft.take())
        elif parts.queue.is_paused:
            await parts.queue.toggle("")

    async def _send(self, text: str) -> None:
        parts = self._parts
        if parts.comparing.is_busy:
            await parts.draft.put(text, "The columns are still answering; Ctrl+C stops them.")
        elif not parts.comparing.is_open:
            await parts.prompting.submit(text)
        elif (filled := await parts.prompting.filled(text)) is not None:
            parts.attaching.drop()
            await parts.comparing.ask(filled)

    def _command(self, text: str) -> Awaitable[None] | None:
        """What a slash command does; None for a prompt."""
        word, _, rest = text.strip().removeprefix("/").partition(" ")
        is_extra = text.strip().startswith("/") and word in EXTRAS and len(rest.split()) <= 1
        if is_extra:
            return self._dispatch.methods[word](rest.strip())
        slash = read_slash(text)
        if slash is None:
            return None
        row = row_of(slash.command.slash)
        if not row.works:
            return self._tell(row.instead)
        return self._dispatch.methods[slash.command.slash](slash.argument)

    async def _tell(self, sentence: str) -> None:
        self._lines.say(sentence)

    def _forget_choices(self) -> None:
        """Offer nothing any more, unless a turn waits for a word."""
        if not self._parts.seat.conversation.is_busy:
            self._parts.choices.forget()
