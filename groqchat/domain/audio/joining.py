"""Joins the transcripts of pieces: what overlaps is told once, and no word is lost."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from groqchat.domain.audio.subtitles import cues_of_words
from groqchat.domain.audio.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.audio.splitting import Span
    from groqchat.domain.audio.transcript import Segment, Word


def join(pieces: Sequence[tuple[Span, Transcript]]) -> Transcript:
    """The transcript of a whole file from those of its pieces, in their order.

    The words of an overlap are taken from the earlier piece up to the middle of what both
    heard alike, and from the later piece after it; where they heard nothing alike, the middle of
    the overlap decides.

    Args:
        pieces: Each piece with its transcript, whose times begin at the piece.
    """
    joined = Transcript("")
    for span, piece in pieces:
        joined = _appended(joined, span, piece.later(span.start))
    return joined


def _appended(before: Transcript, span: Span, piece: Transcript) -> Transcript:
    language = before.language or piece.language
    if not span.overlap:
        return Transcript(
            _text(before.text, piece.text),
            language,
            span.end,
            before.segments + piece.segments,
            before.words + piece.words,
        )
    end = span.start + span.overlap
    if not (before.words and piece.words):
        segments = _by_time(before.segments, piece.segments, (span.start + end) / 2)
        text = " ".join(segment.text.strip() for segment in segments)
        return Transcript(text, language, span.end, segments, before.words + piece.words)
    kept, added = _words(before.words, piece.words, span.start, end)
    words = (*kept, *added)
    segments = _around(before.segments, piece.segments, words, (span.start, end))
    text = " ".join(word.text.strip() for word in words)
    return Transcript(text, language, span.end, segments, words)


def _text(before: str, after: str) -> str:
    return " ".join(part for part in (before.strip(), after.strip()) if part)


def _words(
    before: Sequence[Word], after: Sequence[Word], start: float, end: float
) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The words of two pieces without those of the overlap that both heard."""
    first = next((at for at, word in enumerate(before) if word.end > start), len(before))
    last = next((at for at, word in enumerate(after) if word.start >= end), len(after))
    left, right = before[first:], after[:last]
    match = SequenceMatcher(
        None, [_plain(word.text) for word in left], [_plain(word.text) for word in right], False
    ).find_longest_match()
    if match.size and any(_plain(word.text) for word in left[match.a : match.a + match.size]):
        half = (match.size + 1) // 2
        kept, skipped = first + match.a + half, match.b + half
        return tuple(before[:kept]), tuple(after[skipped:])
    middle = (start + end) / 2
    return (
        tuple(word for word in before if word.middle < middle),
        tuple(word for word in after if word.middle >= middle),
    )


def _plain(text: str) -> str:
    """A word as it is compared: two hearings may differ in case and punctuation."""
    return re.sub(r"\W+", "", text).casefold()


def _by_time(
    before: Sequence[Segment], after: Sequence[Segment], cut: float
) -> tuple[Segment, ...]:
    """The segments of two pieces, each taken from the piece in which its middle lies."""
    kept = tuple(part for part in before if (part.start + part.end) / 2 < cut)
    added = tuple(part for part in after if (part.start + part.end) / 2 >= cut)
    return kept + added


def _around(
    before: Sequence[Segment],
    after: Sequence[Segment],
    words: Sequence[Word],
    overlap: tuple[float, float],
) -> tuple[Segment, ...]:
    """The segments of two pieces outside of what they share, and cues of the words within it."""
    start, end = overlap
    kept = tuple(part for part in before if part.end <= start)
    added = tuple(part for part in after if part.start >= end)
    since = kept[-1].end if kept else 0.0
    until = added[0].start if added else float("inf")
    return (*kept, *cues_of_words([w for w in words if since <= w.middle < until]), *added)
