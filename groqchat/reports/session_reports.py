"""A saved session as a document for readers: Markdown, or an HTML page."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from groqchat.domain.text.fences import framed
from groqchat.domain.text.humanize import count
from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.finish_reasons import ending
from groqchat.reports.comparison_lines import comparison_lines
from groqchat.reports.page_style import POLICY

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


def session_markdown(archive: Archive) -> str:
    """The session in Markdown: a heading and framed text for each message, then the comparison."""
    session = archive.session
    title = " ".join(session.title.split())
    blocks = [f"# {title}", _day(session.created), f"*{_note(archive)}*"]
    if session.system:
        blocks += ["## System", framed(session.system, _HEADINGS)]
    for message in archive.exported_messages:
        blocks += [f"## {_heading(message)}", framed(message.content, _HEADINGS)]
    if lines := [" ".join(line.split()) for line in comparison_lines(archive)]:
        blocks += [f"## {_COMPARED}", "\n".join(f"* {line}" for line in lines)]
    return "\n\n".join(blocks) + "\n"


def session_page(archive: Archive) -> str:
    """The session as a self-contained HTML page: no scripts, nothing fetched, texts as written."""
    session, lines = archive.session, list(comparison_lines(archive))
    title = html.escape(session.title)
    system = [_section("System", "system", session.system)] if session.system else []
    sections = [
        _section(_heading(each), each.role, each.content) for each in archive.exported_messages
    ]
    compared = [_section(_COMPARED, "system", "\n".join(lines))] if lines else []
    body = "\n".join([*system, *sections, *compared])
    known = {"title": title, "day": _day(session.created), "note": _note(archive)}
    return _PAGE.format(policy=POLICY, body=body, **known)


SESSION_REPORTS: dict[str, Callable[[Archive], str]] = {
    "markdown": session_markdown,
    "html": session_page,
}
"""The functions that render a session, by the form of the export."""

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
    how = _MARKS.get(message.state) or ending(message)
    about = [part for part in (author, message.kind.words, how) if part]
    return _NAMES[message.role] + (f" ({', '.join(about)})" if about else "")


def _day(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _note(archive: Archive) -> str:
    """A sentence on what the file is for, and how many messages it leaves out."""
    others = len(archive.other_messages)
    if not others:
        return _FOR_READERS
    are = "1 message is" if others == 1 else f"{count(others)} messages are"
    subject, verb = are.rsplit(" ", 1)
    return f"{_FOR_READERS} {subject} of other versions and branches {verb} not in it."
