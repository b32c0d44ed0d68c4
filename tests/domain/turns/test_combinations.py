"""What Groq refuses together is known before anything is sent."""

from dataclasses import replace

import pytest

from groqchat.domain.structured.schema import read_schema
from groqchat.domain.turns.chat import Options
from groqchat.domain.turns.combinations import COMBINATIONS, Feature, conflict, refused

SCHEMA = Options("m", schema=read_schema("a"))
JSON = Options("m", is_json=True)
RAW = Options("m", reasoning_format="raw")


@pytest.mark.parametrize(
    ("options", "tools", "features"),
    [
        (SCHEMA, ("files",), (Feature.SCHEMA, Feature.TOOLS)),
        (SCHEMA, ("browser_search",), (Feature.SCHEMA, Feature.BUILT_IN_TOOLS)),
        (JSON, ("files",), (Feature.JSON, Feature.TOOLS)),
        (RAW, ("files",), (Feature.TOOLS, Feature.RAW_REASONING)),
    ],
)
def test_a_combination_that_groq_refuses_is_named(options, tools, features):
    found = conflict(replace(options, tools=tools))
    assert (found.first, found.second) == features
    assert found.first.value in found.sentence
    assert found.second.value in found.sentence


@pytest.mark.parametrize("options", [SCHEMA, JSON, RAW, Options("m")])
def test_what_goes_alone_is_no_conflict(options):
    assert conflict(options) is None


def test_other_vendors_have_rules_of_their_own():
    assert conflict(Options("m", is_json=True, provider="other", tools=("files",))) is None


def test_streaming_is_avoided_and_not_told_to_the_user():
    combination = refused([Feature.SCHEMA, Feature.STREAM])
    assert combination.is_avoided


def test_every_combination_stands_once_and_has_a_source():
    pairs = [frozenset((each.first, each.second)) for each in COMBINATIONS]
    assert len(set(pairs)) == len(pairs)
    assert all(each.source and each.refusal for each in COMBINATIONS)
