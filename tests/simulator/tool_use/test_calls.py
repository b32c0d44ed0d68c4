"""Calls of tools at the pretend Groq: which, and in how many rounds."""

import json

import pytest

from tests.simulator.conftest import BIG, QWEN, body

ZONE = {"type": "object", "properties": {"zone": {"type": "string"}}, "required": ["zone"]}
EMPTY = {"type": "object", "properties": {}}
TOOLS = [
    {"type": "function", "function": {"name": name, "parameters": schema}}
    for name, schema in (("clock__current_time", ZONE), ("clock__moon_phase", EMPTY))
]
BOTH = "What is the current time in Asia/Tokyo, and the phase of the moon?"


async def rounds(http, model, prompt, tools=TOOLS, most=6):
    """The messages of a turn in which every call is answered with its name."""
    messages = body(prompt)["messages"]
    for _ in range(most):
        asked = {"model": model, "messages": messages, "tools": tools, "max_completion_tokens": 500}
        reply = await http.post("/openai/v1/chat/completions", json=asked)
        choice = reply.json()["choices"][0]
        calls = choice["message"].get("tool_calls") or ()
        told = [{key: call[key] for key in ("id", "type", "function")} for call in calls]
        said = {"role": "assistant", "content": choice["message"].get("content")}
        messages = [*messages, said | ({"tool_calls": told} if told else {})]
        if choice["finish_reason"] != "tool_calls":
            return messages
        messages += [
            {"role": "tool", "tool_call_id": call["id"], "content": f"R {call['function']['name']}"}
            for call in told
        ]
    raise AssertionError("the calls never end")


@pytest.mark.parametrize(("model", "each"), [(QWEN, [2, 0]), (BIG, [1, 1, 0])])
async def test_two_tools_are_called_at_once_or_one_after_another(http, model, each):
    messages = await rounds(http, model, BOTH)
    answers = [message for message in messages if message["role"] == "assistant"]
    assert [len(answer.get("tool_calls") or ()) for answer in answers] == each
    calls = [call["function"] for answer in answers for call in answer.get("tool_calls") or ()]
    assert [(call["name"], json.loads(call["arguments"])) for call in calls] == [
        ("clock__current_time", {"zone": "Asia/Tokyo"}),
        ("clock__moon_phase", {}),
    ]
    assert "R clock__moon_phase" in answers[-1]["content"]


async def test_a_prompt_may_ask_for_several_rounds(http):
    messages = await rounds(http, BIG, "Ask the current time 3 times.")
    assert sum(message["role"] == "tool" for message in messages) == 3


async def test_no_tool_is_called_that_a_prompt_does_not_speak_of(http):
    assert len(await rounds(http, BIG, "What is a rate limit?")) == 2
