"""What must be left out of a request, by the model's own data."""

import pytest

from groqchat.domain.models.catalog import Model, Status
from groqchat.domain.models.parameters import refused_parameters

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
