"""The separation of an answer from reasoning that the model wrote into it.

A server that does not separate them sends the reasoning first, as ``<think>…</think>``. Some chat
templates begin the block themselves, so that only its end is in the text.
"""

from __future__ import annotations

BEGIN, END = "<think>", "</think>"
_FENCES = ("```", "~~~")
_ENDS_OF_SENTENCES = (".", "!", "?", "…")


def without_thoughts(text: str) -> str:
    """The answer without reasoning; a block without an end is removed to the end of the text."""
    if (begun := text.lstrip()).startswith(BEGIN):
        return begun.partition(END)[2].lstrip()
    before, end, after = text.partition(END)
    if end and ends_thoughts(before, after):
        return after.lstrip()
    return text


def ends_thoughts(before: str, after: str) -> bool:
    """True if a ``</think>`` without a beginning ends reasoning, and is not just mentioned.

    Args:
        before: The whole text before the mark.
        after: The text behind it, at least its first character; empty if there is none.
    """
    line = before.rpartition("\n")[2]
    if BEGIN in before or _is_code(before, line):
        return False
    return not line.strip() or line.endswith(_ENDS_OF_SENTENCES) or after[:1] in {"\n", "\r"}


def _is_code(before: str, line: str) -> bool:
    """True if a text after these would be in a block of code, or between backticks."""
    fences = sum(each.lstrip().startswith(_FENCES) for each in before.split("\n"))
    is_indented = not line.strip() and line.replace("\t", "    ").startswith("    ")
    return bool(fences % 2) or bool(line.count("`") % 2) or is_indented
