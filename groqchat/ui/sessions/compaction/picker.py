"""The list of ways to make a conversation shorter, each with what it frees and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.text.humanize import count
from groqchat.domain.turns.compaction import AUTOMATIC, Plan, Way
from groqchat.ui.dialogs.picker import FewPicker, Picker
from groqchat.ui.widgets.text import in_own_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.services.turns.compactor import Outgrown

_EXPLAINED = {
    Way.OLDEST: "They stay in the transcript, but later prompts are sent without them.",
    Way.SUMMARY: "The summary stands in the transcript and is sent in their place.",
    Way.NEW_SESSION: "The summary is written here and begins the new session, in which you go on. "
    "This session stays as it is.",
}
_NO_SUMMARY = (
    "No model takes the longest of these turns at once, or a summary would not be shorter than "
    "they are. Leave turns out, or go on with a model that takes more: Ctrl+L."
)
_BACK = " /compact undo goes back."
_ALWAYS = (
    "Also from now on in this session, before each prompt that would not fit. Each time a note in "
    "the transcript says what was done and what it cost. /compact auto off ends it."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A way that was chosen, for this time or always in the session.

    Without a way the prompt is sent as it is, or another model is wanted for summaries; what
    ``is_closed`` cannot be taken, and its words say why.
    """

    plan: Plan | None
    is_always: bool = False
    is_sent: bool = False
    is_closed: bool = False


class CompactionPicker(FewPicker[Choice]):
    """The choice of what is left out; its result is None where the user wants none of it.

    Args:
        plans: The ways that are possible.
        outgrown: How far the conversation is too long; None: it is not.
    """

    DEFAULT_CSS = """
    CompactionPicker > #frame { width: 100%; max-width: 84; height: auto; }
    CompactionPicker.-narrow > #frame { width: 100%; height: 100%; }
    CompactionPicker #rows { height: auto; max-height: 1fr; }
    CompactionPicker.-short #rows { max-height: 4; }
    CompactionPicker.-short #said { max-height: 4; min-height: 4; }
    """
    purpose = (
        "Ways to make this conversation shorter, each with what it frees and what it costs. "
        "Nothing is deleted."
    )
    guide = "sessions"

    def __init__(self, plans: Sequence[Plan], outgrown: Outgrown | None) -> None:
        super().__init__()
        is_stuck = outgrown is not None and outgrown.error is not None
        self.heading = "Too long to be sent" if is_stuck else "Compact this conversation"
        self._outgrown = outgrown
        self._choices = [Choice(plan) for plan in plans]
        self._choices += [Choice(plan, is_always=True) for plan in plans if plan.way in AUTOMATIC]
        if any(plan.model for plan in plans):
            self._choices.append(Choice(None))
        else:
            self._choices.append(Choice(None, is_closed=True))
        if outgrown is not None and outgrown.error is None:
            self._choices.append(Choice(None, is_sent=True))

    def narrow(self, query: str) -> None:
        """Show all ways."""
        self.show_rows([(_row(each), each) for each in self._choices])

    def choose(self, value: Choice) -> None:
        """Take a way that is open."""
        if not value.is_closed:
            super().choose(value)

    def describe(self, value: Choice) -> Content:
        """What the way does, and how far the conversation is too long."""
        return Content(in_own_keys(self, f"{_explained(value)}{self._too_long}"))

    @property
    def _too_long(self) -> str:
        outgrown = self._outgrown
        if outgrown is None:
            return ""
        if (error := outgrown.error) is not None:
            return f" Now: {error.message.removesuffix(' Nothing was sent.')}"
        return (
            f" Now: ≈ {count(outgrown.tokens)} tokens with your prompt, "
            f"≈ {count(outgrown.left)} left for the answer."
        )


class SummaryModelPicker(Picker[Plan]):
    """The models that can write a summary, the one with the fewest requests and cost first.

    Args:
        plans: A plan by each model.
    """

    heading = "Model for the summary"
    purpose = "The model that writes the summary. Each shows what the summary costs with it."
    guide = "sessions"
    asks = "Name of a model …"
    nothing = "No model matches."

    def __init__(self, plans: Sequence[Plan]) -> None:
        super().__init__()
        self._plans = plans

    def narrow(self, query: str) -> None:
        """Keep the models whose id contains what was typed."""
        word = query.strip().lower()
        found = [plan for plan in self._plans if word in plan.model.lower()]
        self.show_rows([(_model_row(plan), plan) for plan in found])

    def describe(self, value: Plan) -> Content:
        """What a summary by the model frees, and its price."""
        always = "summary_model in config.toml names the model for all summaries."
        return Content(f"{value.effect}. {always}")


def _model_row(plan: Plan) -> Content:
    return Content.assemble(plan.model, (f" · {plan.price}", "$text-muted"))


def _title(choice: Choice) -> str:
    plan = choice.plan
    if choice.is_closed:
        return "Summary · not possible"
    if choice.is_sent:
        return "Send it as it is"
    if plan is None:
        return "Another model for the summary"
    if not choice.is_always:
        return plan.title
    return "Always leave out the oldest turns" if plan.way is Way.OLDEST else "Always summarise"


def _row(choice: Choice) -> Content:
    effect = f" · {choice.plan.effect}" if choice.plan and not choice.is_always else ""
    return Content.assemble(_title(choice), (effect, "$text-muted"))


def _explained(choice: Choice) -> str:
    plan = choice.plan
    if choice.is_closed:
        return _NO_SUMMARY
    if choice.is_sent:
        return "The answer may be cut short."
    if plan is None:
        return "Lists the models that can, with the price of each."
    if choice.is_always:
        return f"{plan.title}: {plan.effect}. {_ALWAYS}"
    back = "" if plan.way is Way.NEW_SESSION else _BACK
    return f"{plan.effect}. {_EXPLAINED[plan.way]}{back}"
