"""Sessions in groups with headings, as lists show them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.turns.chat import Session

    Group = tuple[str, Sequence[Session]]

PINNED = "Pinned"
DAY_S = 86_400.0
KEPT_IN_BIN_S = 30 * DAY_S
"""The time after which a deleted session is removed for good, in seconds."""


def by_day(sessions: Sequence[Session], day_name: Callable[[float], str]) -> list[Group]:
    """Sessions in their order, in groups with a heading: the pinned ones, then day by day.

    Args:
        sessions: The sessions, the pinned ones first, then the last used first.
        day_name: The heading for the Unix time at which a session was used last.
    """

    def heading(session: Session) -> str:
        return PINNED if session.is_pinned else day_name(session.updated)

    return [(name, tuple(group)) for name, group in groupby(sessions, heading)]


def days_left(deleted: float, now: float) -> int:
    """The days until a session that was deleted at a Unix time is removed for good, at least 0.

    >>> days_left(deleted=0.0, now=2.2 * DAY_S)
    28
    """
    return max(0, round((deleted + KEPT_IN_BIN_S - now) / DAY_S))
