"""Brings what batches of a set answered into its session, as if it had been asked one by one.

A line's custom id is made from the prompt's message and the model, and the id of the answer from
the submission and the place of the line, so that bringing the same results again adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.batch.submission import LineStatus
from groqchat.domain.prompt_sets.batch_lines import answer_of, failure_of, pair_of, set_line

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from groqchat.domain.batch.lines import BatchLine
    from groqchat.domain.batch.results import StoredResult
    from groqchat.domain.batch.submission import Submission
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.prompt_sets.prompt_set import Pair, SetFailure
    from groqchat.services.batch.ports import BatchStore
    from groqchat.services.ports import SessionStore
    from groqchat.services.prompt_sets.prompt_sets import PromptSetRun
    from groqchat.services.prompt_sets.records import SetRecords

_AT_ONCE = 500


def pending_lines(run: PromptSetRun, model_of: Callable[[str], Model]) -> list[BatchLine]:
    """The lines for all that is still to be asked, model by model.

    Raises:
        ValueError: The server would refuse a line; the message names its prompt.
    """
    lines = []
    for model, options in run.options.items():
        for prompt in run.pending(model):
            try:
                lines.append(set_line(run.session.id, run.asked(model, prompt), options, model_of))
            except ValueError as mistake:
                raise ValueError(f"the prompt {prompt.id!r}: {mistake}") from None
    return lines


@dataclass(frozen=True, slots=True)
class SetBatches:
    """The batches of sets.

    Args:
        batches: The submissions of this machine.
        store: The sessions.
        records: The runs of sets.
    """

    batches: BatchStore
    store: SessionStore
    records: SetRecords

    async def under_way(self, session_id: str) -> Sequence[Submission]:
        """The submissions of a run that have not ended, the oldest first."""
        return [
            submission
            for submission in await self.batches.of_session(session_id)
            if not submission.is_over
        ]

    async def transfer(self, session_id: str) -> frozenset[Pair]:
        """Store all results of a run as its answers and failures, each once.

        Returns:
            The prompts, each with a model, of which an answer is still to come.

        Raises:
            StorageError: They cannot be stored; the next call goes on.
        """
        submissions = [
            submission
            for submission in await self.batches.of_session(session_id)
            if not submission.resubmits
        ]
        if not submissions:
            return frozenset()
        known = {message.id for message in await self.store.answers(session_id)}
        failures: dict[Pair, SetFailure] = {}
        pending: set[Pair] = set()
        for submission in submissions:
            ended = (
                max((part.ended or 0.0 for part in submission.parts), default=0.0)
                or submission.created
            )
            place = 0
            async for result in self._results(submission):
                pair = pair_of(session_id, result)
                identifier = f"{submission.id}-{place}"
                place += 1
                if result.status is LineStatus.PENDING:
                    pending.add(pair)
                answer = answer_of(session_id, result, identifier, ended)
                if answer is not None and answer.id not in known:
                    await self.store.add_message(answer)
                if failed := failure_of(session_id, result, ended):
                    failures[pair] = failed
        await self._note(session_id, failures)
        return frozenset(pending)

    async def _results(self, submission: Submission) -> AsyncGenerator[StoredResult, None]:
        """The results of the lines of a submission, in their order."""
        for start in range(0, submission.total, _AT_ONCE):
            for result in await self.batches.results(submission.id, start, start + _AT_ONCE):
                yield result

    async def _note(self, session_id: str, failures: dict[Pair, SetFailure]) -> None:
        """Store failures that are newer than what is stored of the same prompt and model."""
        there = await self.records.failures(session_id)
        times = {(failed.key, failed.model): failed.time for failed in there}
        for pair, failed in failures.items():
            if failed.time > times.get(pair, 0.0):
                await self.records.note(failed)
