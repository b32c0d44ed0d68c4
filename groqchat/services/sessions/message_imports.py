"""Reads one message of an imported file, and notes what of it is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.money.pricing import Cost
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.tools.records import calls_from_json, steps_from_json
from groqchat.domain.turns.chat import Message, Role, State
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.services.sessions.image_documents import image_from_part
from groqchat.services.sessions.json_fields import Fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.domain.images.image import Image

# Years 2 to 9998: what the calendar has in every time zone.
_EARLIEST, _LATEST = -62_104_060_800, 253_370_764_800
# Numbers beyond are milliseconds (from 1973 on), microseconds and nanoseconds.
_LONGEST_S = 1e11
_UNITS = ((1e17, 1e9), (1e14, 1e6), (_LONGEST_S, 1e3))
_NUMBERS = (int, float)
_TIMES = ("created", "created_at", "create_time", "timestamp")
_STATES = {state.value: state for state in State} | {State.STREAMING.value: State.BROKEN}
_KINDS = {kind.value: kind for kind in MessageKind}
_ROLES = {role.value: role for role in Role} | {"developer": Role.SYSTEM}
_RESULTS = frozenset({"tool", "function", "ipython"})
_CALLS = frozenset({"tool_calls", "function_call"})
_IMAGE_PARTS = frozenset({"image_url", "input_image"})
_TEXT_PARTS = frozenset({"text", "input_text", "output_text"})


@dataclass(frozen=True, slots=True)
class ImportedMessage:
    """A message as a file has it; without a role it is left out as a whole.

    ``created`` is a Unix time, or None. ``notes`` name the parts that are left out;
    ``images`` are those that the content has marks of.
    """

    role: Role | None
    content: str
    created: float | None
    fields: Fields
    notes: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()

    @property
    def kind(self) -> MessageKind:
        """The part that the message plays in the context; a word from elsewhere means none."""
        return _KINDS.get(self.fields.text("kind") or "", MessageKind.SPOKEN)

    def message(self, name: str, session_id: str, parent_id: str | None, created: float) -> Message:
        """The stored message, with its place in the tree."""
        fields = self.fields
        role = self.role or Role.USER
        if role is Role.TOOL:
            calls = calls_from_json(fields.values.get("calls"))
            message = Message(name, session_id, parent_id, role, self.content, created)
            timing = _timing(fields.inner("timing"))
            reason = fields.text("finish_reason")
            return replace(message, finish_reason=reason, timing=timing, calls=calls[:1])
        if role is not Role.ASSISTANT:
            return Message(name, session_id, parent_id, role, self.content, created)
        return Message(
            name,
            session_id,
            parent_id,
            role,
            self.content,
            created,
            _state(fields.text("state")),
            fields.text("model"),
            fields.text("reasoning") or fields.text("reasoning_content") or "",
            fields.text("finish_reason"),
            fields.text("request_id"),
            fields.text("service_tier"),
            _usage(fields.inner("usage")),
            _timing(fields.inner("timing")),
            _cost(fields),
            fields.text("provider"),
            fields.text("in_place_of"),
            asked_with=fields.inner("asked_with").plain,
            calls=calls_from_json(fields.values.get("calls")),
            executed=steps_from_json(fields.values.get("executed")),
        )


def read_message(entry: object) -> ImportedMessage:
    """Read a message; any other value gives one without a role, and a note that says why."""
    fields = Fields.of(entry)
    name = fields.text("role")
    if not fields.values:
        return _nothing(fields, "it is no object with a role and a content")
    if name in _RESULTS and not calls_from_json(fields.values.get("calls")):
        return _nothing(fields, "the result of a tool, which is no message of a chat")
    if name not in _ROLES:
        known = ", ".join(_ROLES)
        return _nothing(
            fields, f"no role is called {fields.values.get('role')!r}; known are {known}"
        )
    notes: list[str] = []
    images: list[Image] = []
    content = _content(fields, notes, images)
    calls = list(_calls(fields))
    notes += [f"the call of {call}" for call in calls]
    if content is None or (calls and not content):
        return _nothing(fields, *(notes or ["its content is no text"]))
    created = _created(fields, notes)
    return ImportedMessage(_ROLES[name], content, created, fields, tuple(notes), tuple(images))


def time_of(value: object, *, is_ours: bool = False) -> float | None:
    """A Unix time from a number or an ISO date; UTC where the date names no zone.

    Args:
        value: The value in the file.
        is_ours: Whether numbers are seconds; another program's may be milliseconds or smaller.
    """
    if isinstance(value, _NUMBERS) and not isinstance(value, bool):
        seconds = value if is_ours else value / _unit(abs(value))
        return float(seconds) if _EARLIEST <= seconds < _LATEST else None
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        return time_of(
            (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp(), is_ours=True
        )
    return None


def _unit(size: float) -> float:
    """The number of units in a second, for the size of a time in another program's file."""
    return next((unit for least, unit in _UNITS if size >= least), 1) if size >= _LONGEST_S else 1


def _nothing(fields: Fields, *why: str) -> ImportedMessage:
    return ImportedMessage(None, "", None, fields, why)


def _content(fields: Fields, notes: list[str], images: list[Image]) -> str | None:
    """The text of a message, its parts joined; None where there is none."""
    content = fields.values.get("content")
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        texts = [_part(part, notes, images) for part in content]
        spoken = [text for text in texts if text is not None]
        return "\n\n".join(spoken) if spoken else None
    refusal = fields.text("refusal")
    return "" if refusal is None and content is None and any(_calls(fields)) else refusal


def _part(part: object, notes: list[str], images: list[Image]) -> str | None:
    if isinstance(part, str):
        return part
    fields = Fields.of(part)
    kind = fields.text("type") or "part of no kind"
    text = fields.text("text") if kind in _TEXT_PARTS else None
    text = fields.text("refusal") if kind == "refusal" else text
    if kind in _IMAGE_PARTS:
        try:
            image = image_from_part(fields)
        except ValueError as mistake:
            notes.append(f"an image, which {mistake}")
            return None
        if image is not None:
            images.append(image)
            return image.mark
    if text is None:
        notes.append(f"a part that is no text ({kind})")
    return text


def _calls(fields: Fields) -> Iterator[str]:
    """The names of the tools that a message calls."""
    if not _CALLS & fields.values.keys():
        return
    calls = [
        *fields.objects("tool_calls"),
        *([fields] if fields.inner("function_call").values else []),
    ]
    for call in calls:
        function = call.inner("function") if call is not fields else call.inner("function_call")
        yield function.text("name") or "a tool"


def _created(fields: Fields, notes: list[str]) -> float | None:
    named = next((name for name in _TIMES if fields.values.get(name) is not None), None)
    if named is None:
        return None
    value = fields.values[named]
    created = time_of(value, is_ours=fields.text("id") is not None and "parent" in fields.values)
    if created is None:
        notes.append(f"its time: {value!r} is neither a number of seconds since 1970 nor ISO 8601")
    return created


def _state(name: str | None) -> State:
    """The state of an answer; one that was streaming when it was exported is broken."""
    return _STATES.get(name or "", State.COMPLETE)


def _usage(fields: Fields) -> Usage | None:
    if not fields.values:
        return None
    return Usage(
        fields.whole("prompt_tokens") or 0,
        fields.whole("cached_tokens") or 0,
        fields.whole("completion_tokens") or 0,
        fields.whole("reasoning_tokens") or 0,
        fields.number("queue_time"),
        fields.number("prompt_time"),
        fields.number("completion_time"),
        fields.flag("is_estimated"),
    )


def _timing(fields: Fields) -> Timing | None:
    total = fields.number("total_s")
    return None if total is None else Timing(fields.number("time_to_first_token_s"), total)


def _cost(fields: Fields) -> Cost | None:
    total = fields.money("cost_usd")
    return None if total is None else Cost(total, fields.money("saved_by_cache_usd") or Decimal(0))
