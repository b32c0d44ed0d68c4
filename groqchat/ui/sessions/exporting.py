"""The export of the open session to a file; only its own unchanged export is overwritten."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.reports.session_reports import SESSION_REPORTS
from groqchat.services.sessions.export_files import NOT_OURS, destination, is_own_export
from groqchat.services.sessions.exports import ExportOptions, exported
from groqchat.ui.terminal.files import is_folder, path_from

if TYPE_CHECKING:
    from pathlib import Path

    from groqchat.domain.turns.chat import Session
    from groqchat.ui.services import Services


REDACT = "--redact"
_REDACT = re.compile(rf"(?:^|\s){REDACT}(?=\s|$)")


async def export(session_id: str, leaf_id: str | None, services: Services, written: str) -> str:
    """Export the session on the screen.

    Args:
        session_id: The session.
        leaf_id: The last message on the screen; None where there is none.
        services: The services.
        written: A file, or a folder, or a form such as ``html``; empty: Markdown, in a file that
            is named by the title. Before or behind it may stand ``--redact``, which replaces keys
            and other secrets by marks.

    Returns:
        What to say.

    Raises:
        StorageError: It cannot be read or written.
        ValueError: It is not written; the message says why.
    """
    archive = await services.store.archive(session_id)
    if archive is None or leaf_id is None:
        return "There is nothing to export here yet. In the chat, Ctrl+S lists the other sessions."
    session = replace(archive.session, leaf_id=leaf_id)
    rest = _REDACT.sub(" ", written)
    options = ExportOptions(is_redacted=rest != written)
    path, form, is_chosen = _place(rest.strip().strip("'\""), session)
    text = exported(replace(archive, session=session), form, SESSION_REPORTS, options)

    def is_ours(there: str) -> bool:
        return is_own_export(there, session.id)

    saved = services.save_export(path, text, is_ours, is_chosen=is_chosen)
    if saved is None:
        raise ValueError(f"{path} {NOT_OURS}")
    how = ", with keys and other secrets replaced" if options.is_redacted else ""
    return f"Exported to {saved.resolve()}{how}"


def _place(written: str, session: Session) -> tuple[Path, str, bool]:
    """The file, its form, and whether its name was chosen here."""
    folder = path_from(written) if written and is_folder(path_from(written)) else None
    place = destination("" if folder else written, session.title, session.id)
    path = folder / place.name if folder else path_from(place.name)
    return path, place.form, place.is_chosen
