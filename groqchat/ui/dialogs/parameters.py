"""The form with the parameters of a request, for a session or for one column of a comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from groqchat.domain.models.request_parameters import offered
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.text import KeyHint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.events import DescendantFocus
    from textual.widget import Widget

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Options

_SYSTEM = "system prompt"
_DEFAULTS = "Empty fields use the server's default. Changes apply from the next prompt."
# It is chosen from a list, which says what each means.
_ELSEWHERE = frozenset({"service_tier"})


class ParametersForm(Dialog["Options"]):
    """A field for each parameter that a model takes. The result is the changed options, or None.

    Args:
        heading: What is asked with them.
        options: The present options.
        model: What is known about their model.
        with_system: Whether the system prompt stands among them.
    """

    DEFAULT_CSS = """
    ParametersForm > #frame { max-width: 80; }
    ParametersForm #fields { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    ParametersForm Horizontal { height: 1; margin-top: 1; }
    ParametersForm.-low Horizontal, ParametersForm.-short Horizontal { margin: 0; }
    ParametersForm Label { width: 18; color: $text-muted; }
    ParametersForm Input { width: 1fr; }
    ParametersForm #said { margin: 1 0 0 0; }
    ParametersForm.-low #said, ParametersForm.-short #said { margin: 0; }
    """
    # A priority binding acts at once, so that what is typed right after it goes to the next field.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (8, "-short"), (24, "-high")]  # noqa: RUF012  # as Textual declares it
    purpose = (
        "What models are asked with: temperature, seed and others. An empty line leaves the "
        "choice to the model."
    )
    guide = "prompts"

    def __init__(
        self, heading: str, options: Options, model: Model, *, with_system: bool = False
    ) -> None:
        self.heading = heading
        super().__init__()
        self._options, self._model, self._with_system = options, model, with_system
        self._is_told = False
        self._parameters = [each for each in offered(model) if each.name not in _ELSEWHERE]

    def content(self) -> Iterable[Widget]:
        """The fields, and the words about them below."""
        options, model = self._options, self._model
        self._system = Input(options.system, placeholder="none")
        self._inputs = [
            Input(each.text(options), placeholder=each.takes(model)) for each in self._parameters
        ]
        rows = [(_SYSTEM, self._system)] if self._with_system else []
        rows += [
            (each.title, field) for each, field in zip(self._parameters, self._inputs, strict=True)
        ]
        with VerticalScroll(id="fields", can_focus=False):
            for words, field in rows:
                yield Horizontal(Label(words), field)
        self._said = Static(_DEFAULTS, id="said", markup=False)
        yield self._said

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the window."""
        return (KeyHint("Enter", "keep", "enter"), KeyHint("Tab", "next line", "tab"), CLOSE)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Say what the parameter takes: in a narrow window the field does not hold it."""
        if not self._is_told:
            self._explain(event.widget)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take a mistake back once its field is changed."""
        event.stop()
        if self._is_told:
            self._is_told = False
            self._explain(event.input)

    def _explain(self, field: Widget) -> None:
        parameters = zip(self._parameters, self._inputs, strict=True)
        takes = (each.takes(self._model) for each, its in parameters if its is field)
        self._said.update(" ".join([*(f"Takes {words}." for words in takes), _DEFAULTS]))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close with the changed options, unless the server would refuse them."""
        event.stop()
        changes: dict[str, object] = {}
        for each, field in zip(self._parameters, self._inputs, strict=True):
            try:
                changes[each.name] = each.value(field.value, self._model)
            except ValueError as mistake:
                self._is_told = True
                self._said.update(Content.styled(str(mistake), "$text-warning"))
                field.focus()
                return
        if self._with_system:
            changes["system"] = self._system.value.strip()
        self.finish(replace(self._options, **changes))  # type: ignore[arg-type]  # its own names
