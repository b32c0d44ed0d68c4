from __future__ import annotations

import asyncio
import json
import re

import groq as sdk
import httpx
import pytest
from groq import AsyncGroq

from groqchat.domain.limits.quota import LimitKind
from groqchat.simulator.faults.faults import FAULTS, Faults, fault_table, parse
from groqchat.simulator.faults.reply_faults import REPLY_FAULTS
from tests.simulator.conftest import BIG, KEY, post, stream_of, text_of

REFUSALS = {
    "key_rejected": (401, "invalid_api_key"),
    "network_refused": (403, None),
    "forbidden": (403, None),
    "cloudflare_html": (403, "html"),
    "cloudflare_1010": (403, "plain"),
    "blocked_org": (403, "model_permission_blocked_org"),
    "blocked_project": (403, "model_permission_blocked_project"),
    "model_not_found": (404, "model_not_found"),
    "decommissioned": (400, "model_decommissioned"),
    "terms_required": (400, "model_terms_required"),
    "spend_limit": (400, "spend_limit_reached"),
    "api_access_blocked": (400, "blocked_api_access"),
    "org_restricted": (400, "organization_restricted"),
    "context_length": (400, "context_length_exceeded"),
    "max_tokens": (400, None),
    "effort_unsupported": (400, None),
    "effort_wrong": (400, None),
    "unsupported_key": (400, None),
    "tool_use_failed": (400, "tool_use_failed"),
    "json_failed": (400, "json_validate_failed"),
    "schema_failed": (400, "json_validate_failed"),
    "too_large": (413, "rate_limit_exceeded"),
    "too_large_html": (413, "html"),
    "unprocessable": (422, None),
    "dependency_failed": (424, None),
    "rate_limited": (429, "rate_limit_exceeded"),
    "rate_limited_untold": (429, "rate_limit_exceeded"),
    "rate_limited_rpm": (429, "rate_limit_exceeded"),
    "rate_limited_rpd": (429, "rate_limit_exceeded"),
    "rate_limited_tpd": (429, "rate_limit_exceeded"),
    "output_too_large": (429, "rate_limit_exceeded"),
    "flex_full": (498, "capacity_exceeded"),
    "server_error": (500, None),
    "server_error_empty": (500, "plain"),
    "bad_gateway": (502, "html"),
    "over_capacity": (503, None),
    "gateway_timeout": (504, "html"),
}


def test_every_refusal_is_checked_here():
    assert set(REFUSALS) == {fault.name for fault in REPLY_FAULTS}


@pytest.mark.parametrize(("name", "status", "sign"), [(n, *e) for n, e in REFUSALS.items()])
async def test_a_refusal_reaches_the_sdk(groq, sim, name, status, sign):
    sim.arm(name)
    with pytest.raises(sdk.APIStatusError) as caught:
        await stream_of(groq)
    error = caught.value
    assert error.status_code == status
    content_type = error.response.headers["content-type"]
    if sign in {"html", "plain"}:
        assert content_type.startswith("text/html" if sign == "html" else "text/plain")
        assert "x-request-id" not in error.response.headers
    else:
        assert content_type == "application/json"
        assert error.body["error"].get("code") == sign
        assert error.body["error"]["message"]
        assert error.response.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize(
    ("spec", "told"),
    [("rate_limited", "2"), ("rate_limited=61", "61"), ("rate_limited_untold", None)],
)
async def test_the_wait_of_a_refusal_can_be_chosen(http, sim, spec, told):
    sim.arm(spec)
    assert (await post(http)).headers.get("retry-after") == told


@pytest.mark.parametrize("kind", [LimitKind.RPM, LimitKind.RPD, LimitKind.TPD])
async def test_each_bucket_can_be_refused(http, sim, kind):
    sim.arm(f"rate_limited_{kind.lower()}")
    error = (await post(http)).json()["error"]
    assert f"on {kind.meaning} ({kind}): Limit" in error["message"]
    assert error["type"] == kind.counts


# -- in the middle of a stream ------------------------------------------------------------


async def broken(groq, prompt):
    """What arrived before a stream broke, and the exception."""
    chunks = []
    try:
        async with await groq.chat.completions.create(
            model=BIG, messages=[{"role": "user", "content": prompt}], stream=True
        ) as stream:
            async for chunk in stream:
                chunks.append(chunk)  # noqa: PERF401  # a comprehension would lose them on the error
    except (sdk.APIError, httpx.HTTPError, ValueError) as error:
        return chunks, error
    return chunks, None


def finished(chunks):
    return any(c.choices and c.choices[0].finish_reason for c in chunks if c.choices is not None)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("error_event", sdk.APIError),
        ("error_data", sdk.APIError),
        ("error_string", sdk.APIError),
        ("error_text", json.JSONDecodeError),
        ("broken_json", json.JSONDecodeError),
        ("empty_data", json.JSONDecodeError),
        ("lone_id", json.JSONDecodeError),
        ("invalid_utf8", UnicodeDecodeError),
        ("cut", httpx.RemoteProtocolError),
        ("reset", httpx.ReadError),
    ],
)
async def test_a_broken_stream_raises_what_it_raises_with_groq(groq, name, kind):
    chunks, error = await broken(groq, f"What is a rate limit? simulate: {name}")
    assert isinstance(error, kind)
    assert not finished(chunks)
    assert text_of(chunks), "what came before the fault was delivered"


async def test_an_error_event_carries_groqs_own_error(groq):
    _, error = await broken(groq, "simulate: error_event")
    assert error.body["code"] == "tool_use_failed"
    assert error.body["status_code"] == 400
    assert not isinstance(error, sdk.APIStatusError)


@pytest.mark.parametrize("name", ["half_event", "end_early", "error_hollow", "error_x_groq"])
async def test_some_streams_end_silently_without_a_finish(groq, name):
    chunks, error = await broken(groq, f"What is a rate limit? simulate: {name}")
    assert error is None
    assert not finished(chunks)


async def test_an_error_in_x_groq_is_seen_there_alone(groq):
    chunks, _ = await broken(groq, "simulate: error_x_groq")
    assert chunks[-1].x_groq.error == "over_capacity"


@pytest.mark.parametrize("name", ["comments", "split_utf8", "no_choices", "wrong_types"])
async def test_some_faults_leave_the_answer_whole(http, sim, name):
    reply = await post(http, f"What is Markdown? simulate: {name}", stream=True)
    events = [
        json.loads(line.removeprefix("data: "))
        for line in reply.text.split("\n")
        if line.startswith("data: {")
    ]
    pieces = [
        event["choices"][0]["delta"].get("content") for event in events if event.get("choices")
    ]
    said = "".join(piece for piece in pieces if isinstance(piece, str))
    assert said == sim.answer(reply.headers["x-request-id"]).content
    assert not said.isascii()
    if name == "no_choices":
        assert any("choices" not in event for event in events)
    if name == "wrong_types":
        assert 42 in pieces


async def test_split_characters_arrive_in_pieces(http):
    async with http.stream(
        "POST",
        "/openai/v1/chat/completions",
        json={
            "model": BIG,
            "stream": True,
            "messages": [{"role": "user", "content": "simulate: split_utf8"}],
        },
    ) as reply:
        pieces = [piece async for piece in reply.aiter_raw()]
    assert sum(len(piece) <= 3 for piece in pieces) > 100


async def test_a_stall_lasts_until_the_client_gives_up(sim):
    async with AsyncGroq(api_key=KEY, base_url=sim.url, max_retries=0, timeout=0.6) as client:
        chunks, error = await broken(client, "simulate: stall")
    assert isinstance(error, httpx.ReadTimeout)
    assert text_of(chunks)


async def test_a_slow_first_byte_is_a_timeout_without_headers(sim):
    async with AsyncGroq(api_key=KEY, base_url=sim.url, max_retries=0, timeout=0.6) as client:
        _, error = await broken(client, "simulate: slow_first_byte")
    assert isinstance(error, sdk.APITimeoutError)


async def test_a_slow_first_byte_comes_when_its_time_has_come(http, sim, clock):
    sim.arm("slow_first_byte=3")
    asking = asyncio.create_task(post(http))
    await clock.until_someone_sleeps()
    clock.advance(3)
    assert (await asking).status_code == 200


async def test_a_stream_can_be_held_open_after_its_end(http, clock):
    async with http.stream(
        "POST",
        "/openai/v1/chat/completions",
        json={
            "model": BIG,
            "stream": True,
            "messages": [{"role": "user", "content": "hello, simulate: hold_open=3"}],
        },
    ) as reply:
        lines = reply.aiter_lines()
        async for line in lines:
            if line == "data: [DONE]":
                break
        await clock.until_someone_sleeps()
        clock.advance(3)
        assert [line async for line in lines if line] == []


async def test_json_instead_of_a_stream_gives_no_chunks(groq):
    chunks, error = await broken(groq, "simulate: json_200")
    assert (chunks, error) == ([], None)


async def test_a_page_of_a_proxy_comes_as_text(groq):
    answer = await groq.chat.completions.create(
        model=BIG, messages=[{"role": "user", "content": "simulate: html_200"}]
    )
    assert isinstance(answer, str)
    assert answer.startswith("<!doctype html>")


@pytest.mark.parametrize("name", ["cut", "reset", "broken_json", "end_early"])
async def test_a_whole_answer_can_break_too(groq, name):
    with pytest.raises((sdk.APIConnectionError, json.JSONDecodeError)):
        await groq.chat.completions.create(
            model=BIG, messages=[{"role": "user", "content": f"simulate: {name}"}]
        )


async def test_a_broken_answer_is_billed_as_far_as_it_came(groq, sim):
    chunks, _ = await broken(groq, "What is a rate limit? simulate: cut=20")
    deltas = len(chunks) - 1
    prompt = sim.answer(chunks[0].x_groq.id).usage.prompt_tokens
    assert sim.state(BIG)[LimitKind.TPM] == 8000 - prompt - deltas
    assert len(tuple(c for c in chunks if c.choices[0].delta.content)) == 20


# -- how faults are asked for -------------------------------------------------------------


async def test_a_fault_strikes_as_often_as_asked(http, sim):
    sim.arm("over_capacity*2")
    assert [(await post(http)).status_code for _ in range(3)] == [503, 503, 200]


async def test_a_fault_may_strike_another_endpoint(http, sim):
    sim.arm("key_rejected@models")
    assert (await http.get("/openai/v1/models")).status_code == 401
    assert (await post(http)).status_code == 200


async def test_a_prompt_may_ask_for_a_fault_the_first_times_it_is_sent(http):
    prompt = "Tell me a joke. simulate: over_capacity*1"
    assert [(await post(http, prompt)).status_code for _ in range(2)] == [503, 200]


async def test_only_the_last_prompt_counts(http):
    messages = [
        {"role": "user", "content": "simulate: over_capacity"},
        {"role": "assistant", "content": "…"},
        {"role": "user", "content": "and now?"},
    ]
    reply = await http.post(
        "/openai/v1/chat/completions", json={"model": BIG, "messages": messages}
    )
    assert reply.status_code == 200


async def test_a_prompt_may_speak_of_simulating_something_else(http):
    assert (await post(http, "How do I simulate: a rocket?")).status_code == 200


async def test_an_answer_that_names_a_fault_may_be_quoted(http):
    said = "You said: type `simulate: rate_limited` to see a refusal."
    assert (await post(http, said)).status_code == 200


def test_a_disarmed_fault_is_gone():
    faults = Faults(("cut", "stall"))
    faults.clear()
    assert faults.take("chat") == []


@pytest.mark.parametrize(
    ("spec", "part"),
    [
        ("cutt", "the nearest is 'cut'"),
        ("zzz", "--fault help"),
        ("cut@moon", "no endpoint 'moon'"),
        ("cut;stall", "NAME[=VALUE]"),
    ],
)
def test_a_wrong_fault_is_explained(spec, part):
    with pytest.raises(ValueError, match=re.escape(part)):
        parse(spec)


def test_the_table_has_one_line_for_each_fault():
    lines = fault_table().splitlines()
    assert len(lines) == len(FAULTS)
    assert all(len(line) < 120 for line in lines)
