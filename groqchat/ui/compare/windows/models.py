"""The window that chooses the models of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from groqchat.domain.compare.rules import FEWEST_MODELS, MOST_MODELS, chosen_models, toggled
from groqchat.ui.models.picker import ModelPicker
from groqchat.ui.widgets.text import KeyHint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.ui.models.choices import ModelChoices


class ComparedModels(ModelPicker):
    """Chooses models. The result is their ids with spaces between them, or None.

    Args:
        models: The models.
        chosen: The ids of the models that are marked at first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "mark", show=False, priority=True)]
    heading = "Compare models"
    purpose = (
        "The models that answer the same prompt side by side. Mark two or more, then press Enter."
    )
    guide = "compare"

    def __init__(self, models: ModelChoices, chosen: Iterable[str]) -> None:
        super().__init__(models, "")
        usable = {choice.model.id for choice in models.choices if choice.model.is_usable}
        self._chosen = [model_id for model_id in chosen if model_id in usable]

    def hints(self) -> Sequence[KeyHint]:
        """The keys that mark and compare, and those of every list of models."""
        return (
            KeyHint("Tab", "mark", "tab"),
            KeyHint("Enter", "compare the marked", "enter"),
            *self.shelf_hints(),
        )

    def is_offered(self, model: Model) -> bool:
        """Whether a model can be compared: any that the account can use."""
        return model.is_usable

    def is_marked(self, model_id: str) -> bool:
        """Whether a model is marked."""
        return model_id in self._chosen

    def action_mark(self) -> None:
        """Mark the highlighted model, or unmark it."""
        if self.highlighted is not None:
            self._chosen = toggled(self._chosen, self.highlighted)
            self.show_anew()

    def choose(self, value: str) -> None:
        """Compare the marked models; with only one marked, the chosen model is the other."""
        if models := chosen_models(self._chosen, value):
            self.finish(" ".join(models))
        else:
            self.said.update(Content(f"Mark at least {FEWEST_MODELS} models with Tab."))

    def describe(self, value: str) -> Content:
        """The number of marked models, and the facts of the highlighted one."""
        number = len(self._chosen)
        return Content.assemble(
            (f"{number} of {MOST_MODELS} marked", "$text-accent"), "\n", super().describe(value)
        )
