"""Answers chat requests faster than any client reads; as a program, a server of its own.

A prompt says what is wanted: ``answer 7: 500 tokens at 1000`` streams 500 tokens, one a chunk,
at 1,000 a second; without a rate they leave as fast as they are read. The text is mixed Markdown
between two words that stand nowhere else, ``Alpha7x`` and ``Omega7x``, each with the model's name
behind it; they are not in the prompt, so whoever sees them on a screen sees the answer. When the
request had come and when the first and the last token went out is printed, by a clock that all
processes of a machine share.
"""

from __future__ import annotations

import asyncio
import functools
import json
import re
import sys
import time

from groqchat.simulator.library import articles
from groqchat.simulator.tokens import tokenize
from groqchat.simulator.wire import DONE, AnswerIds, Events

HOST = "127.0.0.1"
_WISH = re.compile(r"answer (\d+): (\d+) tokens(?: at (\d+))?")
_TICK_S = 0.004
_BURST = 64
# Something is used up and refills, so that whoever counts down has something to count.
_LIMITS = {
    "x-ratelimit-limit-requests": "14400",
    "x-ratelimit-remaining-requests": "14000",
    "x-ratelimit-reset-requests": "40m0s",
    "x-ratelimit-limit-tokens": "9000000",
    "x-ratelimit-remaining-tokens": "8000000",
    "x-ratelimit-reset-tokens": "6.66s",
}


def first_word(number: int, model: str = "") -> str:
    """The first token of an answer, or without a model how that of every model begins."""
    return f"Alpha{number}x{_plain(model)}"


def last_word(number: int, model: str = "") -> str:
    """The last token of an answer, or without a model how that of every model begins."""
    return f"Omega{number}x{_plain(model)}"


def _plain(model: str) -> str:
    """A model's name as a part of a word that no line breaks."""
    return "".join(filter(str.isalnum, model))


@functools.cache
def _tokens() -> tuple[str, ...]:
    """All articles of the simulator's library, one after another."""
    return tuple(tokenize("\n\n".join(article.text for article in articles()) + "\n\n"))


def _chunks(number: int, count: int, model: str) -> list[bytes]:
    """The events of an answer, one a token; the last two words stand on lines of their own."""
    library = _tokens()
    middle = (library * (count // len(library) + 1))[: max(0, count - 2)]
    texts = [first_word(number, model) + "\n\n", *middle, "\n\n" + last_word(number, model)]
    events = Events(
        AnswerIds(
            f"req_{number}", f"chatcmpl-{number}", int(time.time()), model, 1, "fp", "on_demand"
        )
    )
    return [events.opening()] + [events.delta({"content": text}) for text in texts]


def _ending(number: int, count: int, model: str) -> bytes:
    names = AnswerIds(
        f"req_{number}", f"chatcmpl-{number}", int(time.time()), model, 1, "", "on_demand"
    )
    usage = {"prompt_tokens": 80, "completion_tokens": count, "total_tokens": count + 80}
    return Events(names).finish("stop", usage) + DONE


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := (await reader.readuntil(b"\r\n\r\n")).decode():
            length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
            body = await reader.readexactly(int(length[1])) if length else b""
            came = time.monotonic()
            if "/chat/completions" in head.partition("\r\n")[0]:
                await _answer(writer, json.loads(body), came)
            else:
                _reply(writer, b'{"object":"list","data":[]}')
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


def _head(kind: str, framing: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"content-type: {kind}", framing]
    lines += [f"{name}: {value}" for name, value in _LIMITS.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _reply(writer: asyncio.StreamWriter, body: bytes) -> None:
    writer.write(_head("application/json", f"content-length: {len(body)}") + body)


async def _answer(writer: asyncio.StreamWriter, request: dict, came: float) -> None:
    number, count, rate = (
        int(text or 0) for text in _WISH.search(request["messages"][-1]["content"]).groups()
    )
    chunks = _chunks(number, count, request["model"])
    writer.write(_head("text/event-stream", "transfer-encoding: chunked"))
    first = time.monotonic()
    sent = 0
    while sent < len(chunks) and not writer.is_closing():
        elapsed = time.monotonic() - first
        due = min(len(chunks), int(elapsed * rate) + 2 if rate else sent + _BURST)
        if due > sent:
            _write(writer, b"".join(chunks[sent:due]))
            sent = due
        if rate:
            # A client that lags behind must not slow the source down: nothing waits for it here.
            await asyncio.sleep(max(_TICK_S, (sent - 1) / rate - (time.monotonic() - first)))
        else:
            await writer.drain()
    last = time.monotonic()
    told = {"answer": number, "model": request["model"]}
    print(json.dumps(told | {"came": came, "first": first, "last": last}), flush=True)
    _write(writer, _ending(number, count, request["model"]))
    writer.write(b"0\r\n\r\n")


def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(b"%x\r\n%b\r\n" % (len(data), data))


async def main() -> None:
    """Tell the address, then serve until the input ends, as it does with whoever started this."""
    server = await asyncio.start_server(_serve, HOST, 0)
    print(json.dumps({"url": f"http://{HOST}:{server.sockets[0].getsockname()[1]}"}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
