"""Named prompts: front matter, variables, and what is said of mistakes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groqchat.domain.prompts.prompt_file import PromptKind, Variable, read_prompt_file

REVIEW = """\
\ufeff---
# A comment
description: "A review: of code"

system: terse
Temperature: 0.2
top-p: '0.9'
stop: "END", "\\n\\n"
---

Review this {{ language = Python }} code, {{name}}: {{input}}
{{name=reader}} and \\{{literal}} and {{ 1 + 1 }} stay.
"""


def read(text, kind=PromptKind.TEMPLATE):
    return read_prompt_file(text, "review", kind)


def test_front_matter_and_text_are_told_apart():
    prompt = read(REVIEW.replace("\n", "\r\n"))
    assert (prompt.name, prompt.description, prompt.system) == (
        "review", "A review: of code", "terse",
    )  # fmt: skip
    assert prompt.parameters == {"temperature": "0.2", "top_p": "0.9", "stop": '"END", "\\n\\n"'}
    assert prompt.text.startswith("Review this")


def test_variables_are_found_once_with_the_default_from_wherever_it_stands():
    assert read(REVIEW).variables == (
        Variable("language", "Python"),
        Variable("name", "reader"),
        Variable("input"),
    )


def test_values_take_the_place_of_variables_and_are_not_read_again():
    said = read(REVIEW).filled({"input": "{{name}} \\1", "language": "Rust", "more": "unused"})
    assert said == (
        "Review this Rust code, reader: {{name}} \\1\nreader and {{literal}} and {{ 1 + 1 }} stay."
    )


def test_what_has_no_value_is_named():
    prompt = read("{{a}} {{b=}} {{c}}")
    assert prompt.filled({"a": "", "c": "3"}) == "  3"
    with pytest.raises(ValueError, match=r"^review: the variables a and c need a value$"):
        prompt.filled({"b": "2"})
    with pytest.raises(ValueError, match=r"^review: the variable c needs a value$"):
        prompt.filled({"a": "1"})


def test_a_name_that_is_no_variable_is_answered_with_those_there_are():
    prompt = read("{{language}} {{aspect}}")
    assert prompt.unknown(["aspect", "language"]) == ""
    assert prompt.unknown(["langage"]) == ("review has no variable langage: did you mean language?")
    assert prompt.unknown(["x"]).endswith("no variable x: it has language and aspect")
    assert read("Hi").unknown(["x"]).endswith("no variable x: it has none")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("---\nmodel: a\n", "line 1: the front matter needs a line --- at its end"),
        ("---\n---\n \n", "there is no text in it"),
        ("", "there is no text in it"),
        ("---\nmodel\n---\nHi", "line 2: `model` is no `name: value`"),
        ("---\n\nmodell: a\n---\nHi", "line 3: modell is no field .*; did you mean model\\?"),
        ("---\nx: a\n---\nHi", "line 2: x is no field .*; there are description, model, system"),
        ("---\nseed: 1\nSeed: 2\n---\nHi", "line 3: seed stands there twice"),
        ('---\nmodel: "\\x"\n---\nHi', "line 2: .* has a mistake between its quotation marks"),
    ],
)
def test_a_mistake_is_told_with_its_line(text, told):
    with pytest.raises(ValueError, match=f"^{told}"):
        read(text)


def test_a_system_prompt_has_a_description_and_no_parameters():
    prompt = read("---\ndescription: Short\n---\nBe {{how=terse}}.", PromptKind.SYSTEM)
    assert (prompt.description, prompt.filled({})) == ("Short", "Be terse.")
    with pytest.raises(ValueError, match=r"line 2: seed is no field .*; there are description"):
        read("---\nseed: 1\n---\nHi", PromptKind.SYSTEM)


@settings(max_examples=25)
@given(st.text(st.sampled_from("{}=\\ab_ \n-:"), max_size=30), st.text(max_size=5))
def test_whatever_the_text_it_is_filled_once_all_variables_are_given(text, value):
    try:
        prompt = read(text)
    except ValueError:
        return
    values = {each.name: value for each in prompt.variables}
    assert isinstance(prompt.filled(values), str)
    assert prompt.unknown(values) == ""
    if not values and "\\" not in text:
        assert prompt.filled({}) == prompt.text
