"""Saved conversations on their way out: Markdown, HTML, JSON, JSON lines."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from groqchat.domain.text.fences import framed
from groqchat.domain.text.humanize import count
from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.finish_reasons import ending
from groqchat.reports.page_style import POLICY
from groqchat.services.compare.record import record_lines
from groqchat.services.sessions.export_files import sealed
from groqchat.services.sessions.session_documents import to_json, to_jsonl

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.sessions.archive import Archive
    from groqchat.domain.turns.chat import Message

_COMPARED = "What was said of this comparison"
_FOR_READERS = "Exported by groqchat to be read; only JSON and JSONL can be imported again."
_NAMES = {Role.SYSTEM: "System", Role.USER: "You", Role.ASSISTANT: "Assistant"}
_HEADINGS = frozenset({*_NAMES.values(), _COMPARED})
_MARKS = {
    State.STOPPED: "stopped",
    State.BROKEN: "broken off",
    State.STREAMING: "broken off",
}


def to_markdown(archive: Archive) -> str:
    """A heading a message, its text in a frame; what was said of a comparison comes last."""
    session = archive.session
    title = " ".join(session.title.split())
    blocks = [f"# {title}", _day(session.created), f"*{_note(archive)}*"]
    if session.system:
        blocks += ["## System", framed(session.system, _HEADINGS)]
    for message in archive.told:
        blocks += [f"## {_heading(message)}", framed(message.content, _HEADINGS)]
    if lines := [" ".join(line.split()) for line in record_lines(archive)]:
        blocks += [f"## {_COMPARED}", "\n".join(f"* {line}" for line in lines)]
    return sealed("\n\n".join(blocks) + "\n", f"session {session.id}")


def to_html(archive: Archive) -> str:
    """A page that stands alone: no scripts, nothing fetched, texts as they were written."""
    session, lines = archive.session, list(record_lines(archive))
    title = html.escape(session.title)
    system = [_section("System", "system", session.system)] if session.system else []
    told = [_section(_heading(each), each.role, each.content) for each in archive.told]
    compared = [_section(_COMPARED, "system", "\n".join(lines))] if lines else []
    body = "\n".join([*system, *told, *compared])
    known = {"title": title, "day": _day(session.created), "note": _note(archive)}
    page = _PAGE.format(policy=POLICY, body=body, **known)
    return sealed(page, f"session {session.id}")


EXPORTS: dict[str, Callable[[Archive], str]] = {
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
{policy}
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
    inner = f"<h2>{html.escape(heading)}</h2>\n<pre>\n{html.escape(text)}</pre>"
    return f'<section class="{kind}">\n{inner}\n</section>'


def _heading(message: Message) -> str:
    author = message.model and message.signature
    about = [part for part in (author, _MARKS.get(message.state) or ending(message)) if part]
    return _NAMES[message.role] + (f" ({', '.join(about)})" if about else "")


def _day(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _note(archive: Archive) -> str:
    """What the file is, and what it lacks."""
    others = len(archive.untold)
    if not others:
        return _FOR_READERS
    are = "1 message is" if others == 1 else f"{count(others)} messages are"
    subject, verb = are.rsplit(" ", 1)
    return f"{_FOR_READERS} {subject} of other versions and branches {verb} not in it."
