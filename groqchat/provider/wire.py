"""Reads a chat answer off the wire, in whatever pieces it comes, without believing any of it.

The SDK's typed chunks cost eight times as much and stop at the first oddity; an answer is told by
a dozen fields.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.domain.chat import Delta, ReasoningDelta
from groqchat.provider import fields
from groqchat.provider.sse import LONGEST_EVENT, EventDecoder, FloodedError

if TYPE_CHECKING:
    from groqchat.domain.usage import Usage

_decode = json.JSONDecoder().decode
_BLANK = b" \t\r\n\xef\xbb\xbf"  # with the byte order mark

Piece = Delta | ReasoningDelta


class AnswerReader:
    """Takes the body of an answer and tells what it says.

    Understands the event stream, and also the whole JSON answer or error object that some servers
    send in its place.

    Attributes:
        finish_reason: Why the answer ended; without it an answer is not complete.
        usage: The last count of tokens; it comes up to three times.
        service_tier: The tier that served.
        request_id: Groq's own id.
        failure: The error that came instead of the (rest of the) answer, in whatever shape.
        is_done: Whether the end mark came.
        is_garbled: Whether something could not be read, so that text would be missing.
        is_foreign: Whether this is a web page or other JSON, not an answer.
    """

    def __init__(self) -> None:
        self.finish_reason: str | None = None
        self.usage: Usage | None = None
        self.service_tier: str | None = None
        self.request_id: str | None = None
        self.failure: object = None
        self.is_done = False
        self.is_garbled = False
        self.is_foreign = False
        self._events = EventDecoder()
        self._begun = False
        self._whole: bytearray | None = None
        self._texts: list[str] = []
        self._run: list[str] = []
        self._run_kind: type[Piece] = Delta
        self._pieces: list[Piece] = []
        self._has_reasoned = False

    @property
    def text(self) -> str:
        """All of the answer that has arrived."""
        return "".join(self._texts)

    @property
    def is_empty(self) -> bool:
        """Whether neither text nor reasoning has arrived."""
        return not (self._texts or self._has_reasoned)

    @property
    def is_over(self) -> bool:
        """Whether nothing that may follow can matter."""
        return self.is_done or self.is_garbled or self.is_foreign or self.failure is not None

    def feed(self, data: bytes) -> list[Piece]:
        """Take what arrived; returns the text in it, neighbours of one kind as one piece."""
        if not self._begun:
            data = data.lstrip(_BLANK)
            self._begin(data)
        if self._whole is not None:
            self._whole += data
            self.is_foreign = len(self._whole) > LONGEST_EVENT
            return []
        try:
            self._read(self._events.feed(data))
        except FloodedError:
            self.is_garbled = True
        return self._taken()

    def finish(self) -> list[Piece]:
        """The body has ended; returns the text that its end made readable."""
        if self.is_over:
            return []
        if self._whole is not None:
            self._take_whole(self._whole.decode("utf-8", "replace"))
        else:
            self._read(self._events.finish())
            self.is_garbled = False  # Half an event at the very end is a cut, and told as one.
        return self._taken()

    def _begin(self, data: bytes) -> None:
        """No event stream begins like JSON or like HTML."""
        self._begun = bool(data)
        self.is_foreign = data.startswith(b"<")
        self._whole = bytearray() if data.startswith(b"{") else None

    def _read(self, events: list[tuple[str, str]]) -> None:
        for name, data in events:
            if data.startswith("[DONE]"):
                self.is_done = True
            else:
                self._take_event(name, data)
            if self.is_over:
                return

    def _take_event(self, name: str, data: str) -> None:
        try:
            chunk = _decode(data)
        except (ValueError, RecursionError):
            chunk = data
        if name == "error":
            self.failure = fields.mapping(chunk).get("error") or chunk
        elif isinstance(chunk, dict):
            self._take(chunk)
        elif chunk is data:
            self.is_garbled = True

    def _take_whole(self, data: str) -> None:
        try:
            answer = _decode(data)
        except (ValueError, RecursionError):
            answer = {}
        self._take(answer)
        self.is_foreign = self.finish_reason is None and self.failure is None

    def _take(self, chunk: dict[str, object]) -> None:
        """One chunk of a stream, or a whole answer: they differ in the name of one field."""
        choices = chunk.get("choices")
        if choices and isinstance(choices, list) and isinstance(choices[0], dict):
            self._take_choice(choices[0])
        extra = chunk.get("x_groq")
        if isinstance(extra, dict):
            self.request_id = fields.text(extra.get("id")) or self.request_id
            self.usage = fields.usage(extra.get("usage")) or self.usage
            self.failure = extra.get("error") or self.failure
        if "usage" in chunk:
            self.usage = fields.usage(chunk["usage"]) or self.usage
        if "service_tier" in chunk:
            self.service_tier = fields.text(chunk["service_tier"]) or self.service_tier
        if chunk.get("error"):
            self.failure = chunk["error"]

    def _take_choice(self, choice: dict[str, object]) -> None:
        delta = choice.get("delta") or choice.get("message")
        if isinstance(delta, dict):
            # Groq says `reasoning`; gateways in front of other models say `reasoning_content`.
            reasoning = delta.get("reasoning") or delta.get("reasoning_content")
            if reasoning and isinstance(reasoning, str):
                self._add(ReasoningDelta, reasoning)
            content = delta.get("content")
            if content and isinstance(content, str):
                self._add(Delta, content)
        self.finish_reason = fields.text(choice.get("finish_reason")) or self.finish_reason

    def _add(self, kind: type[Piece], text: str) -> None:
        if kind is not self._run_kind:
            self._end_run()
            self._run_kind = kind
        # JSON can spell halves of a character, which no database and no terminal takes.
        self._run.append(text if text.isascii() else text.encode("utf-8", "replace").decode())

    def _end_run(self) -> None:
        if not self._run:
            return
        text = "".join(self._run)
        self._run.clear()
        self._pieces.append(self._run_kind(text))
        if self._run_kind is Delta:
            self._texts.append(text)
        else:
            self._has_reasoned = True

    def _taken(self) -> list[Piece]:
        self._end_run()
        pieces, self._pieces = self._pieces, []
        return pieces
