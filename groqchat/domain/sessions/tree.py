"""The tree of a session's messages: its rows as they are drawn, and its active path."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.turns.chat import Message


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A message in the drawing of a tree.

    ``forks`` holds one value for each fork above the message, the outermost first: whether further
    versions follow below. ``is_version`` is a message with siblings, the first of its branch.
    ``is_active`` is a message of the branch that is shown.
    """

    message: Message
    forks: tuple[bool, ...]
    is_version: bool
    is_active: bool


def tree_rows(messages: Sequence[Message], leaf_id: str | None) -> tuple[TreeRow, ...]:
    """Each message once, with what follows it below it, and versions in their order.

    A message whose parent is missing stands where first messages stand, so that no text is lost.

    Args:
        messages: All messages of a session, oldest first.
        leaf_id: The last message of the branch that is shown.
    """
    known = {message.id for message in messages}
    children: defaultdict[str | None, list[Message]] = defaultdict(list)
    for message in messages:
        children[message.parent_id if message.parent_id in known else None].append(message)
    active = set(path_to(messages, leaf_id))
    rows: list[TreeRow] = []
    waiting = _versions(children[None], ())
    while waiting:
        message, forks, is_version = waiting.pop()
        rows.append(TreeRow(message, forks, is_version, message.id in active))
        waiting += _versions(children[message.id], forks)
    return tuple(rows)


def _versions(
    siblings: Sequence[Message], forks: tuple[bool, ...]
) -> list[tuple[Message, tuple[bool, ...], bool]]:
    """Siblings, the last one first, with the forks above them."""
    if len(siblings) == 1:
        return [(siblings[0], forks, False)]
    last = len(siblings) - 1
    return [(each, (*forks, at < last), True) for at, each in enumerate(siblings)][::-1]


def path_to(messages: Sequence[Message], leaf_id: str | None) -> tuple[str, ...]:
    """The ids of the messages from the first one to a leaf; none for an unknown leaf."""
    parents = {message.id: message.parent_id for message in messages}
    path: list[str] = []
    at = leaf_id
    while at is not None and at in parents:
        path.append(at)
        at = parents[at]
    return tuple(reversed(path))


def leaf_through(messages: Sequence[Message], message_id: str, leaf_id: str | None) -> str:
    """The leaf of the branch to show for a message.

    It is the one that is shown already where that branch holds the message, else the newest one
    below the message.
    """
    if leaf_id is not None and message_id in path_to(messages, leaf_id):
        return leaf_id
    below, newest = {message_id}, message_id
    for message in messages:  # oldest first: parents come before their children
        if message.parent_id in below:
            below.add(message.id)
            newest = message.id
    return newest


def parted(
    messages: Sequence[Message], leaf_id: str, other_id: str
) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """The messages that only one of two branches holds, in order, for each of the branches."""
    by_id = {message.id: message for message in messages}
    one, other = path_to(messages, leaf_id), path_to(messages, other_id)
    shared = sum(1 for left, right in zip(one, other, strict=False) if left == right)
    return tuple(map(by_id.__getitem__, one[shared:])), tuple(
        map(by_id.__getitem__, other[shared:])
    )
