"""The estimated tokens of a text, without a vocabulary: pieces are counted by their kind.

The text falls into pieces much as o200k (the vocabulary of gpt-oss) first splits it: words, runs of
one script, digits by three, punctuation, white space; a blank before a word is free. What a piece
of a kind comes to on average was fitted by least squares to o200k's counts of 350 texts of a
hundred kinds: languages, code, data, logs, chat.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import filterfalse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Tokens for each of what :func:`counted` counts; what has no weight here is free.
WEIGHTS: Mapping[str, float] = {
    "Arabic": 0.19,
    "Arabic, each": 0.33,
    "Armenian, Georgian": 0.17,
    "Armenian, Georgian, each": 0.28,
    "Cyrillic": 1.19,
    "Cyrillic, each": 0.08,
    "Devanagari, each": 0.34,
    "Greek": 0.76,
    "Greek, each": 0.24,
    "Han": 0.35,
    "Han, each": 0.80,
    "Hangul": 0.44,
    "Hangul, each": 0.59,
    "Hebrew": 0.03,
    "Hebrew, each": 0.44,
    "Romance word": -0.89,
    "Thai": 0.35,
    "Thai, each": 0.39,
    "Ukrainian": 0.37,
    "Ukrainian, each": 0.68,
    "Vietnamese letter": -1.35,
    "accented word": 1.75,
    "accented word's letter": 0.15,
    "anything else": 1.52,
    "blank before digits": 0.92,
    "boxes": 0.09,
    "boxes, each": 0.90,
    "capitals": 2.05,
    "capitals alone": -0.49,
    "digits": 1.03,
    "extended word": 0.32,
    "foreign pair": 1.72,
    "kana": 0.30,
    "kana, each": 0.56,
    "letter of a long word": 0.26,
    "letter of long capitals": 0.57,
    "other Indic, each": 0.39,
    "pair of signs": 0.76,
    "row": 1.00,
    "row of one sign": 1.31,
    "short word": 1.00,
    "sign": 1.00,
    "sign before a word": -0.45,
    "swallowed line break": -0.54,
    "tab": 0.14,
    "typographic signs": 0.83,
    "typographic signs, each": 0.18,
    "underscore": -0.29,
    "vowel ending": 0.35,
    "white space": 0.90,
    "wide signs": 0.04,
    "wide signs, each": 0.95,
    "word": 0.81,
}

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_WORD = re.compile("[A-Z]?[a-z]+")
_ROW = re.compile(r"(.)\1{7,}")
_RUN_OF_SIGNS = re.compile(f"{_PUNCTUATION}+")
# Endings and pairs are rare in English, whose words are tokens of their own, and frequent where
# words are cut into several.
_FOREIGN_PAIR = re.compile("k[aoukt]|aa|uu|ii|sz|cz|dz|zy")
_ENDED_BY_VOWEL = re.compile("[a-z]{3}[aiou]$")
_CAPITALS = re.compile("[A-Z]+(?![a-z])")
# What is counted by how often it is found. A pattern looks back behind its first character, which
# is searched for far faster than a place to look back from.
_ASCII = {
    "capitals alone": re.compile("[A-Z](?<![A-Za-z0-9].)[A-Z]*(?![A-Za-z0-9])", re.DOTALL),
    "sign before a word": re.compile("[._/(-](?=[a-z])"),
    "underscore": re.compile("_+"),
    "digits": re.compile("[0-9]{1,3}"),
    "blank before digits": re.compile(" (?=[0-9])"),
    "white space": re.compile(r"\s{2,}|\n"),
    "swallowed line break": re.compile(rf"\n(?<={_PUNCTUATION}\n)\n*(?![ \t\n])"),
    "tab": re.compile("\t"),
}
# What stands in rows, and of how many characters of a row the longest token of o200k is. Rows of
# ASCII signs are counted by themselves, but for two.
_LONGEST_ROWS = {
    **dict.fromkeys("gjnpqtuwzDGHJKNPQRSTVWZ", 2),
    **dict.fromkeys("bcdehikmrsvyBCEILMOUY\u200b★♀█", 4),
    **dict.fromkeys("afloxAF━═\u00a0", 8),
    **dict.fromkeys(("X", "─", "□", "\u3000", "=-", "+-"), 16),
}
_SHORTEST_ROW = 8
_SHORT_WORD, _LONG_WORD = 2, 6
_LONG_CAPITALS, _LONG_MIXED = 8, 16
_LONG_RUN = 64
# Looked at while somebody types, so that a very long text is judged by samples of it.
_SAMPLES, _SAMPLE = 8, 8_000
_SHORT_TEXT = 4_000
# Of 58 kinds of text every one has more different groups of so many characters, and no text that
# repeats itself has a third of that.
_LOOKED_AT, _GROUP, _VARIOUS = 4_000, 4, 0.2


def estimate_tokens(text: str) -> float:
    """The estimated o200k tokens of a text; 64,000 characters take about 7 ms."""
    if len(text) <= _SHORT_TEXT:
        return _kept_estimate(text)
    if len(text) <= _SAMPLES * _SAMPLE:
        return _estimate(text)
    step = (len(text) - _SAMPLE) // (_SAMPLES - 1)
    samples = (text[start : start + _SAMPLE] for start in range(0, step * _SAMPLES, step))
    return sum(map(_estimate, samples)) * len(text) / (_SAMPLES * _SAMPLE)


def is_various(text: str) -> bool:
    """True if a text is like those that the weights were fitted to.

    A text of the same few words, or of one repeated sign, has up to three times fewer tokens than
    a varied one.
    """
    middle = max(0, (len(text) - _LOOKED_AT) // 2)
    looked_at = (text[start : start + _LOOKED_AT] for start in {0, middle, 2 * middle})
    return all(map(_is_various, looked_at))


def _is_various(text: str) -> bool:
    groups = [text[start : start + _GROUP] for start in range(len(text) - _GROUP + 1)]
    return len(set(groups)) >= _VARIOUS * len(groups)


# A prompt of a set is counted for its request, for the budget and to learn from the server's count,
# and that for each model.
@lru_cache(maxsize=128)
def _kept_estimate(text: str) -> float:
    return _estimate(text)


def _estimate(text: str) -> float:
    weighed = sum(WEIGHTS.get(name, 0.0) * amount for name, amount in counted(text).items())
    return max(1.0, weighed) if text else 0.0


def counted(text: str) -> Counter[str]:
    """The number of pieces of each kind in a text, by name."""
    text, rows = _rows_shortened(text)
    return _counted(text) + Counter({"row": rows})


def _rows_shortened(text: str) -> tuple[str, int]:
    """The text with each row of repeated parts reduced to one, and the tokens of the removed."""
    tokens = 0
    for part, longest in _LONGEST_ROWS.items():
        if part * _SHORTEST_ROW in text:
            shortened = re.sub(f"(?:{re.escape(part)}){{{_SHORTEST_ROW},}}", part, text)
            tokens += (len(text) - len(shortened)) // longest
            text = shortened
    return text, tokens


def _counted(text: str) -> Counter[str]:
    if text.isascii():
        return _counted_plain(text) + _counted_ascii(text)
    from groqchat.domain.turns import scripts

    words = scripts.latin_words(text)
    accented = list(filterfalse(str.isascii, words))
    plain = "\n".join(filter(str.isascii, words))
    return (
        _counted_plain(plain)
        + _counted_ascii(text)
        + scripts.counted_accented(accented)
        + scripts.counted_scripts(text)
    )


def _counted_plain(text: str) -> Counter[str]:
    """The pieces of words without accents; a word in camelCase is several."""
    words, capitals = Counter(_WORD.findall(text)), _CAPITALS.findall(text)
    short = sum(times for word, times in words.items() if len(word) <= _SHORT_WORD)
    longer = [
        times * (len(word) - _LONG_WORD) for word, times in words.items() if len(word) > _LONG_WORD
    ]
    ended = [word for word in words if word[-1] in "aiou" and _ENDED_BY_VOWEL.search(word)]
    return Counter(
        {
            "short word": short,
            "word": words.total() - short,
            "letter of a long word": sum(longer),
            "vowel ending": sum(words[word] for word in ended),
            "foreign pair": len(_FOREIGN_PAIR.findall(text)),
            "capitals": len(capitals),
            "letter of long capitals": sum(
                len(run) - _LONG_CAPITALS for run in capitals if len(run) > _LONG_CAPITALS
            ),
        }
    )


def _counted_ascii(text: str) -> Counter[str]:
    """The pieces of digits, signs and white space."""
    signs: Counter[str] = Counter()
    for run, times in Counter(_RUN_OF_SIGNS.findall(text)).items():
        if len(run) > _LONG_MIXED and len(set(run)) > 1:  # rows between other signs
            for row in _ROW.finditer(run):
                signs["row of one sign"] += times * (1 + len(row[0]) // _LONG_RUN)
            rest = len(_ROW.sub("", run))
            signs["sign"] += times
            signs["pair of signs"] += times * (max(0, rest - 1) // 2)
        elif len(run) > 1 and len(set(run)) == 1:
            signs["row of one sign"] += times * (1 + len(run) // _LONG_RUN)
        else:
            signs["sign"] += times
            signs["pair of signs"] += times * ((len(run) - 1) // 2)
    return signs + _found(_ASCII, text)


def _found(patterns: Mapping[str, re.Pattern[str]], text: str) -> Counter[str]:
    return Counter({name: len(pattern.findall(text)) for name, pattern in patterns.items()})
