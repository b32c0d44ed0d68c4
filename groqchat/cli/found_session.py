"""Finds the session that a command names, by its id or a unique beginning of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.domain.sessions.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.domain.turns.chat import Session
    from groqchat.services.ports import SessionStore

# More than anybody has; all of them are looked through where a name is not clear.
_ALL = 1_000_000
NO_SESSION = "there is no session {!r}"
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
    saved = await store.sessions(limit=_ALL, shelf=Shelf.KEPT)
    several = [each.id for each in saved if each.id.startswith(name)]
    if not name or not several:
        raise MisuseError(
            f"{NO_SESSION.format(name)}; see `groqchat sessions list`, and `sessions bin`"
        )
    named = ", ".join(several[:_MOST_NAMED]) + ("…" if len(several) > _MOST_NAMED else "")
    raise MisuseError(f"ambiguous: {name!r} is the beginning of {named}")


async def prefix_length(store: SessionStore, session_ids: Sequence[str]) -> int:
    """The number of leading characters by which these ids differ from those of all sessions."""
    return unique_length(await store.ids_beside(session_ids))


def unique_length(pairs: Iterable[tuple[str, str]]) -> int:
    """The number of leading characters by which the ids of each pair differ, at least eight.

    >>> unique_length([("1m82pjvdtpp2vr", "1m82pjvdtx0000")])
    10
    """
    shared = (_shared(*pair) for pair in pairs)
    return max(_SHORTEST, 1 + max(shared, default=0))


def _shared(one: str, other: str) -> int:
    """The number of leading characters that two ids share."""
    differs = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differs, min(len(one), len(other)))
