from __future__ import annotations

import re

import httpx
import pytest

from groqchat.domain.errors.diagnosis import diagnose
from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.limits.rate_headers import parse_duration
from groqchat.domain.models.catalog import Plan
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog

from .conftest import BIG, KEY, QWEN, body, post

GRAMMAR = re.compile(
    r"Rate limit reached for model `(?P<model>.+)` in organization `org_[a-z0-9]{26}` service tier "
    r"`on_demand` on (?P<what>[a-z ]+) \((?P<abbr>[A-Z]+)\): Limit (?P<limit>\d+), "
    r"Used (?P<used>\d+), Requested (?P<requested>\d+)\. Please try again in (?P<wait>\S+)\. "
    r"Need more tokens\? Upgrade to Dev Tier today at https://console\.groq\.com/settings/billing"
)


async def refused(http, **more):
    reply = await post(http, **more)
    error = reply.json()["error"]
    match = GRAMMAR.fullmatch(error["message"])
    assert match, error["message"]
    return reply, error, match


async def test_a_spent_minute_is_a_429_with_the_exact_grammar(http, sim, clock):
    sim.spend(BIG, LimitKind.TPM, 7000)
    reply, error, match = await refused(http, max_completion_tokens=2000)
    assert reply.status_code == 429
    assert error["type"] == "tokens"
    assert error["code"] == "rate_limit_exceeded"
    assert match["what"] == "tokens per minute"
    assert (match["limit"], match["used"]) == ("8000", "7000")
    wait = parse_duration(match["wait"])
    over = 7000 + int(match["requested"]) - 8000
    assert wait == pytest.approx(over * 60 / 8000, abs=0.001)
    assert reply.headers["retry-after"] == str(-int(-wait // 1))
    assert reply.headers["x-ratelimit-remaining-tokens"] == "1000"
    clock.advance(wait)
    assert (await post(http, max_completion_tokens=2000)).status_code == 200


async def test_a_spent_day_of_requests_waits_86_seconds_for_the_next(http, sim):
    sim.spend(BIG, LimitKind.RPD, 1000)
    reply, error, match = await refused(http)
    assert error["type"] == "requests"
    assert match["abbr"] == "RPD"
    assert (match["used"], match["requested"], match["wait"]) == ("1000", "1", "1m26.4s")
    assert reply.headers["retry-after"] == "87"
    assert reply.headers["x-ratelimit-remaining-requests"] == "0"


async def test_a_spent_day_of_tokens_is_told_in_the_message_alone(http, sim):
    sim.spend(BIG, LimitKind.TPD, 199_900)
    reply, error, match = await refused(http, max_completion_tokens=500)
    assert error["type"] == "tokens"
    assert match["abbr"] == "TPD"
    assert parse_duration(match["wait"]) > 60
    assert reply.headers["x-ratelimit-remaining-tokens"] == "8000"


async def test_thirty_requests_a_minute_and_no_more(http, sim, clock):
    statuses = [(await post(http, max_completion_tokens=1)).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    _, _, match = await refused(http, max_completion_tokens=1)
    assert match["abbr"] == "RPM"
    assert match["wait"] == "2s"
    clock.advance(2)
    assert (await post(http, max_completion_tokens=1)).status_code == 200


async def test_more_than_the_minute_holds_is_413_and_says_no_wait(http, sim):
    reply = await post(http, max_completion_tokens=16_384)
    error = reply.json()["error"]
    assert reply.status_code == 413
    assert error["message"].startswith(f"Request too large for model `{BIG}` in organization `org_")
    assert re.search(
        r"on tokens per minute \(TPM\): Limit 8000, Requested 16\d{3}, please reduce your message "
        r"size and try again\. Need more tokens\?",
        error["message"],
    )
    assert (error["type"], error["code"]) == ("tokens", "rate_limit_exceeded")
    assert "retry-after" not in reply.headers
    assert "x-ratelimit-limit-tokens" not in reply.headers
    assert sim.state(BIG)[LimitKind.RPD] == 1000


async def test_an_unbounded_answer_of_qwen_is_too_large_for_its_output_limit(http):
    reply = await post(http, model=QWEN)
    error = reply.json()["error"]
    assert reply.status_code == 429
    assert "retry-after" not in reply.headers
    assert error["message"].startswith(f"Request too large for model `{QWEN}`")
    assert (
        "on output tokens per minute (OTPM): Limit 1000, Requested 2048. The request's"
        in (error["message"])
    )
    assert (await post(http, model=QWEN, max_completion_tokens=800)).status_code == 200


async def test_output_tokens_that_fit_later_are_told_with_a_wait(http, sim):
    sim.spend(QWEN, LimitKind.OTPM, 900)
    reply, _, match = await refused(http, model=QWEN, max_completion_tokens=800)
    assert match["what"] == "output tokens per minute"
    assert reply.headers["retry-after"] == "42"


async def test_the_developer_plan_has_its_own_limits():
    options = Options(plan=Plan.DEVELOPER, rate=None)
    headers = {"authorization": "Bearer gsk_x"}
    async with (
        Simulator(load_catalog(), options) as sim,
        httpx.AsyncClient(base_url=sim.url, headers=headers) as http,
    ):
        reply = await post(http, max_completion_tokens=16_384)
    assert reply.status_code == 200
    assert reply.headers["x-ratelimit-limit-requests"] == "500000"
    assert reply.headers["x-ratelimit-limit-tokens"] == "250000"
    assert LimitKind.TPD not in sim.state(BIG)


@pytest.mark.parametrize("header_timing", HeaderTiming)
async def test_headers_of_a_stream_have_counted_what_is_the_habit(clock, header_timing):
    options = Options(rate=None, header_timing=header_timing)
    async with Simulator(load_catalog(), options, clock=clock) as sim:
        call = body(max_completion_tokens=700, stream=True)
        headers = {"authorization": f"Bearer {KEY}"}
        url = f"{sim.url}/openai/v1/chat/completions"
        async with httpx.AsyncClient(verify=False) as client:
            reply = await client.post(url, json=call, headers=headers)
        usage = sim.answer(reply.headers["x-request-id"]).usage
        left = int(reply.headers["x-ratelimit-remaining-tokens"])
        assert left == 8000 - header_timing.counted(usage, 700)
        assert sim.state(BIG)["TPM"] == 8000 - usage.counted_tokens


async def test_input_alone_may_be_too_much_and_is_told_first(http, sim):
    """6,438 tokens of input pass, 8,657 never do, whatever the tokens in all (observed)."""
    prompt = "word " * 9_000
    refused = await post(http, prompt, QWEN, max_completion_tokens=100)
    error = diagnose(refused.status_code, refused.content, {})
    assert (refused.status_code, error.cause.name) == (413, "input_too_large")
    assert (error.facts.limit_kind, error.facts.limit) == (LimitKind.ITPM, 7000)
    assert error.facts.requested > 8_000
    assert "please reduce your message size and try again." in refused.json()["error"]["message"]
    sim.spend(QWEN, LimitKind.ITPM, 4_639)
    waits = await post(http, "word " * 4_800, QWEN, max_completion_tokens=100)
    error = diagnose(waits.status_code, waits.content, {})
    assert (waits.status_code, error.facts.limit_kind) == (429, LimitKind.ITPM)
    whole = error.facts.used + error.facts.requested - 7_000
    assert error.facts.retry_after_s == pytest.approx(whole / 7_000 * 60, abs=0.02)
    assert waits.json()["error"]["type"] == "tokens"
