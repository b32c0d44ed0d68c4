"""A saved session as a document for readers: Markdown, or an HTML page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groqchat.domain.text.fences import fenced, framed
from groqchat.domain.turns.answer_details import asked_with_words
from groqchat.domain.turns.answered_calls import results_behind
from groqchat.domain.turns.chat import Role
from groqchat.reports.comparison_lines import comparison_lines
from groqchat.reports.session_images import images_as_markdown
from groqchat.reports.session_page import session_page
from groqchat.reports.session_words import COMPARED, NAMES, day, heading, note
from groqchat.reports.tool_lines import calls_of, steps_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from groqchat.domain.sessions.archive import Archive
    from groqchat.domain.turns.chat import Message

_HEADINGS = frozenset({*NAMES.values(), COMPARED})


def session_markdown(archive: Archive) -> str:
    """The session in Markdown: a heading and framed text for each message, then the comparison."""
    session = archive.session
    title = " ".join(session.title.split())
    blocks = [f"# {title}", day(session.created), f"*{note(archive)}*"]
    if session.system:
        blocks += ["## System", framed(session.system, _HEADINGS)]
    results = results_behind(archive.exported_messages)
    kept = {image.digest: image for image in archive.images}
    for message in archive.exported_messages:
        blocks += [
            f"## {heading(message)}",
            *_blocks(message, results),
            *images_as_markdown(message, kept),
        ]
    if lines := [" ".join(line.split()) for line in comparison_lines(archive)]:
        blocks += [f"## {COMPARED}", "\n".join(f"* {line}" for line in lines)]
    return "\n\n".join(blocks) + "\n"


def _blocks(message: Message, results: Mapping[str, int]) -> list[str]:
    if message.role is Role.TOOL:
        return [fenced(message.content)]
    said = framed(text_of(message), _HEADINGS)
    # What has tools may have no text beside them.
    text = [said] if said or not (message.calls or message.executed) else []
    return [*steps_of(message), *text, *calls_of(message, results), *_asked_with(message)]


def _asked_with(message: Message) -> list[str]:
    """The parameters of an answer's request as one line of code; none where they are not known."""
    words = " · ".join(asked_with_words(message.asked_with))
    marks = "`" * (1 + max(map(len, re.findall("`+", words)), default=0))
    space = " " if "`" in words else ""
    return [f"Asked with {marks}{space}{' '.join(words.split())}{space}{marks}"] if words else []


SESSION_REPORTS: dict[str, Callable[[Archive], str]] = {
    "markdown": session_markdown,
    "html": session_page,
}
"""The functions that render a session, by the form of the export."""
