"""Chooses what a model is for, with the model to begin with today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.models.use_cases import advice, suggestions
from groqchat.ui.dialogs.picker import Picker
from groqchat.ui.models.rows import PRESENT
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.models.catalog import Catalog
    from groqchat.domain.models.use_cases import UseCase

_ALL = "All models"
_TITLE_WIDTH = 34


class UseCasePicker(Picker[str]):
    """The id of the chosen use case, an empty one for all models, or None.

    Args:
        cases: What one may want to do.
        catalog: Which models there are today.
        present: The id of the present one; empty: none.
    """

    DEFAULT_CSS = """
    UseCasePicker > #frame { height: auto; max-height: 85%; }
    UseCasePicker.-narrow > #frame { max-height: 100%; }
    UseCasePicker #rows { height: auto; max-height: 1fr; }
    """
    heading = "What is it for?"
    purpose = (
        "Kinds of tasks, each with the model to begin with. Enter lists the models for the task."
    )
    guide = "models"
    asks = "coding, cheap, context …"
    nothing = "No use matches."

    def __init__(self, cases: Sequence[UseCase], catalog: Catalog, present: str) -> None:
        super().__init__()
        self._cases = {case.id: case for case in cases}
        self._catalog = catalog
        self._present = present

    def narrow(self, query: str) -> None:
        """Keep the use cases in whose title, reason or model every word occurs."""
        words = query.lower().split()
        rows = [] if query else [(self._row(_ALL, "", is_present=not self._present), "")]
        rows += [
            (self._row(case.title, self._today(case), is_present=case.id == self._present), case.id)
            for case in self._cases.values()
            if all(word in f"{case} {self._today(case)}".lower() for word in words)
        ]
        ids = [case_id for _, case_id in rows]
        self.show_rows(rows, ids.index(self._present) if self._present in ids else 0)

    def describe(self, value: str) -> Content:
        """The advice for a use case, and what to avoid."""
        case = self._cases.get(value)
        return said_of(case, self._catalog) if case else Content("Every model there is.")

    def _today(self, case: UseCase) -> str:
        if case.way:
            return case.way
        return ", ".join(found.model.id for found in suggestions(case, self._catalog))

    def _row(self, title: str, today: str, *, is_present: bool) -> Content:
        mark = PRESENT if is_present else " "
        return Content.assemble(
            (f"{mark} {title.ljust(_TITLE_WIDTH)}", "bold"), (line(today, 80), "$text-muted")
        )


def said_of(case: UseCase, catalog: Catalog) -> Content:
    """The advice for a use case, and its source."""
    words = f"{case.title}: {advice(case, catalog)}"
    return Content.assemble((words, "$text-accent"), f" {case.source}, {case.as_of}.")
