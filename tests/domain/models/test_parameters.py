"""What must be left out of a request, by the model's own data."""

import pytest

from groqchat.domain.models.catalog import Model, Status
from groqchat.domain.models.parameters import fitted, reasoning_formats, refused_parameters
from groqchat.domain.turns.chat import Options
from groqchat.domain.turns.sent_parameters import parameters_sent

OSS = Model(
    "oss",
    Status.PRODUCTION,
    abilities=("reasoning", "tools", "json", "structured_outputs"),
    reasoning_efforts=("low", "medium", "high"),
    include_reasoning=True,
)
QWEN = Model(
    "qwen",
    Status.PREVIEW,
    abilities=("reasoning", "tools", "json"),
    reasoning_efforts=("none", "default"),
    reasoning_formats=("raw", "parsed", "hidden"),
)
PLAIN = Model("plain", Status.PRODUCTION)
UNLISTED = Model("new")


@pytest.mark.parametrize(
    ("model", "parameters"),
    [
        (OSS, {"reasoning_effort": "high", "include_reasoning": False, "temperature": 0.5}),
        (OSS, {"tools": [], "response_format": {"type": "json_schema"}}),
        (QWEN, {"reasoning_format": "parsed", "tools": []}),
        (QWEN, {"reasoning_format": "raw"}),
        (PLAIN, {"reasoning_effort": None, "tools": None, "n": 1, "response_format": None}),
        (PLAIN, {"response_format": {"type": "text"}}),
        (UNLISTED, {"reasoning_effort": "high", "tools": []}),
    ],
)
def test_what_a_model_takes_is_left_alone(model, parameters):
    assert refused_parameters(model, parameters) == {}


@pytest.mark.parametrize(
    ("model", "parameters", "reason"),
    [
        (OSS, {"reasoning_effort": "none"}, "oss takes low, medium, high"),
        (OSS, {"reasoning_format": "parsed"}, "oss takes none"),
        (QWEN, {"include_reasoning": False}, "qwen does not take it"),
        (QWEN, {"reasoning_format": "raw", "tools": []}, "raw reasoning goes with neither"),
        (QWEN, {"response_format": {"type": "json_schema"}}, "qwen does not offer json_schema"),
        (PLAIN, {"tool_choice": "auto"}, "plain cannot use tools"),
        (PLAIN, {"reasoning_effort": "low"}, "plain takes none"),
        (UNLISTED, {"logprobs": True}, "the API does not support it"),
        (UNLISTED, {"n": 2}, "the API gives one answer a request"),
    ],
)
def test_what_a_model_refuses_is_named_with_the_reason(model, parameters, reason):
    refused = refused_parameters(model, parameters)
    assert len(refused) == 1
    name, why = refused.popitem()
    assert name in parameters
    assert why.startswith(reason)


@pytest.mark.parametrize(
    ("model", "form", "sent"),
    [
        (QWEN, None, {"reasoning_format": "parsed"}),
        (QWEN, "hidden", {"reasoning_format": "hidden"}),
        (QWEN, "raw", {"reasoning_format": "raw"}),
        (QWEN, "odd", {"reasoning_format": "parsed"}),
        (OSS, None, {}),
        (OSS, "parsed", {"include_reasoning": True}),
        (OSS, "hidden", {"include_reasoning": False}),
        (OSS, "raw", {}),
        (PLAIN, "hidden", {}),
    ],
)
def test_the_form_of_reasoning_is_sent_as_its_model_takes_it(model, form, sent):
    assert parameters_sent(fitted(Options(model.id, reasoning_format=form), model)) == sent
    assert form in (None, "odd", *reasoning_formats(model)) or not sent


def test_parameters_are_sent_by_their_names_there_unless_they_were_dropped():
    options = Options("m", "Be brief.", "flex", "low", 9, 0.0, top_p=0.5, seed=0, stop=("a", "b"))
    assert parameters_sent(options) == {
        "service_tier": "flex",
        "reasoning_effort": "low",
        "max_completion_tokens": 9,
        "temperature": 0.0,
        "top_p": 0.5,
        "seed": 0,
        "stop": ["a", "b"],
    }
    assert parameters_sent(Options("m", stop=("a",), dropped=frozenset({"stop"}))) == {}
