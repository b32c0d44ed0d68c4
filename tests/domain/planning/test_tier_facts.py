"""What each service tier means for limits and price on a plan."""

import pytest

from groqchat.domain.models.catalog import Plan
from groqchat.domain.planning.tier_facts import tier_facts
from groqchat.domain.turns.service_tier import ServiceTier
from groqchat.storage.catalog import load_catalog

CATALOG = load_catalog()
LARGE = CATALOG.get("openai/gpt-oss-120b")


def facts(plan, model=LARGE):
    return {each.tier: each for each in tier_facts(model, plan)}


@pytest.mark.parametrize(
    ("plan", "flex", "performance"),
    [
        (Plan.FREE, False, False),
        (Plan.DEVELOPER, True, False),
        (Plan.ENTERPRISE, True, None),
        (None, None, None),
    ],
)
def test_which_tiers_a_plan_has(plan, flex, performance):
    found = facts(plan)
    assert found[ServiceTier.ON_DEMAND].is_open
    assert found[ServiceTier.FLEX].is_open is flex
    assert found[ServiceTier.PERFORMANCE].is_open is performance
    assert "agreement" in found[ServiceTier.PERFORMANCE].sentence


def test_flex_has_ten_times_the_limits_at_the_same_price():
    found = facts(Plan.DEVELOPER)
    assert found[ServiceTier.ON_DEMAND].limits == "1,000 RPM · 500,000 RPD · 250,000 TPM"
    assert "10,000 RPM · 5,000,000 RPD · 2,500,000 TPM" in found[ServiceTier.FLEX].limits
    assert found[ServiceTier.FLEX].price == found[ServiceTier.ON_DEMAND].price
    assert "$0.15 in, $0.60 out" in found[ServiceTier.FLEX].price


def test_nobody_is_charged_on_the_free_plan():
    found = facts(Plan.FREE)
    listed = "$0.15 in, $0.60 out per million tokens"
    assert found[ServiceTier.ON_DEMAND].price == f"$0 on the free plan (list: {listed})"
    assert found[ServiceTier.FLEX].price == listed  # what it would cost where it exists


def test_what_is_not_known_stays_unknown():
    found = facts(None, CATALOG.get("nobody/knows-it"))
    assert found[ServiceTier.ON_DEMAND].limits == "unknown"
    assert found[ServiceTier.ON_DEMAND].price == "unknown"
    assert found[ServiceTier.FLEX].limits == "10 times those of on_demand"
