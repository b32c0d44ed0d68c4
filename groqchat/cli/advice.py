"""What an error advises where its own words would be untrue: beside others, or unsaved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from groqchat.domain.errors.tree import GroqchatError


def beside_others(error: GroqchatError, models: Collection[str]) -> GroqchatError:
    """The same error, without the advice to take a model that takes part already.

    Args:
        error: Names the successor of a model that is gone.
        models: All that take part.
    """
    replacement = error.facts.replacement
    if error.kind is not ErrorKind.MODEL_GONE or replacement not in models:
        return error
    return error.with_facts(advice=f"{replacement}, which takes its place, takes part already.")


def broken_off(error: GroqchatError, session_id: str | None) -> GroqchatError:
    """The error of a stream that broke, without what is true of a chat only.

    Args:
        error: Says that what arrived is kept, and how to go on from it.
        session_id: Where that is kept; None: nowhere.
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
