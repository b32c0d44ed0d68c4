"""The window with the options of one column of a comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label, Static

from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.text import KeyHint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from groqchat.domain.turns.chat import Options

HIGHEST_TEMPERATURE = 2.0


class ColumnOptions(Dialog["Options"]):
    """The options of a column. The result is the changed options, or None.

    Args:
        number: The number of the column, from 1.
        options: The present options.
        efforts: The reasoning efforts that the model accepts.
    """

    DEFAULT_CSS = """
    ColumnOptions > #frame { max-width: 76; }
    ColumnOptions Horizontal { height: 1; margin-top: 1; }
    ColumnOptions.-low Horizontal, ColumnOptions.-short Horizontal { margin: 0; }
    ColumnOptions Label { width: 14; color: $text-muted; }
    ColumnOptions Input { width: 1fr; }
    ColumnOptions #said { margin: 1 0 0 0; }
    ColumnOptions.-low #said, ColumnOptions.-short #said { margin: 0; }
    """
    # A priority binding acts at once, so that what is typed right after it goes to the next field.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (8, "-short"), (18, "-high")]  # noqa: RUF012  # as Textual declares it

    def __init__(self, number: int, options: Options, efforts: Sequence[str]) -> None:
        self.heading = f"Column {number}: {options.model}"
        super().__init__()
        self._options, self._efforts = options, efforts

    def content(self) -> Iterable[Widget]:
        """A field for each option."""
        options = self._options
        temperature = "" if options.temperature is None else f"{options.temperature:g}"
        takes = ", ".join(self._efforts) or "has no such setting"
        self._system = Input(options.system, placeholder="none")
        self._effort = Input(options.effort or "", placeholder=takes)
        self._longest = Input(str(options.max_tokens or ""), placeholder="chosen to fit")
        self._temperature = Input(temperature, placeholder="0 to 2")
        for words, line in (
            ("system prompt", self._system),
            ("effort", self._effort),
            ("max tokens", self._longest),
            ("temperature", self._temperature),
        ):
            yield Horizontal(Label(words), line)
        said = "Empty fields use the server's default. Changes apply from the next prompt."
        self._said = Static(said, id="said", markup=False)
        yield self._said

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the window."""
        return (KeyHint("Enter", "keep", "enter"), KeyHint("Tab", "next line", "tab"), CLOSE)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close with the changed options, unless the server would refuse them."""
        event.stop()
        try:
            options = self._read()
        except ValueError as mistake:
            self._said.update(Content.styled(str(mistake), "$text-warning"))
        else:
            self.finish(options)

    def _read(self) -> Options:
        effort = self._effort.value.strip().lower() or None
        if effort is not None and effort not in self._efforts:
            takes = ", ".join(self._efforts) or "none: leave it empty"
            raise ValueError(f"This model accepts these efforts: {takes}.")
        longest = self._longest.value.replace(",", "").strip()
        if longest and not (longest.isascii() and longest.isdigit() and int(longest)):
            raise ValueError("Max tokens must be a whole number.")
        return replace(
            self._options,
            system=self._system.value.strip(),
            effort=effort,
            max_tokens=int(longest) if longest else None,
            temperature=_temperature(self._temperature.value),
        )


def _temperature(text: str) -> float | None:
    """The temperature in a text; None for no text.

    Raises:
        ValueError: The server would refuse the temperature.
    """
    if not text.strip():
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= HIGHEST_TEMPERATURE:
        raise ValueError(f"The temperature must be a number from 0 to {HIGHEST_TEMPERATURE:g}.")
    return value
