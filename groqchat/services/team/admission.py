"""Takes what requests need of the limits that an account shares with its team."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import RateLimitedError
from groqchat.domain.limits.allowance import Allowance, allowance, allowance_for_amounts
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.team.place import SOONEST_S, PlaceState
from groqchat.services.quota.admission import limit_error
from groqchat.services.quota.reservation import Reservation
from groqchat.services.team.limits import RETRY_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.models.catalog import Catalog, Model
    from groqchat.domain.team.place import Amounts
    from groqchat.domain.turns.request import ChatRequest
    from groqchat.services.ports import Clock
    from groqchat.services.quota.quota import QuotaService
    from groqchat.services.team.limits import TeamLimits


@dataclass(slots=True)
class _Terms:
    """The terms on which a request may be sent.

    ``is_queued`` says that nobody waits for it alone; ``state`` is what it was decided by.
    """

    is_queued: bool
    state: PlaceState = field(default_factory=PlaceState)
    allowed: Allowance = field(default_factory=lambda: Allowance(None))

    @property
    def again_s(self) -> float | None:
        """The seconds after which it is worth asking again; 0: it fits, None: it never will.

        For a limit of the day a queue ends, which one of the minute only delays.
        """
        wait, tightest = self.allowed.wait_s, self.allowed.tightest
        is_of_the_day = tightest is not None and tightest.kind.window_s > LimitKind.RPM.window_s
        if not wait or not self.is_queued or is_of_the_day:
            return wait
        return self.state.again_after(wait)


def _sooner(allowed: Allowance, likely: Allowance) -> Allowance:
    """The terms of a request that has to wait, with the time that this will probably take."""
    if allowed.wait_s is None or likely.wait_s is None:
        return allowed
    return replace(allowed, wait_s=min(allowed.wait_s, max(SOONEST_S, likely.wait_s)))


class TeamAdmission:
    """Admits requests by the limits of a team.

    Args:
        limits: The limits.
        quota: What this machine knows of them.
        catalog: The models and their windows.
        model_of: What is known about a model.
        clock: Time.
    """

    def __init__(
        self,
        limits: TeamLimits,
        quota: QuotaService,
        catalog: Catalog,
        model_of: Callable[[str], Model],
        clock: Clock,
    ) -> None:
        self.limits = limits
        self._quota = quota
        self._catalog = catalog
        self._model_of = model_of
        self._clock = clock

    async def admitted(
        self, request: ChatRequest, *, shares: bool, is_queued: bool, is_checked: bool
    ) -> tuple[ChatRequest, GroqchatError | None]:
        """Take what a request needs, with the longest answer that the limits leave room for.

        Args:
            request: The request.
            shares: Whether other requests of this machine follow.
            is_queued: Whether nobody waits for this answer alone.
            is_checked: Whether a request that does not fit is held back.

        Returns:
            The request as it may be sent; or as it was, and the limit that holds it back.

        Raises:
            StorageError: The machine's own database cannot be used.
        """
        model, now, terms = request.options.model, self._clock.now(), _Terms(is_queued)
        size, longest = self._quota.size_of(request), request.prompt_tokens + request.doubt
        usual = self._model_of(model).reservation

        def fit(state: PlaceState, likely: PlaceState) -> tuple[Amounts, float | None]:
            beside = state.running if shares or state.active > 1 else None
            terms.state, asked = state, replace(size, beside=beside)
            allowed = allowance(state.cautious, asked, now)
            if allowed.wait_s:
                allowed = _sooner(allowed, allowance(likely.cautious, asked, now))
            terms.allowed = allowed if is_checked else Allowance(request.options.max_tokens)
            reservation = Reservation(now, longest, terms.allowed.max_tokens or usual)
            return reservation.amounts, terms.again_s

        own = self._quota.own_buckets(model)
        try:
            lease = await self.limits.take(model, own, fit, is_forced=not is_checked)
        except RateLimitedError as error:
            return request, error
        if lease is None:
            return request, self._error(terms, model)
        max_tokens = terms.allowed.max_tokens
        is_short = max_tokens is not None and max_tokens < self._quota.longest_alone(request)
        options = replace(request.options, max_tokens=max_tokens)
        return replace(request, options=options, is_short=is_short, lease=lease), None

    async def admitted_audio(self, model: str, seconds: float) -> tuple[str, GroqchatError | None]:
        """Take what a sound file of a length needs; returns the id of that, or the limit.

        Raises:
            StorageError: The machine's own database cannot be used.
        """
        now, terms = self._clock.now(), _Terms(is_queued=True)
        amounts = Reservation(now, 0, 0, audio_s=seconds).amounts

        def fit(state: PlaceState, _likely: PlaceState) -> tuple[Amounts, float | None]:
            terms.state = state
            terms.allowed = allowance_for_amounts(state.cautious, amounts, now)
            return amounts, terms.again_s

        try:
            lease = await self.limits.take(model, self._quota.own_buckets(model), fit)
        except RateLimitedError as error:
            return "", error
        return lease or "", None if lease else self._error(terms, model)

    def _error(self, terms: _Terms, model: str) -> GroqchatError | None:
        """The limit in the way, with the time after which it is worth looking again."""
        error = limit_error(terms.allowed, model, self._catalog, self._clock.now())
        if error is None:
            return None
        wait = terms.again_s
        if self.limits.away_since is not None:
            wait = RETRY_S if wait is None else min(wait, RETRY_S)
            return failure("team_share", replace(error.facts, retry_after_s=wait))
        return error.with_facts(retry_after_s=wait)
