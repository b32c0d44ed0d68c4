"""How the stand-in's answers look on the wire."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


@dataclass
class Exchange:
    """One request's answer on the wire."""

    writer: asyncio.StreamWriter
    reader: asyncio.StreamReader

    async def whole(self, status, document, headers=None):
        body = json.dumps(document).encode()
        fields = {"content-type": "application/json", "content-length": str(len(body))}
        self.writer.write(_head(status, fields | (headers or {})) + body)
        await self.writer.drain()

    async def begin(self, headers):
        fields = {"content-type": "text/event-stream", "transfer-encoding": "chunked"}
        self.writer.write(_head(200, fields | headers))
        await self.writer.drain()

    async def event(self, document):
        await self._chunk(f"data: {json.dumps(document)}\n\n".encode())

    async def end(self):
        await self._chunk(b"data: [DONE]\n\n")
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    async def _chunk(self, data):
        self.writer.write(b"%x\r\n%s\r\n" % (len(data), data))
        await self.writer.drain()


@dataclass
class Chunks:
    model: str
    request_id: str

    def of(self, delta, finish=None, *, x_groq=None, **more):
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        named = {} if x_groq is None else {"x_groq": {"id": self.request_id} | x_groq}
        return self._named([choice]) | named | more

    def last(self, usage):
        return self._named([]) | {"usage": usage, "service_tier": "on_demand"}

    def _named(self, choices):
        return {
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1791297846,
            "model": self.model, "system_fingerprint": "fp_21e59ac2de", "choices": choices,
        }  # fmt: skip


def deltas(pieces, model):
    """Neighbours of one kind together."""
    for kind in ("reasoning", "content"):
        text = "".join(text for k, text in pieces if k == kind)
        channel = {"channel": "analysis"} if model.startswith("openai/") else {}
        if text:
            yield {kind: text} | (channel if kind == "reasoning" else {})


def _head(status, fields):
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
