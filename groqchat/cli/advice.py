"""Advice of errors where the usual one is untrue: in a comparison, or for an unsaved answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from groqchat.domain.errors.tree import GroqchatError


def beside_others(error: GroqchatError, models: Collection[str]) -> GroqchatError:
    """The error without the advice to use a model that takes part already.

    Args:
        error: An error that may name the replacement of a model that is gone.
        models: All models that take part.
    """
    replacement = error.facts.replacement
    if error.kind is not ErrorKind.MODEL_GONE or replacement not in models:
        return error
    said = f"{replacement}, which would be asked instead, takes part already."
    return error.with_facts(advice=said)


def broken_off(error: GroqchatError, session_id: str | None) -> GroqchatError:
    """The error of a broken stream, with advice that a command can follow.

    Args:
        error: The error, which advises what only the chat can do.
        session_id: The session that keeps what arrived; None: it is not kept.
    """
    if error.kind is not ErrorKind.STREAM_BROKEN:
        return error
    cause, detail = error.cause, ": {detail}" if error.facts.detail else ""
    again = "Send it again for a whole answer." if cause.command_fix else error.suggestion
    kept = f" What arrived is kept: {shown_by(session_id)}." if session_id else ""
    plain = replace(cause, sentence=f"{cause.title}{detail}.")
    return type(error)(plain, replace(error.facts, advice=f"{again}{kept}"))


def shown_by(session_id: str) -> str:
    """The command that shows a session."""
    return f"`groqchat sessions show {session_id}`"
