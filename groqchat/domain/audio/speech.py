"""Texts that are spoken: the pieces that one request takes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.domain.limits.quota import Reading

LONGEST_TEXT = 200
"""The most characters of one request (text-to-speech docs, orpheus models)."""
# The best place to cut comes first: behind a sentence, behind a part of one, between two words.
_CUTS = (re.compile(r"[.!?…؟。]['\")\]]*\s"), re.compile(r"[,;:،–—]\s"), re.compile(r"\s"))
_LEAST = LONGEST_TEXT // 3
# The scripts that the names of characters in Unicode begin with another word for.
_SCRIPTS = {"CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}
_WRITTEN_IN = {"English": "Latin", "Arabic": "Arabic"}


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """A text to be spoken by a voice of a model."""

    text: str
    model: str
    voice: str


@dataclass(frozen=True, slots=True)
class SpeechAnswer:
    """The sound of a text as a WAV file, and the limits in the headers."""

    content: bytes
    request_id: str | None
    reading: Reading


def script_of(text: str) -> str:
    """The script of most letters of a text, such as "Latin" or "Arabic"; empty without letters."""
    names = (unicodedata.name(sign, "").partition(" ")[0] for sign in text if sign.isalpha())
    most = Counter(filter(None, names)).most_common(1)
    return _SCRIPTS.get(most[0][0], most[0][0].capitalize()) if most else ""


def is_spoken_in(script: str, languages: Iterable[str]) -> bool:
    """Whether a language of some is written in a script; not known is taken for a yes."""
    known = [_WRITTEN_IN.get(language, script) for language in languages]
    return not known or not script or script in known


def pieces(text: str, longest: int = LONGEST_TEXT) -> tuple[str, ...]:
    """The text in pieces of at most ``longest`` characters, cut where a speaker pauses."""
    found: list[str] = []
    rest = " ".join(text.split())
    while len(rest) > longest:
        at = _cut(rest, longest)
        found.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return (*found, rest) if rest else tuple(found)


def _cut(text: str, longest: int) -> int:
    """The index at which the next piece begins."""
    head = text[: longest + 1]
    for index, pattern in enumerate(_CUTS):
        ends = [match.end() for match in pattern.finditer(head) if match.end() <= longest + 1]
        # A very short sentence at the beginning is no reason for a piece of its own.
        if ends and (ends[-1] >= min(_LEAST, longest // 3) or index == len(_CUTS) - 1):
            return ends[-1]
    return longest
