"""The lines of an answer in JSON: a tree whose parts fold, and what is wrong with it."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells

from groqchat.domain.structured.tree import NodeKind, visible
from groqchat.domain.text.sanitize import sanitize
from groqchat.ui.markdown.lines import CHROME, Line, Span

if TYPE_CHECKING:
    from groqchat.domain.structured.tree import Node
    from groqchat.ui.transcript.entries import JsonBody

_INDENT = 2
_LEAST = 12
"""Cells that a value has at least, however deep it is."""
_LOOKS = {
    NodeKind.OBJECT: "faint",
    NodeKind.ARRAY: "faint",
    NodeKind.STRING: "json.string",
    NodeKind.NUMBER: "json.number",
    NodeKind.CONSTANT: "json.constant",
}


class JsonLines:
    """The lines of a tree at one width.

    Args:
        body: The tree, which parts of it are folded, and where its cursor is.
        width: Cells that a line may take.
    """

    def __init__(self, body: JsonBody, width: int) -> None:
        self.lines: list[Line] = []
        self._nodes: list[Node] = []
        self._body = body
        self._width = width
        for node in visible(body.nodes, body.folded):
            self._add(node)
        for remark in body.remarks:
            style = "state" if body.is_wrong else "faint"
            for words in wrap(sanitize(remark), max(1, width)):
                pieces = chop_cells(words, max(1, width))  # wide characters take two cells
                spans = [(Span(piece, f"{CHROME} {style}"),) for piece in pieces]
                self.lines += [Line(each, join="") for each in spans]

    def node_at(self, row: int) -> Node | None:
        """The node of a line, if it can be folded."""
        node = self._nodes[row] if 0 <= row < len(self._nodes) else None
        return node if node is not None and node.can_fold else None

    def row_of(self, number: int) -> int:
        """The line on which a node begins."""
        return next((row for row, node in enumerate(self._nodes) if node.number == number), 0)

    def _add(self, node: Node) -> None:
        is_folded = node.number in self._body.folded
        arrow = ("▸ " if is_folded else "▾ ") if node.can_fold else "  "
        indent = min(_INDENT * node.depth, max(0, self._width // 2 - _INDENT))
        mark = "hit.current" if node.number == self._body.cursor else "marker"
        head = [Span(" " * indent, f"{CHROME} faint"), Span(arrow, f"{CHROME} {mark}")]
        name = sanitize(node.name)
        label = [Span(f"{name}: ", "json.key")] if name else []
        text, look = sanitize(node.text), _LOOKS[node.kind]
        used = indent + len(arrow) + sum(cell_len(span.text) for span in label)
        room = self._width - used
        if room < min(_LEAST, cell_len(text)):
            # A long key: its value begins on a line of its own.
            self._append(node, [*head, *self._cut(label, indent)])
            head, label, room = self._hanging(indent), [], self._width - indent - len(arrow)
        first, *rest = chop_cells(text, max(1, room)) or [""]
        self._append(node, [*head, *label, Span(first, look)], is_last=not rest)
        pieces = chop_cells("".join(rest), max(1, self._width - indent - len(arrow)))
        for number, piece in enumerate(pieces, 1):
            spans = [*self._hanging(indent), Span(piece, look)]
            self._append(node, spans, is_last=number == len(pieces))

    def _cut(self, label: list[Span], indent: int) -> list[Span]:
        room = max(1, self._width - indent - 2)
        return [Span(chop_cells(span.text, room)[0], span.style) for span in label]

    def _hanging(self, indent: int) -> list[Span]:
        return [Span(" " * (indent + _INDENT), f"{CHROME} faint")]

    def _append(self, node: Node, spans: list[Span], *, is_last: bool = True) -> None:
        self._nodes.append(node)
        self.lines.append(Line(tuple(spans), join="\n" if is_last else ""))
