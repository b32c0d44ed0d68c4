"""Sentences about an import, for the command line and the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import count, counted

if TYPE_CHECKING:
    from groqchat.services.sessions.session_imports import ImportResult, ParsedFile


def import_words(done: ImportResult) -> str:
    """The numbers of sessions that came and of those that were there.

    >>> from groqchat.services.sessions.session_imports import ImportResult
    >>> import_words(ImportResult(1, 2, 9, 1))
    '1 added, 2 were there already (1 got new messages).'
    """
    grown = f" ({count(done.grown)} got new messages)" if done.grown else ""
    return f"{count(done.added)} added, {count(done.known)} were there already{grown}."


def omitted_words(reading: ParsedFile) -> str:
    """What of a file is not imported, most of it first; empty where that is nothing."""
    told = reading.omitted.most_common()
    return ", ".join(counted(number, what) for what, number in told if number)
