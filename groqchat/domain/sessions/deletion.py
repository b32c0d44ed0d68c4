"""Deletions in the tree of a session: what goes, and what the rest of the tree becomes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.message_kind import MessageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


class Node(NamedTuple):
    """A message without its texts."""

    id: str
    parent_id: str | None
    role: Role = Role.USER
    state: State = State.COMPLETE
    kind: MessageKind = MessageKind.SPOKEN
    kept_from: str | None = None


class Refusal(StrEnum):
    """The reason why messages cannot be deleted, as a sentence."""

    UNKNOWN = "That message is not in this session any more."
    IS_WRITTEN = "The answer is still being written; delete it when it has ended."
    NOTHING_LEFT = "Nothing would be left of this session; /delete puts all of it into the bin."


@dataclass(frozen=True, slots=True)
class Deletion:
    """What a deletion changes.

    Attributes:
        ids: The messages that are deleted, the oldest first.
        parents: The new parents of the messages that followed them.
        kept_from: The messages that compactions keep from, by the ids of their notes and summaries,
            where that message is deleted; None where nothing is kept as it is.
        below: The messages that were answered, or asked, with the deleted ones before them.
        leaf_id: The last message of the branch that is shown afterwards.
    """

    ids: tuple[str, ...]
    parents: Mapping[str, str | None] = field(default_factory=dict)
    kept_from: Mapping[str, str | None] = field(default_factory=dict)
    below: frozenset[str] = frozenset()
    leaf_id: str | None = None


class Restored(NamedTuple):
    """Deleted messages that are back in their session, and the last message that it shows."""

    ids: tuple[str, ...]
    leaf_id: str | None


class Tree:
    """The messages of a session and what follows each.

    Args:
        nodes: All messages of the session, oldest first: parents come before their children.
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.id: node for node in nodes}
        self.children: defaultdict[str | None, list[Node]] = defaultdict(list)
        for node in self.nodes.values():
            self.children[self.parent_of(node.id)].append(node)

    def parent_of(self, message_id: str) -> str | None:
        """The message before a message; None where that is missing."""
        parent_id = self.nodes[message_id].parent_id
        return parent_id if parent_id in self.nodes else None

    def below(self, message_ids: Iterable[str]) -> set[str]:
        """All messages that follow some messages, these not among them."""
        first = set(message_ids)
        return self.reached(first, lambda *_: True) - first

    def reached(
        self, message_ids: Iterable[str], goes_on: Callable[[Node, Node], bool]
    ) -> set[str]:
        """Some messages and those that follow.

        Args:
            message_ids: The messages.
            goes_on: Tells of a message, and one that follows it, whether to go on to that.
        """
        found = set(message_ids)
        waiting = list(found)
        while waiting:
            node = self.nodes[waiting.pop()]
            following = {each.id for each in self.children[node.id] if goes_on(node, each)}
            waiting += following - found
            found |= following
        return found

    def topmost(self, node: Node, goes_up: Callable[[Node, Node], bool]) -> Node:
        """The first of the messages before a message.

        Args:
            node: The message.
            goes_up: Tells of two messages, the second of which follows the first, whether to go up
                to the first.
        """
        above = self.parent_of(node.id)
        while above is not None and goes_up(self.nodes[above], node):
            node, above = self.nodes[above], self.parent_of(above)
        return node

    def path(self, message_id: str) -> list[Node]:
        """The messages from the first one to a message."""
        path = []
        at: str | None = message_id
        while at is not None:
            path.append(self.nodes[at])
            at = self.parent_of(at)
        return path[::-1]

    def newest_below(self, message_id: str) -> str:
        """The newest of a message and those that follow it, which nothing follows."""
        reached = self.below([message_id])
        return next((each for each in reversed(self.nodes) if each in reached), message_id)


def planned(
    nodes: Sequence[Node], message_id: str, leaf_id: str | None, *, with_branch: bool
) -> Deletion | Refusal:
    """The deletion of a message, or of a message with all that follows it.

    What follows one deleted message is joined to the message before it. An answer that called tools
    goes with the results of these calls, and a compaction as a whole: one part of either means
    nothing to a server without the others.

    Args:
        nodes: All messages of a session, oldest first.
        message_id: The message.
        leaf_id: The last message of the branch that is shown.
        with_branch: Whether all that follows the message goes too.
    """
    tree = Tree(nodes)
    if message_id not in tree.nodes:
        return Refusal.UNKNOWN
    gone = _inseparable(tree, message_id)
    if with_branch:
        gone |= tree.below(gone)
    if any(tree.nodes[each].state is State.STREAMING for each in gone):
        return Refusal.IS_WRITTEN
    if len(gone) == len(tree.nodes):
        return Refusal.NOTHING_LEFT
    below = tree.below(gone)
    return Deletion(
        tuple(each for each in tree.nodes if each in gone),
        {each: _kept_above(tree, each, gone) for each in _joined(tree, gone)},
        _kept_from(tree, gone),
        frozenset(below),
        leaf_id if leaf_id not in gone else _next_leaf(tree, gone),
    )


def _inseparable(tree: Tree, message_id: str) -> set[str]:
    """A message with those that mean nothing to a server without it."""
    node = tree.nodes[message_id]
    if node.kind in _OF_COMPACTION:
        top = tree.topmost(node, lambda before, _: before.kind is MessageKind.SUMMARY)
        return tree.reached([top.id], _is_compacted_on)
    top = tree.topmost(node, lambda _, result: _is_result(result))
    return tree.reached([top.id], lambda _, result: _is_result(result))


_OF_COMPACTION = frozenset({MessageKind.SUMMARY, MessageKind.COMPACTION})


def _is_compacted_on(before: Node, node: Node) -> bool:
    """Whether a message belongs to the compaction that the one before it belongs to."""
    return before.kind is MessageKind.SUMMARY and node.kind in _OF_COMPACTION


def _is_result(node: Node) -> bool:
    """Whether a message is the result of a tool that the answer before it has called."""
    return node.role is Role.TOOL


def _joined(tree: Tree, gone: set[str]) -> list[str]:
    """The messages that stay and followed a deleted one, the oldest first."""
    return [each for each in tree.nodes if each not in gone and tree.parent_of(each) in gone]


def _kept_above(tree: Tree, message_id: str, gone: set[str]) -> str | None:
    """The nearest message before a message that stays."""
    at = tree.parent_of(message_id)
    while at in gone:
        at = tree.parent_of(at)
    return at


def _kept_from(tree: Tree, gone: set[str]) -> dict[str, str | None]:
    """The first message that a compaction keeps, where the one that was is deleted."""
    changed: dict[str, str | None] = {}
    for node in tree.nodes.values():
        if node.kept_from in gone and node.id not in gone:
            path = tree.path(node.id)[:-1]
            ids = [each.id for each in path]
            kept = path[ids.index(node.kept_from) :] if node.kept_from in ids else ()
            staying = (e.id for e in kept if e.id not in gone and e.kind is MessageKind.SPOKEN)
            changed[node.id] = next(staying, None)
    return changed


def _next_leaf(tree: Tree, gone: set[str]) -> str | None:
    """The leaf to show where the shown one is deleted.

    What follows the deleted messages is shown, else the version beside the first of them, the one
    before rather than the one after, else what stands before them.
    """
    top = next(each for each in tree.nodes if each in gone)
    above = tree.parent_of(top)
    versions = [each.id for each in tree.children[above]]
    at = versions.index(top)
    beside = [*versions[:at][::-1], *versions[at + 1 :]]
    shown = next(iter([*_joined(tree, gone)[::-1], *beside]), None)
    return above if shown is None else tree.newest_below(shown)
