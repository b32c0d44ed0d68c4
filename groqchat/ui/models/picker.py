"""Chooses the model: prices, context, speed, abilities, and what is left of it today."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.models.catalog import Kind
from groqchat.domain.models.choosing import ordered
from groqchat.domain.models.use_cases import suggestions
from groqchat.ui.dialogs.dialog import CLOSE
from groqchat.ui.dialogs.picker import Picker
from groqchat.ui.models.facts import describe
from groqchat.ui.models.rows import LONGEST_ID, Layout, absence
from groqchat.ui.models.use_cases import UseCasePicker, said_of
from groqchat.ui.terminal.browser import is_in_browser
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.events import Resize
    from textual.widget import Widget

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.models.choosing import Choice
    from groqchat.domain.models.use_cases import UseCase
    from groqchat.ui.models.choices import ModelChoices


class ModelPicker(Picker[str]):
    """The chosen model's id, or None. A retired one sends on to its replacement.

    Args:
        models: The models to choose from; those that cannot chat are left out.
        current: The id of the present one.
        query: What stands in the line at first.
    """

    DEFAULT_CSS = """
    ModelPicker > #frame { width: 100%; max-width: 132; }
    ModelPicker #header { height: 1; margin-top: 1; padding: 0 1; }
    ModelPicker #rows { margin-top: 0; }
    ModelPicker #said { max-height: 6; }
    ModelPicker.-tall #said, ModelPicker.-case #said { max-height: 9; }
    ModelPicker.-short #said { max-height: 2; }
    ModelPicker.-narrow #header, ModelPicker.-short #header { display: none; }
    """
    VERTICAL_BREAKPOINTS = [*Picker.VERTICAL_BREAKPOINTS, (32, "-tall")]  # noqa: RUF012  # as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "sort", show=False, priority=True),
        Binding("ctrl+f", "favourite", show=False, priority=True),
        Binding("ctrl+t,ctrl+b", "use_case", show=False, priority=True),
    ]
    heading = "Models"
    purpose = (
        "The model that answers in this session, with its price and what is left of its "
        "limits today."
    )
    guide = "models"
    asks = "Name, ability, status or use: vision, preview, coding …"
    nothing = "No model matches."

    def __init__(self, models: ModelChoices, current: str, query: str = "") -> None:
        super().__init__(query)
        self.models = models
        self._current = current
        self._case: UseCase | None = None
        self._gone: Model | None = None
        self._replacement_id = ""

    def content(self) -> Iterable[Widget]:
        """The picker's content with a header of column names above the rows."""
        self._header = Static(id="header", markup=False)
        line_, *rest = super().content()
        return (line_, self._header, *rest)

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the window, the one that chooses first."""
        return (KeyHint("Enter", "choose", "enter"), *self.shelf_hints())

    def shelf_hints(self) -> Sequence[KeyHint]:
        """The keys of the list."""
        return (
            KeyHint("Ctrl+S", f"sort: {self.models.order}", "ctrl+s"),
            KeyHint("Ctrl+F", "favourite", "ctrl+f"),
            KeyHint("Ctrl+B" if is_in_browser() else "Ctrl+T", "uses", "ctrl+t"),
            CLOSE,
        )

    def on_resize(self, event: Resize) -> None:
        """Fit the columns to the new width."""
        self.call_after_refresh(self.show_anew)

    # -- what is shown ------------------------------------------------------------------------

    def offered(self) -> Sequence[Choice]:
        """The models one may talk to, in their order; those for the use case if one is chosen."""
        offered = [
            choice
            for choice in self.models.choices
            if choice.model.kind is Kind.CHAT and self.is_offered(choice.model)
        ]
        if self._case is not None:
            by_id = {choice.model.id: choice for choice in offered}
            found = suggestions(self._case, self.models.catalog)
            offered = [by_id[one.model.id] for one in found if one.model.id in by_id]
        return ordered(offered, self.models.order)

    def is_offered(self, model: Model) -> bool:
        """Whether a model stands in the list: also one that was shut down, to explain itself."""
        del model
        return True

    def is_marked(self, model_id: str) -> bool:
        """Whether a model has the mark before its name: the present one."""
        return model_id == self._current

    def narrow(self, query: str) -> None:
        """Keep the models in whose name, abilities, status or uses every word occurs."""
        found = self._matching(query)
        self._show(found, found[0].model.id if query and found else self._current)

    def show_anew(self) -> None:
        """Write the rows again; the highlighted model stays so."""
        self._show(self._matching(self.line.value), self.highlighted)

    def _matching(self, query: str) -> Sequence[Choice]:
        return [one for one in self.offered() if one.matches(query)]

    def _show(self, choices: Sequence[Choice], highlighted: str | None) -> None:
        layout = Layout.of(choices, self.row_width, self.models.order)
        self._header.update(layout.header())
        ids = [choice.model.id for choice in choices]
        rows = [
            (layout.row(choice, is_present=self.is_marked(choice.model.id)), choice.model.id)
            for choice in choices
        ]
        self.show_rows(rows, ids.index(highlighted) if highlighted in ids else 0)
        self.key_bar.show(self.hints())

    def describe(self, value: str) -> Content:
        """All about the highlighted model that the row has no room for."""
        choice = self._choice(value)
        parts = [describe(choice, self.row_width)]
        if self._gone is not None and value == self._replacement_id:
            gone = line(self._gone.id, LONGEST_ID)
            words = f"{gone}: {absence(self._gone)}. Enter takes this one instead."
            parts.insert(0, Content.styled(words, "$text-warning"))
        elif self._case is not None:
            parts.insert(0, said_of(self._case, self.models.catalog))
        if not choice.model.is_usable:
            replacement = line(self.models.catalog.replacement_for(value).id, LONGEST_ID)
            parts.append(Content.styled(f"Enter selects {replacement} instead.", "$text-accent"))
        return Content("\n").join(parts)

    def _choice(self, model_id: str) -> Choice:
        return next(choice for choice in self.models.choices if choice.model.id == model_id)

    # -- what is done -------------------------------------------------------------------------

    def choose(self, value: str) -> None:
        """Take a model; of one that cannot be used, go to what has taken its place."""
        model = self._choice(value).model
        if model.is_usable:
            self.finish(value)
            return
        replacement = self.models.catalog.replacement_for(value)
        if replacement.is_usable:
            self._gone, self._replacement_id, self._case = model, replacement.id, None
            self._show_all_of_it(replacement.id)

    def action_sort(self) -> None:
        """The next order."""
        self.models.order = self.models.order.next
        self.show_anew()

    def action_favourite(self) -> None:
        """Make the highlighted model a favourite, or an ordinary one again."""
        value = self.highlighted
        if value is None:
            return
        try:
            self.models.toggle_favourite(value)
        except StorageError as error:
            self.said.update(Content(f"{error.message} {error.suggestion}"))
        else:
            self.show_anew()

    def action_use_case(self) -> None:
        """Choose what it is for."""
        present = self._case.id if self._case else ""
        picker = UseCasePicker(self.models.cases, self.models.catalog, present)
        self.app.push_screen(picker, self._narrow_to)

    def _narrow_to(self, case_id: str | None) -> None:
        """Show the models for a use case; an empty id shows all."""
        if case_id is None:
            return
        self._case = next((case for case in self.models.cases if case.id == case_id), None)
        self._show_all_of_it("")

    def _show_all_of_it(self, highlighted: str) -> None:
        """Clear the filter; the title names the use case if there is one."""
        title = f"{self.heading} · {self._case.title}" if self._case else self.heading
        self.query_one("#frame").border_title = Content(title)
        self.set_class(self._case is not None, "-case")
        with self.prevent(Input.Changed):
            self.line.value = ""
        self._show(self._matching(""), highlighted or self._current)
