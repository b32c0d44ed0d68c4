"""The options of a session: model, system prompt, service tier, effort, bounds and parameters.

A new session begins with the settings; changes in it apply to that session alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.models import request_parameters
from groqchat.domain.models.request_parameters import unset
from groqchat.domain.turns.chat import Options
from groqchat.domain.turns.stored_parameters import STORED, merged, options_stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from groqchat.domain.settings import Settings
    from groqchat.domain.turns.chat import Session

# The fields of a request's options and what the server calls them.
PARAMETERS = {each.name: each.sent_as for each in request_parameters.PARAMETERS}
PARAMETERS["tools"] = "tools"  # switched by a screen of its own
# The options that a new session takes from the settings.
_OF_SETTINGS = ("model", "system", "service_tier", "max_tokens", "tools")


def beginning(settings: Settings, model: str) -> Options:
    """The options of a new session; ``model`` is used if the settings name none."""
    return Options(
        settings.model or model,
        settings.system,
        settings.service_tier or None,
        max_tokens=settings.max_tokens or None,
        tools=tuple(each.name for each in settings.mcp.values() if each.in_new_sessions),
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
    options = Options(
        session.model or model,
        session.system,
        new.service_tier if tier is None else tier or None,
        session.effort or None,
        new.max_tokens if longest is None else longest or None,
        history=session.history or None,
        compaction=session.compaction or None,
    )
    return replace(options, **options_stored(session.parameters))  # type: ignore[arg-type]  # its own names


def followed(options: Options, before: Settings, now: Settings) -> Options:
    """The options of a new session after a change of settings; own choices in it remain."""
    old, new = beginning(before, options.model), beginning(now, options.model)
    untouched = [name for name in _OF_SETTINGS if getattr(options, name) == getattr(old, name)]
    return changed(options, **{name: getattr(new, name) for name in untouched})


def kept(options: Options, parameters: Mapping[str, object]) -> dict[str, object]:
    """The saved fields of a session; a choice that is left to the server is empty or 0.

    Args:
        options: The present options.
        parameters: The session's parameters so far; those that this version does not know stay.
    """
    return {
        "model": options.model,
        "system": options.system,
        "service_tier": options.service_tier or "",
        "effort": options.effort or "",
        "max_tokens": options.max_tokens or 0,
        "history": options.history or 0,
        "compaction": options.compaction or "",
        "parameters": merged(parameters, options),
    }


def kept_of(session: Session, options: Options, names: Iterable[str]) -> dict[str, object]:
    """The saved fields of a session that hold the named options."""
    fields = {"parameters" if name in STORED else name for name in names}
    saved = kept(options, session.parameters)
    return {name: value for name, value in saved.items() if name in fields}


def keeping(session: Session, options: Options) -> Session:
    """The session with the present options."""
    return replace(session, **kept(options, session.parameters))  # type: ignore[arg-type]  # its own names


def without(options: Options, parameter: str) -> Options:
    """The options without a parameter that the server refused."""
    left = {field: unset(field) for field, name in PARAMETERS.items() if name == parameter}
    dropped = options.dropped | {parameter}
    return replace(options, **{**left, "dropped": dropped})  # type: ignore[arg-type]  # its own names


def changed(options: Options, **changes: object) -> Options:
    """The options with some changed.

    A refused parameter is not sent again until it is set anew, or another model is asked.
    """
    again = {PARAMETERS[name] for name, value in changes.items() if name in PARAMETERS and value}
    dropped = frozenset() if "model" in changes else options.dropped - again
    return replace(options, **{"dropped": dropped, **changes})  # type: ignore[arg-type]  # its own names
