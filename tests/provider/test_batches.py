"""The Batch API through the SDK, at the simulator and at a scripted server."""

from __future__ import annotations

import json

import pytest

from groqchat.domain.batch.submission import BatchStatus, LineStatus
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.models.catalog import Plan
from groqchat.domain.text.secret import Secret
from groqchat.provider.batch_results import read_result
from groqchat.provider.batches import _batch, _next_page
from groqchat.provider.groq_provider import GroqProvider
from groqchat.simulator.clock import DrivenClock
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog

SMALL = "openai/gpt-oss-20b"


def content(number):
    bodies = ({"model": SMALL, "messages": [{"role": "user", "content": f"{n}?"}]}
              for n in range(number))  # fmt: skip
    lines = (
        {"custom_id": f"c{n}", "method": "POST", "url": "/v1/chat/completions", "body": body}
        for n, body in enumerate(bodies)
    )
    return "\n".join(map(json.dumps, lines)).encode()


@pytest.fixture
def clock():
    return DrivenClock()


@pytest.fixture
async def sim(clock):
    options = Options(Plan.DEVELOPER, rate=None)
    async with Simulator(load_catalog(), options, clock=clock) as simulator:
        yield simulator


@pytest.fixture
async def batches(sim, clock):
    provider = GroqProvider(Secret("gsk_test_good"), sim.url, clock_now=clock.now, gap_timeout=5)
    yield provider.batches
    await provider.close()


async def read(batches, file_id):
    return [result async for result in batches.results(file_id)]


async def test_a_batch_is_uploaded_created_followed_and_read(batches, clock):
    file_id = await batches.upload("groqchat-job_1-1.jsonl", content(10))
    created = await batches.create(file_id, "24h")
    assert (created.status, created.input_file_id) == (BatchStatus.VALIDATING, file_id)
    clock.advance(3)
    assert (await batches.retrieve(created.id)).completed == 5
    clock.advance(60)
    done = await batches.retrieve(created.id)
    assert (done.status, done.total, done.completed, done.failed) == ("completed", 10, 10, 0)
    assert done.error_file_id is None  # the server tells an empty object
    assert done.ended
    results = await read(batches, done.output_file_id)
    assert [result.custom_id for result in results] == [f"c{n}" for n in range(10)]
    assert all(result.status is LineStatus.COMPLETED and result.answer for result in results)
    assert all(result.usage.prompt_tokens > 70 and result.model == SMALL for result in results)


async def test_what_the_server_has_already_is_found(batches):
    assert await batches.uploaded("a.jsonl") is None
    file_id = await batches.upload("a.jsonl", content(1))
    assert await batches.uploaded("a.jsonl") == file_id
    assert await batches.created_from(file_id) is None
    made = await batches.create(file_id, "24h")
    for _ in range(22):  # more than a page of others
        await batches.create(await batches.upload("b.jsonl", content(1)), "24h")
    assert (await batches.created_from(file_id)).id == made.id


async def test_failed_lines_tell_why(batches, sim, clock):
    sim.arm("batch_failed=1*1@batches")
    sim.arm("batch_expired=99*1@batches")
    made = await batches.create(await batches.upload("a.jsonl", content(2)), "24h")
    clock.advance(86_400)
    done = await batches.retrieve(made.id)
    assert (done.status, done.output_file_id) == (BatchStatus.EXPIRED, None)
    failed, expired = await read(batches, done.error_file_id)
    assert (failed.status, failed.error.status) == (LineStatus.FAILED, 503)
    assert (expired.status, expired.error.code) == (LineStatus.EXPIRED, "batch_expired")


async def test_a_batch_is_cancelled(batches, clock):
    made = await batches.create(await batches.upload("a.jsonl", content(50)), "24h")
    clock.advance(4)
    assert (await batches.cancel(made.id)).status is BatchStatus.CANCELLING


async def test_refusals_are_errors_of_ours(batches):
    with pytest.raises(GroqchatError) as caught:
        await batches.create("file_x", "24h")
    assert caught.value.facts.status == 404
    with pytest.raises(GroqchatError):
        await batches.retrieve("batch_x")
    with pytest.raises(GroqchatError):
        await read(batches, "file_x")


async def test_the_free_plan_is_told_as_such(clock):
    async with Simulator(load_catalog(), Options(rate=None), clock=clock) as free:
        provider = GroqProvider(Secret("gsk_test_good"), free.url, clock_now=clock.now)
        with pytest.raises(GroqchatError) as caught:
            await provider.batches.create("file_x", "24h")
        await provider.close()
    assert caught.value.cause.name == "not_on_this_plan"
    assert caught.value.__context__ is None  # the SDK's error holds the key


@pytest.mark.parametrize("then", ["cut@files", "reset@files"])
async def test_a_download_that_breaks_off_is_an_error(batches, sim, clock, then):
    made = await batches.create(await batches.upload("a.jsonl", content(20)), "24h")
    clock.advance(60)
    done = await batches.retrieve(made.id)
    sim.arm(then)
    with pytest.raises(GroqchatError) as caught:
        await read(batches, done.output_file_id)
    assert caught.value.kind == "unreachable"


@pytest.mark.parametrize(
    ("told", "known"),
    [({}, None), (None, None), ("", None), ("file_1", "file_1"), ([], None)],
)
def test_the_file_of_errors_may_be_told_in_any_form(told, known):
    assert _batch({"id": "batch_1", "error_file_id": told}).error_file_id == known


def test_a_status_of_a_later_version_is_still_worked_on():
    assert _batch({"id": "batch_1", "status": "resting"}).status is BatchStatus.IN_PROGRESS


def test_the_reasons_of_a_refused_file_are_read_as_list_and_as_object():
    reason = {"code": "invalid_method", "message": "Invalid value: 'GET'", "line": 4}
    said = ("line 4: Invalid value: 'GET'",)
    assert _batch({"id": "b", "errors": [reason]}).errors == said
    assert _batch({"id": "b", "errors": {"object": "list", "data": [reason]}}).errors == said
    assert _batch({"id": "b", "errors": None}).errors == ()


def test_pages_go_on_by_a_cursor_or_by_the_last_id():
    assert _next_page({"paging": {"next_cursor": "c"}}) == {"cursor": "c"}
    assert _next_page({"has_more": True, "last_id": "batch_9"}) == {"after": "batch_9"}
    assert _next_page({"has_more": False, "last_id": "batch_9"}) == {}
    assert _next_page({"paging": {}}) == {}


@pytest.mark.parametrize("line", [b"", b"[]", b"{", b'{"custom_id": 3}', b"null"])
def test_a_line_that_is_no_result_is_passed_over(line):
    assert read_result(line) is None


def test_an_answer_with_a_text_of_its_own_is_audio():
    body = {"text": " Hello", "duration": 12.5, "x_groq": {"id": "req_1"}}
    line = {"custom_id": "a", "response": {"status_code": 200, "body": body}, "error": None}
    result = read_result(json.dumps(line))
    assert (result.answer, result.audio_s, result.usage) == (" Hello", 12.5, None)


def test_calls_of_tools_are_an_answer():
    call = [{"id": "1", "function": {"name": "f", "arguments": "{}"}}]
    body = {"choices": [{"message": {"content": None, "tool_calls": call}}]}
    line = {"custom_id": "a", "response": {"status_code": 200, "body": body}}
    assert json.loads(read_result(json.dumps(line)).answer) == call
