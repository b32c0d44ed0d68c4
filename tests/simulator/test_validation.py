from __future__ import annotations

import pytest

from groqchat.domain.limits.quota import LimitKind

from .conftest import BIG, QWEN, post

ALLAM = "allam-2-7b"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"stream_options": "usage"}, "'stream_options' : value must be an object"),
        ({"tools": ["hammer"]}, "'tools' : value must be an array of objects"),
        ({"colour": "red"}, "property 'colour' is unsupported"),
        ({"n": 2}, "'n' : number must be at most 1"),
        ({"logprobs": True}, "`logprobs` is not supported with this model"),
        ({"logit_bias": {"1": 2}}, "`logit_bias` is not supported with this model"),
        ({"metadata": {"a": "b"}}, "`metadata` is not supported with this model"),
        ({"temperature": 3}, "'temperature' : number must be between 0 and 2"),
        ({"temperature": True}, "'temperature' : number must be between 0 and 2"),
        ({"top_p": 1.1}, "'top_p' : number must be between 0 and 1"),
        ({"seed": 1.5}, "'seed' : value must be an integer"),
        ({"stop": 7}, "'stop' : value must be a string or an array of strings"),
        ({"stop": ["a"] * 5}, "'stop' : maximum number of items is 4"),
        ({"messages": []}, "'messages' : minimum number of items is 1"),
        ({"model": None}, "'model' : property 'model' is missing"),
        (
            {"max_completion_tokens": 65_537},
            "`max_completion_tokens` must be less than or equal to `65536`",
        ),
        ({"max_tokens": 70_000}, "`max_tokens` must be less than or equal to `65536`"),
        (
            {"reasoning_effort": "none"},
            "`reasoning_effort` must be one of `low`, `medium` or `high`",
        ),
        ({"service_tier": "fast"}, "`service_tier` must be one of"),
        (
            {"include_reasoning": True, "reasoning_format": "parsed"},
            "cannot specify both `include_reasoning` and `reasoning_format`",
        ),
        (
            {"response_format": {"type": "json_object"}},
            "'messages' must contain the word 'json' in some form",
        ),
    ],
)
async def test_a_wrong_field_is_refused_in_groqs_words(http, sim, more, message):
    reply = await post(http, **more)
    error = reply.json()["error"]
    assert reply.status_code == 400
    assert error["message"].startswith(message)
    assert error["type"] == "invalid_request_error"
    assert "x-ratelimit-limit-requests" not in reply.headers
    assert sim.state(BIG)[LimitKind.RPD] == 1000


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (
            {"role": "user", "content": "hi", "metadata": {}},
            "following must be satisfied[('messages.1' : property 'metadata' is unsupported)]",
        ),
        ({"role": "user", "content": "hi", "name": "Ann"}, "property 'name' is unsupported"),
        (
            {"role": "assistant", "content": "hi", "reasoning_content": "…"},
            "property 'reasoning_content' is unsupported",
        ),
        ({"role": "user"}, "property 'content' is missing"),
        ({"role": "king", "content": "hi"}, "discriminator property 'role' has invalid value"),
    ],
)
async def test_a_wrong_message_is_refused(http, message, problem):
    reply = await post(http, messages=[{"role": "system", "content": "Be brief."}, message])
    told = reply.json()["error"]["message"]
    assert reply.status_code == 400
    assert told.startswith("'messages.1' : ")
    assert problem in told


@pytest.mark.parametrize(
    ("model", "field"),
    [(ALLAM, {"reasoning_effort": "low"}), (ALLAM, {"include_reasoning": False})],
)
async def test_a_model_that_does_not_reason_refuses_its_parameters(http, model, field):
    reply = await post(http, model=model, **field)
    name = next(iter(field))
    assert reply.json()["error"]["message"] == f"`{name}` is not supported with this model"
    assert reply.json()["error"]["param"] == name


async def test_raw_reasoning_does_not_go_with_json(http):
    reply = await post(
        http,
        "json please",
        model=QWEN,
        reasoning_format="raw",
        response_format={"type": "json_object"},
        max_completion_tokens=100,
    )
    assert reply.status_code == 400


@pytest.mark.parametrize(
    ("model", "status", "code"),
    [
        ("no/such-model", 404, "model_not_found"),
        ("groq/compound", 400, "model_decommissioned"),
        ("minimaxai/minimax-m2.7", 404, "model_not_found"),
        ("openai/gpt-oss-safeguard-20b", 403, "model_permission_blocked_project"),
    ],
)
async def test_a_model_that_may_not_be_called_says_why(http, model, status, code):
    reply = await post(http, model=model)
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
    assert f"`{model}`" in reply.json()["error"]["message"]


async def test_a_conversation_over_the_window_is_refused(http):
    reply = await post(http, "word " * 5000, model=ALLAM)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (400, "context_length_exceeded")
    assert error["param"] == "messages"


async def test_a_body_that_is_no_json_is_refused(http):
    for content in (b"{", b"[]", b"\xff", b"[" * 100_000):
        reply = await http.post("/openai/v1/chat/completions", content=content)
        assert reply.status_code == 400


async def test_half_a_surrogate_pair_is_replaced(http):
    content = (
        b'{"model": "%b", "messages": [{"role": "user", "content": "\\ud83d"}]}' % BIG.encode()
    )
    reply = await http.post("/openai/v1/chat/completions", content=content)
    assert reply.status_code == 200
    assert "**?**" in reply.json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    "key", ["", "Bearer", "Bearer sk-1", "Bearer gsk_test_rejected_1", "Basic x"]
)
async def test_a_key_that_nobody_has_is_refused(http, key):
    http.headers["authorization"] = key
    for reply in (await post(http), await http.get("/openai/v1/models")):
        assert reply.status_code == 401
        assert reply.json() == {
            "error": {
                "message": "Invalid API Key",
                "type": "invalid_request_error",
                "code": "invalid_api_key",
            }
        }


@pytest.mark.parametrize("path", ["/openai/v1/openai/v1/models", "/v1/models", "/", "/openai/v1/x"])
async def test_another_path_leads_nowhere(http, path):
    reply = await http.get(path)
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "unknown_url")
