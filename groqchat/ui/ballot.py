"""The judgements in one comparison, and whether the names are hidden until the first."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from groqchat.domain.compare import Score, Verdict, Vote, score
from groqchat.ui.text import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.services.compare import Column, Comparison
    from groqchat.ui.parts import Parts

_LETTERS = "ABCDEFGH"


@dataclass(slots=True)
class Ballot:
    """Votes on the turns of a comparison.

    ``is_blind`` says that names are hidden until the first vote; afterwards they are known.
    """

    parts: Parts
    comparison: Comparison
    is_blind: bool = False
    votes: dict[int, Vote] = field(default_factory=dict)

    @property
    def vote(self) -> Vote | None:
        """The judgement on the present turn."""
        return self.votes.get(self.comparison.turn)

    @property
    def winner(self) -> str | None:
        """The model that was the best in the present turn."""
        return self.vote.winner if self.vote else None

    @property
    def hides_names(self) -> bool:
        """Whether nobody is to know who is who."""
        return self.is_blind and not self.votes

    @property
    def words(self) -> str:
        """How the present turn was judged; empty while it was not."""
        if self.vote is None:
            return ""
        words = {Verdict.TIE: "a tie", Verdict.ALL_BAD: "all bad"}
        return words.get(self.vote.verdict, f"★ {line(self.vote.winner or '', 60)}")

    @property
    def scores(self) -> Sequence[Score]:
        """What all turns come to, in the order of the columns."""
        votes = self.votes.values()
        return [
            score(column.model, column.figures, failures=column.failures, votes=votes)
            for column in self.comparison.columns
        ]

    def name_of(self, column: Column) -> str:
        """What is written over a column."""
        place = self.comparison.columns.index(column)
        return f"Model {_LETTERS[place]}" if self.hides_names else column.model

    def toggle_blind(self) -> None:
        """Hide the names and shuffle the columns, or show the names again."""
        self.is_blind = not self.is_blind
        if self.is_blind:
            random.shuffle(self.comparison.columns)

    async def cast(self, verdict: Verdict, winner: str | None = None) -> None:
        """Judge the present turn, once more if need be.

        Raises:
            StorageError: It counts here, but cannot be kept.
        """
        vote = Vote(
            self.comparison.session.id,
            self.comparison.turn,
            self.parts.clock.now(),
            tuple(column.model for column in self.comparison.columns),
            verdict,
            winner,
            self.hides_names,
        )
        self.votes[vote.turn] = vote
        await self.parts.votes.save(vote)
