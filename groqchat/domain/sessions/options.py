"""The options of a session: model, system prompt, service tier, effort and bounds.

A new session begins with the settings; changes in it apply to that session alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Options

if TYPE_CHECKING:
    from groqchat.domain.settings import Settings
    from groqchat.domain.turns.chat import Session

# The fields of a request's options and what the server calls them.
PARAMETERS = {
    "effort": "reasoning_effort",
    "service_tier": "service_tier",
    "max_tokens": "max_completion_tokens",
    "temperature": "temperature",
}


def beginning(settings: Settings, model: str) -> Options:
    """The options of a new session; ``model`` is used if the settings name none."""
    return Options(
        settings.model or model,
        settings.system,
        settings.service_tier or None,
        max_tokens=settings.max_tokens or None,
    )


def remembered(session: Session, settings: Settings, model: str) -> Options:
    """The last options of a saved session.

    Args:
        session: The session; its fields that were never saved (None) are as in a new session.
        settings: The user's settings.
        model: For a session that names none.
    """
    new = beginning(settings, model)
    tier, longest = session.service_tier, session.max_tokens
    return Options(
        session.model or model,
        session.system,
        new.service_tier if tier is None else tier or None,
        session.effort or None,
        new.max_tokens if longest is None else longest or None,
        history=session.history or None,
        compaction=session.compaction or None,
    )


def followed(options: Options, before: Settings, now: Settings) -> Options:
    """The options of a new session after a change of settings; own choices in it remain."""
    old, new = beginning(before, options.model), beginning(now, options.model)
    untouched = [name for name in kept(options) if getattr(options, name) == getattr(old, name)]
    return changed(options, **{name: getattr(new, name) for name in untouched})


def kept(options: Options) -> dict[str, object]:
    """The saved fields of a session; a choice that is left to the server is empty or 0."""
    return {
        "model": options.model,
        "system": options.system,
        "service_tier": options.service_tier or "",
        "effort": options.effort or "",
        "max_tokens": options.max_tokens or 0,
        "history": options.history or 0,
        "compaction": options.compaction or "",
    }


def keeping(session: Session, options: Options) -> Session:
    """The session with the present options."""
    return replace(session, **kept(options))  # type: ignore[arg-type]  # its own names


def without(options: Options, parameter: str) -> Options:
    """The options without a parameter that the server refused."""
    left = {field: None for field, name in PARAMETERS.items() if name == parameter}
    dropped = options.dropped | {parameter}
    return replace(options, **{**left, "dropped": dropped})  # type: ignore[arg-type]  # its own names


def changed(options: Options, **changes: object) -> Options:
    """The options with some changed.

    A refused parameter is not sent again until it is set anew, or another model is asked.
    """
    again = {PARAMETERS[name] for name, value in changes.items() if name in PARAMETERS and value}
    dropped = frozenset() if "model" in changes else options.dropped - again
    return replace(options, **{"dropped": dropped, **changes})  # type: ignore[arg-type]  # its own names
