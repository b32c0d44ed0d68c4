"""Variants of a set: keys of their own, by what they ask for and not by how it is written."""

from groqchat.domain.prompt_sets.columns import (
    SetColumn,
    column_of,
    columns_of,
    recorded,
    shown_pairs,
)
from groqchat.domain.prompt_sets.prompt_set import SetPrompt, SetRecord

PROMPT = SetPrompt("0123456789abcdef0123", "1", "Why?", "Be kind.")
LOW, HIGH = (column_of(f"m effort={word}", {"effort": word}) for word in ("low", "high"))


def test_a_model_alone_asks_the_prompt_as_it_is():
    assert column_of("m", {}) == SetColumn("m")
    assert SetColumn("m").prompt(PROMPT) == PROMPT


def test_a_variant_has_keys_of_its_own_for_each_prompt():
    keys = {
        column.key(key) for column in (SetColumn("m"), LOW, HIGH) for key in ("a" * 20, "b" * 20)
    }
    assert len(keys) == 6
    assert {len(key) for key in keys} == {20}


def test_the_values_and_not_the_words_make_the_key():
    again = column_of("m reasoning_effort=low", {"effort": "low"})
    assert (again.key("k" * 20), again.model) == (LOW.key("k" * 20), "m")


def test_a_system_prompt_takes_the_place_of_the_prompts_own():
    assert column_of("m system=''", {"system": ""}).prompt(PROMPT).system == ""
    assert LOW.prompt(PROMPT).system == "Be kind."


def test_a_record_finds_the_answers_of_its_variants_again():
    earlier = column_of("m seed=1", {"seed": 1})
    columns = [SetColumn("m"), LOW, earlier]
    kept = recorded([SetColumn("m"), LOW], [earlier])
    record = SetRecord("s", "place", 0.0, models=("m", LOW.name, earlier.name), parameters=kept)
    assert columns_of(record) == columns
    assert shown_pairs([PROMPT], columns) == {
        (LOW.key(PROMPT.key), "m"): (PROMPT.key, "m effort=low"),
        (earlier.key(PROMPT.key), "m"): (PROMPT.key, "m seed=1"),
    }
