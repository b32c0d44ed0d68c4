"""The head of a request leaves with its body, and nothing stays behind."""

import asyncio
import ssl

import httpx

from groqchat.provider.http.joined_writes import JoinedWrites
from groqchat.provider.http.pool import Pool

HEAD = b"POST /chat HTTP/1.1\r\nhost: groq\r\n\r\n"
GET = b"GET /models HTTP/1.1\r\nhost: groq\r\n\r\n"


class Wire:
    """Keeps what is written, and says what is read."""

    def __init__(self):
        self.written = []

    async def write(self, buffer, _timeout=None):
        self.written.append(buffer)

    async def read(self, _max_bytes, _timeout=None):
        return b"read"


async def test_a_head_is_written_with_the_first_part_of_its_body():
    wire = Wire()
    stream = JoinedWrites(wire)
    for part in (HEAD, b"one", b"two", HEAD, b"three"):
        await stream.write(part)
    assert wire.written == [HEAD + b"one", b"two", HEAD + b"three"]


async def test_a_head_without_a_body_leaves_with_the_end_of_the_request_or_before_reading():
    wire = Wire()
    stream = JoinedWrites(wire)
    await stream.write(HEAD)
    await stream.write(b"")
    await stream.write(HEAD)
    assert await stream.read(99) == b"read"
    assert wire.written == [HEAD, HEAD]


async def test_a_request_that_has_no_body_does_not_wait():
    wire = Wire()
    await JoinedWrites(wire).write(GET)
    assert wire.written == [GET]


async def test_a_long_body_is_not_copied():
    wire, body = Wire(), b"x" * 100_000
    stream = JoinedWrites(wire)
    await stream.write(HEAD)
    await stream.write(body)
    assert wire.written == [HEAD, body]


async def test_a_server_gets_a_prompt_in_one_piece():
    pieces = []

    async def serve(reader, writer):
        pieces.append(await reader.read(65_536))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        transport = Pool(ssl.create_default_context(), None, keep_s=25.0)
        async with httpx.AsyncClient(transport=transport) as client:
            assert (await client.post(url, json={"prompt": "hi"})).text == "ok"
    assert pieces[0].endswith(b'{"prompt":"hi"}')
