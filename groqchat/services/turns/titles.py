"""Titles of sessions by a cheap model, asked for only where the user wants one."""

from __future__ import annotations

from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.money.pricing import cost_of
from groqchat.domain.money.usage import Usage
from groqchat.domain.sessions.titling import LONGEST_ANSWER, TITLE_TOKENS, title_in, title_request
from groqchat.domain.text.humanize import count, money
from groqchat.domain.turns.chat import Answered, Options, Role, Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from groqchat.domain.models.catalog import Model
    from groqchat.services.ports import Clock, SessionStore
    from groqchat.services.turns.chat import Turns
    from groqchat.services.turns.compactor import AccountModels
    from groqchat.services.turns.sizing import Sizing

# The efforts of reasoning with which a title is asked for, the first that a model takes.
_EFFORTS = ("none", "low")


@dataclass(frozen=True, slots=True)
class TitlePlan:
    """A request for a title that is not sent yet.

    Attributes:
        session_id: The session.
        options: Model and parameters.
        text: The prompt.
        tokens: The tokens that the prompt and the title probably have.
        cost: What they probably cost; None: unknown.
    """

    session_id: str
    options: Options
    text: str
    tokens: int
    cost: Decimal | None

    @property
    def model(self) -> str:
        """The model that is asked."""
        return self.options.model

    @property
    def question(self) -> str:
        """What the user agrees to, or does not: who is asked, how much is sent, and its cost."""
        cost = "unknown" if self.cost is None else f"≈ {money(self.cost)}"
        return (
            f"Ask {self.model} for a title? It gets the beginnings of a few messages: "
            f"≈ {count(self.tokens)} tokens, cost {cost}."
        )


@dataclass(frozen=True, slots=True)
class Title:
    """A title that a model wrote, and what it cost; ``text`` is empty where it wrote none."""

    text: str
    cost: Decimal | None


class Titles:
    """Has titles written, through the one engine that answers prompts.

    The request stands in a session of its own, in no list, which is deleted afterwards; its cost
    counts in the session that gets the title.

    Args:
        turns: Answers prompts.
        store: Where sessions live.
        models: The models of the account.
        sizing: Estimates lengths.
        clock: Time.
        new_id: Makes ids of sessions.
    """

    def __init__(
        self,
        turns: Turns,
        store: SessionStore,
        models: AccountModels,
        sizing: Sizing,
        *,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._turns = turns.without_fallback()
        self._store = store
        self._models = models
        self._sizing = sizing
        self._clock = clock
        self._new_id = new_id

    async def plan(self, session: Session, model: str = "") -> TitlePlan | None:
        """The request for the title of a session; None where nothing was said in it.

        Args:
            session: The session.
            model: The model that the user chose; empty: the cheapest one.

        Raises:
            StorageError: Its messages cannot be read.
        """
        path = await self._store.path(session.leaf_id) if session.leaf_id else ()
        text = title_request(path)
        candidates = [self._models.model(model)] if model else self._models.others("")
        if not text or not candidates:
            return None
        plans = [self._plan_by(each, session.id, text) for each in candidates]
        return min(plans, key=lambda plan: (plan.cost is None, plan.cost or 0))

    def _plan_by(self, model: Model, session_id: str, text: str) -> TitlePlan:
        asked = self._sizing.estimator(model.id).message(Role.USER, text).tokens
        cost = cost_of(
            Usage(asked, completion_tokens=TITLE_TOKENS), self._models.price_of(model.id)
        )
        effort = next((each for each in _EFFORTS if each in model.reasoning_efforts), None)
        options = Options(model.id, effort=effort, max_tokens=LONGEST_ANSWER)
        return TitlePlan(
            session_id, options, text, asked + TITLE_TOKENS, cost.total if cost else None
        )

    async def write(self, plan: TitlePlan) -> Title:
        """Have a title written; the session is not renamed.

        Raises:
            GroqchatError: The model did not answer.
        """
        now = self._clock.now()
        title = f"Title by {plan.model}"
        session = Session(self._new_id(), title, now, now, plan.model, is_archived=True)
        found = Title("", None)
        try:
            asking = self._turns.ask(session, plan.text, plan.options)
            async with aclosing(asking) as events:
                async for event in events:
                    if isinstance(event, Answered):
                        answer = event.message
                        cost = answer.cost.total if answer.cost else None
                        found = Title(title_in(answer.content), cost)
        finally:
            with suppress(StorageError):
                await self._store.delete_session(session.id, charged_to=plan.session_id)
        return found
