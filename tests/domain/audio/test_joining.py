"""Transcripts of pieces become one: every word once, at its time in the whole file."""

from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.audio.joining import join
from groqchat.domain.audio.splitting import Span
from groqchat.domain.audio.transcript import Segment, Transcript, Word


def _heard(words: list[Word], span: Span) -> Transcript:
    """What a server hears in a piece: the words that lie wholly in it, timed from its start."""
    own = [w for w in words if w.start >= span.start and w.end <= span.end]
    timed = tuple(word.later(-span.start) for word in own)
    text = " ".join(word.text for word in own)
    segments = (Segment(text, timed[0].start, timed[-1].end),) if timed else ()
    return Transcript(f" {text}", "en", span.length, segments, timed)


def _spoken(count: int, each: float = 0.5) -> list[Word]:
    return [Word(f"w{n}", n * each, n * each + 0.4) for n in range(count)]


def test_pieces_without_overlap_follow_each_other() -> None:
    first = Transcript(" one two", "en", 2.0, (Segment(" one two", 0.0, 2.0),))
    second = Transcript(" three", "en", 1.0, (Segment(" three", 0.5, 1.0),))
    whole = join([(Span(0, 2), first), (Span(2, 3), second)])
    assert whole.text == "one two three"
    assert whole.duration_s == 3
    assert [(part.start, part.end) for part in whole.segments] == [(0.0, 2.0), (2.5, 3.0)]


@given(st.integers(20, 120), st.floats(10, 20), st.floats(1, 4))
def test_every_word_of_overlapping_pieces_is_told_once(
    count: int, longest: float, overlap: float
) -> None:
    words = _spoken(count)
    length = words[-1].end
    pieces, start = [Span(0.0, min(longest, length))], longest
    while start < length:
        pieces.append(Span(start - overlap, min(start - overlap + longest, length), overlap))
        start = pieces[-1].end
    # A piece that ends the file within its own overlap adds nothing; splitting makes none.
    whole = join([(span, _heard(words, span)) for span in pieces])
    assert [word.text for word in whole.words] == [word.text for word in words]
    assert whole.text == " ".join(word.text for word in words)
    assert " ".join(part.text for part in whole.segments).split() == whole.text.split()
    starts = [word.start for word in whole.words]
    assert starts == sorted(starts)


def test_a_word_that_one_piece_heard_cut_is_taken_from_the_other() -> None:
    left = Transcript(
        "",
        words=(
            Word("the", 0, 1),
            Word("quick", 8, 8.5),
            Word("brown", 8.6, 9),
            Word("fo", 9.8, 10),
        ),
    )
    right = Transcript(
        "",
        words=(
            Word("ick", 0, 0.2),
            Word("Brown,", 0.3, 0.7),
            Word("fox", 1.5, 2),
            Word("ran", 5, 6),
        ),
    )
    whole = join([(Span(0, 10), left), (Span(8.3, 16, 1.7), right)])
    assert whole.text == "the quick brown fox ran"


def test_overlapping_translations_are_joined_by_their_segments() -> None:
    left = Transcript("", segments=(Segment(" a", 0, 5), Segment(" b", 5, 9)))
    right = Transcript("", segments=(Segment(" b", 0, 3.5), Segment(" c", 4, 8)))
    whole = join([(Span(0, 10), left), (Span(6, 16, 4.0), right)])
    assert whole.text == "a b c"
