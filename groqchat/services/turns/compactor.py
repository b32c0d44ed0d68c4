"""Plans how a conversation that outgrows a limit is made shorter, and stores side questions."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.limits.allowance import LEAST_ANSWER
from groqchat.domain.money.pricing import cost_of
from groqchat.domain.money.usage import Usage
from groqchat.domain.sessions.summaries import title_from
from groqchat.domain.turns.chat import Answered, Compacted, Message, Options, Role
from groqchat.domain.turns.compaction import (
    INSTRUCTION,
    LONGEST_SUMMARY,
    SUMMARY_TOKENS,
    Context,
    Plan,
    Way,
)
from groqchat.domain.turns.context import context
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.services.turns.compaction import Compaction

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.money.pricing import Price
    from groqchat.domain.turns.chat import Session, TurnEvent
    from groqchat.services.ports import Clock, SessionStore
    from groqchat.services.quota.quota import QuotaService
    from groqchat.services.turns.chat import Turns
    from groqchat.services.turns.sizing import RequestPreview, Sizing

# An answer with less room than so many tokens is hardly worth asking for.
_SHORT_ANSWER = 600
# The efforts of reasoning with which a summary is asked for, the first that a model takes.
_EFFORTS = ("none", "low")


class AccountModels(Protocol):
    """The models of an account."""

    def others(self, model_id: str) -> Sequence[Model]:
        """The chat models that can be called instead of one."""

    def model(self, model_id: str) -> Model:
        """The facts about a model."""

    def price_of(self, model_id: str) -> Price | None:
        """The price of a model; None when unknown."""


@dataclass(frozen=True, slots=True)
class Outgrown:
    """A conversation that is too long, with the next prompt, for what the model ever takes.

    Attributes:
        tokens: The estimated length of the prompt.
        most: The tokens that it may have, if it is longer than estimated.
        room: The longest prompt that fits beside a usual answer.
        answer: The length of a usual answer.
        text: The next prompt.
        error: The limit in the way, where the prompt surely never fits.
    """

    tokens: int
    most: int
    room: int
    answer: int
    text: str
    error: GroqchatError | None

    @property
    def left(self) -> int:
        """The tokens that are left for the answer."""
        return max(0, self.room + self.answer - self.tokens)

    @property
    def over(self) -> int:
        """The tokens that have to go before any answer can be had."""
        return max(0, self.tokens + LEAST_ANSWER - self.room - self.answer)

    @property
    def is_urgent(self) -> bool:
        """Whether the prompt cannot be sent, or leaves room for a scrap of an answer only."""
        return self.error is not None or self.left < min(self.answer, _SHORT_ANSWER)


class Compactor:
    """Compacts the conversations of one account.

    Args:
        store: Where conversations live.
        turns: Asks for summaries.
        quota: The limits of the account.
        sizing: Estimates lengths.
        models: The models of the account.
        clock: Time.
        new_id: Makes ids for messages and sessions.
    """

    def __init__(
        self,
        store: SessionStore,
        turns: Turns,
        quota: QuotaService,
        sizing: Sizing,
        models: AccountModels,
        *,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._turns = turns
        self._quota = quota
        self._sizing = sizing
        self._models = models
        self._clock = clock
        self._new_id = new_id

    async def outgrown(self, parent_id: str | None, text: str, options: Options) -> Outgrown | None:
        """How far a conversation is too long for a prompt; None where the prompt surely fits.

        Args:
            parent_id: The message that the prompt follows.
            text: The prompt.
            options: Model and parameters.

        Raises:
            StorageError: Messages or ledger cannot be read.
        """
        await self._quota.follow(options.model)
        return self.outgrown_by(await self._turns.preview(parent_id, options), text)

    def outgrown_by(self, preview: RequestPreview, text: str) -> Outgrown | None:
        """Like :meth:`outgrown`, of a request whose messages before the prompt are read already."""
        request, options = preview.request(text), preview.options
        room = self._quota.prompt_room(options)
        if room is None or request.prompt_tokens + request.doubt <= room:
            return None
        error = self._quota.admission_error(request)
        is_sure = error is not None and error.kind is ErrorKind.TOO_LARGE
        usual, longest = self._quota.usual_answer(options.model), options.max_tokens
        return Outgrown(
            request.prompt_tokens,
            request.prompt_tokens + request.doubt,
            room,
            min(usual, longest or usual),
            text,
            error if is_sure else None,
        )

    async def context_before(self, parent_id: str | None, options: Options) -> Context:
        """What a prompt behind a message is sent with.

        Raises:
            StorageError: Messages cannot be read.
        """
        path = await self._store.path(parent_id) if parent_id else ()
        return Context.of(context(path), self._sizing.estimator(options.model).message)

    async def plans(
        self,
        parent_id: str | None,
        options: Options,
        outgrown: Outgrown | None = None,
        *,
        model: str = "",
        turns: int = 0,
    ) -> Sequence[Plan]:
        """The ways to make a conversation shorter; none where there is nothing to leave out.

        Where the conversation is too long, half of the room is free afterwards, so that it is not
        too long again with the next prompt; a number of turns that was named is left out even
        where that is not enough.

        Args:
            parent_id: The message that the next prompt follows.
            options: Model and parameters.
            outgrown: How far it is too long; None: the user wants it shorter all the same.
            model: The model that the user chose for summaries; empty: the cheapest that can.
            turns: How many of the oldest turns the user wants to leave out; 0: as many as needed.

        Raises:
            StorageError: Messages or ledger cannot be read.
        """
        found = await self.context_before(parent_id, options)
        if not found.turns:
            return ()
        own = (await self._turns.preview(None, options)).request(outgrown.text if outgrown else "")

        def leaving(*, is_summarised: bool) -> int:
            if turns:
                return min(turns, len(found.turns))
            if outgrown is None:
                return found.turns_at_will
            left = outgrown.room // 2 - own.prompt_tokens - own.doubt
            return found.turns_over(left, is_summarised=is_summarised)

        plans = [_without_oldest(found, leaving(is_summarised=False))]
        for way, summarised in (
            (Way.SUMMARY, leaving(is_summarised=True)),
            (Way.NEW_SESSION, len(found.turns)),
        ):
            plan = await self._summary_plan(way, found, summarised, model)
            plans += [plan] if plan is not None and plan.freed > 0 else []
        if outgrown is None or turns:
            return plans
        room = outgrown.room + outgrown.answer - LEAST_ANSWER - own.prompt_tokens
        return [plan for plan in plans if _context_of(plan, found) <= room]

    async def automatic_plan(
        self, parent_id: str, text: str, options: Options, *, model: str = ""
    ) -> Plan | None:
        """What a session does before a prompt that may not fit; None where it fits, or never will.

        Where no model can summarise it, the oldest turns are left out.

        Args:
            parent_id: The message that the prompt follows.
            text: The prompt.
            options: Model and parameters; ``compaction`` is the way.
            model: The model that the user chose for summaries.
        """
        outgrown = await self.outgrown(parent_id, text, options)
        if outgrown is None:
            return None
        plans = await self.plans(parent_id, options, outgrown, model=model)
        own = (plan for plan in plans if plan.way == options.compaction)
        return next(own, plans[0] if plans else None)

    async def summaries(
        self, parent_id: str, options: Options, outgrown: Outgrown | None
    ) -> Sequence[Plan]:
        """A plan of a summary by each model that can write one, the best first; as `plans`."""
        plans: list[Plan] = []
        for model in self._models.others(""):
            by_model = await self.plans(parent_id, options, outgrown, model=model.id)
            plans += [plan for plan in by_model if plan.way is Way.SUMMARY]
        return sorted(plans, key=_cheapest)

    async def _summary_plan(self, way: Way, found: Context, turns: int, model: str) -> Plan | None:
        """The plan of a summary by a model, or by the cheapest whose limits hold the turns."""
        candidates = [self._models.model(model)] if model else self._models.others("")
        plans = [await self._summary_by(way, found, turns, each) for each in candidates]
        return min(filter(None, plans), key=_cheapest, default=None)

    async def _summary_by(self, way: Way, found: Context, turns: int, model: Model) -> Plan | None:
        await self._quota.follow(model.id)
        room = self._quota.prompt_room(Options(model.id, max_tokens=LONGEST_SUMMARY))
        instruction = self._sizing.estimator(model.id).message(Role.USER, INSTRUCTION)
        everything = found.prompt_tokens((turns,), instruction)
        parts = found.parts(turns, 2 * everything if room is None else room, instruction)
        if parts is None:
            return None
        tokens = found.prompt_tokens(parts, instruction)
        usage = Usage(tokens, completion_tokens=len(parts) * SUMMARY_TOKENS)
        cost = cost_of(usage, self._models.price_of(model.id))
        return Plan(
            way,
            turns,
            found.kept_from(turns),
            found.freed_by(turns, is_summarised=True),
            tuple(found.kept_from(each) for each in parts),
            model.id,
            cost.total if cost else None,
        )

    def compaction(
        self, session: Session, plan: Plan, leaf_id: str, *, is_automatic: bool = False
    ) -> Compaction:
        """A compaction that is to be carried out.

        Args:
            session: The session.
            plan: The way to go.
            leaf_id: The last message of the conversation.
            is_automatic: Whether the session does it unasked.
        """
        efforts = self._models.model(plan.model).reasoning_efforts
        effort = next((each for each in _EFFORTS if each in efforts), None)
        return Compaction(
            self._store,
            self._clock,
            self._new_id,
            session,
            plan,
            leaf_id,
            options=Options(plan.model, effort=effort, max_tokens=LONGEST_SUMMARY),
            is_automatic=is_automatic,
        )

    async def carry_out(self, compaction: Compaction) -> AsyncGenerator[TurnEvent, None]:
        """Carry a compaction out; ``Compacted`` comes last.

        Raises:
            GroqchatError: The summary cannot be had; the session is as before.
        """
        async with compaction:
            async with aclosing(self._summarised(compaction)) as events:
                async for event in events:
                    yield event
            mark = await compaction.finish()
        yield Compacted(mark)

    async def _summarised(self, compaction: Compaction) -> AsyncGenerator[TurnEvent, None]:
        """Have the requests for summaries answered one after another."""
        while (request := await compaction.next_request()) is not None:
            asked = self._turns.ask(compaction.session, request, compaction.options)
            async with aclosing(asked) as events:
                async for event in events:
                    yield event
                    if isinstance(event, Answered):
                        compaction.take(event.message)

    async def store_aside(self, session: Session, text: str, parent_id: str | None) -> Message:
        """Store a side question, which no later request will hold; a new session is created."""
        question = self._message(session.id, parent_id, Role.USER, text)
        question = replace(question, kind=MessageKind.ASIDE)
        titled = replace(session, title=session.title or title_from(text))
        await self._store.add_message(question, titled)
        return question

    def _message(self, session_id: str, parent_id: str | None, role: Role, text: str) -> Message:
        return Message(self._new_id(), session_id, parent_id, role, text, self._clock.now())


def _without_oldest(found: Context, turns: int) -> Plan:
    freed = found.freed_by(turns, is_summarised=False)
    return Plan(Way.OLDEST, turns, found.kept_from(turns), freed)


def _context_of(plan: Plan, found: Context) -> int:
    """The tokens of a context behind a compaction."""
    turns = len(found.turns) if plan.way is Way.NEW_SESSION else plan.turns
    return found.without(turns, is_summarised=plan.way is not Way.OLDEST)


def _cheapest(plan: Plan) -> tuple[bool, int, Decimal]:
    """The order of plans: by their requests, which wait for each other, then by their cost."""
    return plan.cost is None, len(plan.parts), plan.cost or Decimal(0)
