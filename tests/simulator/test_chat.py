from __future__ import annotations

import json

import httpx
import pytest

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.limits.rate_headers import parse_duration
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator
from groqchat.simulator.tokens import tokenize
from groqchat.storage.catalog import load_catalog

from .conftest import BIG, QWEN, SMALL, body, post, stream_of, text_of


async def test_a_whole_answer_has_groqs_shape(http, sim):
    reply = await post(http)
    answer = reply.json()
    assert list(answer) == [
        "id", "object", "created", "model", "choices", "usage", "usage_breakdown",
        "system_fingerprint", "x_groq", "service_tier",
    ]  # fmt: skip
    assert answer["object"] == "chat.completion"
    assert answer["id"].startswith("chatcmpl-")
    choice = answer["choices"][0]
    assert (choice["index"], choice["logprobs"], choice["finish_reason"]) == (0, None, "stop")
    assert choice["message"]["role"] == "assistant"
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert "prompt_tokens_details" not in usage
    sent = sim.answer(reply.headers["x-request-id"])
    assert choice["message"]["content"] == sent.content
    assert choice["message"]["reasoning"] == sent.reasoning
    said = len(tokenize(sent.content)) + len(tokenize(sent.reasoning))
    assert usage["completion_tokens"] == said
    assert answer["x_groq"]["id"] == reply.headers["x-request-id"]
    assert reply.headers["content-type"] == "application/json"


async def test_a_stream_comes_in_groqs_order(groq, sim):
    chunks, headers = await stream_of(groq)
    first, last = chunks[0], chunks[-1]
    request_id = headers["x-request-id"]
    assert headers["content-type"] == "text/event-stream"
    assert headers["cache-control"] == "no-cache"
    assert first.choices[0].delta.role == "assistant"
    assert first.choices[0].delta.content == ""
    assert first.x_groq.id == request_id
    kinds = [
        "reasoning" if chunk.choices[0].delta.reasoning else "content" for chunk in chunks[1:-1]
    ]
    assert kinds == sorted(kinds, reverse=True), "all reasoning comes before all content"
    assert chunks[1].choices[0].delta.model_extra == {"channel": "analysis"}
    assert last.choices[0].finish_reason == "stop"
    assert last.x_groq.usage.completion_tokens == len(chunks) - 2
    assert last.usage.completion_tokens == len(chunks) - 2
    assert last.usage.completion_tokens_details.reasoning_tokens == kinds.count("reasoning")
    sent = sim.answer(request_id)
    assert text_of(chunks) == sent.content
    assert len({chunk.id for chunk in chunks}) == 1


async def test_the_events_of_a_stream_on_the_wire(http):
    more = {"stream": True, "stream_options": {"include_usage": True}}
    reply = await post(http, **more)
    events = reply.text.split("\n\n")
    assert events[-2:] == ["data: [DONE]", ""]
    trailing = json.loads(events[-3].removeprefix("data: "))
    assert trailing["choices"] == []
    assert trailing["service_tier"] == "on_demand"
    assert trailing["usage"]["completion_tokens"] > 0
    finish = json.loads(events[-4].removeprefix("data: "))
    assert finish["choices"][0] == {
        "index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop",
    }  # fmt: skip
    assert finish["usage"] == finish["x_groq"]["usage"] == trailing["usage"]


async def test_headers_agree_with_the_true_state(http, sim, clock):
    reply = await post(http)
    used = reply.json()["usage"]["total_tokens"]
    assert reply.headers["x-ratelimit-remaining-requests"] == "999"
    assert reply.headers["x-ratelimit-reset-requests"] == "1m26.4s"
    assert reply.headers["x-ratelimit-remaining-tokens"] == str(8000 - used)
    reset = parse_duration(reply.headers["x-ratelimit-reset-tokens"])
    assert reset == pytest.approx(used / 8000 * 60, abs=0.001)
    assert sim.state(BIG) == {
        LimitKind.RPM: 29,
        LimitKind.RPD: 999,
        LimitKind.TPM: 8000 - used,
        LimitKind.TPD: 200_000 - used,
    }
    clock.advance(86.4)
    assert sim.state(BIG)[LimitKind.RPD] == 1000
    assert sim.state(SMALL)[LimitKind.RPD] == 1000


async def test_the_head_of_a_stream_counts_the_reservation_and_its_end_the_use(groq, sim):
    chunks, headers = await stream_of(groq, max_completion_tokens=3000)
    usage = chunks[-1].usage
    left = int(headers["x-ratelimit-remaining-tokens"])
    assert left == 8000 - usage.prompt_tokens - 3000
    assert sim.state(BIG)[LimitKind.TPM] == 8000 - usage.total_tokens


async def test_a_repeated_prefix_is_cached_for_two_hours(http, clock):
    prefix = "These instructions never change. " * 60
    first = (await post(http, prefix + "One.")).json()["usage"]
    second = (await post(http, prefix + "Two.")).json()["usage"]
    assert "prompt_tokens_details" not in first
    cached = second["prompt_tokens_details"]["cached_tokens"]
    assert cached % 128 == 0
    assert 128 <= cached < second["prompt_tokens"]
    clock.advance(2 * 3600 + 1)
    third = (await post(http, prefix + "Three.")).json()["usage"]
    assert "prompt_tokens_details" not in third


async def test_cached_tokens_do_not_count_against_the_limits(http, sim):
    prompt = "These instructions never change. " * 60
    await post(http, prompt)
    before = sim.state(BIG)[LimitKind.TPM]
    usage = (await post(http, prompt)).json()["usage"]
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    assert before - sim.state(BIG)[LimitKind.TPM] == usage["total_tokens"] - cached


async def test_other_keys_and_models_share_no_cache_but_the_limits(http, sim):
    prompt = "These instructions never change. " * 60
    await post(http, prompt)
    http.headers["authorization"] = "Bearer gsk_test_other"
    assert "prompt_tokens_details" not in (await post(http, prompt)).json()["usage"]
    assert "prompt_tokens_details" not in (await post(http, prompt, SMALL)).json()["usage"]
    assert sim.state(BIG)[LimitKind.RPD] == 998


async def test_an_answer_stops_at_max_completion_tokens(groq):
    chunks, _ = await stream_of(groq, "write 500 tokens", max_completion_tokens=100)
    assert chunks[-1].choices[0].finish_reason == "length"
    assert chunks[-1].usage.completion_tokens == 100


async def test_reasoning_can_be_hidden_and_still_counts(groq):
    chunks, _ = await stream_of(groq, include_reasoning=False)
    assert not any(chunk.choices[0].delta.reasoning for chunk in chunks)
    assert chunks[-1].usage.completion_tokens_details.reasoning_tokens > 0


async def test_qwen_reasons_when_asked_and_in_the_form_asked_for(groq):
    parsed, _ = await stream_of(
        groq,
        model=QWEN,
        reasoning_effort="low",
        reasoning_format="parsed",
        max_completion_tokens=900,
    )
    assert parsed[1].choices[0].delta.reasoning
    assert parsed[1].choices[0].delta.model_extra == {}


@pytest.mark.parametrize("form", [{}, {"reasoning_format": "raw"}])
async def test_raw_reasoning_stands_in_the_content_as_it_does_by_default(groq, sim, form):
    chunks, headers = await stream_of(
        groq, model=QWEN, reasoning_effort="low", max_completion_tokens=900, **form
    )
    sent = sim.answer(headers["x-request-id"])
    assert text_of(chunks) == f"<think>\n{sent.reasoning}\n</think>\n\n{sent.content}"


async def test_qwen_does_not_reason_unasked(http):
    usage = (await post(http, model=QWEN, max_completion_tokens=900)).json()["usage"]
    assert "completion_tokens_details" not in usage


TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        },
    },
}


async def test_a_tool_is_called_in_one_delta(groq):
    chunks, _ = await stream_of(groq, tools=[TOOL], tool_choice="required")
    assert chunks[0].choices[0].delta.content is None
    calls = [call for chunk in chunks for call in chunk.choices[0].delta.tool_calls or ()]
    assert [call.function.name for call in calls] == ["weather"]
    assert json.loads(calls[0].function.arguments) == {"city": "example city", "days": 1}
    assert chunks[-1].choices[0].finish_reason == "tool_calls"


async def test_a_whole_answer_with_a_tool_call_has_no_content(groq):
    answer = await groq.chat.completions.create(**body(), tools=[TOOL], tool_choice="required")
    message = answer.choices[0].message
    assert message.content is None
    assert message.tool_calls[0].function.name == "weather"


async def test_built_in_tools_tell_what_they_did(groq):
    chunks, _ = await stream_of(groq, tools=[{"type": "browser_search"}])
    executed = [tool for c in chunks for tool in c.choices[0].delta.executed_tools or ()]
    assert [(tool.name, tool.output is None) for tool in executed] == [
        ("browser.search", True),
        ("browser.search", False),
        ("browser.open", True),
        ("browser.open", False),
    ]
    assert executed[1].search_results.results[0].url == "https://example.org/"
    assert "【1†L0-L1】" in "".join(c.choices[0].delta.content or "" for c in chunks)


async def test_json_is_answered_in_the_form_of_the_schema(groq):
    schema = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}
    answer = await groq.chat.completions.create(
        **body(),
        response_format={"type": "json_schema", "json_schema": {"name": "x", "schema": schema}},
    )
    assert json.loads(answer.choices[0].message.content) == {"ok": True}


async def test_the_same_seed_and_requests_give_the_same_answers():
    async def said():
        headers = {"authorization": "Bearer gsk_x"}
        async with (
            Simulator(load_catalog(), Options(rate=None, seed=7)) as sim,
            httpx.AsyncClient(base_url=sim.url, headers=headers) as http,
        ):
            replies = [(await post(http, "write 300 tokens")).json() for _ in range(2)]
        return [(reply["id"], reply["choices"][0]["message"]) for reply in replies]

    once, again = await said(), await said()
    assert once == again
    assert once[0][1] != once[1][1], "asked again, it answers in other words"


async def test_a_request_with_a_seed_is_answered_the_same_each_time(http):
    answers = [(await post(http, seed=5)).json()["choices"] for _ in range(2)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("tier", ["auto", "flex"])
async def test_the_answer_names_the_tier_that_was_used(http, tier):
    reply = await post(http, service_tier=tier)
    assert reply.json()["service_tier"] == {"auto": "on_demand"}.get(tier, tier)
