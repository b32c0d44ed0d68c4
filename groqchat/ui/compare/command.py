"""The form of a command of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.ui.widgets.text import KeyHint

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from groqchat.ui.commands import Command
    from groqchat.ui.compare.actions.groups import CompareActions

    Run = Callable[[CompareActions], Coroutine[None, None, object]]


@dataclass(frozen=True, slots=True)
class CompareCommand:
    """A command that acts while a column has the focus.

    Attributes:
        id: The name in bindings.
        key: The key, as Textual names it.
        words: The words in the footer.
        help: The rest of its line in help and palette.
        run: The method that runs it.
        is_shown: Whether the footer names it once there are answers.
        key_words: The key as people write it; empty where that is the same.
    """

    id: str
    key: str
    words: str
    help: str
    run: Run
    is_shown: bool = False
    key_words: str = ""

    @property
    def title(self) -> str:
        """The words as a list begins with them."""
        return self.words.capitalize()

    @property
    def hint(self) -> KeyHint:
        """The key and the words for the footer."""
        return KeyHint(self.key_words or self.key, self.words, self.key)


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A slash command of the chat that also works in a comparison.

    ``run`` takes its argument; False: it could not run.
    """

    command: Command
    run: Callable[[CompareActions, str], Coroutine[None, None, bool | None]]


@dataclass(frozen=True, slots=True)
class PromptCommand:
    """A command of the chat that acts on the prompt of a comparison too."""

    command: Command
    run: Run

    @property
    def id(self) -> str:
        """The name in bindings and in ``config.toml``."""
        return self.command.id

    @property
    def title(self) -> str:
        """The words as a list begins with them."""
        return self.command.title

    @property
    def help(self) -> str:
        """The rest of its line in the palette."""
        return self.command.help

    @property
    def hint(self) -> KeyHint:
        """The command as it is written in the prompt."""
        return KeyHint(f"/{self.command.slash}", self.title)
