"""What somebody asks, told apart from the long text that it is asked about."""

from __future__ import annotations

# A request is seldom longer, in characters.
_LONGEST_REQUEST = 500
_BETWEEN = "\n\n"
_ASKS = (":", "?")


def subject_of(text: str) -> str:
    r"""The part of a prompt that a request in it is about: what stands before or behind that.

    A last paragraph of one line with a question mark is the request; else a short first paragraph
    or a first line that ends like one. A text without any is all its subject.

    >>> subject_of("Sum it up.\n\nOne.\n\nTwo.\n")
    'One.\n\nTwo.'
    """
    whole = text.strip()
    before, _, last = whole.rpartition(_BETWEEN)
    if before and "\n" not in last and last.endswith("?") and _is_short(last):
        return before.strip()
    first, _, rest = whole.partition(_BETWEEN)
    if rest and _is_short(first):
        return rest.strip()
    line, _, rest = whole.partition("\n")
    is_request = rest and _is_short(line) and line.rstrip().endswith(_ASKS)
    return rest.strip() if is_request else whole


def _is_short(words: str) -> bool:
    return len(words) <= _LONGEST_REQUEST
