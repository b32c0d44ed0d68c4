from __future__ import annotations

import asyncio
import json
import threading

import httpx
import pytest

from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.clock import AdvancingClock, DrivenClock
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog

from .conftest import BIG, KEY, body, post

HEAD = f"Host: x\r\nAuthorization: Bearer {KEY}\r\n"


async def exchange(sim, sent):
    """Send bytes over one connection and read until it is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sim.url.rpartition(":")[2]))
    writer.write(sent)
    writer.write_eof()
    received = await reader.read()
    writer.close()
    await writer.wait_closed()
    return received


def request(content, version="1.1", more=""):
    return (
        f"POST /openai/v1/chat/completions HTTP/{version}\r\n{HEAD}{more}"
        f"Content-Length: {len(content)}\r\n\r\n"
    ).encode() + content


async def test_a_connection_serves_several_requests_even_sent_at_once(sim):
    one = f"GET /openai/v1/models HTTP/1.1\r\n{HEAD}\r\n".encode()
    received = await exchange(sim, one + one + request(json.dumps(body(stream=True)).encode()))
    assert received.count(b"HTTP/1.1 200") == 3
    assert received.endswith(b"\r\n0\r\n\r\n")


async def test_a_client_of_http_1_0_gets_a_body_that_ends_with_the_connection(sim):
    received = await exchange(sim, request(json.dumps(body(stream=True)).encode(), "1.0"))
    assert b"transfer-encoding" not in received
    assert received.endswith(b"data: [DONE]\n\n")


async def test_a_chunked_upload_is_read(sim):
    content = json.dumps(body()).encode()
    sent = f"POST /openai/v1/chat/completions HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\n"
    half = len(content) // 2
    for piece in (content[:half], content[half:], b""):
        sent += f"{len(piece):x}\r\n{piece.decode()}\r\n"
    assert b"HTTP/1.1 200" in await exchange(sim, sent.encode())


async def test_what_is_no_http_is_refused(sim):
    assert (await exchange(sim, b"hello\r\n\r\n")).startswith(b"HTTP/1.1 400")


async def test_a_request_broken_off_harms_nobody(sim, http):
    await exchange(sim, b"POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nConte")
    assert (await post(http)).status_code == 200


async def test_a_client_that_stops_reading_is_billed_for_what_was_sent(clock):
    options = Options(rate=100)
    async with Simulator(load_catalog(), options, clock=clock) as sim:
        async with (
            httpx.AsyncClient(base_url=sim.url, headers={"authorization": f"Bearer {KEY}"}) as http,
            http.stream(
                "POST",
                "/openai/v1/chat/completions",
                json=body("write 500 tokens", stream=True),
            ) as reply,
        ):
            await clock.until_someone_sleeps()
            clock.advance(0.5)
            request_id = reply.headers["x-request-id"]
        while sim.answer(request_id) is None:
            clock.advance(0.05)
            await asyncio.sleep(0.005)
        assert sim.answer(request_id).usage.completion_tokens < 500


async def test_answers_stream_at_the_rate_that_was_set(clock):
    async with (
        Simulator(load_catalog(), Options(rate=100), clock=clock) as sim,
        httpx.AsyncClient(base_url=sim.url, headers={"authorization": f"Bearer {KEY}"}) as http,
        http.stream(
            "POST",
            "/openai/v1/chat/completions",
            json=body("write 300 tokens", stream=True, include_reasoning=False),
        ) as reply,
    ):
        started = clock.now()
        reading = asyncio.create_task(reply.aread())
        while not reading.done():
            waiting = asyncio.create_task(clock.until_someone_sleeps())
            await asyncio.wait({waiting, reading}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if not reading.done():
                clock.advance(0.1)
        events = [json.loads(e[6:]) for e in reply.text.split("\n\n") if e.startswith("data: {")]
    usage = events[-1]["usage"]
    assert usage["completion_time"] == pytest.approx(usage["completion_tokens"] / 100)
    assert clock.now() - started == pytest.approx(usage["completion_time"], abs=0.3)


async def test_the_listed_speed_is_told_where_none_was_set(http):
    usage = (await post(http)).json()["usage"]
    assert usage["completion_time"] == pytest.approx(usage["completion_tokens"] / 500, abs=1e-6)


async def test_closing_breaks_off_what_is_under_way(clock):
    sim = Simulator(load_catalog(), Options(rate=1), clock=clock)
    await sim.start()
    headers = {"authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(base_url=sim.url, headers=headers) as http:
        reading = asyncio.create_task(post(http, stream=True))
        await clock.until_someone_sleeps()
        await sim.close()
        with pytest.raises(httpx.HTTPError):
            await reading


async def test_a_taken_port_is_an_oserror(sim):
    with pytest.raises(OSError, match="in use"):
        await Simulator(load_catalog()).start(int(sim.url.rpartition(":")[2]))


async def test_each_request_is_narrated_in_one_line():
    lines = []
    headers = {"authorization": f"Bearer {KEY}"}
    async with (
        Simulator(load_catalog(), Options(rate=None), narrate=lines.append) as sim,
        httpx.AsyncClient(base_url=sim.url, headers=headers) as http,
    ):
        await post(http, stream=True)
        await post(http, "simulate: over_capacity")
    assert lines[0].startswith(f"POST /openai/v1/chat/completions → 200 · {BIG} · ")
    assert lines[1] == "POST /openai/v1/chat/completions → 503 · fault: over_capacity"
    assert not any(KEY in line for line in lines)


def test_a_simulator_in_the_background_needs_no_loop():
    before = threading.active_count()
    with BackgroundSimulator(load_catalog(), Options(rate=None)) as background:
        reply = httpx.post(
            f"{background.url}/openai/v1/chat/completions",
            json=body(),
            headers={"authorization": f"Bearer {KEY}"},
        )
        assert reply.status_code == 200
        assert background.simulator.state(BIG)["RPD"] == 999
    background.close()
    assert threading.active_count() == before


def test_a_background_simulator_stops_at_once_in_the_middle_of_an_answer():
    with (
        BackgroundSimulator(load_catalog(), Options(rate=1)) as background,
        httpx.stream(
            "POST",
            f"{background.url}/openai/v1/chat/completions",
            json=body(stream=True),
            headers={"authorization": f"Bearer {KEY}"},
        ) as reply,
    ):
        pieces = reply.iter_raw()
        assert next(pieces).startswith(b"data: ")
        background.close()
        with pytest.raises(httpx.HTTPError):
            list(pieces)


def test_a_background_simulator_on_a_taken_port_leaves_no_thread():
    before = threading.active_count()
    with BackgroundSimulator(load_catalog()) as background:
        port = int(background.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            BackgroundSimulator(load_catalog()).start(port)
    assert threading.active_count() == before


def test_the_system_clock_can_be_advanced():
    clock = AdvancingClock()
    before = clock.now()
    clock.advance(3600)
    assert 3600 <= clock.now() - before < 3660


async def test_a_driven_clock_wakes_sleepers_in_their_order():
    clock = DrivenClock(start=0.0)
    woken = []

    async def sleeper(seconds):
        await clock.sleep(seconds)
        woken.append(seconds)

    async with asyncio.TaskGroup() as group:
        for seconds in (3, 1, 2):
            group.create_task(sleeper(seconds))
        await clock.until_someone_sleeps()
        await asyncio.sleep(0)
        clock.advance(2)
        await asyncio.sleep(0)
        assert woken == [1, 2]
        clock.advance(1)
    assert woken == [1, 2, 3]
