"""A saved session as a document for readers: Markdown, or an HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.fences import framed
from groqchat.reports.comparison_lines import comparison_lines
from groqchat.reports.session_page import session_page
from groqchat.reports.session_words import COMPARED, NAMES, day, heading, note

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.sessions.archive import Archive

_HEADINGS = frozenset({*NAMES.values(), COMPARED})


def session_markdown(archive: Archive) -> str:
    """The session in Markdown: a heading and framed text for each message, then the comparison."""
    session = archive.session
    title = " ".join(session.title.split())
    blocks = [f"# {title}", day(session.created), f"*{note(archive)}*"]
    if session.system:
        blocks += ["## System", framed(session.system, _HEADINGS)]
    for message in archive.exported_messages:
        blocks += [f"## {heading(message)}", framed(message.content, _HEADINGS)]
    if lines := [" ".join(line.split()) for line in comparison_lines(archive)]:
        blocks += [f"## {COMPARED}", "\n".join(f"* {line}" for line in lines)]
    return "\n\n".join(blocks) + "\n"


SESSION_REPORTS: dict[str, Callable[[Archive], str]] = {
    "markdown": session_markdown,
    "html": session_page,
}
"""The functions that render a session, by the form of the export."""
