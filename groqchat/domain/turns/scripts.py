"""The pieces of what is beyond ASCII in a text: accented words, and runs of one script.

The patterns are large, and their compilation takes as long as the estimate of 50,000 characters, so
that this module is imported with the first text that needs it.
"""

from __future__ import annotations

import re
from collections import Counter

_LATIN = re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u1e00-\u1eff]+")
_ROMANCE = re.compile("[ÀÃÇÈÊÑÔÕàãçèêñôõ]")
_EXTENDED = re.compile("[\u0100-\u024f]")
_VIETNAMESE = re.compile("[\u1e00-\u1eff]")
# Runs of one script: counted by runs and by characters.
_SCRIPTS = {
    "Greek": "\u0370-\u03ff\u1f00-\u1fff",
    "Cyrillic": "\u0400-\u052f",
    "Ukrainian": "іїєґўІЇЄҐЎ",
    "Armenian, Georgian": "\u0530-\u058f\u10a0-\u10ff",
    "Hebrew": "\u0590-\u05ff",
    "Arabic": "\u0600-\u06ff",
    "Devanagari": "\u0900-\u097f",
    "other Indic": "\u0980-\u0dff",
    "Thai": "\u0e00-\u0eff",
    "kana": "\u3040-\u30ff",
    "Han": "\u3400-\u9fff\uf900-\ufaff",
    "Hangul": "\uac00-\ud7af",
    "wide signs": "\u3000-\u303f\uff00-\uffef",
    "typographic signs": "\u2010-\u2026«»°·",
    "boxes": "\u2500-\u259f",
}
_RUNS = {name: re.compile(f"[{letters}]+") for name, letters in _SCRIPTS.items()}
_REST = re.compile(
    "[^\x00-\x7f"
    + _LATIN.pattern[7:-2]
    + "".join(letters for name, letters in _SCRIPTS.items() if name != "Ukrainian")
    + "]"
)


def latin_words(text: str) -> list[str]:
    """The words of a text in Latin letters, with and without accents."""
    return _LATIN.findall(text)


def counted_accented(words: list[str]) -> Counter[str]:
    """The pieces of words with accents."""
    text = "\n".join(words)
    others = [word for word in words if not _VIETNAMESE.search(word)]
    return Counter(
        {
            "accented word": len(words),
            "accented word's letter": sum(map(len, words)),
            "Romance word": sum(1 for word in words if _ROMANCE.search(word)),
            "Vietnamese letter": len(_VIETNAMESE.findall(text)),
            "extended word": sum(1 for word in others if _EXTENDED.search(word)),
        }
    )


def counted_scripts(text: str) -> Counter[str]:
    """The runs and characters of each script other than Latin, and all other characters."""
    amounts: Counter[str] = Counter()
    letters = "".join(set(text))
    for name, pattern in _RUNS.items():
        if pattern.search(letters):
            runs = pattern.findall(text)
            amounts[name] = len(runs)
            amounts[f"{name}, each"] = sum(map(len, runs))
    amounts["anything else"] = len(_REST.findall(text))
    return amounts
