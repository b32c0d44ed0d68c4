"""The service tiers of GroqCloud, by the names that its API has for them."""

from enum import StrEnum


class ServiceTier(StrEnum):
    """One tier, which decides on latency and on what happens when Groq is busy (Groq tier docs)."""

    ON_DEMAND = "on_demand"
    FLEX = "flex"
    AUTO = "auto"
    PERFORMANCE = "performance"


TIERS = tuple(tier.value for tier in ServiceTier)
"""The names of all tiers, in the order in which they are offered."""
