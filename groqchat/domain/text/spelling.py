"""Suggestions for mistyped words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# A word from this many letters on may have two wrong ones.
_LONG = 6
_FEWEST_BEGUN = 2
_MOST_MEANT = 3


def nearest(word: str, known: Iterable[str], *, farthest: int) -> list[str]:
    """The known words that differ least from a word, at most by ``farthest``, in their order."""
    alike = (other for other in known if abs(len(other) - len(word)) <= farthest)
    apart = {other: distance(word, other) for other in alike}
    least = min(apart.values(), default=farthest + 1)
    return [other for other, far in apart.items() if far == least] if least <= farthest else []


def did_you_mean(word: str, known: Iterable[str], *, written: str = "{}") -> str:
    """``; did you mean A or B?`` for known words that a word begins or nearly equals; else empty.

    Args:
        word: The word as the user wrote it.
        known: The words that may have been meant.
        written: Formats a known word for the sentence.
    """
    words, plain = list(known), word.lower()
    begun = [each for each in words if len(plain) >= _FEWEST_BEGUN and each.startswith(plain)]
    farthest = 2 if len(plain) >= _LONG else 1
    meant = begun or (nearest(plain, words, farthest=farthest) if len(plain) > farthest else [])
    named = " or ".join(map(written.format, meant))
    return f"; did you mean {named}?" if 0 < len(meant) <= _MOST_MEANT else ""


def distance(one: str, other: str) -> int:
    """The edit distance: letters that are added, left out, replaced, or swapped with the next."""
    rows = [list(range(len(other) + 1))]
    for done, letter in enumerate(one, 1):
        above, row = rows[-1], [done]
        for place, its in enumerate(other, 1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (letter != its)))
            before = one[done - 2 : done - 1] + other[place - 2 : place - 1]
            if len(before) == 2 and before == its + letter:  # the two are swapped
                row[-1] = min(row[-1], rows[-2][place - 2] + 1)
        rows.append(row)
    return rows[-1][-1]
