"""The blocks a document is made of, flat: each leaf knows the containers it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Hashable


@dataclass(frozen=True, eq=False, slots=True)
class Quote:
    """A block quote."""


@dataclass(frozen=True, eq=False, slots=True)
class Group:
    """A list, as what its items have in common."""

    kind: str
    """The bullet, or what follows the number; another kind begins another list."""
    start: int
    """The first number; meaningless for bullets."""

    @property
    def is_ordered(self) -> bool:
        """Whether items are numbered."""
        return self.kind in {".", ")"}


@dataclass(frozen=True, eq=False, slots=True)
class Item:
    """An item of a list."""

    group: Group
    number: int

    @property
    def marker(self) -> str:
        """The marker as one would type it."""
        return f"{self.number}{self.group.kind}" if self.group.is_ordered else "-"


Container: TypeAlias = Quote | Item
Path: TypeAlias = tuple[Container, ...]


@dataclass(slots=True)
class Block:
    """A leaf of the document: no block stands within it.

    Attributes:
        path: The containers around it, outermost first; told apart by identity.
        serial: Its number in the document; a block that grows keeps it.
        lines: The source, without the containers' marks.
    """

    path: Path
    serial: int
    lines: list[str] = field(default_factory=list)

    @property
    def source(self) -> str:
        """The lines as one string."""
        return "\n".join(self.lines)

    @property
    def key(self) -> Hashable:
        """The part of the block that does not change while the block grows."""
        return self.serial, type(self)


class Paragraph(Block):
    """Running text."""

    __slots__ = ()


class Plain(Block):
    """Text in which nothing means anything."""

    __slots__ = ()


class Formula(Block):
    """LaTeX between marks that stand on lines of their own; the marks belong to it."""

    __slots__ = ()


class Rule(Block):
    """A thematic break."""

    __slots__ = ()


@dataclass(slots=True)
class Heading(Block):
    """A heading of level 1 to 6."""

    level: int = 1

    @property
    def key(self) -> Hashable:
        """See `Block.key`."""
        return self.serial, Heading, self.level


@dataclass(slots=True)
class Code(Block):
    """A fenced or indented code block.

    `ordinal` counts the code blocks of a document from 1, and is 0 where they are not numbered;
    `info` is what stands after the fence.
    """

    ordinal: int = 0
    info: str = ""

    @property
    def code(self) -> str:
        """The exact code, ending in a newline unless empty."""
        return "".join([f"{line}\n" for line in self.lines])


@dataclass(slots=True)
class Table(Block):
    """A table; its first line holds the heads, the others the rows (not the delimiter row).

    `aligns` holds ``"<"``, ``">"`` or ``"^"`` a column, as in format strings.
    """

    aligns: tuple[str, ...] = ()

    @property
    def key(self) -> Hashable:
        """See `Block.key`."""
        return self.serial, Table, self.aligns


def task(block: Block) -> str:
    """The ``[ ]`` or ``[x]`` a paragraph begins with, or nothing."""
    if not isinstance(block, Paragraph) or not block.lines:
        return ""
    mark = block.lines[0][:4]
    return (
        mark[:3] if len(mark) == 4 and mark[:3] in {"[ ]", "[x]", "[X]"} and mark[3] == " " else ""
    )
