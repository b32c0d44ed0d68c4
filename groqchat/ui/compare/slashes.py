"""Commands of the chat that are written in the prompt of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from groqchat.domain.errors.tree import GroqchatError
from groqchat.ui.compare.commands import SLASH_COMMANDS
from groqchat.ui.compare.prompting import only_in_chat

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.worker import Worker

    from groqchat.ui.compare.actions.groups import CompareActions
    from groqchat.ui.compare.command import SlashCommand
    from groqchat.ui.compare.state import Say
    from groqchat.ui.slash import Slash
    from groqchat.ui.widgets.prompt_area import PromptArea
    from groqchat.ui.widgets.reports_errors import Run


class SlashRunner:
    """Runs commands of the chat where they act in a comparison; else says where they work.

    Args:
        actions: The actions of the comparison.
        area: The text area of the prompt. A command that could not be run comes back there.
        say: Writes the line of words.
        run: Starts work whose expected errors are shown.
        keep_words_on: Leaves the line of words as it is, although the prompt has this text then.
        begin_new: Leaves the comparison for a new session.
    """

    def __init__(
        self,
        actions: CompareActions,
        area: PromptArea,
        say: Say,
        *,
        run: Run,
        keep_words_on: Callable[[str], None],
        begin_new: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        self._actions = actions
        self._keep_words_on = keep_words_on
        self._area = area
        self._say = say
        self._run = run
        self._begin_new = begin_new
        self._running: Worker[None] | None = None

    def act(self, slash: Slash) -> None:
        """Run a command; while another one runs, it stays in the prompt."""
        command = SLASH_COMMANDS.get(slash.command.id)
        if slash.command.id == "new":
            self._area.take_out(self._area.text)
            self._run(self._begin_new(), group="command")
        elif command is None:
            self._say(only_in_chat(slash.command))
        elif self._running is None or self._running.is_finished:
            text = self._area.text
            self._keep_words_on("")
            self._area.take_out(text)
            self._running = self._run(self._acted(command, slash, text), group="command")

    async def _acted(self, command: SlashCommand, slash: Slash, text: str) -> None:
        try:
            is_done = await command.run(self._actions, slash.argument) is not False
        except GroqchatError:
            self._give_back(text)
            raise
        if not is_done:
            self._give_back(text)

    def _give_back(self, text: str) -> None:
        if not self._area.text:
            self._keep_words_on(text)
            self._area.write(text)
