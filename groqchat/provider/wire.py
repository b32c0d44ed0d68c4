"""Reads a chat answer off the wire, in whatever pieces it comes, without believing any of it.

The SDK's typed chunks cost many times as much and stop at the first oddity; an answer is told by
a dozen fields.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.domain.errors.refusal_bodies import shown_name
from groqchat.domain.turns.chat import Delta, ThoughtAloud
from groqchat.provider import fields
from groqchat.provider.mould import Mould
from groqchat.provider.parts import Kind, kind_of, refused, said
from groqchat.provider.sse import LONGEST_EVENT, EventDecoder, FloodedError
from groqchat.provider.thoughts import Piece, Thoughts

if TYPE_CHECKING:
    from groqchat.domain.money.usage import Usage

_BLANK = b" \t\r\n\xef\xbb\xbf"  # with the byte order mark
# Some servers give every chunk an id of its own: then moulds never fit and are not worth making.
_MOST_MOULDS = 8


class Runs:
    """Text and reasoning as they come, neighbours of one kind put together."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._kind: Kind = Delta
        self._run: list[str] = []
        self._thoughts = Thoughts()
        self._answer: list[str] = []
        self._has_reasoned = False

    @property
    def answer(self) -> str:
        """All text that was taken, without the reasoning."""
        return "".join(self._answer)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever added."""
        return not (self._answer or self._has_reasoned)

    def add(self, kind: Kind, text: str) -> None:
        """Put a piece behind the others."""
        if kind is not self._kind:
            self._end_run()
            self._kind = kind
        self._run.append(text)

    def taken(self, *, is_last: bool = False) -> list[Piece]:
        """What was added since the last time, as far as it can be told what it is.

        Args:
            is_last: Whether nothing more will be added.
        """
        self._end_run()
        if is_last:
            self._note(self._thoughts.parted("", is_last=True))
        pieces, self._pieces = self._pieces, []
        return pieces

    def _end_run(self) -> None:
        text = "".join(self._run)
        self._run.clear()
        if not text:
            return
        if self._kind is Delta:
            self._note(self._thoughts.parted(text))
        else:
            self._thoughts.told_apart()
            self._note([self._kind(text)])

    def _note(self, pieces: list[Piece]) -> None:
        self._pieces += pieces
        for piece in pieces:
            if isinstance(piece, Delta):
                self._answer.append(piece.text)
            else:
                self._has_reasoned = True
            if isinstance(piece, ThoughtAloud):
                self._answer.clear()


class AnswerReader:
    """Takes the body of an answer and tells what it says.

    Understands the event stream, and also the whole JSON answer or error object that some servers
    send in its place.

    Attributes:
        finish_reason: Why the answer ended; without it an answer is not complete.
        usage: The last count of tokens that can be; it comes up to three times.
        service_tier: The tier that served.
        request_id: Groq's own id.
        refusal: What the model said instead of an answer.
        has_called: Whether it wants a tool to be called.
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
        self.refusal = ""
        self.has_called = False
        self.failure: object = None
        self.is_done = False
        self.is_garbled = False
        self.is_foreign = False
        self._runs = Runs()
        self._events = EventDecoder()
        self._begun = False
        self._whole: bytearray | None = None
        self._mould: Mould | None = None
        self._moulds_left = _MOST_MOULDS

    @property
    def text(self) -> str:
        """All of the answer that has arrived."""
        return self._runs.answer

    @property
    def is_empty(self) -> bool:
        """Whether neither text nor reasoning has arrived."""
        return self._runs.is_empty

    @property
    def is_over(self) -> bool:
        """Whether nothing that may follow can matter."""
        return self.is_done or self.is_garbled or self.is_foreign or self.failure is not None

    def feed(self, data: bytes) -> list[Piece]:
        """Take what arrived; returns the text in it, neighbours of one kind as one piece."""
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
        except FloodedError:
            self.is_garbled = True
        return self._runs.taken()

    def finish(self) -> list[Piece]:
        """The body has ended; returns the text that its end made readable."""
        if not self.is_over:
            self._finish()
        return self._runs.taken(is_last=True)

    def _finish(self) -> None:
        if self._whole is not None:
            self._take(fields.mapping(_json(self._whole)))
            self.is_foreign = self.finish_reason is None and self.failure is None
        else:
            self._read(self._events.finish())
            self.is_garbled = False  # Half an event at the very end is a cut, and told as one.

    def _begin(self, data: bytes) -> None:
        """No event stream begins like HTML or like JSON."""
        self._begun = bool(data)
        self.is_foreign = data.startswith(b"<")
        self._whole = bytearray() if data.startswith(b"{") else None

    def _read(self, events: list[tuple[bytes, bytes]]) -> None:
        for name, data in events:
            mould = self._mould
            if mould and not name and (text := mould.text_of(data)) is not None:
                self._runs.add(kind_of(mould.field), text)
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
        """One chunk of a stream, or a whole answer: they differ in the name of one field."""
        choice = _choice(chunk)
        delta = fields.mapping(choice.get("delta") or choice.get("message"))
        for kind, text in said(delta):
            self._runs.add(kind, fields.whole_characters(text))
        self.refusal += fields.whole_characters(refused(delta))
        self.has_called |= bool(delta.get("tool_calls") or delta.get("function_call"))
        self.finish_reason = fields.text(choice.get("finish_reason")) or self.finish_reason
        extra = fields.mapping(chunk.get("x_groq"))
        self.request_id = shown_name(fields.text(extra.get("id"))) or self.request_id
        for usage in (extra.get("usage"), chunk.get("usage")):
            self._count(fields.usage(usage))
        self.service_tier = fields.text(chunk.get("service_tier")) or self.service_tier
        self.failure = chunk.get("error") or extra.get("error") or self.failure

    def _count(self, told: Usage | None) -> None:
        """Some servers end with a count of zeros, or of what cannot be: it takes nothing back."""
        if told is not None and (told.total_tokens or self.usage or not told.is_estimated):
            self.usage = told.after(self.usage)

    def _remember(self, data: bytes, chunk: dict[str, object]) -> None:
        """Make a mould of a chunk that says nothing but text."""
        if self._moulds_left and not (chunk.get("usage") or chunk.get("x_groq")):
            mould = Mould.of(data, fields.mapping(_choice(chunk).get("delta")))
            self._moulds_left -= mould is not None
            self._mould = mould or self._mould


def _choice(chunk: dict[str, object]) -> dict[str, object]:
    """The first choice; no request asks for more than one."""
    choices = chunk.get("choices")
    return fields.mapping(choices[0]) if isinstance(choices, list) and choices else {}


def _json(data: bytes | bytearray) -> object:
    """What the JSON says; None where it is none."""
    try:
        value: object = json.loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return value
