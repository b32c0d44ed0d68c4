"""The context of a prompt: the messages of its branch that are sent before it.

The context changes only with a compaction: between two of them a request begins, to the byte, like
the one before it, as the server's prompt cache needs it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.message_kind import MessageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.turns.chat import Message


def context(path: Sequence[Message]) -> list[Message]:
    """The messages of a branch that are sent before its next prompt, in the order of sending.

    Behind a compaction these are its summary, the messages that were kept, and what was said since.
    A summary without the note of its compaction is one that did not come to its end: it replaces
    nothing. What the server counted for messages before a compaction is taken off, since it counted
    what is left out too.

    Args:
        path: The branch from its first message on, or an end of it without a compaction.
    """
    at = _last(path, lambda each: each.kind is MessageKind.COMPACTION)
    return _spoken(path) if at is None else _behind(path, at)


def summarised(path: Sequence[Message], kept_from: str | None) -> list[Message]:
    """The context of a request for a summary: that of a prompt, up to the first message kept.

    Args:
        path: The branch that the request follows, from its first message on.
        kept_from: The id of the first message that is kept; None: none is.
    """
    is_begun = bool(path) and _is_summary(path[-1])  # by a summary of the turns before these
    sent = _behind(path, len(path) - 1) if is_begun else context(path)
    return sent[: _place_of(kept_from, sent)]


def has_compaction(path: Sequence[Message]) -> bool:
    """Whether what is sent of a branch depends on more than an end of it."""
    return any(each.kind in {MessageKind.COMPACTION, MessageKind.SUMMARY} for each in path)


def _last(path: Sequence[Message], is_wanted: Callable[[Message], bool]) -> int | None:
    places = range(len(path) - 1, -1, -1)
    return next((at for at in places if is_wanted(path[at])), None)


def _behind(path: Sequence[Message], at: int) -> list[Message]:
    """What is sent behind a place where a compaction ends, or the first summaries of one."""
    before, kept_from = path[:at], path[at].kept_from
    kept = _spoken(before[_place_of(kept_from, before) :])
    earlier = [replace(each, usage=None) for each in (*_summary(path, at), *kept)]
    return [*earlier, *_spoken(path[at + 1 :])]


def _summary(path: Sequence[Message], at: int) -> Sequence[Message]:
    """The request for the last summary up to a place that a compaction ended with, and itself."""
    for place in range(at, -1, -1):
        is_ended = place == at or _is_ended_by(path[place + 1], path[place])
        if _is_summary(path[place]) and is_ended:
            return path[max(0, place - 1) : place + 1]
    return ()


def _is_ended_by(mark: Message, summary: Message) -> bool:
    """Whether the note of a compaction is about a summary, and not about a later compaction."""
    return mark.kind is MessageKind.COMPACTION and mark.kept_from == summary.kept_from


def _is_summary(message: Message) -> bool:
    """Whether a message is a summary that the server ended; any other replaces nothing."""
    is_answer = message.kind is MessageKind.SUMMARY and message.role is Role.ASSISTANT
    return is_answer and message.state.is_answered and bool(message.content)


def _spoken(messages: Sequence[Message]) -> list[Message]:
    return [each for each in messages if each.kind is MessageKind.SPOKEN]


def _place_of(message_id: str | None, messages: Sequence[Message]) -> int:
    """The place of a message; behind the last one where it is not there."""
    ids = [each.id for each in messages]
    return ids.index(message_id) if message_id in ids else len(ids)
