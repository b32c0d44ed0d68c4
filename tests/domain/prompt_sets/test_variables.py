"""Rows with variables, and prompts of several turns."""

import pytest

from groqchat.domain.prompt_sets.conversations import read_conversation
from groqchat.domain.prompt_sets.prompt_set import SetPrompt
from groqchat.domain.prompt_sets.variables import filled_rows
from groqchat.domain.turns.chat import Role


def filled(row, file=()):
    return filled_rows(row, lambda path: [*file] if path == "rows.csv" else [])


def test_a_row_comes_once_for_each_row_of_values_in_all_its_texts():
    row = {
        "id": "cap",
        "prompt": r"Capital of {{country}}{{mark=?}} \{{country}}",
        "contains": ["{{city}}", 3],
        "json": {"a.b": "{{city}}"},
        "vars": [{"country": "France", "city": "Paris"}, {"country": "Peru", "city": 1.5}],
    }
    assert filled(row) == [
        {
            "id": "cap-1",
            "prompt": "Capital of France? {{country}}",
            "contains": ["Paris", 3],
            "json": {"a.b": "Paris"},
        },
        {
            "id": "cap-2",
            "prompt": "Capital of Peru? {{country}}",
            "contains": ["1.5", 3],
            "json": {"a.b": "1.5"},
        },
    ]


def test_a_single_row_and_an_id_with_a_variable_need_no_number():
    assert filled({"id": "a", "prompt": "{{x}}", "vars": {"x": "1"}}) == [
        {"id": "a", "prompt": "1"}
    ]
    several = filled({"id": "a{{x}}", "prompt": "{{x}}", "vars": [{"x": "1"}, {"x": "2"}]})
    assert [row["id"] for row in several] == ["a1", "a2"]


def test_without_vars_braces_stay_and_a_file_may_have_further_columns():
    assert filled({"prompt": "{{x}}"}) == [{"prompt": "{{x}}"}]
    rows = [{"x": "1", "more": "2"}]
    assert filled({"prompt": "{{x}}", "vars": "rows.csv"}, rows) == [{"prompt": "1"}]


@pytest.mark.parametrize(
    ("vars_", "said"),
    [
        ([], "vars wants an object"),
        (3, "vars wants an object"),
        (["a"], "vars wants an object"),
        ("none.csv", "vars wants an object"),
        ({"y": "1"}, "has no variable y"),
        ({"x": "1", "yy": "1"}, "has no variable yy"),
        ([{"x": "1"}, {}], "prompt: the variable x needs a value"),
    ],
)
def test_values_that_are_missing_or_not_asked_for_are_refused(vars_, said):
    with pytest.raises(ValueError, match=said):
        filled({"prompt": "{{x}}", "vars": vars_})


def said(role, content):
    return {"role": role, "content": content}


def test_the_history_of_a_conversation_is_a_chain_that_ends_with_the_prompt():
    system, history, text = read_conversation(
        [said("system", "S"), said("user", "A"), said("assistant", "B"), said("user", "C")]
    )
    assert (system, text) == ("S", "C")
    prompt = SetPrompt("k", "1", text, system, history=history)
    assert prompt.conversation == "User: A\n\nAssistant: B\n\nUser: C"
    told = [(m.id, m.parent_id, m.role, m.content) for m in prompt.messages("s", "s-k", 1.0)]
    assert told == [
        ("s-k-0", None, Role.USER, "A"),
        ("s-k-1", "s-k-0", Role.ASSISTANT, "B"),
        ("s-k", "s-k-1", Role.USER, "C"),
    ]


@pytest.mark.parametrize(
    ("messages", "wanted"),
    [
        ([], "messages is a list"),
        ("A", "messages is a list"),
        ([said("system", "S")], "messages is a list"),
        ([said("tool", "A")], "messages is a list"),
        ([{"role": "user"}], "messages is a list"),
        ([said("user", 3)], "messages is a list"),
        ([said("user", "A"), said("user", "B")], "turn 2 is of user, not of assistant"),
        ([said("assistant", "A")], "turn 1 is of assistant, not of user"),
        ([said("user", "A"), said("assistant", "B")], "the last turn is not the user's"),
        ([said("user", "A"), said("system", "S")], "turn 2 is of system"),
    ],
)
def test_turns_have_to_alternate_and_end_with_the_user(messages, wanted):
    with pytest.raises(ValueError, match=wanted):
        read_conversation(messages)
