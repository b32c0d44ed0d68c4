"""The text of an exported session in each form, with the seal that marks it as ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.services.sessions.export_files import sealed
from groqchat.services.sessions.session_documents import to_json, to_jsonl

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from groqchat.domain.sessions.archive import Archive

_DATA = {"json": to_json, "jsonl": to_jsonl}


def exported(archive: Archive, form: str, reports: Mapping[str, Callable[[Archive], str]]) -> str:
    """The text of a session's export.

    Args:
        archive: The session.
        form: A key of :data:`~groqchat.services.sessions.export_files.ENDINGS`.
        reports: The functions that render the forms for readers, ``markdown`` and ``html``.
    """
    if form in _DATA:
        return _DATA[form](archive)
    return sealed(reports[form](archive), f"session {archive.session.id}")
