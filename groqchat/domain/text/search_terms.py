"""Search terms: one rule of matching for the open session and for all saved ones.

A query is words and, in quotes, phrases; a text that holds all of them matches. Neither case nor
Latin accents make a difference. Punctuation in a query has to be in the text; between the
words of a phrase there may be any punctuation, and line breaks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

# Scripts without spaces between words.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"

_TERM = re.compile(r"""(?<!\S)["“”„](?P<phrase>.+?)(?:["“”](?!\S)|$)|(?P<word>\S+)""", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_IS_UNSPACED = re.compile(f"[{UNSPACED}]")
# A word as the full-text index knows it: what stands in a script without spaces is one.
_BEGINS_A_WORD = r"(?<![^\W_])"
_GAP = r"[\W_]+"
# What is written for any mark above or below a letter, so that every character keeps its place.
_MARK = "\u0300"
_LATIN_MARK = re.compile("[\u0300-\u036f]")
# What may be folded beyond small letters; symbols and most scripts of Asia are as they are.
_FOLDABLE = re.compile("[\u0080-\u1fff\u2c00-\u2fff\ua640-\ua7ff]")
_ALIKE = {"ς": "σ", "ſ": "s", "µ": "μ"}


@dataclass(frozen=True)
class Terms:
    """The words and phrases of a query, folded."""

    terms: tuple[str, ...]

    @classmethod
    def of(cls, query: str) -> Terms:
        """Read a query; an open quote reaches to its end.

        >>> Terms.of('Café "rate limit"').terms
        ('cafe', 'rate limit')
        """
        found = (match["phrase"] or match["word"] for match in _TERM.finditer(query))
        bare = (folded(term).replace(_MARK, "").replace("\0", " ") for term in found)
        terms = (" ".join(term.split()) for term in bare)
        return cls(tuple(dict.fromkeys(term for term in terms if term)))

    def __bool__(self) -> bool:
        return bool(self.terms)

    def are_in(self, text: str) -> bool:
        """True if a text holds all terms, each as a word, as the start of words, or as signs."""
        within = folded(text)
        return all(pattern.search(within) for pattern in self._words)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The spans of the terms in a text, inside words too; empty if one term is missing."""
        within = folded(text)
        if not self.terms or not all(pattern.search(within) for pattern in self._anywhere):
            return []
        return [match.span() for match in self._any.finditer(within)]

    def marks(self, text: str) -> list[tuple[int, int]]:
        """The spans of any of the terms in a part of a text."""
        return [match.span() for match in self._any.finditer(folded(text))] if self.terms else []

    def marks_in_row(self, text: str) -> list[tuple[int, int]]:
        """The spans of terms in a row, and of phrases that may go on in the next row."""
        within = folded(text)
        edges = (edge.search(within) for edge in self._edges)
        return [*self.marks(text), *(found.span(1) for found in edges if found)]

    def first(self, text: str) -> int | None:
        """The span of the first term, preferably at the beginning of a word."""
        within = folded(text)
        for patterns in (self._words, self._anywhere):
            places = [found.start() for each in patterns if (found := each.search(within))]
            if places:
                return min(places)
        return None

    @cached_property
    def _words(self) -> list[re.Pattern[str]]:
        return [re.compile(_pattern(term, begins=True)) for term in self.terms]

    @cached_property
    def _anywhere(self) -> list[re.Pattern[str]]:
        return [re.compile(_pattern(term)) for term in self.terms]

    @cached_property
    def _any(self) -> re.Pattern[str]:
        longest_first = sorted(self.terms, key=len, reverse=True)
        return re.compile("|".join(map(_pattern, longest_first)))

    @cached_property
    def _edges(self) -> list[re.Pattern[str]]:
        """The beginnings of phrases at the end of a row, and their ends at its beginning."""
        edges = []
        for parts in (term.split() for term in self.terms):
            for at in range(1, len(parts)):
                head, tail = _pattern(" ".join(parts[:at])), _pattern(" ".join(parts[at:]))
                edges += [re.compile(rf"({head})[\W_]*$"), re.compile(rf"^[\W_]*({tail})")]
        return edges


def words_of(term: str) -> list[str]:
    """The runs of letters and digits in a term."""
    return _WORD.findall(term)


def is_plain(term: str) -> bool:
    """True if a term has only words of scripts with spaces between them."""
    return not _IS_UNSPACED.search(term) and all(map(str.isalnum, term.split()))


def is_spaced(term: str) -> bool:
    """True if a term has words, and none of a script without spaces between them."""
    return bool(words_of(term)) and not _IS_UNSPACED.search(term)


def firm_parts(term: str) -> list[str]:
    """The parts of a term that match only as written: signs, and scripts without spaces.

    >>> firm_parts("c++"), firm_parts("café")
    (['++'], [])
    """
    runs = groupby(term, key=lambda each: bool(_IS_UNSPACED.match(each)) or not each.isalnum())
    return "".join("".join(run) if is_firm else " " for is_firm, run in runs).split()


def folded(text: str) -> str:
    """The text in lower case without Latin accents, character by character, so that spans fit."""
    small = text.lower()
    if text.isascii():
        return small
    if len(small) != len(text):
        small = "".join(each.lower()[0] for each in text)
    return _FOLDABLE.sub(lambda match: _folded_character(match[0]), small)


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    if _LATIN_MARK.match(character):
        return _MARK
    base = unicodedata.normalize("NFD", character)[0]
    return base.lower() if base.isascii() else _ALIKE.get(character, character)


def _pattern(term: str, *, begins: bool = False) -> str:
    """A regular expression that finds a term in a folded text."""
    parts = ["".join(f"{re.escape(each)}{_MARK}*" for each in part) for part in term.split()]
    is_word = begins and term[0].isalnum() and not _IS_UNSPACED.match(term)
    return (_BEGINS_A_WORD if is_word else "") + _GAP.join(parts)
