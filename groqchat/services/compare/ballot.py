"""The judgements on the turns of one comparison: votes, notes and verdicts of models."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.clocks import plausible_time
from groqchat.domain.compare.compare import Note, Score, Verdict, Vote, score
from groqchat.domain.compare.rules import tag_from
from groqchat.services.compare.reopening import partial_answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.domain.compare.judging import Judgement
    from groqchat.services.compare.compare import Comparison
    from groqchat.services.compare.stores import Votes
    from groqchat.services.ports import Clock, SessionStore


@dataclass(slots=True)
class Ballot:
    """The judgements on a comparison; ``votes``, ``notes`` and ``judgements`` are by turn."""

    comparison: Comparison
    records: Votes
    store: SessionStore
    clock: Clock
    votes: dict[int, Vote] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    judgements: dict[int, Judgement] = field(default_factory=dict)

    @property
    def vote(self) -> Vote | None:
        """The vote on the present turn; None where an answer is newer than the vote."""
        vote = self.votes.get(self.comparison.turn)
        return vote if vote is not None and self._holds(vote.time) else None

    @property
    def judgement(self) -> Judgement | None:
        """The verdict of a model on the present turn; None where an answer is newer."""
        judged = self.judgements.get(self.comparison.turn)
        return judged if judged is not None and self._holds(judged.time) else None

    def _holds(self, time: float) -> bool:
        """Whether a judgement at this Unix time is on the present answers."""
        now = self.clock.now()
        answered = max(plausible_time(column.answered, now) for column in self.comparison.columns)
        return plausible_time(time, now) >= answered

    @property
    def winner(self) -> str | None:
        """The id of the model that won the present turn."""
        return self.vote.winner if self.vote else None

    @property
    def note(self) -> str:
        """The note on the present turn, or an empty string."""
        return self.notes.get(self.comparison.turn, "")

    @property
    def hides_names(self) -> bool:
        """Whether names are hidden, as the comparison decides."""
        return self.comparison.hides_names

    async def scores(self) -> Sequence[Score]:
        """The sums of all turns, in the order of the columns.

        Raises:
            StorageError: The partial answers cannot be read.
        """
        turn = self.comparison.turn
        votes = [vote for vote in self.votes.values() if vote.turn != turn or vote == self.vote]
        return [
            score(
                column.name,
                column.figures,
                failures=column.failures,
                votes=votes,
                partial=await partial_answers(column, self.store),
            )
            for column in self.comparison.columns
        ]

    async def unhide(self) -> None:
        """Show the names of this turn."""
        if self.comparison.is_hidden:
            self.comparison.is_hidden = False
            await self.comparison.remember()

    async def toggle_blind(self) -> None:
        """Hide the names from the next prompt on, or show them again."""
        comparison = self.comparison
        comparison.is_blind, comparison.is_hidden = not comparison.is_blind, False
        await comparison.remember()
        if comparison.is_blind and not comparison.turn:
            comparison.hide_names()

    async def load(self) -> None:
        """Read the judgements on this comparison from the store.

        Raises:
            StorageError: The store cannot be read.
        """
        session_id, records = self.comparison.session.id, self.records
        votes = [vote for vote in await records.all() if vote.session_id == session_id]
        notes = [note for note in await records.notes() if note.session_id == session_id]
        judged = [each for each in await records.judgements() if each.session_id == session_id]
        self.votes = {vote.turn: vote for vote in votes}
        self.notes = {note.turn: note.text for note in notes}
        self.judgements = {each.turn: each for each in judged}

    async def cast(
        self, models: Iterable[str], verdict: Verdict, winner: str | None = None
    ) -> None:
        """Vote on the present turn, or change the vote; hidden names are shown from now on.

        Args:
            models: The models with a complete answer, the only ones that are judged.
            verdict: The judgement.
            winner: The id of the best model, with the verdict of that name.

        Raises:
            StorageError: The vote counts on the screen, but is not stored.
        """
        vote = Vote(
            self.comparison.session.id,
            self.comparison.turn,
            self._now,
            tuple(models),
            verdict,
            winner,
            self.hides_names,
            self.comparison.tag,
        )
        self.votes[vote.turn] = vote
        await self.unhide()
        await self.records.save(vote)

    async def retag(self, words: str) -> None:
        """Name the kind of task for the vote and note on this turn, and for turns to come.

        Raises:
            StorageError: The tag counts on the screen, but is not stored everywhere.
        """
        self.comparison.tag = tag = tag_from(words)
        await self.comparison.remember()
        if self.vote is not None:
            self.votes[self.vote.turn] = tagged = replace(self.vote, tag=tag)
            await self.records.save(tagged)
        if self.note:
            await self.write_note(self.note)

    async def write_note(self, text: str) -> None:
        """Write a note on the present turn; an empty text removes it.

        Raises:
            StorageError: The note is not stored.
        """
        turn = self.comparison.turn
        self.notes[turn] = text
        now = self.clock.now()
        await self.records.save_note(
            Note(self.comparison.session.id, turn, now, text, self.comparison.tag)
        )

    async def save_judgement(self, judged: Judgement) -> None:
        """Keep the verdict of a model, which is no vote.

        Raises:
            StorageError: The verdict is not stored.
        """
        judged = replace(judged, time=self._now)
        self.judgements[judged.turn] = judged
        await self.records.save_judgement(judged)

    @property
    def _now(self) -> float:
        """The Unix time, but never before the judged answers, even if the clock was set back."""
        return max(self.clock.now(), self.comparison.answered)
