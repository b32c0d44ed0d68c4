"""Chooses the models of a comparison: Tab marks, Enter compares what is marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from groqchat.domain.compare.compare import FEWEST_MODELS, MOST_MODELS
from groqchat.ui.models.picker import ModelPicker
from groqchat.ui.widgets.text import KeyHint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.ui.models.choices import Shelf


class ComparedModels(ModelPicker):
    """The ids of the chosen models with spaces between them, or None.

    Args:
        shelf: What there is.
        chosen: Those that are marked at first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "mark", show=False, priority=True)]
    heading = "Compare models"

    def __init__(self, shelf: Shelf, chosen: Iterable[str]) -> None:
        super().__init__(shelf, "")
        usable = {choice.model.id for choice in shelf.choices if choice.model.is_usable}
        self._chosen = [model_id for model_id in chosen if model_id in usable]

    def hints(self) -> Sequence[KeyHint]:
        """Marking is what is new here."""
        return (
            KeyHint("Tab", "mark", "tab"),
            KeyHint("Enter", "compare the marked", "enter"),
            *self.shelf_hints(),
        )

    def is_offered(self, model: Model) -> bool:
        """What can be called."""
        return model.is_usable

    def is_marked(self, model_id: str) -> bool:
        """Those that are to be compared."""
        return model_id in self._chosen

    def action_mark(self) -> None:
        """Mark the highlighted model, or unmark it."""
        value = self.highlighted
        if value is None:
            return
        if value in self._chosen:
            self._chosen.remove(value)
        elif len(self._chosen) < MOST_MODELS:
            self._chosen.append(value)
        self.show_anew()

    def choose(self, value: str) -> None:
        """Compare what is marked; with one marked, the highlighted is the other."""
        chosen = list(dict.fromkeys([*self._chosen, value]))
        if len(self._chosen) >= FEWEST_MODELS:
            self.finish(" ".join(self._chosen))
        elif len(chosen) == FEWEST_MODELS:
            self.finish(" ".join(chosen))
        else:
            self.said.update(Content(f"Mark at least {FEWEST_MODELS} models with Tab."))

    def describe(self, value: str) -> Content:
        """The marked ones stand first."""
        number = len(self._chosen)
        return Content.assemble(
            (f"{number} of {MOST_MODELS} marked", "$text-accent"), "\n", super().describe(value)
        )
