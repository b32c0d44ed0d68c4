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

_VARIABLE = re.compile(r"[A-Z0-9]+(?:_[A-Z0-9]+)+")
_ENDS_OPEN = re.compile(r"[-+/–—,;:(&~<>=.]\Z")
_SCRIPT = re.compile(r"[\^_](?:\{[^{}]*\}|[-+]?\w)")
"""What is raised or lowered at a word or number outside: ``cm$^2$``."""

_TEX = re.compile(r"\\[A-Za-z|{},;!:\\]|\^")
_MAY_BE_TEX = re.compile(r"[_=]")
_WORD = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{3,}")
_AMOUNT = re.compile(r"[-+(]*\d")
_ENDS_ABROAD = re.compile(r"(?:\A|[^A-Za-z])[A-Z]{1,3}\Z")
"""Ends as the name of another country's dollar begins: ``5 or NZ`` of ``$5 or NZ$6``."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?[a-z]?")
_EXPRESSION = re.compile(r"[A-Za-z(\[|+-][A-Za-z0-9 ()\[\]|+*/<>,.:!'-]*")
_NO_EXPRESSION = re.compile(r"[A-Za-z]{2}|[A-Za-z0-9)\]] +[A-Za-z0-9(\[]|\A\W*\Z")


def is_formula(formula: str, before: str = "", after: str = "") -> bool:
    """Whether a text between marks is a formula, and not what stands between two prices.

    A price or variable that loses its ``$`` is worse than a formula shown as it is written.

    Args:
        formula: The text with its marks; what stands between ``$`` has no ``$`` in it.
        before: The character before it; empty at the beginning.
        after: The character behind it; empty at the end.
    """
    if formula.startswith("\\"):
        return True
    content = formula.strip("$").strip()
    if _SCRIPT.fullmatch(content):
        return True
    is_open = not formula.startswith("$$") and _ENDS_OPEN.search(content) is not None
    if is_open or before.isalnum() or after.isalnum() or _VARIABLE.fullmatch(content):
        return False
    return _is_amount_formula(content) if _AMOUNT.match(content) else _is_other_formula(content)


def _is_amount_formula(content: str) -> bool:
    """Whether what begins with a number is more than a price and the text behind it."""
    if not _is_balanced(content) or _WORD.search(content):
        return False
    if _TEX.search(content) or _NUMBER.fullmatch(content):
        return True
    return _MAY_BE_TEX.search(content) is not None and _ENDS_ABROAD.search(content) is None


def _is_other_formula(content: str) -> bool:
    """Whether what begins with no number is a formula: it has signs of TeX, or short names."""
    if _TEX.search(content):
        return True
    if _MAY_BE_TEX.search(content):
        return len(_WORD.findall(content)) < 2
    is_short = _EXPRESSION.fullmatch(content) and not _NO_EXPRESSION.search(content)
    return bool(is_short) and _is_balanced(content)


def _is_balanced(content: str) -> bool:
    return content.count("(") == content.count(")")


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
