"""The connections of a pool: each request has one of its own, and all are used again."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager

import httpcore
import httpx
import pytest

from groqchat.provider.http import pool
from groqchat.provider.http.pool import Pool

HELD, CUT = "/held", "/cut"


class Server:
    """Answers with the number of the connection; ``/held`` once it is told to, ``/cut`` half."""

    def __init__(self):
        self.opened = 0
        self.begun = asyncio.Queue()
        self.go_on = asyncio.Event()
        self.writers = []

    async def serve(self, reader, writer):
        self.opened += 1
        number = b"%02d" % self.opened
        self.writers.append(writer)
        while head := await reader.readline():
            while (await reader.readline()).strip():
                pass
            if HELD.encode() in head:
                self.begun.put_nowait(number)
                await self.go_on.wait()
            length = 99 if CUT.encode() in head else 2
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (length, number))
        writer.close()


@pytest.fixture
async def server():
    made = Server()
    async with await asyncio.start_server(made.serve, "127.0.0.1", 0) as listening:
        made.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        yield made
        made.go_on.set()
        for writer in made.writers:
            writer.close()


@asynccontextmanager
async def client(server, **options):
    transport = Pool(ssl.create_default_context(), None, keep_s=25.0)
    async with httpx.AsyncClient(transport=transport, base_url=server.url, **options) as made:
        yield made


async def at_once(groq, server, count):
    """So many answers whose requests are all under way before the first one ends."""
    asking = [asyncio.create_task(groq.get(HELD)) for _ in range(count)]
    for _ in asking:
        await server.begun.get()
    server.go_on.set()
    answers = await asyncio.gather(*asking)
    server.go_on.clear()
    return [answer.text for answer in answers]


async def test_requests_at_once_have_connections_of_their_own_which_are_used_again(server):
    async with client(server) as groq:
        for _ in range(3):
            numbers = await at_once(groq, server, 5)
            assert sorted(numbers) == ["01", "02", "03", "04", "05"]


async def test_the_connection_that_was_used_last_is_used_first(server):
    async with client(server) as groq:
        await at_once(groq, server, 3)
        assert len({(await groq.get("/")).text for _ in range(6)}) == 1


async def test_a_request_looks_at_two_idle_connections_however_many_there_are(server, monkeypatch):
    async with client(server) as groq:
        await at_once(groq, server, 20)
        looks = []
        has_expired = httpcore.AsyncHTTPConnection.has_expired
        monkeypatch.setattr(
            httpcore.AsyncHTTPConnection,
            "has_expired",
            lambda self: (looks.append(self), has_expired(self))[1],
        )
        for _ in range(10):
            await groq.get("/")
    assert 10 <= len(looks) <= 20


async def test_connections_that_the_server_has_closed_are_not_used(server):
    async with client(server) as groq:
        await at_once(groq, server, 3)
        next_one = int((await groq.get("/")).text)
        await hang_up(server.writers[next_one - 1])
        assert int((await groq.get("/")).text) in {1, 2, 3} - {next_one}
        for writer in server.writers:
            await hang_up(writer)
        assert (await groq.get("/")).text == "04"
        assert len(groq._transport._pool.connections) == 1


async def hang_up(writer):
    writer.close()
    await writer.wait_closed()


async def test_a_full_pool_makes_the_next_request_wait_and_no_longer_than_it_may(
    server, monkeypatch
):
    monkeypatch.setattr(pool, "MOST_CONNECTIONS", 1)
    async with client(server, timeout=httpx.Timeout(10, pool=0.01)) as groq:
        first = asyncio.create_task(groq.get(HELD))
        await server.begun.get()
        with pytest.raises(httpx.ConnectTimeout):  # nothing was sent
            await groq.get("/")
        patient = asyncio.create_task(groq.get("/", timeout=10))
        server.go_on.set()
        assert [(await first).text, (await patient).text] == ["01", "01"]


async def test_a_cancelled_request_leaves_its_place_to_the_next(server, monkeypatch):
    monkeypatch.setattr(pool, "MOST_CONNECTIONS", 1)
    async with client(server) as groq:
        for _ in range(3):
            asking = asyncio.create_task(groq.get(HELD))
            await server.begun.get()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
        assert (await groq.get("/")).text == "04"


async def test_an_answer_that_is_left_half_read_leaves_its_place_to_the_next(server, monkeypatch):
    monkeypatch.setattr(pool, "MOST_CONNECTIONS", 1)
    async with client(server) as groq:
        for number in ("01", "02"):
            async with groq.stream("GET", CUT) as answer:
                assert await anext(answer.aiter_text()) == number
        assert (await groq.get("/")).text == "03"


async def test_a_server_that_cannot_be_reached_takes_no_place(server, monkeypatch):
    monkeypatch.setattr(pool, "MOST_CONNECTIONS", 1)
    async with client(server) as groq:
        for _ in range(3):
            with pytest.raises(httpx.ConnectError):
                await groq.get("http://127.0.0.1:1/")
        assert (await groq.get("/")).text == "01"


async def test_closing_the_pool_ends_the_answers_on_their_way(server):
    async with client(server) as groq:
        async with groq.stream("GET", CUT) as answer:
            await groq._transport.aclose()
            with pytest.raises(httpx.ReadError):
                await answer.aread()
        assert groq._transport._pool.connections == []


async def test_a_connection_that_takes_no_request_any_more_is_replaced(server, monkeypatch):
    send, refused = httpcore.AsyncHTTPConnection.handle_async_request, []

    async def refusing_once(connection, request):
        if not refused:
            refused.append(connection)
            raise httpcore.ConnectionNotAvailable
        return await send(connection, request)

    monkeypatch.setattr(httpcore.AsyncHTTPConnection, "handle_async_request", refusing_once)
    async with client(server) as groq:
        assert (await groq.get("/")).text == "01"
        assert len(refused) == 1
        assert len(groq._transport._pool.connections) == 1
