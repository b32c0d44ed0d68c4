"""The form that asks for the variables of a named prompt, with a preview and its tokens."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from groqchat.domain.text.humanize import count, in_words
from groqchat.domain.turns.token_estimate import estimate_tokens
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.text import KeyHint, block, line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from textual.widget import Widget

    from groqchat.domain.prompts.prompt_file import Variable

_LONGEST_NAME = 40
_LONGEST_PREVIEW = 600


class VariablesForm(Dialog["dict[str, str]"]):
    """A field for each variable. The result is the values by their names, or None.

    Args:
        name: The name of the prompt.
        variables: Its variables; those without a default need a value.
        preview: The text with some values; variables without one stay as they are.
    """

    DEFAULT_CSS = """
    VariablesForm > #frame { max-width: 84; }
    VariablesForm #fields { height: auto; max-height: 14; scrollbar-size-vertical: 1; }
    VariablesForm.-low #fields, VariablesForm.-short #fields { max-height: 4; }
    VariablesForm Horizontal { height: 1; }
    VariablesForm Label { width: 20; color: $text-muted; }
    VariablesForm.-narrow Label { width: 14; }
    VariablesForm Input { width: 1fr; }
    VariablesForm #said { margin: 1 0; max-height: 8; }
    VariablesForm.-low #said, VariablesForm.-short #said { margin: 0; max-height: 2; }
    """
    # A priority binding acts at once, so that what is typed right after it goes to the next field.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (8, "-short"), (18, "-high")]  # noqa: RUF012  # as Textual declares it
    purpose = "The values of this prompt's variables. The preview shows the text that they make."
    guide = "prompts"

    def __init__(
        self,
        name: str,
        variables: Sequence[Variable],
        preview: Callable[[Mapping[str, str]], str],
    ) -> None:
        self.heading = f"Prompt {line(name, _LONGEST_NAME)}"
        super().__init__()
        self._variables, self._preview = variables, preview

    def content(self) -> Iterable[Widget]:
        """The fields, and below them the text as far as it is filled in."""
        self._inputs = [
            Input(placeholder=line(each.default or "", _LONGEST_NAME) or "needed")
            for each in self._variables
        ]
        with VerticalScroll(id="fields", can_focus=False):
            for each, field in zip(self._variables, self._inputs, strict=True):
                yield Horizontal(Label(line(each.name, _LONGEST_NAME)), field)
        self._said = Static(id="said", markup=False)
        yield self._said

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the window."""
        return (KeyHint("Enter", "use it", "enter"), KeyHint("Tab", "next line", "tab"), CLOSE)

    def on_mount(self) -> None:
        """Show the text without values."""
        self._show()

    @property
    def _values(self) -> dict[str, str]:
        """The values that are written; an empty field leaves a default."""
        return {
            each.name: field.value
            for each, field in zip(self._variables, self._inputs, strict=True)
            if field.value
        }

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the text with the new value."""
        event.stop()
        self._show()

    def _show(self) -> None:
        text = self._preview(self._values)
        size = f"≈ {count(math.ceil(estimate_tokens(text)))} tokens"
        self._said.update(Content.assemble((f"{size}\n", "$text"), block(text, _LONGEST_PREVIEW)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close with the values, or go to the first field that needs one."""
        event.stop()
        values = self._values
        missing = [
            (each.name, field)
            for each, field in zip(self._variables, self._inputs, strict=True)
            if each.default is None and each.name not in values
        ]
        if not missing:
            self.finish(values)
            return
        missing[0][1].focus()
        names = in_words([line(name, _LONGEST_NAME) for name, _ in missing])
        self._said.update(Content.styled(f"Needed: {names}.", "$text-warning"))
