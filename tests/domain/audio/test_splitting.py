"""Pieces of a long file: none too long, none missing, cut where nobody speaks."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.audio.splitting import OVERLAP_S, WINDOW_S, spans


def _levels(length: float, pauses: list[tuple[float, float]]) -> list[float]:
    """Loud audio with silent pauses, in windows."""
    return [
        0.0 if any(start <= at * WINDOW_S < end for start, end in pauses) else 1.0
        for at in range(round(length / WINDOW_S))
    ]


def test_short_audio_is_one_piece() -> None:
    (span,) = spans(_levels(59, []), 59.0, longest=60)
    assert (span.start, span.end, span.overlap) == (0.0, 59.0, 0.0)


def test_a_piece_ends_in_the_last_pause_before_its_longest_length() -> None:
    first, second = spans(_levels(100, [(35, 35.5), (50, 50.6)]), 100.0, longest=60)
    assert 50 < first.end < 50.6
    assert second.start == first.end
    assert second.overlap == 0.0


def test_pieces_overlap_where_there_is_no_pause() -> None:
    first, second = spans(_levels(100, []), 100.0, longest=60)
    assert second.overlap == OVERLAP_S
    assert second.start == first.end - OVERLAP_S


@given(
    st.floats(0.1, 400),
    st.lists(st.tuples(st.floats(0, 400), st.floats(0.05, 3)), max_size=8),
    st.floats(20, 120),
)
def test_pieces_cover_the_whole_and_none_is_too_long(
    length: float, pauses: list[tuple[float, float]], longest: float
) -> None:
    pieces = spans(_levels(length, [(at, at + for_s) for at, for_s in pauses]), length, longest)
    assert pieces[0].start == 0.0
    assert pieces[-1].end == length
    for before, after in pairwise(pieces):
        assert abs(after.start + after.overlap - before.end) < 1e-6
        assert after.end > before.end
    assert all(piece.length <= longest + WINDOW_S for piece in pieces)
