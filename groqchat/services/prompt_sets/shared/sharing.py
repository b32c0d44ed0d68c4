"""The part of one machine in a set that several ask: what it asks, hands in, and gets of others.

Answers of others become answers of the own session, so that checks, reports and resumption know no
difference. An answer has the same id on all machines.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.prompt_sets.prompt_set import key_of, may_be_retried, message_id
from groqchat.domain.team.set_results import answer_result, failure_result, read_result
from groqchat.domain.team.set_runs import Settled
from groqchat.domain.turns.chat import Answered, Message
from groqchat.services.compare.column import Failed
from groqchat.services.prompt_sets.events import SetTurnEvent
from groqchat.services.prompt_sets.shared.desk import ClaimLostError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence

    from groqchat.domain.prompt_sets.prompt_set import Pair, SetFailure, SetPrompt
    from groqchat.domain.team.set_runs import SetPlan, SharedRun
    from groqchat.services.prompt_sets.events import SetEvent
    from groqchat.services.prompt_sets.prompt_sets import PromptSetRun
    from groqchat.services.prompt_sets.set_services import AskPrompt, SetServices
    from groqchat.services.prompt_sets.shared.desk import Desk
    from groqchat.services.scheduling.lane import LaneSlot
    from groqchat.services.scheduling.scheduler import Job
    from groqchat.services.team.set_ports import SetRunStore

_AT_ONCE = 200


class Joined(NamedTuple):
    """A run of several machines in which this one takes part."""

    store: SetRunStore
    run: SharedRun
    plan: SetPlan


class SharedSet:
    """The part of this machine in a shared set.

    Args:
        joined: The run of all.
        run: The run of this machine.
        desk: The desk of this machine.
        services: The services that the run uses.

    Attributes:
        trouble: Why the answers of others are not there; None where they are.
    """

    def __init__(
        self, joined: Joined, run: PromptSetRun, desk: Desk, services: SetServices
    ) -> None:
        self._store, self._shared, self._plan = joined
        self._order = self._plan.order
        self._places = {key: place for place, key in enumerate(self._plan.keys)}
        self._run = run
        self._services = services
        self._known: dict[int, int] = {}
        self._told: set[str] = set()
        self.desk = desk
        self.trouble: GroqchatError | None = None

    @property
    def id(self) -> str:
        """The id of the run of all."""
        return self._shared.id

    @property
    def size(self) -> int:
        """The number of answers that all ask for together."""
        return self._plan.size

    async def begin(self) -> None:
        """Become a worker, and hand in what only this machine has.

        Raises:
            GroqchatError: The team's store cannot be used.
        """
        await self.desk.open()
        await self._hand_in()
        await self.desk.handed_in()

    async def end(self) -> int:
        """Stop being a worker, and get what the others have; returns how many results are left."""
        left = await self.desk.leave()
        self.trouble = self.desk.error
        try:
            await self.collect()
        except GroqchatError as error:
            self.trouble = error
        finally:
            await self._store.close()
        return left

    # -- asking -------------------------------------------------------------------------------

    def jobs(self, column: str, ask: AskPrompt) -> Iterator[Job[SetEvent]]:
        """Jobs for what this machine gets to ask of a column, until nothing is left."""
        while not self.desk.is_over(column):
            yield partial(self._job, column, ask)

    async def _job(
        self, column: str, ask: AskPrompt, slot: LaneSlot
    ) -> AsyncGenerator[SetEvent, None]:
        """Ask one prompt that nobody else asks; its result is handed in at once."""
        desk = self.desk
        try:
            number = await desk.claim(column)
        except GroqchatError as error:
            self._run.stop(column, error)
            return
        if number is None:
            return
        prompt = self._run.prompts[number % self._shared.length]
        slot.before_sending = partial(desk.confirm, number)
        told: Answered | Failed | None = None
        try:
            async with aclosing(ask(column, prompt, slot)) as events:
                async for event in events:
                    if isinstance(event, SetTurnEvent) and isinstance(
                        event.event, Answered | Failed
                    ):
                        told = event.event
                    yield event
            if told is not None:
                desk.settle(await self._settled(number, column, prompt, told))
        except ClaimLostError:
            return
        finally:
            desk.release(number)

    async def _settled(
        self, number: int, column: str, prompt: SetPrompt, told: Answered | Failed
    ) -> Settled:
        """The result of a task, with all answers that were paid for it."""
        run = self._run
        ids = run.started.pop((prompt.key, column), [])
        there = await self._services.store.messages(ids)
        answers = [there[each] for each in ids if each in there]
        if isinstance(told, Answered):
            return self._result(number, answers, is_final=told.message.state.is_answered)
        failed = run.failure(column, prompt, told.error)
        return self._result(number, answers, failed, is_final=not may_be_retried(told.error))

    def _result(
        self,
        number: int,
        answers: Sequence[Message],
        failed: SetFailure | None = None,
        *,
        is_final: bool,
    ) -> Settled:
        results = [answer_result(answer) for answer in answers]
        self._told.update(answer.id for answer in answers)
        if failed is not None:
            results.append(failure_result(failed))
        cost = sum((each.cost.total for each in answers if each.cost), Decimal(0))
        self._known[number] = self._known.get(number, 0) + len(results)
        return Settled(number, tuple(results), is_final, cost)

    # -- what the others have, and what only this machine has ---------------------------------

    async def collect(self) -> None:
        """Store what the others were answered, and what failed there, each once.

        Raises:
            GroqchatError: The team's store cannot be used.
            StorageError: The results cannot be stored; the next call goes on.
        """
        counts = await self._store.counts(self._shared, self._services.clock.now())
        numbers = sorted(n for n, count in counts.items() if count != self._known.get(n))
        if not numbers:
            return
        run = self._run
        if await self._services.store.session(run.session.id) is None:
            await self._services.store.create_session(run.session)
        await run.keep()
        there = {each.id for each in await self._services.store.answers(run.session.id)}
        failures = {
            each.pair: each for each in await self._services.records.failures(run.session.id)
        }
        for start in range(0, len(numbers), _AT_ONCE):
            chunk = numbers[start : start + _AT_ONCE]
            results = await self._store.results(self._shared, chunk, self._services.clock.now())
            for number, texts in sorted(results.items()):
                await self._bring(number, texts, there, failures)
                self._known[number] = len(texts)

    async def _bring(
        self, number: int, texts: Iterable[str], there: set[str], failures: dict[Pair, SetFailure]
    ) -> None:
        run, column = self._run, self._order[number // self._shared.length]
        prompt = run.asked(column, run.prompts[number % self._shared.length])
        parent = message_id(run.session.id, prompt.key)
        pair = prompt.key, run.options[column].model
        for text in texts:
            try:
                result = read_result(text, run.session.id, parent, pair)
            except ValueError as mistake:
                detail = f"an answer there cannot be read: {mistake}"
                raise failure("team_failed", detail=detail) from None
            if isinstance(result, Message):
                await self._bring_answer(result, prompt, there)
                continue
            known = failures.get(pair)
            if known is None or known.time < result.time:
                failures[pair] = result
                await self._services.records.note(result)

    async def _bring_answer(self, answer: Message, prompt: SetPrompt, there: set[str]) -> None:
        """Store an answer, under an id of its own if another session of this machine has it too."""
        further = f"{answer.session_id}-{answer.id}"
        self._told |= {answer.id, further}
        if {answer.id, further} & there:
            return
        await self._run.stored_prompt(prompt)
        if await self._services.store.messages([answer.id]):
            answer = replace(answer, id=further)
        there.add(answer.id)
        await self._services.store.add_message(answer)

    async def _hand_in(self) -> None:
        """Hand in what this machine has of tasks that the others have no result of."""
        run = self._run
        answers: dict[Pair, list[Message]] = {}
        for message in await self._services.store.answers(run.session.id):
            pair = key_of(run.session.id, message.parent_id), message.model or ""
            answers.setdefault(run.shown.get(pair, pair), []).append(message)
        failures = {
            run.shown.get(each.pair, each.pair): each
            for each in await self._services.records.failures(run.session.id)
        }
        for pair in answers.keys() | failures.keys():
            number = self._number(pair)
            if number is None:
                continue
            failed = failures.get(pair)
            own = [each for each in answers.get(pair, []) if each.id not in self._told]
            if own and pair in run.progress.answers:  # also what was paid where others came first
                self.desk.settle(self._result(number, own, is_final=True))
            elif number not in self._known and failed is not None and not failed.is_retryable:
                self.desk.settle(self._result(number, own, failed, is_final=True))

    def _number(self, pair: Pair) -> int | None:
        key, column = pair
        place = self._places.get(key)
        if place is None or column not in self._run.options:
            return None
        return self._plan.tasks_of(column).start + place
