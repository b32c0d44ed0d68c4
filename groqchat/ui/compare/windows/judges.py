"""The window that chooses the judging model, with the most that a verdict costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.compare.rules import model_in
from groqchat.domain.text.humanize import count, exact_money, money
from groqchat.ui.dialogs.picker import Picker
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.services.compare.judge import Estimate


class JudgePicker(Picker[str]):
    """Chooses a model. The result is its id, or None.

    Args:
        estimates: The most that a verdict takes, by the id of the judging model.
        judged: The models whose answers are judged.
    """

    DEFAULT_CSS = """
    JudgePicker > #frame { max-width: 84; }
    """
    heading = "Who judges?"
    purpose = (
        "The model that judges these answers without knowing who wrote them. Each shows the "
        "most a verdict costs."
    )
    guide = "compare"
    asks = "Part of a model's name"
    nothing = "No model matches."

    def __init__(self, estimates: Mapping[str, Estimate], judged: Sequence[str]) -> None:
        super().__init__()
        self._estimates, self._judged = estimates, set(map(model_in, judged))

    def narrow(self, query: str) -> None:
        """Show the models whose names contain the query."""
        found = [name for name in self._estimates if query.lower().strip() in name.lower()]
        width = max((len(line(name, 60)) for name in found), default=0)
        self.show_rows([(self._row(name, width), name) for name in found])

    def describe(self, value: str) -> Content:
        """The most that a verdict of the model takes, and why it is asked twice."""
        estimate = self._estimates[value]
        own = " It answered here itself, and models tend to prefer their own answers." * (
            value in self._judged
        )
        return Content(
            f"Asked twice, the second time with the answers in opposite order, so that the order "
            f"decides nothing: ≈ {count(estimate.prompt_tokens)} tokens in, up to "
            f"{count(estimate.completion_tokens)} out, {cost_words(estimate)}.{own}"
        )

    def _row(self, name: str, width: int) -> Content:
        most = self._estimates[name].cost
        cost = "price unknown" if most is None else f"≤ {money(most)}"
        return Content.assemble(f"{line(name, 60):<{width}}  ", (cost, "$text-muted"))


def cost_words(estimate: Estimate) -> str:
    """The most that a verdict costs, in words."""
    if estimate.cost is None:
        return "price unknown"
    return f"at most {exact_money(estimate.cost)} at list price"
