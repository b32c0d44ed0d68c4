"""A projection of the user's own use: turns on each plan, and cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.limits.allowance import FIRST_GUESS_TOKENS
from groqchat.domain.models.catalog import Plan
from groqchat.domain.money.usage import Usage
from groqchat.domain.planning.planner import Call, capacity, project_tokens
from groqchat.domain.text.humanize import UNKNOWN, count, counted, money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.domain.ledger.sums import Sums
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.planning.planner import CallLimit, WorkloadCost

# What is priced beside the month itself, so that short use can be judged too.
PRICED_REQUESTS = 1_000


@dataclass(frozen=True, slots=True)
class UsageProjection:
    """The projection for one model, from the size of a turn and the tokens of a month."""

    model: Model
    recent_tokens_per_turn: float | None
    month: Sums

    def lines(self) -> Iterator[str]:
        """Lines on the turns that each plan allows, and the cost of a month and 1,000 requests."""
        tokens = count(self.tokens_per_turn)
        guessed = f"At {tokens} tokens a turn, a guess before the first one:"
        yield f"At your {tokens} tokens a turn:" if self._average else guessed
        for plan in (Plan.FREE, Plan.DEVELOPER):
            if limits := self.model.limits.get(plan):
                room = capacity(limits, Call(self.tokens_per_turn))
                minute, day = room.per_minute, room.per_day
                a_minute = _turns(minute, minute.calls if minute else 0, "a minute")
                a_day = _turns(day, day.calls_per_day if day else 0, "a day")
                yield f"{plan} plan: {a_minute}, {a_day}"
        done = self._accepted
        if not done:
            yield "nothing was asked in the last 30 days, so there is nothing to price"
            return
        yield f"your last 30 days, {counted(done, 'request')}: {self._price(1)}"
        yield f"{count(PRICED_REQUESTS)} requests like these: {self._price(PRICED_REQUESTS / done)}"

    @property
    def tokens_per_turn(self) -> int:
        """The tokens of an average turn, or a guess where nothing was ever asked."""
        return round(self._average or FIRST_GUESS_TOKENS)

    @property
    def _average(self) -> float:
        month = self.month
        tokens = month.prompt_tokens - month.cached_tokens + month.completion_tokens
        return self.recent_tokens_per_turn or (tokens / self._accepted if self._accepted else 0.0)

    @property
    def _accepted(self) -> int:
        """The requests of the month that the server took: others used nothing."""
        return self.month.requests - self.month.refused

    def _price(self, times: float) -> str:
        """The price of the month, multiplied by a factor."""
        synchronous, batch = (
            money(cost.total * Decimal(times)) if cost else UNKNOWN
            for cost in (self.cost.synchronous, self.cost.batch)
        )
        return f"{synchronous} at list price, {batch} as a batch"

    @property
    def cost(self) -> WorkloadCost:
        """The present cost of the month's tokens, sent at once and as a batch."""
        month = self.month
        usage = Usage(month.prompt_tokens, month.cached_tokens, month.completion_tokens)
        return project_tokens(usage, self.model.price)


def _turns(call_limit: CallLimit | None, calls: int, period: str) -> str:
    if call_limit is None:
        return f"{UNKNOWN} {period}"
    return f"{count(calls)} turn{'' if calls == 1 else 's'} {period} ({call_limit.kind})"
