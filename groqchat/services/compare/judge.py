"""A model as judge of the answers of others: asked twice where it compares, in opposite orders."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.compare.judging import judgement, read_ranking, task
from groqchat.domain.compare.rules import model_in
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.money.pricing import cost_of
from groqchat.domain.money.usage import Usage
from groqchat.domain.prompt_sets.rubrics import (
    ANSWER,
    REFERENCE,
    against_reference,
    read_verdict,
    rubric_task,
)
from groqchat.domain.structured.response_format import JSON_REQUEST
from groqchat.domain.turns.chat import Answered, Options, Role, Session
from groqchat.domain.turns.request import RequestMessage

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from decimal import Decimal

    from groqchat.domain.compare.judging import Judgement
    from groqchat.domain.models.catalog import Catalog, Model
    from groqchat.domain.prompt_sets.rubrics import Rubric, Verdict
    from groqchat.domain.turns.chat import TurnEvent
    from groqchat.services.ports import Clock, SessionStore
    from groqchat.services.scheduling.lane import Slot
    from groqchat.services.turns.accounting import Accounting
    from groqchat.services.turns.chat import Turns

ROUNDS = 2
LONGEST_VERDICT = 2_000
"""The limit of completion tokens of one round, reasoning included."""


@dataclass(frozen=True, slots=True)
class JudgedTurn:
    """The turn of a comparison that a model judges: the prompt, and each model's answer.

    ``rubric`` is what they are judged by; empty: how useful they are.
    """

    session_id: str
    turn: int
    prompt: str
    models: Sequence[str]
    answers: Sequence[str]
    rubric: str = ""


@dataclass(frozen=True, slots=True)
class RubricTurn:
    """One answer that a model judges by a rubric; its cost counts in the session."""

    session_id: str
    prompt: str
    answer: str
    rubric: Rubric

    @property
    def compared(self) -> JudgedTurn:
        """The answer beside the reference of the rubric."""
        answers = (self.answer, self.rubric.reference)
        named = (ANSWER, REFERENCE)
        return JudgedTurn(self.session_id, 0, self.prompt, named, answers, self.rubric.text)


@dataclass(slots=True)
class _Sitting:
    """The session of some rounds; it is kept where a verdict in it cannot be read."""

    session: Session
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class Estimate:
    """The most that both rounds may take. ``cost`` is None where no price is known."""

    prompt_tokens: int
    completion_tokens: int
    cost: Decimal | None


class Judge:
    """A model that judges.

    Both rounds are ordinary turns with limits, budget, retries and ledger. They stand in a session
    of their own, which is deleted unless the model's words cannot be read as a verdict. The cost of
    a deleted one counts in the session of the comparison.

    Args:
        model: The judging model.
        turns: The one engine that answers prompts.
        store: The store of sessions.
        accounting: The accounting of the account, which estimates the length of texts in tokens.
        clock: Time.
        new_id: Makes ids of sessions.
    """

    def __init__(
        self,
        model: Model,
        turns: Turns,
        *,
        store: SessionStore,
        accounting: Accounting,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._model = model
        self._turns = turns.without_fallback()
        self._store = store
        self._accounting = accounting
        self._clock = clock
        self._new_id = new_id

    @property
    def model_id(self) -> str:
        """The id of the judging model."""
        return self._model.id

    def estimate(self, turn: JudgedTurn) -> Estimate:
        """Estimate tokens and cost before anything is sent."""
        return self._estimate([task(turn.prompt, turn.answers, turn.rubric)] * ROUNDS)

    def estimate_check(self, turn: RubricTurn, answer_tokens: int = 0) -> Estimate:
        """Estimate tokens and cost of a check before it is sent.

        Args:
            turn: The answer, which may be empty while it is not there yet.
            answer_tokens: The tokens that it will have then.
        """
        if turn.rubric.reference:
            compared = turn.compared
            texts = [task(compared.prompt, compared.answers, compared.rubric)] * ROUNDS
        else:
            texts = [rubric_task(turn.prompt, turn.answer, turn.rubric)]
        return self._estimate(texts, answer_tokens)

    def _estimate(self, texts: Sequence[str], further: int = 0) -> Estimate:
        estimator = self._accounting.sizing.estimator(self._model.id)
        prompt = sum(
            estimator.prompt(
                [RequestMessage(Role.SYSTEM, JSON_REQUEST), RequestMessage(Role.USER, text)],
                is_json=True,
            ).tokens
            + further
            for text in texts
        )
        usage = Usage(prompt, completion_tokens=len(texts) * LONGEST_VERDICT)
        cost = cost_of(usage, self._model.price)
        return Estimate(prompt, usage.completion_tokens, cost.total if cost else None)

    async def judge(
        self,
        turn: JudgedTurn,
        on_event: Callable[[int, TurnEvent], None] = lambda *_: None,
        slot: Slot | None = None,
    ) -> Judgement | None:
        """Run both rounds; returns None where an answer of the judge holds no ranking.

        Args:
            turn: The turn that is judged.
            on_event: Called with the number of the round, counted from 1, and each of its events.
            slot: The place of a job in the lane of the judge; None: somebody waits for it.

        Raises:
            GroqchatError: A round failed.
        """
        forth = range(len(turn.answers))
        rounds = []
        async with self._sitting(turn.prompt, turn.session_id) as sitting:
            for number, order in enumerate((forth, forth[::-1]), 1):
                text = task(turn.prompt, [turn.answers[each] for each in order], turn.rubric)
                said = await self._round(sitting.session, text, partial(on_event, number), slot)
                rounds.append(None if said is None else read_ranking(said, order))
            sitting.is_read = None not in rounds
        first, second = rounds
        if first is None or second is None:
            return None
        return judgement(
            (first, second),
            turn.models,
            session_id=turn.session_id,
            turn=turn.turn,
            time=self._clock.now(),
            judge=self._model.id,
        )

    async def check(self, turn: RubricTurn, slot: Slot | None = None) -> Verdict | None:
        """Judge one answer by a rubric; returns None where the judge's answer holds no verdict.

        An answer is compared with the reference of the rubric, where there is one, in both orders.

        Args:
            turn: The answer and the rubric.
            slot: The place of a job in the lane of the judge; None: somebody waits for it.

        Raises:
            GroqchatError: A round failed.
        """
        if turn.rubric.reference:
            judged = await self.judge(turn.compared, slot=slot)
            return None if judged is None else against_reference(judged)
        async with self._sitting(turn.prompt, turn.session_id) as sitting:
            text = rubric_task(turn.prompt, turn.answer, turn.rubric)
            said = await self._round(sitting.session, text, lambda _: None, slot)
            verdict = None if said is None else read_verdict(said)
            sitting.is_read = verdict is not None
        return verdict

    @asynccontextmanager
    async def _sitting(self, prompt: str, charged_to: str) -> AsyncGenerator[_Sitting, None]:
        """A session for the rounds about a prompt, which is deleted once they are read."""
        now = self._clock.now()
        title = f"Judged by {self._model.id}: {' '.join(prompt.split())[:60]}"
        sitting = _Sitting(Session(self._new_id(), title, now, now, self._model.id))
        try:
            yield sitting
        finally:
            if sitting.is_read:
                with suppress(StorageError):
                    await self._store.delete_session(sitting.session.id, charged_to=charged_to)

    async def _round(
        self,
        session: Session,
        text: str,
        on_event: Callable[[TurnEvent], None],
        slot: Slot | None = None,
    ) -> str | None:
        """The judge's answer to one task; None where there is none."""
        options = Options(self._model.id, max_tokens=LONGEST_VERDICT, temperature=0.0, is_json=True)
        asking = self._turns.ask(session, text, options, slot=slot)
        async with aclosing(asking) as events:
            async for event in events:
                on_event(event)
                if isinstance(event, Answered):
                    return event.message.content
        return None


class Judges:
    """The models of an account that can judge.

    Args:
        catalog: The models of the account as they are known at the moment.
        judge: Makes the judge of a model.
    """

    def __init__(self, catalog: Callable[[], Catalog], judge: Callable[[Model], Judge]) -> None:
        self._catalog = catalog
        self._judge = judge

    def of(self, turn: JudgedTurn, last_judge: str = "") -> dict[str, Judge]:
        """The judges for a turn by their ids, the most suitable first.

        Args:
            turn: The turn; models that answered in it come last, since they prefer their own words.
            last_judge: The id of the model that judged before, which comes first.
        """
        answered = set(map(model_in, turn.models))

        def rank(model: Model) -> tuple[bool, bool, bool]:
            return model.id != last_judge, model.price is None, model.id in answered

        models = sorted(self._catalog().chat_models(), key=rank)
        return {model.id: self._judge(model) for model in models}
