"""The one table of parameters: what a model takes, and what is said of the rest."""

import pytest

from groqchat.domain.errors.refused_values import CHAT_COMMANDS, COMMAND_OPTIONS
from groqchat.domain.models.catalog import Model, Status
from groqchat.domain.models.request_parameters import (
    PARAMETERS,
    offered,
    parameter_named,
    stops_from,
)
from groqchat.domain.sessions.options import PARAMETERS as OF_SESSIONS
from groqchat.domain.turns.chat import Options

OSS = Model(
    "oss", Status.PRODUCTION, max_completion_tokens=9_000, reasoning_efforts=("low", "high"),
    include_reasoning=True,
)  # fmt: skip
PLAIN = Model("plain", Status.PRODUCTION, sampling=("temperature",))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("temperature", "0", 0.0),
        ("temperature", " 2 ", 2.0),
        ("temperature", "0,5", 0.5),
        ("top-p", "1", 1.0),
        ("seed", "-9223372036854775807", -(2**63 - 1)),
        ("stop", 'END, "a, b", "\\n"', ("END", "a, b", "\n")),
        ("max_completion_tokens", "9,000", 9_000),
        ("reasoning_effort", "HIGH", "high"),
        ("reasoning_format", "hidden", "hidden"),
        ("tier", "flex", "flex"),
        ("temperature", "off", None),
        ("stop", "OFF", ()),
        ("seed", "", None),
    ],
)
def test_a_value_that_the_model_takes_is_read(name, text, value):
    assert parameter_named(name).value(text, OSS) == value


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("temperature", "2.1", "temperature 2.1: oss takes a number from 0 to 2."),
        ("temperature", "nan", "temperature nan: oss takes a number from 0 to 2."),
        ("top_p", "-0.1", "top_p -0.1: oss takes a number from 0 to 1."),
        (
            "seed",
            "9223372036854775808",
            "seed 9223372036854775808: oss takes a whole number up to 9,223,372,036,854,775,807.",
        ),
        ("seed", "1.5", "seed 1.5: oss takes a whole number up to 9,223,372,036,854,775,807."),
        ("stop", "a,b,c,d,e", "stop a,b,c,d,e: oss takes up to 4 texts, with commas between them."),
        ("max_tokens", "9001", "max_tokens 9001: oss takes at most 9,000 tokens."),
        ("effort", "hihg", "effort hihg: oss takes low, high; did you mean high?"),
        ("reasoning_format", "raw", "reasoning_format raw: oss takes parsed, hidden."),
    ],
)
def test_any_other_value_is_refused_with_what_the_model_takes(name, text, told):
    with pytest.raises(ValueError, match="takes") as mistake:
        parameter_named(name).value(text, OSS)
    assert str(mistake.value) == told


def test_a_model_is_offered_what_it_takes_and_nothing_else():
    assert [each.name for each in offered(PLAIN)] == ["max_tokens", "temperature", "service_tier"]
    with pytest.raises(ValueError, match=r"^--seed: plain has no such parameter\.$"):
        parameter_named("seed").value("7", PLAIN, "--seed")
    assert {"effort", "reasoning_format"} < {each.name for each in offered(OSS)}


def test_of_a_model_in_no_table_nothing_is_known_and_all_is_offered():
    assert offered(Model("new")) == PARAMETERS
    assert parameter_named("effort").value("extreme", Model("new")) == "extreme"


def test_an_unknown_name_is_answered_with_those_there_are():
    with pytest.raises(ValueError, match=r"temprature; did you mean temperature\?"):
        parameter_named("temprature")
    with pytest.raises(ValueError, match=r"there are effort, max_tokens, .*, service_tier\."):
        parameter_named("x")


@pytest.mark.parametrize("text", ['"', '"\\x"', ",", '""', "a" * 401, "a,,b"])
def test_what_are_no_texts_ends_no_answer(text):
    assert stops_from(text) is None


def test_what_is_shown_is_read_back_as_the_same():
    options = Options("m", stop=("END", " a", 'say "x", y', "\n", "ü"), temperature=0.25, seed=0)
    for name in ("temperature", "seed", "top_p"):
        each = parameter_named(name)
        assert each.value(each.text(options), OSS) == getattr(options, name)
    shown = parameter_named("stop").text(options)
    assert stops_from(shown.rpartition(", ")[0]) == options.stop[:4]


def test_every_parameter_has_its_option_and_its_command():
    for each in PARAMETERS:
        assert OF_SESSIONS[each.name] == each.sent_as
        assert each.sent_as in COMMAND_OPTIONS
        assert each.sent_as in CHAT_COMMANDS
