"""Messages as the transcript shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from groqchat.domain.images.image import images_in
from groqchat.domain.structured.tree import tree_of
from groqchat.domain.structured.validation import parsed
from groqchat.domain.text.humanize import counted
from groqchat.domain.turns.answer_footer import footer_of
from groqchat.domain.turns.answer_form import asked_form
from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.ui.transcript.entries import Entry, EntryKind, EntryState, JsonBody, Stubs, Thumbnails
from groqchat.ui.transcript.tool_entries import answer_text, is_long, result_label, result_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.domain.sessions.summaries import Outline, Stub
    from groqchat.domain.structured.validation import Mismatch
    from groqchat.domain.turns.chat import Message
    from groqchat.services.checking.checker import Verdict

_MARKS = {
    State.STREAMING: EntryState.STREAMING,
    State.COMPLETE: EntryState.DONE,
    State.STOPPED: EntryState.STOPPED,
    State.BROKEN: EntryState.BROKEN,
    State.CUT_BY_LIMIT: EntryState.INCOMPLETE,
    State.ENDED: EntryState.INCOMPLETE,
    State.UNANSWERED: EntryState.UNANSWERED,
}

_LOOKS = {
    Role.ASSISTANT: EntryKind.ASSISTANT,
    Role.USER: EntryKind.USER,
    # Only the marks of compactions are stored as the system's.
    Role.SYSTEM: EntryKind.NOTICE,
    Role.TOOL: EntryKind.TOOL,
}

_FITS = "✓ fits the schema"
_NAMES = {Role.USER: "You", Role.SYSTEM: "Compaction", Role.TOOL: "Result of a tool"}


def entry_of(message: Message, *, is_folded: bool = True) -> Entry:
    """A whole message."""
    if message.kind is MessageKind.COMPACTION:
        return Entry(message.id, EntryKind.NOTICE, "Compaction", footer=message.content)
    is_prompt = message.role is Role.USER
    if message.role is Role.TOOL:
        return _result_entry(message, is_folded=is_folded)
    return Entry(
        message.id,
        _look(message.role),
        _label(message.role, message.model and message.signature, message.kind.words),
        text=answer_text(message),
        reasoning=message.reasoning,
        reasoning_label=thought_of(message),
        is_folded=is_folded,
        state=_MARKS[message.state],
        footer="" if is_prompt or message.state is State.STREAMING else footer_of(message),
        json=json_body_of(message),
        thumbnails=Thumbnails(images)
        if is_prompt and (images := images_in(message.content))
        else None,
    )


def time_of(created: float) -> str:
    """A moment, in seconds since 1970, as the local day and time."""
    moment = _local(created)
    return moment.strftime("%Y-%m-%d %H:%M") if moment else ""


def day_of(created: float, before: float | None) -> str:
    """The local day of a message, if that before it is known to be of another day."""
    day, day_before = _local(created), _local(before)
    if day is None or day_before is None or day.date() == day_before.date():
        return ""
    return day.strftime("%A, %Y-%m-%d")


def _local(moment: float | None) -> datetime | None:
    """A moment in this machine's time zone; None where it is no date, as an import may have it."""
    try:
        return None if moment is None else datetime.fromtimestamp(moment).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def thought_of(message: Message) -> str:
    """The words above the reasoning: how many tokens it took, where the server has counted them."""
    usage = message.usage
    if usage is None or usage.is_estimated or not usage.reasoning_tokens:
        return ""
    return f"thought for {counted(usage.reasoning_tokens, 'token')}"


def _result_entry(result: Message, *, is_folded: bool) -> Entry:
    """The result of a tool, which is folded where it is long."""
    entry = Entry(
        result.id,
        EntryKind.TOOL,
        result_label(result),
        is_folded=is_folded,
        reasoning_label="result",
        numbers_code=False,
    )
    text = result_text(result)
    return replace(entry, reasoning=text) if is_long(result) else replace(entry, text=text)


def json_body_of(message: Message) -> JsonBody | None:
    """The tree of an answer in JSON, with what is wrong with it; None for other messages."""
    is_answer = message.role is Role.ASSISTANT and message.state is State.COMPLETE
    form = asked_form(message.asked_with) if is_answer and message.asked_with else None
    nodes = tree_of(parsed(message.content)) if form else ()
    if form is None or not nodes:
        return None
    # A pattern may take for ever; the screen, and a session from a stranger, must not.
    if wrong := form.mismatches(message.content, with_patterns=False):
        return JsonBody(nodes, _complaints(wrong), is_wrong=True)
    if form.has_patterns:
        return JsonBody(nodes, (f"{_FITS}, patterns not tried yet",), untried=form)
    return JsonBody(nodes, (_FITS,) if form.schema else ())


def judged(body: JsonBody, verdict: Verdict) -> JsonBody:
    """The body of an answer whose patterns were tried, or took too long."""
    if verdict.wrong:
        said = _complaints(verdict.wrong)
        return replace(body, remarks=said, is_wrong=True, untried=None)
    late = "" if verdict.is_whole else "; its patterns took too long to be tried"
    return replace(body, remarks=(f"{_FITS}{late}",), untried=None)


def _complaints(wrong: Iterable[Mismatch]) -> tuple[str, ...]:
    return tuple(f"✗ {each}" for each in wrong)


def stubs_of(outline: Outline) -> Stubs:
    """The messages of a branch, whose texts are fetched when they come into view."""
    return Stubs(outline.ids, outline.lengths, lambda at: _stub_entry(outline[at]))


def _stub_entry(stub: Stub) -> Entry:
    return Entry(
        stub.id,
        _look(stub.role),
        _label(stub.role, stub.model),
        text=None,
        size=stub.length,
        state=_MARKS[stub.state],
        version=f"{stub.version}/{stub.versions}" if stub.versions > 1 else "",
    )


def mark_of(message: Message) -> EntryState:
    """The state of an answer's entry."""
    return _MARKS[message.state]


def _look(role: Role) -> EntryKind:
    return _LOOKS[role]


def _label(role: Role, author: str | None, *about: str) -> str:
    """The author of a message, and what is special about it."""
    name = author or "assistant" if role is Role.ASSISTANT else _NAMES[role]
    return " · ".join(filter(None, (name, *about)))
