"""Lines about a comparison for an exported session: models, votes, verdicts, notes, failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.domain.sessions.archive import Archive


def comparison_lines(archive: Archive) -> Iterator[str]:
    """Lines for people about the comparison in an archive; none for any other session."""
    record = archive.record
    if record is None:
        return
    yield f"Models: {', '.join(column.name for column in record.columns)}"
    if record.tag:
        yield f"Kind of task: {record.tag}"
    for turn in range(1, record.turn + 1):
        yield from (f"Turn {turn}: {said}" for said in _said(archive, turn))
    for column in record.columns:
        if column.failures:
            why = f", the last time because of: {column.error.title}" if column.error else ""
            times = "once" if column.failures == 1 else f"{column.failures} times"
            yield f"{column.name} failed {times}{why}"


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
