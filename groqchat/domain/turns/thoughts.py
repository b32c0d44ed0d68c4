"""Tells reasoning that a model wrote into its answer from the answer itself.

Where a server does not part them, the reasoning stands first, as ``<think>…</think>``. Some chat
templates begin the block themselves, so that only its end is in the text.
"""

from __future__ import annotations

BEGIN, END = "<think>", "</think>"
_FENCES = ("```", "~~~")
_ENDS_OF_SENTENCES = (".", "!", "?", "…")


def without_thoughts(text: str) -> str:
    """The answer alone; of a block without an end nothing is left."""
    if (begun := text.lstrip()).startswith(BEGIN):
        return begun.partition(END)[2].lstrip()
    before, end, after = text.partition(END)
    if end and ends_thoughts(before, after):
        return after.lstrip()
    return text


def ends_thoughts(before: str, after: str) -> bool:
    """Whether an end without a beginning ends reasoning, or is only talked about.

    Args:
        before: All text before it.
        after: What follows, its first character at least; empty where nothing does.
    """
    line = before.rpartition("\n")[2]
    if BEGIN in before or _is_code(before, line):
        return False
    return not line.strip() or line.endswith(_ENDS_OF_SENTENCES) or after[:1] in {"\n", "\r"}


def _is_code(before: str, line: str) -> bool:
    """Whether what follows these texts stands in a block of code, or between backticks."""
    fences = sum(each.lstrip().startswith(_FENCES) for each in before.split("\n"))
    is_indented = not line.strip() and line.replace("\t", "    ").startswith("    ")
    return bool(fences % 2) or bool(line.count("`") % 2) or is_indented
