"""Lets models judge the answers of a set by the rubrics of its checks, each answer once.

Verdicts are stored as they are given, so that a run that was stopped goes on where it was. Every
verdict is an ordinary turn, and a job in the lane of its judge. Listen with ``aclosing``.
"""

from __future__ import annotations

from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.images.image import shown_prompt
from groqchat.domain.prompt_sets.judged import missing_verdicts
from groqchat.domain.prompt_sets.prompt_set import stops_the_model, usual_answer
from groqchat.domain.prompt_sets.rubrics import StoredVerdict, by_key
from groqchat.services.compare.judge import RubricTurn
from groqchat.services.compare.merge import merge_streams
from groqchat.services.scheduling.scheduler import JobQueue

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from groqchat.domain.prompt_sets.judged import MissingVerdict
    from groqchat.domain.prompt_sets.rubrics import Verdict, VerdictKey
    from groqchat.services.compare.judge import Estimate, Judge
    from groqchat.services.ports import Clock
    from groqchat.services.prompt_sets.prompt_sets import PromptSetRun
    from groqchat.services.prompt_sets.records import SetRecords
    from groqchat.services.prompt_sets.shared_budget import SharedBudget
    from groqchat.services.scheduling.lane import LaneSlot
    from groqchat.services.scheduling.scheduler import LaneOf


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict was given; None where the judge's answer holds none."""

    missing: MissingVerdict
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class JudgeFailed:
    """A verdict could not be given; ``stops`` says that the judge gives no further ones now."""

    missing: MissingVerdict
    error: GroqchatError
    stops: bool


@dataclass(frozen=True, slots=True)
class JudgingServices:
    """The services of judging: ``lane_of`` gives the lanes of models, ``records`` keep verdicts."""

    records: SetRecords
    lane_of: LaneOf
    clock: Clock


@dataclass(frozen=True, slots=True)
class JudgingEstimate:
    """The verdicts that are missing, and the most that they may cost; None is unknown."""

    verdicts: int
    cost: Decimal | None


class SetJudging:
    """The judging of one run.

    Args:
        run: The run, with its answers.
        judges: The judges by the ids of their models.
        services: The services that judging uses.
        budget: The most that the set may cost; None: it has no budget of its own.
        before_asking: Called before each request.
    """

    def __init__(
        self,
        run: PromptSetRun,
        judges: Mapping[str, Judge],
        services: JudgingServices,
        *,
        budget: SharedBudget | None = None,
        before_asking: Callable[[], None] = lambda: None,
    ) -> None:
        self._run = run
        self._judges = judges
        self._services = services
        self._budget = budget
        self._before_asking = before_asking
        self._given: Mapping[VerdictKey, Verdict] = {}
        self._queues: dict[str, JobQueue[Judged | JudgeFailed]] = {}

    async def recall(self) -> None:
        """Read the verdicts that are stored already."""
        self._given = by_key(await self._services.records.verdicts(self._run.session.id))

    @property
    def missing(self) -> list[MissingVerdict]:
        """The verdicts that are still to be given."""
        run = self._run
        return missing_verdicts(run.prompts, run.options, run.progress, self._given)

    def estimate(self) -> JudgingEstimate:
        """Estimate the cost of all verdicts that are still to be given, before anything is sent."""
        missing = self.missing
        costs = [self._estimate(each).cost for each in missing]
        known = [cost for cost in costs if cost is not None]
        whole = sum(known, Decimal(0)) if len(known) == len(costs) else None
        return JudgingEstimate(len(missing), whole)

    async def judge(self) -> AsyncGenerator[Judged | JudgeFailed, None]:
        """Judge all answers that are there, the judges side by side.

        Raises:
            StorageError: A verdict cannot be stored.
        """
        there = [each for each in self.missing if each.answer]
        streams = merge_streams([self._judged_by(name, there) for name in self._judges])
        async with aclosing(streams) as events:
            async for event in events:
                yield event

    async def _judged_by(
        self, name: str, missing: list[MissingVerdict]
    ) -> AsyncGenerator[Judged | JudgeFailed, None]:
        jobs = (partial(self._job, each) for each in missing if each.rubric.model == name)
        self._queues[name] = queue = JobQueue(self._services.lane_of(None, name), jobs)
        async with aclosing(queue.events()) as events:
            async for event in events:
                yield event

    async def _job(
        self, missing: MissingVerdict, slot: LaneSlot
    ) -> AsyncGenerator[Judged | JudgeFailed, None]:
        """Ask for one verdict; an error that would meet every further one stops the judge."""
        name = missing.rubric.model
        try:
            async with AsyncExitStack() as stack:
                if self._budget is not None:
                    most = self._estimate(missing).cost or Decimal(0)
                    await stack.enter_async_context(self._budget.holding(most))
                self._before_asking()
                verdict = await self._judges[name].check(self._turn(missing), slot)
        except GroqchatError as error:
            stops = stops_the_model(error)
            if stops:
                self._queues[name].stop()
            yield JudgeFailed(missing, error, stops)
            return
        if verdict is not None:
            await self._services.records.save_verdict(self._stored(missing, verdict))
        yield Judged(missing, verdict)

    def _turn(self, missing: MissingVerdict) -> RubricTurn:
        answer = missing.answer.content if missing.answer else ""
        asked = shown_prompt(missing.prompt.conversation)  # a judge reads, and sees no images
        return RubricTurn(self._run.session.id, asked, answer, missing.rubric)

    def _stored(self, missing: MissingVerdict, verdict: Verdict) -> StoredVerdict:
        rubric, now = missing.rubric, self._services.clock.now()
        answer_id = missing.answer.id if missing.answer else ""
        about = self._run.session.id, answer_id, rubric.digest, rubric.model
        return StoredVerdict(*about, verdict.passed, verdict.reason, now)

    def _estimate(self, missing: MissingVerdict) -> Estimate:
        options = self._run.options[missing.model]
        coming = 0 if missing.answer else usual_answer([], options.max_tokens)
        return self._judges[missing.rubric.model].estimate_check(self._turn(missing), coming)
