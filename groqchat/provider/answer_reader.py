"""A tolerant decoder of chat answers.

The SDK's typed chunks cost many times as much and fail at the first unexpected field; an answer
needs a dozen fields.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.domain.errors.refusal_bodies import shown_name
from groqchat.domain.turns.chat import Delta, TextWasReasoning
from groqchat.provider import fields
from groqchat.provider.chunk_template import ChunkTemplate
from groqchat.provider.delta_fields import Kind, kind_of, refusal_of, texts_of
from groqchat.provider.reasoning_splitter import Piece, ReasoningSplitter
from groqchat.provider.sse import LONGEST_EVENT, EventDecoder, EventTooLongError
from groqchat.provider.tool_fields import CallReader, StepReader

if TYPE_CHECKING:
    from groqchat.domain.money.usage import Usage
    from groqchat.domain.tools.events import StepTaken
    from groqchat.domain.tools.tool import ToolCall

_BLANK = b" \t\r\n\xef\xbb\xbf"  # with the byte order mark
# Some servers give every chunk its own id. Then no template ever matches, and none is worth making.
_MOST_TEMPLATES = 8


class PieceBuffer:
    """A buffer of text and reasoning that merges neighbours of one kind."""

    def __init__(self) -> None:
        self._pieces: list[Piece | StepTaken] = []
        self._kind: Kind = Delta
        self._run: list[str] = []
        self._reasoning = ReasoningSplitter()
        self._answer: list[str] = []
        self._has_reasoned = False

    @property
    def answer(self) -> str:
        """All text of the answer so far, without the reasoning."""
        return "".join(self._answer)

    @property
    def is_empty(self) -> bool:
        """Whether neither text nor reasoning was ever added."""
        return not (self._answer or self._has_reasoned)

    def add(self, kind: Kind, text: str) -> None:
        """Append a text."""
        if kind is not self._kind:
            self._flush()
            self._kind = kind
        self._run.append(text)

    def add_step(self, step: StepTaken) -> None:
        """Append a step of a tool."""
        self._flush()
        self._pieces.append(step)

    def taken(self, *, is_last: bool = False) -> list[Piece | StepTaken]:
        """Take out the pieces since the last call whose kind is decided.

        Args:
            is_last: Whether the answer has ended.
        """
        self._flush()
        if is_last:
            self._append(self._reasoning.split_off("", is_last=True))
        pieces, self._pieces = self._pieces, []
        return pieces

    def _flush(self) -> None:
        text = "".join(self._run)
        self._run.clear()
        if not text:
            return
        if self._kind is Delta:
            self._append(self._reasoning.split_off(text))
        else:
            self._reasoning.mark_separate()
            self._append([self._kind(text)])

    def _append(self, pieces: list[Piece]) -> None:
        self._pieces += pieces
        for piece in pieces:
            if isinstance(piece, Delta):
                self._answer.append(piece.text)
            else:
                self._has_reasoned = True
            if isinstance(piece, TextWasReasoning):
                self._answer.clear()


class AnswerReader:
    """Decoder of one answer: an event stream, or the JSON object that some servers send instead.

    Attributes:
        finish_reason: The reason of the end; None while the answer is incomplete.
        usage: The last plausible token counts; servers send up to three.
        service_tier: The tier that served the request.
        request_id: Groq's id of the request.
        refusal: The model's refusal to answer, else empty.
        has_called: Whether the model asks for a tool call.
        failure: The error object in the stream, of any type, else None.
        is_done: Whether ``[DONE]`` has arrived.
        is_garbled: Whether a part was unreadable, so that text would be missing.
        is_foreign: Whether the body is a web page or JSON without an answer.
    """

    def __init__(self) -> None:
        self.finish_reason: str | None = None
        self.usage: Usage | None = None
        self.service_tier: str | None = None
        self.request_id: str | None = None
        self.refusal = ""
        self.has_called = False
        self.failure: object = None
        self.is_done = False
        self.is_garbled = False
        self.is_foreign = False
        self._buffer = PieceBuffer()
        self._calls = CallReader()
        self._steps = StepReader()
        self._events = EventDecoder()
        self._begun = False
        self._whole: bytearray | None = None
        self._template: ChunkTemplate | None = None
        self._templates_left = _MOST_TEMPLATES

    @property
    def text(self) -> str:
        """The text of the answer so far."""
        return self._buffer.answer

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The calls of tools that the model asks for."""
        return self._calls.calls

    @property
    def is_empty(self) -> bool:
        """Whether neither text nor reasoning has arrived."""
        return self._buffer.is_empty

    @property
    def is_over(self) -> bool:
        """Whether the rest of the body can be ignored."""
        return self.is_done or self.is_garbled or self.is_foreign or self.failure is not None

    def feed(self, data: bytes) -> list[Piece | StepTaken]:
        """Decode the next bytes; returns their pieces of text and reasoning, and steps of tools."""
        if self.is_over:
            return []
        if not self._begun:
            data = data.lstrip(_BLANK)
            self._begin(data)
        if self._whole is not None:
            self._whole += data
            self.is_foreign = len(self._whole) > LONGEST_EVENT
            return []
        try:
            self._read(self._events.feed(data))
        except EventTooLongError:
            self.is_garbled = True
        return self._buffer.taken()

    def finish(self) -> list[Piece | StepTaken]:
        """Decode the rest at the end of the body; returns its pieces."""
        if not self.is_over:
            self._finish()
        return self._buffer.taken(is_last=True)

    def _finish(self) -> None:
        if self._whole is not None:
            self._take(fields.mapping(_json(self._whole)))
            self.is_foreign = self.finish_reason is None and self.failure is None
        else:
            self._read(self._events.finish())
            self.is_garbled = False  # Half an event at the very end is a cut, and told as one.

    def _begin(self, data: bytes) -> None:
        """Tell HTML and JSON from an event stream by the first bytes."""
        self._begun = bool(data)
        self.is_foreign = data.startswith(b"<")
        self._whole = bytearray() if data.startswith(b"{") else None

    def _read(self, events: list[tuple[bytes, bytes]]) -> None:
        for name, data in events:
            template = self._template
            if template and not name and (text := template.text_of(data)) is not None:
                self._buffer.add(kind_of(template.field), text)
            elif data.startswith(b"[DONE]"):
                self.is_done = True
            else:
                self._take_event(name, data)
            if self.is_over:
                return

    def _take_event(self, name: bytes, data: bytes) -> None:
        chunk = _json(data)
        if name == b"error":
            self.failure = fields.mapping(chunk).get("error") or chunk or data
        elif isinstance(chunk, dict):
            self._take(chunk)
            self._remember(data, chunk)
        elif chunk is None and data != b"null":
            self.is_garbled = True

    def _take(self, chunk: dict[str, object]) -> None:
        """Read a chunk of a stream or a whole answer, which differ in the name of one field."""
        choice = _choice(chunk)
        delta = fields.mapping(choice.get("delta") or choice.get("message"))
        for kind, text in texts_of(delta):
            self._buffer.add(kind, fields.whole_characters(text))
        self.refusal += fields.whole_characters(refusal_of(delta))
        for step in self._steps.take(delta):
            self._buffer.add_step(step)
        self._calls.take(delta)
        self.has_called |= bool(delta.get("tool_calls") or delta.get("function_call"))
        self.finish_reason = fields.text(choice.get("finish_reason")) or self.finish_reason
        extra = fields.mapping(chunk.get("x_groq"))
        self.request_id = shown_name(fields.text(extra.get("id"))) or self.request_id
        for usage in (extra.get("usage"), chunk.get("usage")):
            self._count(fields.usage(usage))
        self.service_tier = fields.text(chunk.get("service_tier")) or self.service_tier
        self.failure = chunk.get("error") or extra.get("error") or self.failure

    def _count(self, usage: Usage | None) -> None:
        """Keep the usage, unless a server ends with zeros or impossible counts."""
        if usage is not None and (usage.total_tokens or self.usage or not usage.is_estimated):
            self.usage = usage.after(self.usage)

    def _remember(self, data: bytes, chunk: dict[str, object]) -> None:
        """Make a template from a chunk that holds only text."""
        if self._templates_left and not (chunk.get("usage") or chunk.get("x_groq")):
            template = ChunkTemplate.of(data, fields.mapping(_choice(chunk).get("delta")))
            self._templates_left -= template is not None
            self._template = template or self._template


def _choice(chunk: dict[str, object]) -> dict[str, object]:
    """The first choice of a chunk; no request asks for more than one."""
    choices = chunk.get("choices")
    return fields.mapping(choices[0]) if isinstance(choices, list) and choices else {}


def _json(data: bytes | bytearray) -> object:
    """The value of a JSON text; None where it is invalid."""
    try:
        value: object = json.loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return value
