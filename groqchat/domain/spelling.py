"""What a mistyped word may have been meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], *, farthest: int) -> list[str]:
    """The known words that differ least from a word, in their order; none beyond ``farthest``."""
    alike = (other for other in known if abs(len(other) - len(word)) <= farthest)
    apart = {other: distance(word, other) for other in alike}
    least = min(apart.values(), default=farthest + 1)
    return [other for other, far in apart.items() if far == least] if least <= farthest else []


def distance(one: str, other: str) -> int:
    """How many letters have to be added, left out or replaced (Levenshtein's edit distance)."""
    row = list(range(len(other) + 1))
    for done, letter in enumerate(one, 1):
        above, row = row, [done]
        for place, its in enumerate(other, 1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (letter != its)))
    return row[-1]
