"""The judgements in one comparison, and whether the names are hidden until the next of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.clocks import believed
from groqchat.domain.compare.compare import Note, Score, Verdict, Vote, score
from groqchat.services.compare.reopening import partial_answers
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.domain.compare.judging import Judgement
    from groqchat.services.compare.compare import Column, Comparison
    from groqchat.ui.parts import Parts

_LETTERS = "ABCDEFGH"


@dataclass(slots=True)
class Ballot:
    """Votes and notes on the turns of a comparison."""

    parts: Parts
    comparison: Comparison
    votes: dict[int, Vote] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    judgements: dict[int, Judgement] = field(default_factory=dict)

    @property
    def vote(self) -> Vote | None:
        """The judgement on the present turn; one of answers that were asked for again is none."""
        vote = self.votes.get(self.comparison.turn)
        return vote if vote is not None and self._holds(vote.time) else None

    @property
    def judgement(self) -> Judgement | None:
        """The judgement of a model on the present turn; None where the answers were asked again."""
        judged = self.judgements.get(self.comparison.turn)
        return judged if judged is not None and self._holds(judged.time) else None

    def _holds(self, time: float) -> bool:
        """Whether what was said then was said of the answers that there are."""
        now = self.parts.clock.now()
        answered = max(believed(column.answered, now) for column in self.comparison.columns)
        return believed(time, now) >= answered

    @property
    def winner(self) -> str | None:
        """The model that was the best in the present turn."""
        return self.vote.winner if self.vote else None

    @property
    def note(self) -> str:
        """What was written down about the present turn."""
        return self.notes.get(self.comparison.turn, "")

    @property
    def hides_names(self) -> bool:
        """Whether nobody is to know who is who."""
        return self.comparison.hides_names

    @property
    def words(self) -> str:
        """How the present turn was judged, and how by a model; empty while it was not."""
        said = self._words(self.vote.verdict, self.vote.winner) if self.vote else ""
        judged = self.judgement
        if judged is None:
            return said
        verdict = self._words(judged.verdict, judged.winner)
        return " · ".join(filter(None, (said, f"⚖ {verdict}")))

    def _words(self, verdict: Verdict, winner: str | None) -> str:
        words = {Verdict.TIE: "a tie", Verdict.ALL_BAD: "all bad"}
        return words.get(verdict, f"★ {line(self.name_of_model(winner or ''), 60)}")

    async def scores(self) -> Sequence[Score]:
        """What all turns come to, in the order of the columns.

        Raises:
            StorageError: Not all of it can be read.
        """
        store, turn = self.parts.store, self.comparison.turn
        votes = [vote for vote in self.votes.values() if vote.turn != turn or vote == self.vote]
        return [
            score(
                column.model,
                column.figures,
                failures=column.failures,
                votes=votes,
                partial=await partial_answers(column, store),
            )
            for column in self.comparison.columns
        ]

    def name_of(self, column: Column) -> str:
        """What is written over a column."""
        place = self.comparison.columns.index(column)
        return f"Model {_LETTERS[place]}" if self.hides_names else column.model

    def name_of_model(self, model: str) -> str:
        """The name of a model as it may be shown; the model may have left its column since."""
        columns = (column for column in self.comparison.columns if column.model == model)
        column = next(columns, None)
        return self.name_of(column) if column else model

    def hide(self) -> None:
        """A turn begins of which nobody is to know who answers what."""
        self.comparison.is_hidden = True
        random.shuffle(self.comparison.columns)

    async def unhide(self) -> None:
        """The names of this turn may be known."""
        if self.comparison.is_hidden:
            self.comparison.is_hidden = False
            await self.comparison.remember()

    async def toggle_blind(self) -> None:
        """Hide the names from the next prompt on, or show them again."""
        comparison = self.comparison
        comparison.is_blind, comparison.is_hidden = not comparison.is_blind, False
        await comparison.remember()
        if comparison.is_blind and not comparison.turn:
            self.hide()

    async def recall(self) -> None:
        """Take up what was said of this comparison before.

        Raises:
            StorageError: It cannot be read.
        """
        session_id, records = self.comparison.session.id, self.parts.votes
        votes = [vote for vote in await records.all() if vote.session_id == session_id]
        notes = [note for note in await records.notes() if note.session_id == session_id]
        judged = [each for each in await records.judgements() if each.session_id == session_id]
        self.votes = {vote.turn: vote for vote in votes}
        self.notes = {note.turn: note.text for note in notes}
        self.judgements = {each.turn: each for each in judged}

    async def cast(
        self, models: Iterable[str], verdict: Verdict, winner: str | None = None
    ) -> None:
        """Judge the present turn, once more if need be; what was hidden is known now.

        Args:
            models: Who gave a whole answer; nobody else is judged.
            verdict: How they did.
            winner: Who was the best, with that verdict.

        Raises:
            StorageError: It counts here, but cannot be kept.
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
        await self.parts.votes.save(vote)

    async def retag(self, tag: str) -> None:
        """Name the kind of task, of this turn's vote and note and of turns to come.

        Raises:
            StorageError: It counts here, but cannot be kept.
        """
        self.comparison.tag = tag
        await self.comparison.remember()
        if self.vote is not None:
            self.votes[self.vote.turn] = tagged = replace(self.vote, tag=tag)
            await self.parts.votes.save(tagged)
        if self.note:
            await self.write_down(self.note)

    async def write_down(self, text: str) -> None:
        """Note something about the present turn; an empty text takes the note away.

        Raises:
            StorageError: It cannot be kept.
        """
        turn = self.comparison.turn
        self.notes[turn] = text
        now = self.parts.clock.now()
        await self.parts.votes.save_note(
            Note(self.comparison.session.id, turn, now, text, self.comparison.tag)
        )

    async def hear(self, judged: Judgement) -> None:
        """Keep what a model said of a turn; it is no vote.

        Raises:
            StorageError: It cannot be kept.
        """
        judged = replace(judged, time=self._now)
        self.judgements[judged.turn] = judged
        await self.parts.votes.save_judgement(judged)

    @property
    def _now(self) -> float:
        """The Unix time, which a clock set back does not bring before the answers judged."""
        return max(self.parts.clock.now(), self.comparison.answered)
