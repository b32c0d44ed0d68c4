"""What was said of a comparison, beside what was said in it: votes, verdicts, notes, failures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.compare import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.compare import Record, Vote
    from groqchat.domain.judging import Judgement
    from groqchat.services.compare import Records, Votes


@dataclass(frozen=True, slots=True)
class Minutes:
    """All that was said of one comparison, by turn; turns are counted from 1."""

    record: Record
    votes: Mapping[int, Vote]
    notes: Mapping[int, str]
    judgements: Sequence[Judgement]

    @property
    def lines(self) -> Sequence[str]:
        """A line for each thing to know, for people."""
        record = self.record
        models = ", ".join(seat.options.model for seat in record.seats)
        lines = [f"Models: {models}"]
        if record.tag:
            lines.append(f"Kind of task: {record.tag}")
        for turn in range(1, record.turn + 1):
            lines += (f"Turn {turn}: {said}" for said in self._said(turn))
        for seat in record.seats:
            if seat.failures:
                why = f", the last time because of: {seat.error.title}" if seat.error else ""
                times = "once" if seat.failures == 1 else f"{seat.failures} times"
                lines.append(f"{seat.options.model} failed {times}{why}")
        return lines

    @property
    def document(self) -> dict[str, object]:
        """The same for programs."""
        seats = self.record.seats
        return {
            "tag": self.record.tag or None,
            "models": [seat.options.model for seat in seats],
            "failures": {seat.options.model: seat.failures for seat in seats},
            "votes": [
                {
                    "turn": turn,
                    "verdict": vote.verdict,
                    "winner": vote.winner,
                    "models": list(vote.models),
                    "blind": vote.is_blind,
                }
                for turn, vote in sorted(self.votes.items())
            ],
            "notes": [{"turn": turn, "text": text} for turn, text in sorted(self.notes.items())],
            "verdicts": [
                {
                    "turn": judged.turn,
                    "judge": judged.judge,
                    "verdict": judged.verdict,
                    "winner": judged.winner,
                    "reasons": {each.model: each.reason for each in judged.opinions},
                }
                for judged in self.judgements
            ],
        }

    def _said(self, turn: int) -> Iterable[str]:
        vote = self.votes.get(turn)
        if vote is not None:
            yield _words(vote.verdict, vote.winner) + (" (voted blind)" if vote.is_blind else "")
        for judged in self.judgements:
            if judged.turn == turn:
                yield f"{judged.judge} judged: {_words(judged.verdict, judged.winner)}"
        if note := self.notes.get(turn):
            yield f"note: {note}"


def _words(verdict: Verdict, winner: str | None) -> str:
    words = {Verdict.TIE: "a tie", Verdict.ALL_BAD: "all bad"}
    return words.get(verdict, f"{winner} was the best")


async def minutes_of(session_id: str, records: Records, votes: Votes) -> Minutes | None:
    """What was said of the comparison in a session, if it is one.

    Raises:
        StorageError: It cannot be read.
    """
    record = await records.find(session_id)
    if record is None:
        return None
    return Minutes(
        record,
        {vote.turn: vote for vote in await votes.all() if vote.session_id == session_id},
        {note.turn: note.text for note in await votes.notes() if note.session_id == session_id},
        [each for each in await votes.judgements() if each.session_id == session_id],
    )
