r"""Formulas of TeX as readable text: ``x^2 \le \frac{a}{b}`` as ``x² ≤ a/b``.

`pylatexenc` reads the TeX and knows the symbols; it is loaded with the first formula. What it
leaves as it is written, scripts, fractions and rows, is put into Unicode by `maths_text`.
"""

from __future__ import annotations

import re
from functools import lru_cache

_MARKS = (("\\(", "\\)"), ("\\[", "\\]"), ("$$", "$$"), ("$", "$"))
_LONGEST = 4_000
_DEEPEST = 40
"""Braces within braces; what is nested deeper stays as it is written."""

_ENDS_OPEN = re.compile(r"[-+/–—,;:(&|~<>=]\Z")
_WORD = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{3,}")
_VARIABLE = re.compile(r"[A-Z0-9]+(?:_[A-Z0-9]+)+")


def is_formula(formula: str) -> bool:
    """Whether a text between marks is a formula, and not what stands between two prices.

    Only the text itself decides, so what follows it later changes nothing.

    Args:
        formula: The text with its marks; what stands between ``$`` has no ``$`` in it.
    """
    if formula.startswith(("\\", "$$")):
        return True
    content = formula[1:-1]
    if _ENDS_OPEN.search(content) or _VARIABLE.fullmatch(content):
        return False
    is_amount = content[0].isdigit()
    return not is_amount or (
        content.count("(") == content.count(")") and _WORD.search(content) is None
    )


def is_closed(block: str) -> bool:
    """Whether a block that begins with a mark on a line of its own has its closing mark."""
    first, _, rest = block.strip().partition("\n")
    return any(first.strip() == begin and rest.endswith(end) for begin, end in _MARKS[1:3])


@lru_cache(maxsize=512)
def readable(formula: str) -> str:
    """A formula in Unicode; as it is written where it is too long, too deep or cannot be read.

    Args:
        formula: The TeX with its marks.

    Returns:
        Text without control characters but line breaks, which part the rows of a displayed formula.
    """
    begin, end = next(
        pair for pair in _MARKS if formula.startswith(pair[0]) and formula.endswith(pair[1])
    )
    content = formula[len(begin) : -len(end)].strip()
    if not content or len(content) > _LONGEST or _depth(content) > _DEEPEST:
        return formula
    from groqchat.ui.markdown.maths_text import UnreadableError, text_of

    try:
        rows = text_of(content)
    except UnreadableError:
        return formula
    return ("\n" if begin in {"$$", "\\["} else "; ").join(rows) or formula


def _depth(content: str) -> int:
    deepest = depth = 0
    for brace in re.findall(r"[{}]", content.replace("\\begin", "{").replace("\\end", "}")):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    return deepest
