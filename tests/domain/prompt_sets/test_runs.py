"""Repeats of a set: prompts with keys of their own, found again by the number of their run."""

import pytest

from groqchat.domain.prompt_sets.prompt_set import SetPrompt, SetRecord
from groqchat.domain.prompt_sets.runs import (
    number_of_runs,
    prompt_by_prompt,
    recorded_runs,
    repeated,
    runs_of,
)

PROMPTS = [SetPrompt("a" * 20, "one", "Why?"), SetPrompt("b" * 20, "two", "How?")]


def test_the_first_run_is_the_set_itself():
    assert repeated(PROMPTS, 1) == tuple(PROMPTS)
    assert repeated(PROMPTS, 3)[:2] == tuple(PROMPTS)


def test_each_repeat_has_a_key_of_its_own_which_does_not_depend_on_their_number():
    three = repeated(PROMPTS, 3)
    assert len({prompt.key for prompt in three}) == 6
    assert {len(prompt.key) for prompt in three} == {20}
    assert three[:4] == repeated(PROMPTS, 2)
    assert [(prompt.id, prompt.run) for prompt in three] == [
        ("one", 1), ("two", 1), ("one", 2), ("two", 2), ("one", 3), ("two", 3),
    ]  # fmt: skip
    assert [prompt.label for prompt in three[:3]] == ["one", "two", "one, run 2"]


def test_a_report_has_the_repeats_of_a_prompt_together():
    assert [(prompt.id, prompt.run) for prompt in prompt_by_prompt(repeated(PROMPTS, 2))] == [
        ("one", 1), ("one", 2), ("two", 1), ("two", 2),
    ]  # fmt: skip
    assert number_of_runs(repeated(PROMPTS, 2)) == 2
    assert number_of_runs([]) == 1


@pytest.mark.parametrize("kept", [{}, {"runs": 0}, {"runs": "3"}, {"runs": 10**9}])
def test_a_record_without_a_number_of_runs_is_of_a_single_one(kept):
    assert runs_of(SetRecord("s", "place", 0.0, parameters=kept)) == runs_of(None) == 1


def test_a_record_keeps_how_many_runs_there_are():
    assert runs_of(SetRecord("s", "place", 0.0, parameters=recorded_runs(3))) == 3
    assert recorded_runs(1) == {}
