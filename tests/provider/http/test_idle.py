"""Connections at rest: none that may have died is used, and no prompt is sent twice on a guess."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import pytest

from groqchat.domain.errors.cause import Retry
from groqchat.provider import transport
from groqchat.provider.http import pool
from tests.provider.conftest import listen
from tests.provider.scripted import LAST, OK, RESET, chunk, delta, reply

ANSWER = (OK, chunk(delta("stop", content="Hi")), LAST)


@pytest.fixture
async def relay(script):
    """A proxy in front of the server; after ``fall_silent`` it passes on nothing old."""
    async with Relay(script.url) as made:
        yield made


class Relay:
    def __init__(self, url):
        self._port = int(url.rpartition(":")[2])
        self._silent = set()
        self._writers = set()
        self.connections = 0

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self._server.close()
        for writer in self._writers:
            writer.close()

    def fall_silent(self):
        self._silent |= self._writers

    async def _serve(self, reader, writer):
        self.connections += 1
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers |= {writer, far_writer}
        with suppress(ConnectionError):
            await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))

    async def _pass(self, source, target):
        while data := await source.read(65_536):
            if target not in self._silent:
                target.write(data)
        target.close()


async def test_a_connection_that_died_at_rest_is_not_used(script, relay, provider_at, monkeypatch):
    assert transport.KEEPALIVE_S < 30
    monkeypatch.setattr(transport, "KEEPALIVE_S", 0.0)  # so any rest is too long
    provider = provider_at(relay.url)
    for _ in range(2):
        script.play(*ANSWER)
        assert (await listen(provider)).text == "Hi"
        relay.fall_silent()
    assert (len(script.heads), relay.connections) == (2, 2)


async def test_no_connection_outlives_the_sleep_of_the_machine(
    script, relay, provider_at, monkeypatch
):
    provider = provider_at(relay.url)
    for ahead_s in (1_000.0, 1_004.0, 1_600.0):  # the last one slept for ten minutes
        monkeypatch.setattr(pool, "_wall_clock_lead_s", lambda ahead_s=ahead_s: ahead_s)
        script.play(*ANSWER)
        assert (await listen(provider)).text == "Hi"
        if ahead_s == 1_004.0:
            relay.fall_silent()
    assert (len(script.heads), relay.connections) == (3, 2)


async def test_tcp_itself_asks_whether_the_other_side_is_there(script, provider_at):
    script.play(*ANSWER)
    provider = provider_at(script.url)
    await listen(provider)
    client = await provider._clients.current()
    [connection] = client._transport._transport._pool.connections
    stream = connection._connection._network_stream
    open_socket = stream.get_extra_info("socket")
    assert open_socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    idle, interval, count = pool._ALIVE.values()
    assert idle + interval * count < transport.KEEPALIVE_S


LOST = {
    "reset": ((RESET,), "connection_lost"),
    "no HTTP": ((b"SSH-2.0-OpenSSH\r\n\r\n", RESET), "connection_lost"),
    "silence": ((asyncio.Event(),), "timed_out"),
    "headers alone": ((OK, RESET), "stream_empty"),
}


@pytest.mark.parametrize(("steps", "cause"), LOST.values(), ids=LOST)
async def test_what_may_have_been_read_is_not_sent_again_by_itself(
    script, provider_at, steps, cause
):
    script.play(*steps)
    error = (await listen(provider_at(script.url, gap_timeout=0.2))).error
    assert (error.cause.name, error.cause.retry) == (cause, Retry.NEVER)
    assert len(script.heads) == 1


async def test_what_was_never_sent_may_be_sent_again(provider_at, monkeypatch):
    """The proxy hangs up before it has connected."""

    async def hang_up(reader, writer):
        await reader.readline()
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as proxy:
        port = proxy.sockets[0].getsockname()[1]
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        error = (await listen(provider_at("https://groq.invalid"))).error
    assert error.cause.retry is Retry.BACKOFF


async def test_a_list_comes_over_the_connection_that_is_kept(script, scripted):
    for _ in range(2):
        script.play(reply("200 OK", b'{"data": []}'))
        await scripted.models()
    assert script.connections == 1
