"""How many models a comparison takes, which of them are meant, and what it calls things."""

import pytest

from groqchat.domain.compare.rules import (
    GAPS_S,
    MOST_MODELS,
    chosen_models,
    hidden_name,
    is_number_of_models,
    named_twice,
    next_gap,
    tag_from,
    toggled,
)


def test_two_to_eight_models_are_compared():
    assert [number for number in range(12) if is_number_of_models(number)] == [*range(2, 9)]


@pytest.mark.parametrize(
    ("models", "twice"), [((), None), (("a", "b"), None), (("a", "b", "b", "a"), "a")]
)
def test_a_model_that_is_named_twice_is_found(models, twice):
    assert named_twice(models) == twice


def test_marking_goes_no_further_than_the_most_models():
    marked = []
    for number in range(MOST_MODELS + 2):
        marked = toggled(marked, f"m{number}")
    assert marked == [f"m{number}" for number in range(MOST_MODELS)]
    assert toggled(marked, "m0") == marked[1:]


@pytest.mark.parametrize(
    ("marked", "model", "compared"),
    [
        (["a", "b"], "c", ["a", "b"]),  # what is marked is meant
        (["a"], "b", ["a", "b"]),
        (["a"], "a", []),
        ([], "a", []),
    ],
)
def test_the_marked_models_are_compared_or_the_marked_with_the_chosen(marked, model, compared):
    assert chosen_models(marked, model) == compared


def test_hidden_columns_have_letters():
    assert [hidden_name(place) for place in (0, 7)] == ["Model A", "Model H"]


@pytest.mark.parametrize(
    ("words", "tag"), [(" My  Code ", "my-code"), ("", ""), ("prose", "prose")]
)
def test_a_tag_is_one_word_in_small_letters(words, tag):
    assert tag_from(words) == tag


def test_pauses_grow_until_there_is_none():
    gap, seen = 0.0, []
    for _ in GAPS_S:
        gap = next_gap(gap)
        seen.append(gap)
    assert seen == [*GAPS_S[1:], 0.0]
    assert next_gap(3.0) == 5.0
