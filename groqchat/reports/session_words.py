"""Words about a session that its Markdown and its page share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import count
from groqchat.domain.tools.outcome import Outcome
from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.finish_reasons import ending

if TYPE_CHECKING:
    from groqchat.domain.sessions.archive import Archive
    from groqchat.domain.turns.chat import Message

COMPARED = "What was said of this comparison"
"""The heading above the votes and verdicts of a comparison."""

NAMES = {
    Role.SYSTEM: "System",
    Role.USER: "You",
    Role.ASSISTANT: "Assistant",
    Role.TOOL: "Tool",
}
"""The names of those who speak, as headings."""

_FOR_READERS = "Exported by groqchat to be read; only JSON and JSONL can be imported again."
_MARKS = {
    State.STOPPED: "stopped",
    State.BROKEN: "broken off",
    State.STREAMING: "broken off",
}


def heading(message: Message) -> str:
    """The author of a message, and how it ended if not as usual."""
    author = message.model and message.signature
    how = _MARKS.get(message.state) or ending(message)
    if message.role is Role.TOOL:
        author, how = " ".join(call.name for call in message.calls), ending_of_call(message)
    about = [part for part in (author, message.kind.words, how) if part]
    return NAMES[message.role] + (f" ({', '.join(about)})" if about else "")


def ending_of_call(result: Message) -> str:
    """How a call ended, if it did not simply give its result."""
    return "" if result.finish_reason == Outcome.DONE else result.finish_reason or ""


def day(time: float) -> str:
    """A Unix time as a day and a minute."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M UTC")


def note(archive: Archive) -> str:
    """A sentence on what the file is for, and how many messages it leaves out."""
    others = len(archive.other_messages)
    if not others:
        return _FOR_READERS
    are = "1 message is" if others == 1 else f"{count(others)} messages are"
    subject, verb = are.rsplit(" ", 1)
    return f"{_FOR_READERS} {subject} of other versions and branches {verb} not in it."
