"""Templates and system prompts: listed, opened in the editor, and used with typed values."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.prompts.prompt_file import PromptKind, read_word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.cli.plain.command_line import CommandLine
    from groqchat.cli.plain.console.choices import Choices
    from groqchat.cli.plain.console.draft import Draft
    from groqchat.cli.plain.console.editor import Editor
    from groqchat.cli.plain.seat import Seat
    from groqchat.domain.prompts.prompt_file import PromptFile, Variable


class Templates:
    """The command ``/prompts``.

    Args:
        seat: The parts of the chat.
        choices: Asks for values.
        draft: Takes a template once its values are known.
        commands: Lists them.
        editor: Opens their files.
    """

    def __init__(
        self, seat: Seat, choices: Choices, draft: Draft, commands: CommandLine, editor: Editor
    ) -> None:
        self._seat = seat
        self._say = seat.lines.say
        self._choices = choices
        self._draft = draft
        self._commands = commands
        self._editor = editor
        self._library = seat.services.prompts

    async def prompts(self, argument: str) -> None:
        """List prompts, use the named one, or open its file."""
        word, _, rest = argument.partition(" ")
        if not argument:
            await self._commands.run("prompts", "list")
            self._say("/prompts NAME uses one; /prompts edit NAME opens its file.")
            return
        try:
            if word == "edit" and rest:
                await self._edit(*read_word(rest.strip()))
            else:
                await self._use(self._library.read(*read_word(argument)))
        except ValueError as mistake:
            self._say(f"/prompts {argument}: {mistake}.")

    async def _edit(self, kind: PromptKind, name: str) -> None:
        path = self._library.begun(kind, name)
        if not self._editor.open(path):
            return
        if self._library.is_unchanged(kind, name):
            path.unlink(missing_ok=True)
            self._say(f"{name} was left as the example, so that no prompt was created.")
            return
        self._library.read(kind, name)
        self._say(f"{name} is in {path}.")

    async def _use(self, prompt: PromptFile) -> None:
        if prompt.kind is PromptKind.SYSTEM:
            await self._seat.set_options(system=prompt.text)
            self._say("System prompt set, in this session. /system off removes it.")
            return
        if prompt.system:
            system = self._library.read(PromptKind.SYSTEM, prompt.system)
            await self._seat.set_options(system=system.text)
            self._say(f"System prompt of this session: {prompt.system}.")
        await self._ask_next(prompt, {}, prompt.variables)

    async def _ask_next(
        self, prompt: PromptFile, values: Mapping[str, str], left: Sequence[Variable]
    ) -> None:
        """Ask for the next value; with all of them, put the text where it is sent from."""
        if not left:
            filled = replace(prompt, text=prompt.filled(values)).text
            await self._draft.put(filled, f"{prompt.name}:")
            return
        variable, *rest = left
        default = f" (an empty line: {variable.default})" if variable.default else ""
        self._choices.ask(
            f"Value of {variable.name}{default}?",
            partial(self._take, prompt, values, variable, rest),
        )

    async def _take(
        self,
        prompt: PromptFile,
        values: Mapping[str, str],
        variable: Variable,
        rest: Sequence[Variable],
        value: str,
    ) -> None:
        given = value or variable.default or ""
        await self._ask_next(prompt, {**values, variable.name: given}, rest)
