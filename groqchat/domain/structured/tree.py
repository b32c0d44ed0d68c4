"""A JSON value as the rows of a tree, parts of which can be folded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

MOST_ROWS = 20_000
"""A value with more rows is shown as text."""


class NodeKind(StrEnum):
    """The kind of a value."""

    OBJECT = "object"
    ARRAY = "array"
    STRING = "string"
    NUMBER = "number"
    CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a tree.

    Attributes:
        number: Its place among all nodes, counted from 0.
        depth: How many values it is in.
        name: Its key, or its place in a list; empty for the outermost value.
        kind: The kind of value.
        text: The value as JSON; of an object or a list, how much is in it.
        end: The number of the node that follows it and all in it.
    """

    number: int
    depth: int
    name: str
    kind: NodeKind
    text: str
    end: int

    @property
    def can_fold(self) -> bool:
        """Whether there is something in it."""
        return self.end > self.number + 1


def tree_of(value: object) -> tuple[Node, ...]:
    """The nodes of a JSON object or list in the order of the text; empty for too many of them."""
    nodes: list[Node] = []
    if not isinstance(value, dict | list):
        return ()
    try:
        _add(nodes, "", value, 0)
    except (_TooManyError, RecursionError):
        return ()
    return tuple(nodes)


class _TooManyError(Exception):
    """There are too many nodes."""


def _add(nodes: list[Node], name: str, value: object, depth: int) -> None:
    number = len(nodes)
    if number >= MOST_ROWS:
        raise _TooManyError
    if not isinstance(value, dict | list):
        text = json.dumps(value, ensure_ascii=False)
        nodes.append(Node(number, depth, name, _kind(value), text, number + 1))
        return
    nodes.append(Node(number, depth, name, NodeKind.OBJECT, "", number))  # its place is kept
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        _add(nodes, str(key), inner, depth + 1)
    is_object = isinstance(value, dict)
    kind = NodeKind.OBJECT if is_object else NodeKind.ARRAY
    size = f"{{{len(value)}}}" if is_object else f"[{len(value)}]"
    nodes[number] = Node(number, depth, name, kind, size, len(nodes))


def _kind(value: object) -> NodeKind:
    if isinstance(value, str):
        return NodeKind.STRING
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return NodeKind.NUMBER if is_number else NodeKind.CONSTANT


def visible(nodes: Sequence[Node], folded: Collection[int]) -> Iterator[Node]:
    """The nodes that are not in a folded one."""
    at = 0
    while at < len(nodes):
        yield nodes[at]
        at = nodes[at].end if nodes[at].number in folded else at + 1


def beside(
    nodes: Sequence[Node], folded: Collection[int], number: int | None, step: int
) -> int | None:
    """The next visible node that can be folded, from one of them; None where there is none.

    Args:
        nodes: All nodes.
        folded: The numbers of those that are folded.
        number: The node to go from; None is before the first or behind the last.
        step: 1 is the next below, -1 the next above.
    """
    places = [node.number for node in visible(nodes, folded) if node.can_fold][::step]
    if number is None:
        return places[0] if places else None
    return next((place for place in places if (place - number) * step > 0), number)
