"""Saved conversations on their way out and in: Markdown, JSON, JSON lines, HTML."""

from __future__ import annotations

import hashlib
import html
import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from groqchat.domain.archive import Archive
from groqchat.domain.chat import Message, Role, Session, State
from groqchat.domain.endings import ending
from groqchat.domain.pricing import usd_string
from groqchat.domain.sessions import title_from
from groqchat.services.export_files import sealed, sealed_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from groqchat.services.minutes import Minutes
    from groqchat.services.ports import SessionStore

_COMPARED = "What was said of this comparison"
_FOR_READERS = "Exported by groqchat to be read; only JSON and JSONL can be imported again."
_NAMES = {Role.SYSTEM: "System", Role.USER: "You", Role.ASSISTANT: "Assistant"}
_MARKS = {
    State.STOPPED: "stopped",
    State.BROKEN: "broken off",
    State.STREAMING: "broken off",
}


# -- out --------------------------------------------------------------------------------------


def session_document(
    session: Session, messages: Iterable[Message], minutes: Minutes | None
) -> dict[str, object]:
    """A session with its branch, in the form that :func:`read_sessions` takes back."""
    said_of_it = {"comparison": minutes.document} if minutes else {}
    document = {
        "id": session.id,
        "title": session.title,
        "created": session.created,
        "updated": session.updated,
        "model": session.model,
        "system": session.system or None,
        "messages": [_message_document(message) for message in messages],
        **said_of_it,
    }
    return sealed_document(document)


def to_json(session: Session, messages: Iterable[Message], minutes: Minutes | None = None) -> str:
    """One indented JSON document."""
    document = session_document(session, messages, minutes)
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def to_jsonl(session: Session, messages: Iterable[Message], minutes: Minutes | None = None) -> str:
    """One line of JSON."""
    return json.dumps(session_document(session, messages, minutes), ensure_ascii=False) + "\n"


def to_markdown(
    session: Session, messages: Iterable[Message], minutes: Minutes | None = None
) -> str:
    """A heading a message, its text as it was written; what was said of a comparison comes last."""
    blocks = [f"# {' '.join(session.title.split())}", _day(session.created), f"*{_FOR_READERS}*"]
    if session.system:
        blocks += ["## System", session.system]
    for message in messages:
        blocks += [f"## {_heading(message)}", message.content]
    if minutes is not None:
        blocks += [f"## {_COMPARED}", "\n".join(f"* {line}" for line in minutes.lines)]
    return sealed("\n\n".join(blocks) + "\n", f"session {session.id}")


def to_html(session: Session, messages: Iterable[Message], minutes: Minutes | None = None) -> str:
    """A page that stands alone: no scripts, nothing fetched, texts as they were written."""
    title = html.escape(session.title)
    system = [_section("System", "system", session.system)] if session.system else []
    told = [_section(_heading(message), message.role, message.content) for message in messages]
    compared = [_section(_COMPARED, "system", "\n".join(minutes.lines))] if minutes else []
    body = "\n".join([*system, *told, *compared])
    page = _PAGE.format(title=title, day=_day(session.created), note=_FOR_READERS, body=body)
    return sealed(page, f"session {session.id}")


EXPORTS: dict[str, Callable[[Session, Iterable[Message], Minutes | None], str]] = {
    "markdown": to_markdown,
    "json": to_json,
    "jsonl": to_jsonl,
    "html": to_html,
}

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }}
h2 {{ font-size: 1rem; color: #666; margin-bottom: 0 }}
section.assistant {{ border-left: 3px solid #f55036; padding-left: 1rem }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{day}</p>
<p><em>{note}</em></p>
{body}
</body>
</html>
"""


def _section(heading: str, kind: str, text: str) -> str:
    inner = f"<h2>{html.escape(heading)}</h2>\n<pre>{html.escape(text)}</pre>"
    return f'<section class="{kind}">\n{inner}\n</section>'


def _heading(message: Message) -> str:
    author = message.model and message.signature
    about = [part for part in (author, _MARKS.get(message.state) or ending(message)) if part]
    return _NAMES[message.role] + (f" ({', '.join(about)})" if about else "")


def _day(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _message_document(message: Message) -> dict[str, object]:
    document: dict[str, object] = {
        "role": message.role,
        "content": message.content,
        "created": message.created,
    }
    if message.role is Role.ASSISTANT:
        document["model"] = message.model
        document["provider"] = message.provider
        document["in_place_of"] = message.in_place_of
        document["state"] = message.state
        document["reasoning"] = message.reasoning or None
        document["cost_usd"] = usd_string(message.cost.total) if message.cost else None
    return document


# -- in ---------------------------------------------------------------------------------------


# Years 2 to 9998: what the calendar has in every time zone.
_EARLIEST, _LATEST = -62_104_060_800, 253_370_764_800


class Imported(NamedTuple):
    """What an import came to: sessions that are new or were there already, and new messages."""

    added: int
    known: int
    messages: int


def read_sessions(lines: Iterable[str], now: float) -> list[Archive]:
    """Read sessions from JSON lines: each an object with ``messages``, or a list of messages.

    What has no id gets one that follows from its content, so that the same line is always the
    same session.

    Args:
        lines: Lines of JSON; empty ones are passed over.
        now: The Unix time that stands in where none is told.

    Raises:
        ValueError: A line makes no sense; the message names it by its number.
    """
    sessions = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            sessions.append(_read_session(line, now))
        except (ValueError, RecursionError) as error:
            raise ValueError(f"line {number}: {error}") from None
    return sessions


async def import_sessions(store: SessionStore, archives: Sequence[Archive]) -> Imported:
    """Add those sessions that are not there yet, one after another, each whole or not at all."""
    done = [await store.add_archive(archive) for archive in archives]
    new = sum(added.is_new for added in done)
    return Imported(new, len(done) - new, sum(added.messages for added in done))


def _read_session(line: str, now: float) -> Archive:
    document = json.loads(line)
    if isinstance(document, list):
        document = {"messages": document}
    entries = document.get("messages") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not entries:
        raise ValueError("there are no messages")
    name = document.get("id")
    session_id = name if isinstance(name, str) and name else _digest(document)
    spoken = [_read_message(entry) for entry in entries]
    system = [text for role, text, *_ in spoken if role is Role.SYSTEM]
    messages: list[Message] = []
    for role, text, created, model in spoken:
        if role is Role.SYSTEM:
            continue
        time = messages[-1].created if messages and created is None else created
        parent = messages[-1].id if messages else None
        key = f"{session_id}/{len(messages)}"
        moment = now if time is None else time
        messages.append(Message(_digest(key), session_id, parent, role, text, moment, model=model))
    if not messages:
        raise ValueError("there are no messages but the system's")
    session = _session_of(document, session_id, messages, "\n\n".join(system))
    return Archive(session, tuple(messages))


def _session_of(
    document: dict[str, Any], session_id: str, messages: list[Message], system: str
) -> Session:
    first, last = messages[0], messages[-1]
    title = document.get("title")
    prompt = next((m.content for m in messages if m.role is Role.USER), first.content)
    models = [message.model for message in messages if message.model]
    told = document.get("system")
    session = Session(
        session_id,
        title if isinstance(title, str) and title else title_from(prompt),
        _time(document.get("created"), first.created),
        _time(document.get("updated"), last.created),
        models[-1] if models else None,
        leaf_id=last.id,
    )
    return replace(session, system=told if isinstance(told, str) else system)


def _read_message(entry: object) -> tuple[Role, str, float | None, str | None]:
    if not isinstance(entry, dict):
        raise ValueError("a message is no object")
    role, content, model = entry.get("role"), entry.get("content"), entry.get("model")
    if role not in tuple(Role):
        raise ValueError(f"no role is called {role!r}; known are {', '.join(Role)}")
    if not isinstance(content, str):
        raise ValueError("the content of a message is no text")
    created = entry.get("created")
    time = None if created is None else _time(created, math.nan)
    if time is not None and math.isnan(time):
        raise ValueError(f"{created!r} is no time; it is seconds since 1970, or ISO 8601")
    return Role(role), content, time, model if isinstance(model, str) else None


def _time(value: object, otherwise: float) -> float:
    """A Unix time, from a number or an ISO date; UTC where it names no zone."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if _EARLIEST <= value < _LATEST else otherwise
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return otherwise
        time = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        return _time(time, otherwise)
    return otherwise


def _digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:20]
