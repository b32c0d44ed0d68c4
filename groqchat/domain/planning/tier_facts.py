"""The service tiers in words: what each means for limits and price on a plan.

Facts from Groq's pages on service tiers and on the performance tier; what they do not say is told
as unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.models.catalog import Plan
from groqchat.domain.text.humanize import UNKNOWN, count, exact_money
from groqchat.domain.turns.service_tier import ServiceTier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.limits.quota import LimitKind
    from groqchat.domain.models.catalog import Model

FLEX_TIMES = 10
"""The limits of flex are so many times those of on_demand, while there is capacity."""


@dataclass(frozen=True, slots=True)
class TierFacts:
    """What a tier means on a plan; ``is_open`` says whether the plan has it, None where unknown."""

    tier: ServiceTier
    is_open: bool | None
    summary: str
    limits: str
    price: str

    @property
    def sentence(self) -> str:
        """All of it in sentences, the most important first."""
        return f"{self.summary} Price: {self.price}. Limits: {self.limits}."


def tier_facts(model: Model, plan: Plan | None) -> tuple[TierFacts, ...]:
    """What each tier means for a model on a plan, in the order in which tiers are offered.

    Args:
        model: The model that is asked.
        plan: The plan of the account; None where it is not known.
    """
    limits = model.limits.get(plan, {}) if plan else {}
    usual, price = _limits(limits), _price(model, plan)
    more = f"{FLEX_TIMES} times those of on_demand"
    if limits:
        more += f" ({_limits({kind: FLEX_TIMES * limit for kind, limit in limits.items()})})"
    is_paid = None if plan is None else plan is not Plan.FREE
    lacking = {None: "Only paid plans have flex.", False: "The free plan has no flex.", True: ""}
    return (
        TierFacts(ServiceTier.ON_DEMAND, True, "The usual tier.", usual, price),
        TierFacts(
            ServiceTier.FLEX,
            is_paid,
            _joined(lacking[is_paid], "Refuses at once (498) while Groq is busy."),
            more if is_paid is not False else "none, since the plan has no flex",
            price if is_paid is not False else _price(model, None),
        ),
        TierFacts(
            ServiceTier.AUTO,
            is_paid,
            _joined("on_demand first, flex when its limits are used up.", lacking[is_paid]),
            usual if is_paid is False else f"{usual}; then {more}",
            price,
        ),
        TierFacts(
            ServiceTier.PERFORMANCE,
            _has_performance(plan),
            "For enterprises, by an agreement with Groq: reserved capacity, latency guaranteed.",
            "as agreed",
            f"as agreed; {UNKNOWN} here, so costs are shown at list price",
        ),
    )


def _has_performance(plan: Plan | None) -> bool | None:
    """An enterprise has the tier only if its agreement says so, which is not known here."""
    return None if plan in {None, Plan.ENTERPRISE} else False


def _limits(limits: Mapping[LimitKind, int]) -> str:
    return " · ".join(f"{count(limit)} {kind}" for kind, limit in limits.items()) or UNKNOWN


def _price(model: Model, plan: Plan | None) -> str:
    """The list price, which nobody is charged on the free plan."""
    price = model.price
    if price is None or price.input is None or price.output is None:
        return UNKNOWN
    listed = f"{exact_money(price.input)} in, {exact_money(price.output)} out per million tokens"
    return f"$0 on the free plan (list: {listed})" if plan is Plan.FREE else listed


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
