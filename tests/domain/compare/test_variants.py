"""A variant is read in one place: its model, its keys and values, and what is wrong with them."""

import re
from dataclasses import replace

import pytest

from groqchat.domain.compare.variants import (
    Variant,
    options_in,
    read_variant,
    read_variants,
    rewritten,
)
from groqchat.domain.turns.chat import Options
from groqchat.storage.catalog import load_catalog

MODEL = "openai/gpt-oss-120b"
FILES = {"a.txt": "Be brief.\n", "s.json": '{"type": "object", "properties": {"n": {}}}'}


def changes(text):
    variant = read_variant(text)
    return variant.changes(load_catalog().get(variant.model), FILES.__getitem__)


def test_a_model_alone_changes_nothing():
    assert read_variant(MODEL) == Variant(MODEL)
    assert changes(MODEL) == {}


def test_every_key_becomes_its_option():
    text = (
        f"{MODEL} effort=high temperature=0 top_p=0.5 seed=-7 max_tokens=600 tier=flex "
        "system='Be brief.' schema='n int'"
    )
    found = changes(text)
    assert '"n"' in found.pop("schema")
    assert found == {
        "effort": "high", "temperature": 0.0, "top_p": 0.5, "seed": -7, "max_tokens": 600,
        "service_tier": "flex", "system": "Be brief.", "is_json": False,
    }  # fmt: skip


def test_tools_are_those_of_groq_and_of_the_servers_that_there_are():
    variant = read_variant(f"{MODEL} tools=browser_search,time,time")
    model = load_catalog().get(MODEL)
    assert variant.changes(model, str, ["time"]) == {"tools": ("browser_search", "time")}
    assert changes(f"{MODEL} tools=off") == {"tools": ()}
    with pytest.raises(ValueError, match="tools=tme: no tool or MCP server is called so; did you"):
        read_variant(f"{MODEL} tools=tme").changes(model, str, ["time"])
    with pytest.raises(ValueError, match=r"tools=browser_search: qwen/qwen3.8-27b has no browser"):
        changes("qwen/qwen3.8-27b tools=browser_search")
    before, after = Options(MODEL), Options(MODEL, tools=("browser_search", "time"))
    assert rewritten("effort=low", before, after) == "effort=low tools=browser_search,time"
    assert options_in("tools=time") == {"tools"}


def test_files_are_read_and_backslashes_kept():
    assert changes(f"{MODEL} system=@a.txt") == {"system": "Be brief.\n"}
    assert changes(f"{MODEL} schema=@s.json")["schema"] == FILES["s.json"]
    assert read_variant(rf"{MODEL} system=@C:\texts\a.txt").values == (
        ("system", r"@C:\texts\a.txt"),
    )


def test_off_leaves_a_parameter_to_the_server():
    assert changes(f"{MODEL} effort=off tier=off system=off schema=off") == {
        "effort": None, "service_tier": None, "system": "", "schema": None, "is_json": False,
    }  # fmt: skip


def test_it_is_called_as_it_was_written():
    written = 'effort=high  system="Be brief."'
    variant = read_variant(f" 120b {written} ").of(MODEL)
    assert (variant.written, variant.name) == (written, f"{MODEL} {written}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("m high", "after the model stand parameters, such as effort=high; 'high' is none"),
        ("m efort=high", "no parameter is called efort; did you mean effort?"),
        ("m colour=red", "no parameter is called colour; there are effort, max_tokens,"),
        ("m effort=low reasoning_effort=high", "reasoning_effort is given twice"),
        ("m effort=", "effort has no value; effort=off leaves it to the server"),
        ("m system='a", "a quotation mark is not closed"),
    ],
)
def test_a_mistake_is_named(text, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        read_variant(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("effort=deep", "effort deep: openai/gpt-oss-120b takes low, medium, high"),
        ("temperature=3", "temperature 3: openai/gpt-oss-120b takes a number from 0 to 2"),
        ("schema='{'", "schema={: it is no JSON"),
    ],
)
def test_what_the_model_does_not_take_is_named(text, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        changes(f"{MODEL} {text}")


def test_several_variants_stand_in_one_text():
    found = read_variants("a effort=low, b,c a effort=high system='x, y' b stop=E,F")
    assert [each.name for each in found] == [
        "a effort=low", "b", "c", "a effort=high system='x, y'", "b stop=E,F",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="effort=low: before its parameters stands a model"):
        read_variants("effort=low a")


def test_what_is_changed_is_written_anew_and_the_rest_stays():
    before = Options(MODEL, "Be kind.", effort="low", seed=7)
    after = replace(before, system="Be brief.", effort=None, temperature=0.5)
    written = rewritten("reasoning_effort=low  seed=7", before, after)
    assert written == 'seed=7 effort=off temperature=0.5 system="Be brief."'
    assert rewritten(written, after, after) == written
    assert options_in(written) == {"seed", "effort", "temperature", "system"}


def test_a_preset_stands_for_its_columns():
    presets = {"efforts": ("a effort=low", "a effort=high"), "small": ("b",)}
    found = read_variants("@efforts, c temperature=0, @small", presets)
    assert [each.name for each in found] == [
        "a effort=low",
        "a effort=high",
        "c temperature=0",
        "b",
    ]
    with pytest.raises(ValueError, match="no preset is called effort; did you mean efforts"):
        read_variants("@effort b", presets)
    with pytest.raises(ValueError, match="called x; there are @efforts, @small"):
        read_variants("@x", presets)
    with pytest.raises(ValueError, match="preset self has the column @self: write models"):
        read_variants("@self", {"self": ("a", "@self")})
    with pytest.raises(ValueError, match="w in a comparison saves its columns as one"):
        read_variants("@x")
