"""Names and forms of exported files, and seals that prove a file to be an unchanged export."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.text.redact import without_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

ENDINGS = {"markdown": ".md", "html": ".html", "json": ".json", "jsonl": ".jsonl"}
"""The forms of an export, and how its files end."""

NOT_OURS = (
    "is there already, and is no export of this session as it was written: "
    "it stays as it is; give another name"
)
"""Why a file is not written over; its name goes before."""

_FORMS = {ending: form for form, ending in ENDINGS.items()} | {
    ".markdown": "markdown",
    ".txt": "markdown",
    ".htm": "html",
    ".ndjson": "jsonl",
}
_LONGEST_NAME = 60
# What Windows keeps for devices.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_MARK = "<!-- groqchat "


def form_of(name: str) -> str | None:
    """The form that the ending of a file name asks for; None where it has no ending.

    Raises:
        ValueError: No export has this ending; the message, for the user, lists those there are.

    >>> form_of("talk.html"), form_of("talk")
    ('html', None)
    """
    ending = PurePath(name).suffix.lower()
    if ending and ending not in _FORMS:
        *some, last = ENDINGS.values()
        raise ValueError(f"exports end in {', '.join(some)} or {last}, not in {ending}")
    return _FORMS.get(ending)


def file_name(title: str, otherwise: str) -> str:
    """A file name without its ending that every system takes.

    >>> file_name("What is 2/3?", "session"), file_name("...", "session")
    ('What-is-2-3', 'session')
    """
    words = "-".join(re.findall(r"\w+", without_keys(title)))[:_LONGEST_NAME].strip("-_")
    return otherwise if not words or _RESERVED.fullmatch(words) else words


class Destination(NamedTuple):
    """The file of an export and its form; ``is_chosen``: the name was not given by the user."""

    name: str
    form: str
    is_chosen: bool = False


def destination(written: str, title: str, otherwise: str) -> Destination:
    """The file of an export.

    Args:
        written: The user's words: a file, with or without an ending, or a form by its name or its
            ending (``markdown``, ``md``, ``.md``), or nothing.
        title: The title that names the file where none is given.
        otherwise: The name where the title makes none.

    Raises:
        ValueError: Nothing can be exported so; the message is for the user.
    """
    ending = f".{written.lower().removeprefix('.')}"
    form = _FORMS.get(ending) if written else "markdown"
    if form is not None:
        return Destination(file_name(title, otherwise) + ENDINGS[form], form, is_chosen=True)
    named = form_of(written)
    if named is None:
        return Destination(written + ENDINGS["markdown"], "markdown")
    return Destination(written, named)


def sealed(text: str, about: str) -> str:
    """Markdown or HTML with a last line that proves the file unchanged."""
    return f"{text}{_MARK}{about} sha256:{_digest(text)} -->\n"


def is_sealed(text: str, about: str) -> bool:
    """True for an unchanged result of :func:`sealed` about the same thing."""
    return sealed(text.rpartition(_MARK)[0], about) == text


def sealed_document(document: Mapping[str, object]) -> dict[str, object]:
    """A JSON document with a digest of the rest as its last field."""
    return {**document, "sha256": _digest(json.dumps(document, sort_keys=True))}


def is_sealed_document(text: str, session_id: str) -> bool:
    """True for an unchanged result of :func:`sealed_document` for a session, in any layout."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(document, dict) or document.get("id") != session_id:
        return False
    rest = {name: value for name, value in document.items() if name != "sha256"}
    return sealed_document(rest) == document


def is_own_export(text: str, session_id: str) -> bool:
    """True for an unchanged export of a session, in any form."""
    return is_sealed(text, f"session {session_id}") or is_sealed_document(text, session_id)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
