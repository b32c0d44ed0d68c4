"""The list of named prompts, each with its use, its variables and its length."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from groqchat.domain.prompts.prompt_file import OF_SYSTEM, PromptKind
from groqchat.domain.text.humanize import count, in_words
from groqchat.domain.turns.token_estimate import estimate_tokens
from groqchat.ui.dialogs.dialog import CLOSE
from groqchat.ui.dialogs.picker import Picker
from groqchat.ui.widgets.text import KeyHint, block, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.prompts.prompt_file import PromptFile

_LONGEST_WORDS = 80
_LONGEST_TEXT = 400


@dataclass(frozen=True, slots=True)
class ListedPrompt:
    """A prompt of the list; where its file has a mistake, that stands in the place of it."""

    name: str
    kind: PromptKind
    prompt: PromptFile | None = None
    mistake: str = ""

    @property
    def word(self) -> str:
        """The name behind ``/prompts``; those of system prompts begin with ``system/``."""
        return f"{OF_SYSTEM}{self.name}" if self.kind is PromptKind.SYSTEM else self.name


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is done with the prompt of a word; a new one has none of that name yet."""

    word: str
    is_edit: bool = False


class PromptPicker(Picker[ListedPrompt | Chosen]):
    """The list; its result is what is done with which prompt, or None.

    Args:
        prompts: The prompts.
        folder: Where their files are.
    """

    DEFAULT_CSS = """
    PromptPicker > #frame { max-width: 90; }
    PromptPicker.-narrow > #frame { width: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "edit", show=False),
        Binding("f3", "begin", show=False),
    ]
    heading = "Prompts"
    purpose = (
        "Your prompts and system prompts by name. Enter puts one into the composer or into "
        "the session."
    )
    guide = "prompts"
    asks = "Part of a name or a description …"
    nothing = "Nothing matches. F3 begins a prompt with this name."

    def __init__(self, prompts: Sequence[ListedPrompt], folder: str) -> None:
        super().__init__()
        self._prompts = prompts
        self._folder = folder
        if not prompts:
            self.nothing = "No prompts yet. Type a name and press F3."

    def hints(self) -> Sequence[KeyHint]:
        """The keys: Enter uses the highlighted prompt."""
        return (
            KeyHint("Enter", "use", "enter"),
            KeyHint("F2", "edit", "f2"),
            KeyHint("F3", "new of this name", "f3"),
            CLOSE,
        )

    def narrow(self, query: str) -> None:
        """Keep the prompts whose name or description contains what was typed."""
        word = query.strip().lower()
        found = [each for each in self._prompts if word in self._searched(each)]
        self.show_rows([(_row(each), each) for each in found])
        if not found:
            where = f"Prompts are Markdown files in {line(self._folder, _LONGEST_TEXT)}."
            self.said.update(Content.styled(where, "$text-muted"))

    def _searched(self, listed: ListedPrompt) -> str:
        described = listed.prompt.description if listed.prompt else ""
        return f"{listed.word} {described}".lower()

    def describe(self, value: ListedPrompt | Chosen) -> Content:
        """The beginning of the text, with its variables and tokens."""
        if not isinstance(value, ListedPrompt):
            return Content()
        if value.prompt is None:
            return Content.styled(block(value.mistake, _LONGEST_TEXT), "$text-warning")
        prompt = value.prompt
        names = [each.name for each in prompt.variables]
        asks = f" · asks for {in_words(names)}" if names else ""
        size = f"≈ {count(math.ceil(estimate_tokens(prompt.text)))} tokens"
        return Content.assemble((f"{size}{asks}\n", "$text"), block(prompt.text, _LONGEST_TEXT))

    def choose(self, value: ListedPrompt | Chosen) -> None:
        """Use the prompt; one with a mistake is edited."""
        if isinstance(value, ListedPrompt):
            self.finish(Chosen(value.word, is_edit=value.prompt is None))

    def action_edit(self) -> None:
        """Edit the highlighted prompt."""
        if isinstance(value := self.highlighted, ListedPrompt):
            self.finish(Chosen(value.word, is_edit=True))

    def action_begin(self) -> None:
        """Begin a prompt with the name that was typed."""
        if word := self.line.value.strip():
            self.finish(Chosen(word, is_edit=True))
        else:
            self.said.update(Content.styled("Type a name first.", "$text-warning"))


def _row(listed: ListedPrompt) -> Content:
    words = listed.prompt.description if listed.prompt else "its file has a mistake"
    style = "$text-muted" if listed.prompt else "$text-warning"
    return Content.assemble(listed.word, (f"  {line(words, _LONGEST_WORDS)}", style))
