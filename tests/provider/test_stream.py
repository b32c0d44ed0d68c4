"""Answers through the real SDK, from the simulator and from servers that misbehave."""

from __future__ import annotations

import asyncio
import gzip
import json
from contextlib import aclosing

import pytest

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import StreamBrokenError
from groqchat.domain.limits.quota import LimitKind, Reading, Source
from groqchat.domain.tools.tool import ToolCall
from groqchat.domain.turns.chat import Accepted, Delta, Finished, Options, Role
from groqchat.domain.turns.request import ChatRequest, RequestMessage
from groqchat.simulator.faults.answer_faults import REFUSAL, UNKNOWN_REASON
from groqchat.simulator.faults.faults import FAULTS
from groqchat.simulator.options import REJECTED_KEY
from tests.fakes import said
from tests.provider.conftest import KEY, MODEL, NOW, listen, request
from tests.provider.scripted import HOLD, LAST, OK, RESET, chunk, delta, event, reply

DONE = b"data: [DONE]\n\n"
HALF = chunk(delta(role="assistant", content="")) + chunk(delta(content="Half an ans"))
WHOLE = chunk(delta(content="All.")) + chunk(delta("stop"))


class TestAnAnswer:
    async def test_comes_in_order_and_whole(self, sim, provider):
        heard = await listen(provider)
        assert isinstance(heard.events[0], Accepted)
        assert isinstance(heard.events[-1], Finished)
        real = sim.answer(heard.accepted.request_id)
        assert heard.text == real.content
        assert heard.reasoning == real.reasoning
        assert heard.finished.reason == "stop"
        assert heard.finished.usage == real.usage
        assert heard.finished.service_tier == "on_demand"
        assert heard.finished.request_id == heard.accepted.request_id

    async def test_tells_the_limits_of_its_headers(self, sim, provider):
        reading = (await listen(provider)).accepted.reading
        assert reading.at == NOW
        rpd, tpm = reading.bucket(LimitKind.RPD), reading.bucket(LimitKind.TPM)
        assert (rpd.limit, round(rpd.used), rpd.source) == (1000, 1, Source.HEADER)
        assert (tpm.limit, tpm.source) == (8000, Source.HEADER)

    async def test_without_such_headers_nothing_is_known(self, script, scripted):
        script.play(OK, WHOLE, chunk(DONE), LAST)
        heard = await listen(scripted)
        assert heard.accepted == Accepted(None, Reading(NOW))
        assert heard.finished == Finished("stop")

    async def test_is_accepted_before_its_first_token(self, script, scripted):
        more = asyncio.Event()
        script.play(OK, more, WHOLE, chunk(DONE), LAST)
        async with aclosing(scripted.stream(request())) as events:
            assert isinstance(await anext(events), Accepted)
            more.set()
            assert await anext(events) == Delta("All.")

    async def test_what_arrives_together_is_one_piece(self, script, scripted):
        parts = b"".join(chunk(delta(content=f"{number} ")) for number in range(200))
        script.play(OK + parts + chunk(delta("stop")) + chunk(DONE) + LAST)
        heard = await listen(scripted)
        assert heard.text == "".join(f"{number} " for number in range(200))
        assert len(heard.of(Delta)) <= 3

    async def test_ends_at_its_limit(self, provider):
        heard = await listen(provider, request("write 500 tokens", max_tokens=40))
        assert heard.finished.reason == "length"
        assert heard.finished.usage.completion_tokens == 40

    async def test_compressed(self, script, scripted):
        body = gzip.compress(delta(content="All.") + delta("stop") + DONE)
        head = OK.replace(b"\r\n\r\n", b"\r\ncontent-encoding: gzip\r\n\r\n")
        script.play(head, chunk(body[:20]), chunk(body[20:]), LAST)
        assert (await listen(scripted)).text == "All."

    async def test_leaves_its_connection_to_the_next(self, script, scripted):
        for _ in range(3):
            script.play(OK, WHOLE, chunk(DONE), LAST)
            assert (await listen(scripted)).finished
        assert script.connections == 1


class TestItsEnd:
    """``finish_reason`` is the end, whatever the server does with the body afterwards."""

    @pytest.mark.parametrize(
        "rest",
        [
            [chunk(DONE), HOLD],
            [HOLD],
            [RESET],
            [LAST],
            [b"garbage"],
            [chunk(b"data: {broken\n\n"), HOLD],
            [chunk(event({"error": "too late"})), HOLD],
        ],
        ids=["held after done", "held", "reset", "no done", "torn", "broken", "error"],
    )
    async def test_needs_no_more(self, script, scripted, rest):
        script.play(OK, WHOLE, *rest)
        heard = await listen(scripted)
        assert heard.error is None
        assert (heard.text, heard.finished.reason) == ("All.", "stop")

    async def test_waits_a_moment_for_the_count(self, script, scripted):
        usage = {"prompt_tokens": 8, "completion_tokens": 3}
        script.play(OK, WHOLE, chunk(event({"choices": [], "usage": usage})), HOLD)
        heard = await listen(scripted)
        assert heard.finished.usage.total_tokens == 11

    async def test_comments_do_not_keep_it_open(self, script, scripted):
        script.play(OK, WHOLE, *[chunk(b": ping\n\n")] * 50, HOLD)
        assert (await listen(scripted)).finished


# What becomes of an answer when a fault of the simulator strikes it after twelve tokens.
STREAM_FAULTS = {
    "error_event": "stream_error",
    "error_data": "stream_error",
    "error_string": "stream_error",
    "error_hollow": "stream_error",
    "error_text": "stream_error",
    "error_x_groq": "stream_error",
    "broken_json": "stream_garbled",
    "half_event": "stream_cut",
    "end_early": "stream_cut",
    "cut": "stream_cut",
    "reset": "stream_cut",
    "stall": "stream_stalled",
}
HARMLESS = {
    "empty_data", "lone_id", "comments", "invalid_utf8", "no_choices", "wrong_types",
    "hold_open", "json_200",
}  # fmt: skip
# What ends well on the wire, though it may be no answer: reason, refusal, whether a tool is called.
ODD_ENDS = {
    "ends_filtered": ("content_filter", "", False),
    "ends_refused": ("stop", REFUSAL, False),
    "ends_in_a_call": ("tool_calls", "", True),
    "ends_oddly": (UNKNOWN_REASON, "", False),
    "only_reasons": ("stop", "", False),
    "says_nothing": ("stop", "", False),
    "in_parts": ("stop", "", False),
    "off_schema": ("stop", "", False),
}
SLOW = {"slow_first_byte", "slow_first_token"}
REFUSALS = {
    "key_rejected": "key_rejected",
    "network_refused": "network_refused",
    "forbidden": "network_refused",
    "cloudflare_html": "cloudflare_blocked",
    "cloudflare_1010": "cloudflare_blocked",
    "blocked_org": "model_blocked_org",
    "blocked_project": "model_blocked_project",
    "model_not_found": "model_not_found",
    "decommissioned": "model_decommissioned",
    "terms_required": "terms_required",
    "spend_limit": "spend_blocked",
    "api_access_blocked": "spend_blocked",
    "org_restricted": "organization_restricted",
    "context_length": "context_exceeded",
    "max_tokens": "value_refused",
    "effort_unsupported": "parameter_refused",
    "effort_wrong": "value_refused",
    "unsupported_key": "parameter_refused",
    "tool_use_failed": "generation_failed",
    "json_failed": "generation_failed",
    "schema_failed": "generation_failed",
    "too_large": "too_large",
    "too_large_html": "body_too_large",
    "unprocessable": "unprocessable",
    "dependency_failed": "failed_dependency",
    "rate_limited": "rate_limited",
    "rate_limited_untold": "rate_limited",
    "rate_limited_rpm": "rate_limited",
    "rate_limited_rpd": "rate_limited",
    "rate_limited_tpd": "rate_limited",
    "output_too_large": "output_too_large",
    "flex_full": "tier_full",
    "server_error": "service_error",
    "server_error_empty": "service_error",
    "bad_gateway": "service_error",
    "over_capacity": "over_capacity",
    "gateway_timeout": "service_error",
    "html_200": "not_groq",
}


# tried in tests/provider/test_batches.py
OF_BATCHES = {"batch_failed", "batch_expired"}


class TestFaults:
    def test_every_fault_of_the_simulator_is_tried(self):
        assert {
            *STREAM_FAULTS,
            *HARMLESS,
            *ODD_ENDS,
            *SLOW,
            *REFUSALS,
            "split_utf8",
            *OF_BATCHES,
        } == set(FAULTS)

    @pytest.mark.parametrize(("fault", "cause"), STREAM_FAULTS.items())
    async def test_a_broken_stream_keeps_what_arrived(self, sim, provider_at, fault, cause):
        provider = provider_at(sim.url, gap_timeout=0.3)
        sim.arm(f"{fault}=60")  # behind the reasoning
        heard = await listen(provider)
        assert heard.error.cause.name == cause
        assert heard.error.kind is ErrorKind.STREAM_BROKEN
        assert heard.error.facts.partial == heard.text != ""
        assert heard.error.facts.request_id == heard.accepted.request_id
        assert heard.error.facts.model == MODEL
        assert heard.finished is None
        sim.disarm()
        assert (await listen(provider)).finished

    @pytest.mark.parametrize("fault", sorted(HARMLESS))
    async def test_what_can_be_read_is_an_answer(self, sim, provider, fault):
        sim.arm(f"{fault}=0")
        heard = await listen(provider)
        real = sim.answer(heard.accepted.request_id)
        assert heard.error is None
        assert heard.text.replace("\ufffd", "") == real.content
        assert heard.finished.usage == real.usage

    @pytest.mark.parametrize("shape", ["", "json_200"])
    @pytest.mark.parametrize(("fault", "end"), ODD_ENDS.items())
    async def test_an_odd_answer_is_told_as_it_is(self, sim, provider, fault, end, shape):
        sim.arm(f"{fault}=12")
        if shape:
            sim.arm(shape)
        heard = await listen(provider)
        real, told = sim.answer(heard.accepted.request_id), heard.finished
        assert (told.reason, told.refusal, told.is_call) == end
        assert heard.text == real.content
        assert heard.reasoning == real.reasoning
        assert told.usage == real.usage

    async def test_characters_cut_in_pieces(self, sim, provider):
        sim.arm("split_utf8")
        heard = await listen(provider, request("Hello 👋 grüß dich", max_tokens=60))
        assert heard.text == sim.answer(heard.accepted.request_id).content

    @pytest.mark.parametrize(("fault", "cause"), REFUSALS.items())
    async def test_a_refusal_is_explained(self, sim, provider, fault, cause):
        sim.arm(fault)
        heard = await listen(provider)
        assert heard.events == []
        assert heard.error.cause.name == cause
        assert heard.error.facts.model == MODEL
        assert "org_0" not in heard.error.message + heard.error.facts.detail
        assert heard.error.__context__ is None

    @pytest.mark.parametrize("fault", sorted(SLOW))
    async def test_too_slow_a_start(self, sim, provider_at, fault):
        sim.arm(f"{fault}=60")
        heard = await listen(provider_at(sim.url, gap_timeout=0.2))
        assert heard.error.cause.name == "timed_out"

    async def test_a_real_limit_with_its_numbers_and_headers(self, sim, provider):
        sim.spend(MODEL, LimitKind.TPM, 7900)
        error = (await listen(provider, request(max_tokens=500))).error
        assert error.kind is ErrorKind.RATE_LIMITED
        assert (error.facts.limit_kind, error.facts.limit) == (LimitKind.TPM, 8000)
        assert error.facts.used > 7000
        assert error.facts.requested >= 500
        assert error.facts.retry_after_s > 0
        assert error.facts.reading.bucket(LimitKind.TPM).remaining_at(NOW) < 500
        assert error.facts.request_id

    async def test_the_rejected_key(self, sim, provider_at):
        heard = await listen(provider_at(sim.url, key=REJECTED_KEY))
        assert heard.error.kind is ErrorKind.KEY_REJECTED


PACKED = OK.replace(b"\r\n\r\n", b"\r\ncontent-encoding: gzip\r\n\r\n")
# Bytes that no simulator sends, and the cause that they come to.
ODD = {
    "an empty body": ([OK, LAST], "stream_empty"),
    "closed at once": ([OK, RESET], "stream_empty"),
    "comments only": ([OK, chunk(b": ping\n\n"), LAST], "stream_empty"),
    "done without a reason": ([OK, chunk(DONE), LAST], "stream_empty"),
    "text done without a reason": ([OK, HALF, chunk(DONE), LAST], "stream_cut"),
    "not chunked after all": ([OK, HALF, b"xyz\r\n"], "stream_cut"),
    "not gzip after all": (
        [PACKED, chunk(b"\x1f\x8b" + b"x" * 40), LAST],
        "stream_garbled",
    ),
    "packed as nobody asked": (
        [PACKED.replace(b"gzip", b"br"), chunk(b"\x8b\x03\x80" * 9), LAST],
        "encoding_unasked",
    ),
    "an error before any text": (
        [OK, chunk(event({"error": {"message": "no", "type": "internal_server_error"}})), LAST],
        "service_error",
    ),
    "an error after reasoning": (
        [OK, chunk(delta(reasoning="Hm")), chunk(event({"error": "no"})), LAST],
        "stream_error",
    ),
    "a cut after reasoning": ([OK, chunk(delta(reasoning="Hm")), RESET], "stream_cut"),
    "a page that calls itself a stream": ([OK, chunk(b"<html>"), LAST], "not_groq"),
    "a page": ([reply("200 OK", b"<html>", content_type="text/html")], "not_groq"),
    "other JSON": ([reply("200 OK", b'{"status": "ok"}')], "not_groq"),
    "torn JSON": ([reply("200 OK", b'{"choices": [{"mess')], "not_groq"),
    "an error with status 200": (
        [reply("200 OK", b'{"error": {"message": "m", "code": "model_not_found"}}')],
        "model_not_found",
    ),
    "closed before headers": ([RESET], "connection_lost"),
    "no HTTP": ([b"SSH-2.0-OpenSSH\r\n\r\n"], "connection_lost"),
    "a redirect to nowhere": ([reply("302 Found")], "not_groq"),
    "not modified": ([reply("304 Not Modified")], "not_groq"),
    "half a refusal": (
        [b"HTTP/1.1 429 Too Many\r\ncontent-length: 99\r\nretry-after: 7\r\n\r\n{", RESET],
        "rate_limited",
    ),
}


@pytest.mark.parametrize(("steps", "cause"), ODD.values(), ids=ODD)
async def test_odd_servers(script, scripted, steps, cause):
    script.play(*steps)
    heard = await listen(scripted)
    assert heard.error.cause.name == cause
    assert heard.error.facts.partial == heard.text
    assert heard.error.suggestion


@pytest.mark.parametrize("rest", [RESET, HOLD], ids=["cut", "stalled"])
async def test_half_a_refusal_still_tells_how_long_to_wait(script, provider_at, rest):
    limits = "x-ratelimit-limit-tokens: 8000\r\nx-ratelimit-remaining-tokens: 12\r\n"
    head = f"HTTP/1.1 429 Too Many\r\ncontent-length: 99\r\nretry-after: 61\r\n{limits}\r\n{{"
    script.play(head.encode(), rest)
    error = (await listen(provider_at(script.url, gap_timeout=0.2))).error
    assert error.kind is ErrorKind.RATE_LIMITED
    assert error.facts.retry_after_s == 61
    assert error.facts.reading.bucket(LimitKind.TPM).remaining_at(NOW) == 12


@pytest.mark.parametrize("rest", [[LAST], [RESET], [HOLD], [chunk(b"data: {\n\n"), LAST]])
async def test_no_connection_is_lost_however_an_answer_ends(script, scripted, rest):
    """The pool has but a hundred, and would make every later request wait in vain."""
    failed = chunk(event({"error": "no"}))
    for _ in range(5):
        script.play(OK + HALF + failed + WHOLE + chunk(DONE), *rest)
        assert (await listen(scripted)).error
    client = await scripted._clients.current()
    pool = client._transport._transport._pool
    assert all(connection.is_idle() or connection.is_closed() for connection in pool.connections)


async def test_redirects_without_end(script, scripted):
    for _ in range(30):
        script.play(reply("307 Temporary Redirect", location="/openai/v1/chat/completions"))
    assert (await listen(scripted)).error.cause.name == "redirect_loop"


class TestPatience:
    async def test_comments_alone_are_a_stall(self, script, provider_at):
        provider = provider_at(script.url, gap_timeout=0.2)
        pings = [step for _ in range(200) for step in (chunk(b": ping\n\n"), asyncio.Event())]
        script.play(OK, HALF, *pings)

        async def tick():
            for event_ in pings[1::2]:
                await asyncio.sleep(0.02)
                event_.set()

        ticking = asyncio.create_task(tick())
        heard = await listen(provider)
        ticking.cancel()
        assert heard.error.cause.name == "stream_stalled"
        assert heard.error.facts.partial == "Half an ans"

    async def test_a_slow_listener_loses_nothing(self, script, provider_at):
        provider = provider_at(script.url, gap_timeout=0.1)
        script.play(OK, HALF, WHOLE, chunk(DONE), LAST)
        text = ""
        async with aclosing(provider.stream(request())) as events:
            async for said in events:
                text += said.text if isinstance(said, Delta) else ""
                await asyncio.sleep(0.15)
        assert text == "Half an ansAll."


class TestStopping:
    @pytest.mark.parametrize("steps", [[HOLD], [OK, HOLD], [OK, HALF, HOLD]])
    async def test_a_cancelled_listener_hangs_up(self, script, scripted, steps):
        script.play(*steps)
        listening = asyncio.create_task(listen(scripted))
        await script.is_asked.wait()
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
        async with asyncio.timeout(5):
            await script.is_left.wait()

    async def test_leaving_early_hangs_up(self, script, scripted):
        script.play(OK, HALF, HOLD)
        async with aclosing(scripted.stream(request())) as events:
            async for said in events:
                if isinstance(said, Delta):
                    break
        async with asyncio.timeout(5):
            await script.is_left.wait()
        script.play(OK, WHOLE, LAST)
        assert (await listen(scripted)).finished

    async def test_closing_breaks_off_what_streams(self, script, scripted):
        script.play(OK, HALF, HOLD)
        async with aclosing(scripted.stream(request())) as events:
            text = [await anext(events) for _ in range(2)][-1].text
            await scripted.close()
            with pytest.raises(StreamBrokenError) as broken:
                await anext(events)
        assert broken.value.facts.partial == text == "Half an ans"

    async def test_no_task_is_left_behind(self, sim, provider):
        before = asyncio.all_tasks()
        sim.arm("cut")
        await listen(provider)
        sim.disarm()
        await listen(provider)
        left = {task for task in asyncio.all_tasks() - before if "groqchat/provider" in str(task)}
        assert left == set()


class TestRequests:
    async def sent(self, script, scripted, asked):
        script.play(OK, WHOLE, LAST)
        await listen(scripted, asked)
        return json.loads(script.bodies[-1])

    async def test_hold_only_what_was_asked_for(self, script, scripted):
        turns = ((Role.SYSTEM, "Be brief."), (Role.USER, "Hi"), (Role.ASSISTANT, "Hello"))
        body = await self.sent(script, scripted, ChatRequest(said(*turns), Options(MODEL)))
        assert body == {
            "model": MODEL,
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": "Hello"},
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
        }

    async def test_hold_calls_beside_their_results(self, script, scripted):
        call = ToolCall("fc_1", "time_now", '{"zone": "UTC"}')
        asked = (
            RequestMessage(Role.USER, "When?"),
            RequestMessage(Role.ASSISTANT, "", (call,)),
            RequestMessage(Role.TOOL, "12:00", call_id="fc_1"),
        )
        body = await self.sent(script, scripted, ChatRequest(asked, Options(MODEL)))
        function = {"name": "time_now", "arguments": '{"zone": "UTC"}'}
        calls = [{"id": "fc_1", "type": "function", "function": function}]
        assert body["messages"][1:] == [
            {"role": "assistant", "content": None, "tool_calls": calls},
            {"role": "tool", "content": "12:00", "tool_call_id": "fc_1"},
        ]

    async def test_name_parameters_as_groq_does(self, script, scripted):
        asked = request(service_tier="flex", effort="low", max_tokens=9, temperature=0.0)
        body = await self.sent(script, scripted, asked)
        assert body["max_completion_tokens"] == 9
        assert body["reasoning_effort"] == "low"
        assert body["service_tier"] == "flex"
        assert body["temperature"] == 0.0

    @pytest.mark.parametrize(
        ("dropped", "missing"),
        [
            ("max_tokens", "max_completion_tokens"),
            ("max_completion_tokens", "max_completion_tokens"),
            ("reasoning_effort", "reasoning_effort"),
            ("stream_options", "stream_options"),
        ],
    )
    async def test_leave_out_what_was_refused(self, script, scripted, dropped, missing):
        asked = request(effort="low", max_tokens=9, dropped=frozenset({dropped}))
        assert missing not in await self.sent(script, scripted, asked)

    async def test_halves_of_characters_do_not_stop_them(self, script, scripted):
        body = await self.sent(script, scripted, request("a\ud83db \U0001f600"))
        assert body["messages"][0]["content"] == "a?b \U0001f600"

    async def test_a_megabyte_is_sent_whole(self, script, scripted):
        body = await self.sent(script, scripted, request("é" * 2**19))
        assert len(body["messages"][0]["content"]) == 2**19

    async def test_are_sent_once(self, script, scripted):
        script.play(reply("503 Busy"))
        await listen(scripted)
        assert len(script.heads) == 1

    async def test_carry_the_key(self, script, scripted):
        await self.sent(script, scripted, request())
        assert f"Authorization: Bearer {KEY}" in script.heads[0]
        assert script.heads[0].startswith("POST /openai/v1/chat/completions ")

    async def test_that_cannot_be_written_are_explained(self, scripted):
        heard = await listen(scripted, request(temperature=float("nan")))
        assert heard.error.kind is ErrorKind.INVALID_REQUEST
