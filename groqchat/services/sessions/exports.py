"""The text of an exported session in each form, with the seal that marks it as ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.money.pricing import usd_string
from groqchat.domain.sessions.archive import with_texts
from groqchat.domain.text.redact import redact
from groqchat.domain.turns.answered_calls import with_results
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.domain.turns.request import RequestMessage
from groqchat.domain.turns.sent_images import with_bytes
from groqchat.services.sessions.export_files import sealed
from groqchat.services.sessions.session_documents import to_json, to_jsonl

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from groqchat.domain.sessions.archive import Archive

_DATA = {"json": to_json, "jsonl": to_jsonl}


class ExportOptions(NamedTuple):
    """The options of an export.

    Attributes:
        has_front_matter: Whether Markdown begins with the facts of the session as YAML.
        is_redacted: Whether keys and other secrets are replaced by marks, in any form.
        is_for_openai: Whether a line of JSON has the shape of OpenAI's API: messages alone.
    """

    has_front_matter: bool = False
    is_redacted: bool = False
    is_for_openai: bool = False


def exported(
    archive: Archive,
    form: str,
    reports: Mapping[str, Callable[[Archive], str]],
    options: ExportOptions = ExportOptions(),  # noqa: B008  # it is immutable
) -> str:
    """The text of a session's export.

    Args:
        archive: The session.
        form: A key of :data:`~groqchat.services.sessions.export_files.ENDINGS`.
        reports: The functions that render the forms for readers, ``markdown`` and ``html``.
        options: The options; those of other forms change nothing.
    """
    if options.is_redacted:
        archive = with_texts(archive, redact)
    if form == "jsonl" and options.is_for_openai:
        return openai_line(archive)
    if form in _DATA:
        return _DATA[form](archive)
    is_headed = form == "markdown" and options.has_front_matter
    head = front_matter(archive) if is_headed else ""
    return sealed(head + reports[form](archive), f"session {archive.session.id}")


def front_matter(archive: Archive) -> str:
    """The facts of a session as YAML between two lines of dashes, as notebooks read them."""
    session = archive.session
    facts = {
        "title": " ".join(session.title.split()),
        "id": session.id,
        "created": _moment(session.created),
        "updated": _moment(session.updated),
        "model": session.model,
        "tags": list(session.tags) or None,
        "messages": len(archive.exported_messages),
        "cost_usd": None if session.cost is None else usd_string(session.cost),
    }
    # A text of JSON is one of YAML 1.2 too.
    lines = [
        f"{name}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in facts.items()
        if value is not None
    ]
    return "\n".join(["---", *lines, "---", "", ""])


def openai_line(archive: Archive) -> str:
    """The branch on show as a line of JSON in the shape of OpenAI's API, without asides."""
    system = archive.session.system
    said: list[dict[str, object]] = [{"role": Role.SYSTEM, "content": system}] if system else []
    spoken = [each for each in archive.branch if each.kind is MessageKind.SPOKEN]
    messages = [RequestMessage.of(each) for each in with_results(spoken)]
    kept = {image.digest: image for image in archive.images}
    said += (each.as_json for each in with_bytes(messages, kept))
    return json.dumps({"messages": said}, ensure_ascii=False) + "\n"


def _moment(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
