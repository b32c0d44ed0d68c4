"""Finds the session that a command names, by its id or a unique beginning of it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.domain.turns.chat import Session
    from groqchat.services.ports import SessionStore

# More than anybody has; all of them are looked through where a name is not clear.
_ALL = 1_000_000
_SHORTEST = 8
_MOST_NAMED = 5


async def found_session(store: SessionStore, name: str) -> Session:
    """The one session of that name.

    Raises:
        MisuseError: There is none, or there are several.
    """
    session = await store.session(name)
    if session is not None:
        return session
    several = [each.id for each in await store.sessions(limit=_ALL) if each.id.startswith(name)]
    if not name or not several:
        raise MisuseError(f"there is no session {name!r}; see `groqchat sessions list`")
    named = ", ".join(several[:_MOST_NAMED]) + ("…" if len(several) > _MOST_NAMED else "")
    raise MisuseError(f"ambiguous: {name!r} is the beginning of {named}")


async def prefix_length(store: SessionStore) -> int:
    """The number of leading characters by which all session ids differ."""
    return unique_length(session.id for session in await store.sessions(limit=_ALL))


def unique_length(ids: Iterable[str]) -> int:
    """The number of leading characters by which some ids differ, at least eight.

    >>> unique_length(["1m82pjvdtpp2vr", "1m82pjvdtx0000"])
    10
    """
    shared = (_shared(*pair) for pair in pairwise(sorted(ids)))
    return max(_SHORTEST, 1 + max(shared, default=0))


def _shared(one: str, other: str) -> int:
    """The number of leading characters that two ids share."""
    differs = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differs, min(len(one), len(other)))
