"""What the settings file may say, and what is said about mistakes in it."""

from dataclasses import fields
from decimal import Decimal

import pytest

from groqchat.domain.settings import Budget, Settings, read_settings


def test_an_empty_file_means_the_defaults():
    assert read_settings({}) == (Settings(), ())


def test_every_setting_can_be_set():
    table = {
        "model": "m", "system": "s", "plan": "free", "theme": "t", "service_tier": "flex",
        "max_tokens": 100, "attempts": 2, "longest_wait_s": 5, "profile": "work",
        "send_with_enter": False, "show_reasoning": True,
        "budget": {"monthly_usd": "10.00", "session_usd": 0.5, "buffer": "5 %"},
        "keys": {"new_session": "ctrl+n,f5"},
        "prices": {"m": {"input": "0.15", "output": 0.6}},
        "longest_total_wait_s": 90, "gap_timeout_s": 20,
        "fallback": ["a", "b"], "fallback_on": ["tier_full"], "fallback_after_s": 5,
        "tool_rounds": 3, "tool_result_tokens": 500,
        "presets": {"efforts": ["m effort=low", "m effort=high"]},
    }  # fmt: skip
    settings, mistakes = read_settings(table)
    assert mistakes == ()
    assert settings == Settings(
        "m", "s", "free", "t", "flex", 100, 2, 5.0, "work",
        send_with_enter=False, show_reasoning=True,
        budget=Budget(Decimal("10.00"), Decimal("0.5"), Decimal("0.05")),
        keys={"new_session": "ctrl+n,f5"},
        prices={"m": {"input": Decimal("0.15"), "output": Decimal("0.6")}},
        longest_total_wait_s=90.0, gap_timeout_s=20.0,
        fallback=("a", "b"), fallback_on=("tier_full",), fallback_after_s=5.0,
        tool_rounds=3, tool_result_tokens=500,
        presets={"efforts": ("m effort=low", "m effort=high")},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"colour": "red"}, "“colour” is no setting"),
        ({"model": 1}, "“model” must be text in quotes"),
        ({"fallback": "m"}, '“fallback” must be a list of models, written ["…", "…"]'),
        (
            {"fallback_on": ["key_rejected"]},
            "“fallback_on” must be a list of rate_limited, tier_full, service_error, unreachable",
        ),
        ({"attempts": "two"}, "“attempts” must be a whole number"),
        ({"attempts": True}, "“attempts” must be a whole number"),
        ({"attempts": 1.5}, "“attempts” must be a whole number"),
        ({"attempts": -1}, "“attempts” must not be negative"),
        ({"tool_rounds": 0}, "“tool_rounds” must be a number from 1 to 50"),
        (
            {"tool_result_tokens": 20_001},
            "“tool_result_tokens” must be a number from 200 to",
        ),
        ({"attempts": 0}, "“attempts” must be a number from 1 to 100"),
        ({"max_tokens": 10**30}, "“max_tokens” must be a number from 0 to 10,000,000"),
        ({"gap_timeout_s": 0}, "“gap_timeout_s” must be a number from 0.1 to 604,800"),
        ({"longest_wait_s": 1e300}, "“longest_wait_s” must be a number"),
        ({"longest_wait_s": 10**400}, "“longest_wait_s” must be a number"),
        ({"longest_wait_s": float("inf")}, "“longest_wait_s” must be a number"),
        ({"longest_wait_s": True}, "“longest_wait_s” must be a number"),
        ({"longest_wait_s": -0.5}, "“longest_wait_s” must not be negative"),
        ({"send_with_enter": 1}, "“send_with_enter” must be true or false"),
        ({"plan": "gold"}, "“plan” must be one of free, developer, enterprise"),
        ({"budget": 5}, "“budget” must be a table, written [budget]"),
        ({"budget": {"weekly_usd": "1"}}, "“budget.weekly_usd” is no setting"),
        ({"budget": {"monthly_usd": "a lot"}}, "“budget.monthly_usd” must be an amount"),
        ({"budget": {"monthly_usd": "-1"}}, "“budget.monthly_usd” must be an amount"),
        ({"budget": {"monthly_usd": "NaN"}}, "“budget.monthly_usd” must be an amount"),
        ({"budget": {"monthly_usd": "1e999999999"}}, "“budget.monthly_usd” must be an amount"),
        ({"budget": {"monthly_usd": "1e-400"}}, "“budget.monthly_usd” must be an amount"),
        ({"presets": {"a": "m"}}, '“presets.a” must be a list of columns, ["…", "…"]'),
        ({"presets": {"a": []}}, "“presets.a” has no columns"),
        ({"keys": []}, "“keys” must be a table, written [keys]"),
        ({"prices": {"m": 1}}, "“prices.m” must be a table, written [prices.m]"),
        ({"prices": {"m": {"input": []}}}, "“prices.m.input” must be an amount"),
    ],
)
def test_a_mistake_is_told_and_the_rest_counts(table, told):
    settings, (mistake,) = read_settings(table | {"profile": "work"})
    assert mistake.startswith(told)
    assert settings == Settings(profile="work")


def test_every_setting_is_described():
    assert all(f"{spec.name}: " in Settings.__doc__ for spec in fields(Settings))


def test_profiles_of_an_organisation_share_its_limits():
    settings, mistakes = read_settings({"organizations": {"acme": ["default", "work"]}})
    assert mistakes == ()
    assert settings.organization_of("work") == ("work", "default")
    assert settings.organization_of("home") == ("home",)
    assert read_settings({"organizations": {"acme": "work"}})[1]


def test_a_key_of_groq_goes_to_no_other_vendor():
    router = {"base_url": "https://router.example/v1", "model": "m"}
    table = {
        "organizations": {"acme": ["work"]},
        "endpoints": {"default": router, "b": router | {"profile": "work"}, "c": router},
    }
    settings, mistakes = read_settings(table)
    assert set(settings.endpoints) == {"c"}
    assert len(mistakes) == 2
    assert "“endpoints.b” needs a profile of its own: the key of work is for Groq" in mistakes


def test_a_buffer_is_a_part_of_the_monthly_budget():
    assert Budget(Decimal(10), buffer=Decimal("0.05")).spendable_usd == Decimal("9.5")
    assert Budget(buffer=Decimal("0.05")).spendable_usd is None
    for wrong in ("5", "100 %", "-1 %", "x %", "5 % or so", 0.05, "1e-400 %", "sNaN %"):
        settings, (mistake,) = read_settings({"budget": {"buffer": wrong}})
        assert "budget.buffer" in mistake, wrong
        assert settings.budget == Budget()
