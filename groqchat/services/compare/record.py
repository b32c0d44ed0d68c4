"""What was said of a comparison, beside what was said in it: votes, verdicts, notes, failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.domain.sessions.archive import Archive


def minutes(archive: Archive) -> Iterator[str]:
    """A line for each thing to know of a comparison, for people; none of any other session."""
    record = archive.record
    if record is None:
        return
    yield f"Models: {', '.join(seat.options.model for seat in record.seats)}"
    if record.tag:
        yield f"Kind of task: {record.tag}"
    for turn in range(1, record.turn + 1):
        yield from (f"Turn {turn}: {said}" for said in _said(archive, turn))
    for seat in record.seats:
        if seat.failures:
            why = f", the last time because of: {seat.error.title}" if seat.error else ""
            times = "once" if seat.failures == 1 else f"{seat.failures} times"
            yield f"{seat.options.model} failed {times}{why}"


def _said(archive: Archive, turn: int) -> Iterator[str]:
    for vote in archive.votes:
        if vote.turn == turn:
            yield _words(vote.verdict, vote.winner) + (" (voted blind)" if vote.is_blind else "")
    for judged in archive.judgements:
        if judged.turn == turn:
            yield f"{judged.judge} judged: {_words(judged.verdict, judged.winner)}"
    for note in archive.notes:
        if note.turn == turn:
            yield f"note: {note.text}"


def _words(verdict: Verdict, winner: str | None) -> str:
    words = {Verdict.TIE: "a tie", Verdict.ALL_BAD: "all bad"}
    return words.get(verdict, f"{winner} was the best")
