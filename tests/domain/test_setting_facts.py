"""What the screen and the guide say of each setting, all from the docstrings of the settings."""

from dataclasses import fields
from decimal import Decimal

import pytest

from groqchat.domain.setting_facts import Kind, matching, setting_facts
from groqchat.domain.settings import CHOICES, RANGES, Settings, read_settings

FACTS = {each.name: each for each in setting_facts()}


def test_every_setting_has_a_topic_a_sentence_and_what_it_takes():
    tables = {name.partition(".")[0] for name in FACTS}
    assert tables == {each.name for each in fields(Settings)}, "name new settings in TOPICS"
    for fact in FACTS.values():
        assert fact.sentence.endswith("."), fact.name
        assert "``" not in fact.sentence
        assert "See :" not in fact.sentence
        assert fact.takes
    assert {name for name, each in FACTS.items() if each.kind is Kind.CHOICE} == set(CHOICES)
    assert set(RANGES) <= set(FACTS)


def test_what_is_shown_of_a_value_is_read_as_that_value():
    values = {
        "system": "Briefly.", "max_tokens": 300, "longest_wait_s": 2.5, "alerts": False,
        "plan": "free", "fallback": ("a", "b"), "fallback_on": ("tier_full",),
        "budget.monthly_usd": Decimal("10.00"), "budget.buffer": Decimal("0.05"),
        "team.profiles": ("work",), "team.url": "postgresql://anna@db.example.org/team",
        "tool_rounds": 20,
    }  # fmt: skip
    for name, value in values.items():
        fact = FACTS[name]
        table, _, last = name.partition(".")
        written = fact.read(fact.shown(value))
        settings, mistakes = read_settings({table: {last: written} if last else written})
        assert mistakes == (), name
        assert fact.of(settings) == value


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("attempts", "many", "“attempts” must be a whole number"),
        ("attempts", "1.5", "“attempts” must be a whole number"),
        ("longest_wait_s", "inf", "“longest_wait_s” must be a number"),
        ("longest_wait_s", "1,5", "“longest_wait_s” must be a number"),
        ("tool_rounds", "51", "“tool_rounds” must be a number from 1 to 50"),
        ("plan", "gold", "“plan” must be one of free, developer, enterprise"),
        ("alerts", "perhaps", "“alerts” must be true or false"),
        ("composer_keys", "nano", "“composer_keys” must be one of default, emacs, vi"),
        ("fallback_on", "tier_full, hunger", "“fallback_on” must be a list of rate_limited"),
    ],
)
def test_a_wrong_text_is_refused_by_the_check_that_the_file_has(name, text, told):
    mistake = read_settings({name: FACTS[name].read(text)})[1][0]
    assert mistake.startswith(told)


def test_numbers_are_read_as_people_write_them():
    assert FACTS["tool_result_tokens"].read("20,000") == 20_000
    assert FACTS["budget.buffer"].read("5") == "5 %"
    assert FACTS["attempts"].read(" ") is None


def test_settings_are_found_by_name_topic_and_sentence():
    facts = setting_facts()
    assert [each.name for each in matching(facts, "colours auto")] == ["theme"]
    assert "alert_bell" in [each.name for each in matching(facts, "ALERTS")]
    assert matching(facts, "no such thing") == []


def test_a_value_of_a_table_is_read_from_the_settings():
    settings = read_settings({"budget": {"monthly_usd": "5"}})[0]
    assert FACTS["budget.monthly_usd"].of(settings) == Decimal(5)
    assert FACTS["presets"].shown({"a": ("m",), "b": ("n",)}) == "a, b"
