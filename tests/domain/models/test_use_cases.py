"""Advice on which model to begin with, and what becomes of it when models are shut down."""

import pytest

from groqchat.domain.models.catalog import LiveModel, Status
from groqchat.domain.models.use_cases import parse_use_cases, suggestions, uses_of_models
from groqchat.storage.catalog import load_catalog, load_use_cases

CATALOG = load_catalog()
CASES = {case.id: case for case in load_use_cases()}
BIG, SMALL = "openai/gpt-oss-120b", "openai/gpt-oss-20b"
SOURCES = {"page": {"name": "a page", "as_of": "2026-06-04"}}


def advised(case_id, catalog=CATALOG):
    return [
        (found.model.id, found.instead_of and found.instead_of.id)
        for found in suggestions(CASES[case_id], catalog)
    ]


@pytest.mark.parametrize(
    ("case_id", "today"),
    [
        ("first-test", [(BIG, None)]),
        ("extraction", [(SMALL, "llama-3.1-8b-instant")]),
        ("reasoning", [(SMALL, None)]),
        ("assistant", [(BIG, None)]),
        ("long-context", [(BIG, None)]),
        ("coding", [(BIG, "qwen/qwen3-32b")]),
    ],
)
def test_retired_advice_gives_way_to_its_live_successor(case_id, today):
    assert advised(case_id) == today


@pytest.mark.parametrize("case_id", ["evaluation", "bursts", "enterprise"])
def test_a_way_of_sending_suits_every_chat_model(case_id):
    assert CASES[case_id].way
    assert [model for model, _ in advised(case_id)] == [model.id for model in CATALOG.chat_models()]


def test_all_of_it_is_dated_and_nothing_of_it_is_empty():
    assert len(CASES) == 9
    for case in CASES.values():
        assert case.title
        assert case.why
        assert case.avoid
        assert (case.as_of, bool(case.source)) == ("2026-06-04", True)
        assert all(CATALOG.known(model_id) for model_id in case.models)


def test_a_model_that_the_account_lacks_is_not_suggested():
    account = CATALOG.merged([LiveModel(SMALL)])
    assert advised("assistant", account) == [(SMALL, BIG)]
    assert {model for case_id in CASES for model, _ in advised(case_id, account)} == {SMALL}


def test_no_suggestion_is_ever_of_a_retired_model():
    found = [one for case in CASES.values() for one in suggestions(case, CATALOG)]
    assert all(one.model.is_usable for one in found)
    gone = {one.instead_of.status for one in found if one.instead_of}
    assert gone == {Status.RETIRED}


def test_a_model_knows_what_it_is_begun_with_for():
    uses = uses_of_models(CASES.values(), CATALOG)
    assert [case.id for case in uses[BIG]] == ["first-test", "assistant", "long-context", "coding"]
    assert [case.id for case in uses[SMALL]] == ["extraction", "reasoning"]
    assert uses.keys() == {BIG, SMALL}


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"title": "x", "source": "page"}, "use_cases.x: names either models or a way"),
        ({"models": ["a"], "way": "b", "source": "page"}, "names either"),
        ({"models": "a", "source": "page"}, "use_cases.x.models: must be a list"),
        ({"model": ["a"], "source": "page"}, "use_cases.x.model: unknown"),
        ({"models": ["a"], "source": "nowhere"}, "is not described"),
    ],
)
def test_malformed_data_is_named(table, complaint):
    with pytest.raises(ValueError, match=complaint):
        parse_use_cases({"sources": SOURCES, "use_cases": {"x": table}})
