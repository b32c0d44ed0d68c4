"""Faults within a stream: the bytes that are sent, and how the stream goes on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from groqchat.simulator.exchange import dump


class AfterFault(Enum):
    """The behaviour of the server after the bytes of a stream fault."""

    GO_ON = "the rest of the answer"
    END = "a clean end of the body, without [DONE]"
    CUT = "a closed connection, the chunked encoding unfinished"
    RESET = "a TCP reset"
    STALL = "silence"


@dataclass(frozen=True, slots=True)
class StreamFault:
    """A fault that sends ``data`` after a number of content tokens, and then does ``then``."""

    name: str
    summary: str
    data: bytes = b""
    then: AfterFault = AfterFault.END

    @property
    def breaks_whole_replies(self) -> bool:
        """Whether the fault also cuts a reply that is not streamed in half."""
        ends_halfway = self.name in {"broken_json", "half_event", "end_early"}
        return ends_halfway or self.then in {AfterFault.CUT, AfterFault.RESET, AfterFault.STALL}


_TOOL_FAILED = {
    "error": {
        "message": "Tool call validation failed: attempted to call tool 'json' which was not in"
        " request.tools",
        "type": "invalid_request_error",
        "code": "tool_use_failed",
        "failed_generation": '{"name": "json", "arguments": {}}',
        "status_code": 400,
    }
}
_SERVER_FAILED = {
    "error": {
        "message": "Internal Server Error",
        "type": "internal_server_error",
        "status_code": 500,
    }
}


def _chunk(**fields: object) -> bytes:
    chunk = {
        "id": "chatcmpl-fault",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "fault",
    }
    return _data({**chunk, **fields})


def _data(value: object) -> bytes:
    return b"data: " + dump(value) + b"\n\n"


def _delta(**delta: object) -> bytes:
    return _chunk(choices=[{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}])


STREAM_FAULTS = (
    StreamFault(
        "error_event",
        "an `event: error` (tool_use_failed), then the end",
        b"event: error\n" + _data(_TOOL_FAILED),
    ),
    StreamFault("error_data", 'bare `data: {"error": {…}}`, then the end', _data(_SERVER_FAILED)),
    StreamFault(
        "error_string",
        '`"error"` is a string, then the end',
        _data({"error": "upstream connect error"}),
    ),
    StreamFault(
        "error_hollow",
        "an `event: error` without an error in it, then the end",
        b"event: error\n" + _data({"message": "something went wrong"}),
    ),
    StreamFault(
        "error_text",
        "an `event: error` of plain text, then the end",
        b"event: error\ndata: upstream failure\n\n",
    ),
    StreamFault(
        "error_x_groq",
        "a chunk whose x_groq holds an error, then the end",
        _chunk(choices=[], x_groq={"error": "over_capacity"}),
    ),
    StreamFault(
        "broken_json",
        "an event whose JSON stops halfway, then the end",
        b'data: {"id":"chatcmpl-fault","choices":[{"ind\n\n',
    ),
    StreamFault(
        "empty_data", "an empty `data:` line; the answer goes on", b"data:\n\n", AfterFault.GO_ON
    ),
    StreamFault(
        "lone_id", "an `id:` line alone; the answer goes on", b"id: 7\n\n", AfterFault.GO_ON
    ),
    StreamFault(
        "comments",
        "comment lines (`: ping`); the answer goes on",
        b": ping\n\n: pong\n\n",
        AfterFault.GO_ON,
    ),
    StreamFault(
        "invalid_utf8",
        "a content byte that is no UTF-8; the answer goes on",
        _delta(content="REPLACE").replace(b"REPLACE", b"\xff\xfe"),
        AfterFault.GO_ON,
    ),
    StreamFault(
        "no_choices", "a chunk without choices; the answer goes on", _chunk(), AfterFault.GO_ON
    ),
    StreamFault(
        "wrong_types",
        "a chunk whose content is a number; the answer goes on",
        _delta(content=42),
        AfterFault.GO_ON,
    ),
    StreamFault(
        "half_event",
        "half an event, then a clean end",
        b'data: {"id":"chatcmpl-fault","choices":[{"index":0,"delta":{"con',
    ),
    StreamFault("end_early", "a clean end without finish_reason and [DONE]"),
    StreamFault("cut", "the connection closes in the middle", then=AfterFault.CUT),
    StreamFault("reset", "a TCP reset in the middle", then=AfterFault.RESET),
    StreamFault("stall", "silence until the client gives up", then=AfterFault.STALL),
)
