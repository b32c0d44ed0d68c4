"""A model as judge of the answers of others: asked twice, with the answers in opposite orders."""

from __future__ import annotations

from contextlib import aclosing, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.compare.judging import judgement, read_ranking, task
from groqchat.domain.compare.rules import model_in
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.money.pricing import cost_of
from groqchat.domain.money.usage import Usage
from groqchat.domain.structured.response_format import JSON_REQUEST
from groqchat.domain.turns.chat import Answered, Options, Role, Session
from groqchat.domain.turns.request import RequestMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from groqchat.domain.compare.judging import Judgement, Ranking
    from groqchat.domain.models.catalog import Catalog, Model
    from groqchat.domain.turns.chat import TurnEvent
    from groqchat.services.ports import Clock, SessionStore
    from groqchat.services.turns.accounting import Accounting
    from groqchat.services.turns.chat import Turns

ROUNDS = 2
LONGEST_VERDICT = 2_000
"""The limit of completion tokens of one round, reasoning included."""


@dataclass(frozen=True, slots=True)
class JudgedTurn:
    """The turn of a comparison that a model judges: the prompt, and each model's answer."""

    session_id: str
    turn: int
    prompt: str
    models: Sequence[str]
    answers: Sequence[str]


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
        messages = [
            RequestMessage(Role.SYSTEM, JSON_REQUEST),
            RequestMessage(Role.USER, task(turn.prompt, turn.answers)),
        ]
        estimator = self._accounting.sizing.estimator(self._model.id)
        prompt = ROUNDS * estimator.prompt(messages, is_json=True).tokens
        usage = Usage(prompt, completion_tokens=ROUNDS * LONGEST_VERDICT)
        cost = cost_of(usage, self._model.price)
        return Estimate(prompt, usage.completion_tokens, cost.total if cost else None)

    async def judge(
        self, turn: JudgedTurn, on_event: Callable[[int, TurnEvent], None] = lambda *_: None
    ) -> Judgement | None:
        """Run both rounds; returns None where an answer of the judge holds no ranking.

        Args:
            turn: The turn that is judged.
            on_event: Called with the number of the round, counted from 1, and each of its events.

        Raises:
            GroqchatError: A round failed.
        """
        now = self._clock.now()
        title = f"Judged by {self._model.id}: {' '.join(turn.prompt.split())[:60]}"
        session = Session(self._new_id(), title, now, now, self._model.id)
        forth = range(len(turn.answers))
        is_read = True
        try:
            first = await self._round(session, turn, forth, partial(on_event, 1))
            second = await self._round(session, turn, forth[::-1], partial(on_event, 2))
            is_read = first is not None and second is not None
        finally:
            if is_read:
                with suppress(StorageError):
                    await self._store.delete_session(session.id, charged_to=turn.session_id)
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

    async def _round(
        self,
        session: Session,
        turn: JudgedTurn,
        order: Sequence[int],
        on_event: Callable[[TurnEvent], None],
    ) -> Ranking | None:
        text = task(turn.prompt, [turn.answers[number] for number in order])
        options = Options(self._model.id, max_tokens=LONGEST_VERDICT, temperature=0.0, is_json=True)
        asking = self._turns.ask(session, text, options)
        async with aclosing(asking) as events:
            async for event in events:
                on_event(event)
                if isinstance(event, Answered):
                    return read_ranking(event.message.content, order)
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
