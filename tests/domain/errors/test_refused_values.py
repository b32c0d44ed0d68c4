"""A refused value is told as one: what was sent, what is taken, and how it is changed."""

import pytest

from groqchat.domain.errors.diagnosis import diagnose
from groqchat.domain.errors.refused_values import allowed_values, named_efforts
from groqchat.domain.turns.chat import Options
from groqchat.domain.turns.sent_parameters import value_sent


@pytest.mark.parametrize(
    ("message", "takes"),
    [
        ("`reasoning_effort` must be one of `none` or `default`", "none, default"),
        ("`service_tier` must be one of `auto`, `on_demand`", "auto, on_demand"),
        ("`max_completion_tokens` must be less than or equal to `65536`", "at most 65,536"),
        ("'temperature' : number must be between 0 and 2", "0 to 2"),
        ("'max_tokens' : number must be at least 1", "at least 1"),
        ("'n' : number must be at most 1", "at most 1"),
        ("`reasoning_format` must be `parsed` or `hidden` with JSON mode or tools", ""),
        ("`metadata` is not supported with this model", ""),
    ],
)
def test_what_the_server_takes_is_read_off_its_refusal(message, takes):
    assert allowed_values(message) == takes


@pytest.mark.parametrize(
    ("parameter", "message", "command", "screen"),
    [
        (
            "reasoning_effort",
            "`reasoning_effort` must be one of `none` or `default`",
            "Give another with --effort (or off); it takes none, default.",
            "Choose another with /effort, or drop it and send again; it takes none, default.",
        ),
        (
            "service_tier",
            "`service_tier` must be one of `auto`, `on_demand`",
            "Give another with --tier (or off); it takes auto, on_demand.",
            "Choose another with /tier, or drop it and send again; it takes auto, on_demand.",
        ),
        (
            "max_completion_tokens",
            "`max_completion_tokens` must be less than or equal to `8192`",
            "Give another with --max-tokens; it takes at most 8,192.",
            "Choose another with /max-tokens, or drop it and send again; it takes at most 8,192.",
        ),
        (
            "temperature",
            "'temperature' : number must be between 0 and 2",
            "Give another with --temperature (or off); it takes 0 to 2.",
            "Choose another with /set temperature, or drop it and send again; it takes 0 to 2.",
        ),
        (
            "response_format",
            "`response_format` must be one of `text`",
            "Choose another --model; it takes text.",
            "Drop response_format and send again; it takes text.",
        ),
    ],
)
def test_advice_names_the_option_as_it_is_written(parameter, message, command, screen):
    told = {"message": message, "type": "invalid_request_error", "param": parameter}
    error = diagnose(400, {"error": told}, {}, model="m")
    assert error.cause.name == "value_refused"
    assert error.message.startswith(f"m does not take this value of {parameter}: ")
    assert error.with_facts(value="7").message.startswith(f"m does not take {parameter} 7: ")
    assert (error.command_suggestion, error.suggestion) == (command, screen)


def test_the_value_that_was_sent_is_told_as_people_write_it():
    options = Options("m", service_tier="flex", effort="low", max_tokens=20, temperature=0.5)
    named = ("reasoning_effort", "service_tier", "max_completion_tokens", "max_tokens")
    sent = [value_sent(options, name) for name in (*named, "temperature", "seed")]
    assert sent == ["low", "flex", "20", "20", "0.5", ""]


@pytest.mark.parametrize(
    ("parameter", "message", "efforts"),
    [
        ("reasoning_effort", "`reasoning_effort` must be one of `none` or `max`", ("none", "max")),
        ("reasoning_effort", "`reasoning_effort` is not supported with this model", ()),
        ("reasoning_effort", "`reasoning_effort` must be text", None),
        ("service_tier", "`service_tier` must be one of `auto`", None),
    ],
)
def test_the_efforts_of_a_model_are_read_off_a_refusal(parameter, message, efforts):
    assert named_efforts(parameter, message) == efforts
