"""The flow for each kind of block, and rough heights of blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.markdown import blocks
from groqchat.ui.markdown.flow import CodeFlow, Flow, FormulaFlow, RuleFlow, TextFlow
from groqchat.ui.markdown.margins import gap, margin
from groqchat.ui.markdown.table_flow import TableFlow

if TYPE_CHECKING:
    from groqchat.ui.markdown.lines import Line


def flow(above: blocks.Block | None, block: blocks.Block, width: int) -> Flow:
    """A flow for a block that follows another, in a column so many cells wide."""
    room = margin(above, block, width)
    match block:
        case blocks.Code():
            return CodeFlow(room)
        case blocks.Table():
            return TableFlow(room)
        case blocks.Rule():
            return RuleFlow(room)
        case blocks.Formula():
            return FormulaFlow(room, "math", is_markup=False)
    return TextFlow(room, _style(block), is_markup=not isinstance(block, blocks.Plain))


def _style(block: blocks.Block) -> str:
    return f"heading.{block.level}" if isinstance(block, blocks.Heading) else ""


def lines(above: blocks.Block | None, block: blocks.Block, width: int) -> list[Line]:
    """The lines of a block that will not change, after those that part it from the one above."""
    laid = flow(above, block, width)
    laid.grow(block)
    return gap(above, block, width) + laid.lines


def guess(block: blocks.Block, width: int) -> int:
    """About how many lines a block will take; costs next to nothing."""
    return 1 + sum([1 + len(line) // max(1, width) for line in block.lines])
