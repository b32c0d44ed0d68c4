"""The buckets of each model in use: as reported, as the ledger charges them, and as reserved."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.clocks import AHEAD_S
from groqchat.domain.limits.quota import LimitKind
from groqchat.services.quota.others_rate import OwnUse
from groqchat.services.quota.others_use import OthersUse
from groqchat.services.quota.plan_limits import PlanInference, of_plan
from groqchat.services.quota.usage_window import take_newer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.limits.header_timing import HeaderTiming
    from groqchat.domain.limits.quota import LeakyBucket, Reading, Sharing
    from groqchat.domain.models.catalog import Catalog, Model, Plan
    from groqchat.domain.team.place import Amounts, PlaceState
    from groqchat.services.ports import Clock
    from groqchat.services.quota.reservation import Reservation
    from groqchat.services.quota.usage_window import UsageWindow
    from groqchat.services.quota.usage_windows import UsageWindows

    _State = tuple[dict[LimitKind, LeakyBucket], Plan | None, bool]
    _Basis = tuple[UsageWindow, int, int, Plan | None]


class SharedStates(Protocol):
    """What is known of limits that other machines share."""

    def state(self, model: str) -> PlaceState | None:
        """The state of a model's limits; None: it is not known."""

    @property
    def sharing(self) -> Sharing:
        """The clients that share them."""

    def look(self, model: str) -> None:
        """Read it again in the background, if it is old."""

    async def read(self, model: str) -> None:
        """Read it now."""

    async def taken(self, model: str, since: float) -> Sequence[tuple[float, Amounts]] | None:
        """What all took of it in each minute since a Unix time; None: it cannot be known."""


class Buckets:
    """The buckets of an account's models.

    Args:
        catalog: The limits of the plans.
        clock: Time.
        plan: The plan if the user named it; None: it is inferred from the headers.
        windows: The recorded requests of each model.
        shared: The limits that other machines share, which hold in the stead of our own sum.

    Attributes:
        others: What other clients are known to take.
    """

    def __init__(
        self,
        catalog: Catalog,
        clock: Clock,
        plan: Plan | None,
        windows: UsageWindows,
        shared: SharedStates | None = None,
    ) -> None:
        self._shared = shared
        self._catalog = catalog
        self._clock = clock
        self._plans = PlanInference(catalog, plan)
        self._windows = windows
        self.others = OthersUse()
        self._counted_to: dict[str, float] = {}
        self._reservations: dict[str, list[Reservation]] = {}
        self._unread: dict[str, list[tuple[Reservation, Sequence[LeakyBucket]]]] = {}
        self._changes: Counter[str] = Counter()
        self._states: dict[str, tuple[_Basis, _State]] = {}

    def learn_plan(self, model: str) -> None:
        """Infer the plan from what a model's headers told, for the other models; once is enough."""
        if not self._plans.is_known:
            self.state(model)

    def state(self, model: str) -> tuple[dict[LimitKind, LeakyBucket], Plan | None, bool]:
        """All buckets of a model, the plan, and whether the plan is inferred."""
        buckets, plan, inferred = self._lasting(model)
        if shared := self._shared and self._shared.state(model):
            buckets = buckets | {bucket.kind: bucket for bucket in shared.buckets}
        else:
            buckets = self.others.fuller(model, buckets, self._clock.now())
        return self._without_future(buckets), plan, inferred

    def own(self, model: str) -> tuple[LeakyBucket, ...]:
        """The buckets of a model as this machine knows them, whatever others share."""
        return tuple(self._without_future(self._lasting(model)[0]).values())

    def _lasting(self, model: str) -> _State:
        """The state as far as it does not depend on the time; it is added up once a change."""
        window = self._windows.of(model)
        basis = window, window.additions, self._changes[model], self._plans.inferred
        known = self._states.get(model)
        if known is None or known[0] != basis:
            state = self._added_up(model)
            # Adding up may tell the plan, which is part of the basis.
            known = (*basis[:3], self._plans.inferred), state
            self._states[model] = known
        return known[1]

    def _added_up(self, model: str) -> _State:
        known = self._catalog.get(model)
        buckets = self._with_reservations(model, self.reported(model))
        if self._windows.of(model).has_seen_others:
            buckets = self._no_emptier(model, buckets)
        plan, inferred = self._plans.plan_of(known, buckets)
        if inferred and plan is not None:
            buckets = of_plan(buckets, known.limits.get(plan, {}))
        return self._with_catalogue(model, known, plan, buckets), plan, inferred

    def _without_future(
        self, buckets: Mapping[LimitKind, LeakyBucket]
    ) -> dict[LimitKind, LeakyBucket]:
        """The buckets without those of a clock that was set back since: they would not drain."""
        latest = self._clock.now() + AHEAD_S
        return {kind: bucket for kind, bucket in buckets.items() if bucket.at <= latest}

    def add(self, model: str, reservation: Reservation) -> None:
        """Count a request of a model in flight."""
        self._reservations.setdefault(model, []).append(reservation)
        self._changes[model] += 1

    def expect(self, model: str, reservation: Reservation, buckets: Sequence[LeakyBucket]) -> None:
        """Count the limits of an entry that is on its way into the ledger.

        What ends before that entry is read is corrected on top of them.
        """
        self._unread.setdefault(model, []).append((reservation, buckets))
        self._changes[model] += 1

    def remove(self, model: str, reservation: Reservation) -> None:
        """Stop counting a request in flight and the limits of its entry, if they are counted."""
        unread = self._unread.get(model, [])
        if read := [each for each in unread if each[0] is reservation]:
            self._unread[model] = [each for each in unread if each not in read]
            self._changes[model] += 1
        reservations = self._reservations.get(model, [])
        if reservation in reservations:
            reservations.remove(reservation)
            self._changes[model] += 1

    def reserved(self, model: str) -> Sequence[Reservation]:
        """The requests of a model in flight, of this process alone."""
        return self._reservations.get(model, ())

    def under_way(self, model: str) -> Sequence[Reservation]:
        """The requests of a model in flight, with those of other processes."""
        return [*self.reserved(model), *self._windows.of(model).elsewhere.values()]

    def count_to(self, model: str, sent: float) -> None:
        """Note that headers have counted all requests in full that were sent before a Unix time."""
        self._counted_to[model] = max(self._counted_to.get(model, 0.0), sent)
        self._changes[model] += 1

    def learn_of_others(self, model: str, reading: Reading, timing: HeaderTiming | None) -> None:
        """Learn from the headers of an answer what others use of the limits that they tell."""
        window, running = self._windows.of(model), self.under_way(model)
        tokens = sum(each.counted_by(timing) for each in running)
        basis = window, timing
        for kind, own in (
            (LimitKind.RPD, OwnUse(window.requests + len(running), 0.0, basis)),
            (LimitKind.TPM, OwnUse(window.tokens, tokens, basis)),
        ):
            if (bucket := reading.bucket(kind)) is not None:
                self.others.note(model, bucket, own)

    def own_uses(self, model: str, kind: LimitKind, since: float) -> list[tuple[float, float]]:
        """The Unix times and amounts of our own uses of a limit, the first first."""
        reserved = ((each.sent, each.amount(kind)) for each in self.under_way(model))
        return sorted([*self._windows.of(model).uses(kind, since), *reserved])

    def reported(self, model: str) -> dict[LimitKind, LeakyBucket]:
        """The buckets reported last, charged with the recorded requests that were sent since."""
        buckets = dict(self._windows.of(model).reported_buckets)
        for reservation in self.reserved(model):
            take_newer(buckets, reservation.reading.buckets)
        for _, unread in self._unread.get(model, ()):
            take_newer(buckets, unread)
        return buckets

    def _with_reservations(
        self, model: str, buckets: dict[LimitKind, LeakyBucket]
    ) -> dict[LimitKind, LeakyBucket]:
        """The buckets charged with requests in flight that no header counts yet."""
        charged, counted_to = dict(buckets), self._counted_to.get(model, 0.0)
        for reservation in self.under_way(model):
            counted = {bucket.kind for bucket in reservation.reading.buckets}
            if reservation.sent < counted_to:
                counted.add(LimitKind.TPM)
            for kind in buckets.keys() - counted:
                amount = reservation.amount(kind)
                charged[kind] = charged[kind].charged(amount, reservation.counted_at)
        return charged

    def _with_catalogue(
        self,
        model: str,
        known: Model,
        plan: Plan | None,
        buckets: dict[LimitKind, LeakyBucket],
    ) -> dict[LimitKind, LeakyBucket]:
        """Add the buckets that only the plan's table knows, used as the ledger says."""
        if plan is None:
            return buckets
        complete = dict(buckets)
        for kind, limit in known.limits.get(plan, {}).items():
            if kind not in complete:
                complete[kind] = self._from_ledger(model, kind, limit)
        return complete

    def _no_emptier(
        self, model: str, buckets: dict[LimitKind, LeakyBucket]
    ) -> dict[LimitKind, LeakyBucket]:
        """The buckets with no more tokens of the minute than all processes together have left.

        What one of them has corrected its headers to may lack what another has sent since.
        """
        if (told := buckets.get(LimitKind.TPM)) is None:
            return buckets
        own = self._from_ledger(model, told.kind, told.limit)
        at = max(told.at, own.at)
        used = max(told.used_at(at), own.used_at(at))
        return buckets | {told.kind: replace(told, used=used, at=at)}

    def _from_ledger(self, model: str, kind: LimitKind, limit: int) -> LeakyBucket:
        bucket = self._windows.of(model).charged(kind, limit)
        for reservation in self.under_way(model):
            bucket = bucket.charged(reservation.amount(kind), reservation.counted_at)
        return bucket
