"""The differences of two texts, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A word, or white space between words: pieces put together are the text again.
_PIECES = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of both texts; either side may be empty.

    ``is_same``: the sides are equal apart from white space.
    """

    left: str
    right: str
    is_same: bool


def differences(left: str, right: str) -> tuple[Stretch, ...]:
    """Split two texts into stretches that are equal and stretches that differ.

    Words and signs are compared; white space belongs to the word before it and is not compared.

    >>> [(s.left, s.right) for s in differences("a red car", "a blue car")]
    [('a ', 'a '), ('red ', 'blue '), ('car', 'car')]
    """
    lefts, rights = list(_words(left)), list(_words(right))
    keys = [word.strip() for word in lefts], [word.strip() for word in rights]
    return tuple(
        Stretch("".join(lefts[a:b]), "".join(rights[c:d]), sign == "equal")
        for sign, a, b, c, d in SequenceMatcher(None, *keys).get_opcodes()
    )


def _words(text: str) -> Iterator[str]:
    """Words and signs, each with the white space behind it."""
    word = ""
    for piece in _PIECES.findall(text):
        if piece.isspace():
            yield word + piece
            word = ""
        else:
            if word:
                yield word
            word = piece
    if word:
        yield word


def likeness(stretches: tuple[Stretch, ...]) -> float:
    """The equal share of both texts, from 0 to 1."""
    both = sum(len(stretch.left) + len(stretch.right) for stretch in stretches)
    same = sum(len(stretch.left) + len(stretch.right) for stretch in stretches if stretch.is_same)
    return same / both if both else 1.0
