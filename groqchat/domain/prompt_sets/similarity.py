"""The similarity of an answer and an expected text, as :mod:`difflib` measures it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

USUAL_THRESHOLD = 0.8
# Characters are compared in a tenth of a second up to here, and in minutes a little beyond.
_MOST_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Likeness:
    """An expected text, and how similar an answer has to be: from 0 to 1, where 1 is equal."""

    text: str
    threshold: float = USUAL_THRESHOLD

    def __str__(self) -> str:
        return f"at least {self.threshold:g} to {self.text}"


def similarity(one: str, other: str) -> float:
    """The part of two texts that is the same, in order, from 0 to 1.

    It is twice what they share, divided by what both have together. Short texts are compared by
    characters, and texts over 2,000 characters by words. White space counts as one space.
    """
    words, others = one.split(), other.split()
    if words == others:
        return 1.0
    first, second = " ".join(words), " ".join(others)
    if max(len(first), len(second)) <= _MOST_CHARACTERS:
        return SequenceMatcher(None, first, second, autojunk=False).ratio()
    return SequenceMatcher(None, words, others).ratio()
