"""The buckets of each model in use: as reported, as the ledger charges them, and as reserved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.clocks import AHEAD_S
from groqchat.services.quota.plan_limits import PlanInference, of_plan
from groqchat.services.quota.usage_window import UsageWindow, newer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.limits.quota import LeakyBucket, LimitKind
    from groqchat.domain.models.catalog import Catalog, Model, Plan
    from groqchat.services.ports import Clock
    from groqchat.services.quota.reservation import Reservation


class Buckets:
    """The buckets of an account's models.

    Args:
        catalog: The limits of the plans.
        clock: Time.
        plan: The plan if the user named it; None: it is inferred from the headers.

    Attributes:
        windows: The recorded requests of each model as read last.
        reservations: The requests of each model in flight.
    """

    def __init__(self, catalog: Catalog, clock: Clock, plan: Plan | None) -> None:
        self._catalog = catalog
        self._clock = clock
        self._plans = PlanInference(catalog, plan)
        self.windows: dict[str, UsageWindow] = {}
        self.reservations: dict[str, list[Reservation]] = {}

    def learn_plan(self, model: str) -> None:
        """Infer the plan from what a model's headers told, for the other models; once is enough."""
        if not self._plans.is_known:
            self.state(model)

    def state(self, model: str) -> tuple[dict[LimitKind, LeakyBucket], Plan | None, bool]:
        """All buckets of a model, the plan, and whether the plan is inferred."""
        known = self._catalog.get(model)
        buckets = self._with_reservations(model, self.reported(model))
        plan, inferred = self._plans.plan_of(known, buckets)
        if inferred and plan is not None:
            buckets = of_plan(buckets, known.limits.get(plan, {}))
        buckets = self._with_catalogue(model, known, plan, buckets)
        return self._without_future(buckets), plan, inferred

    def _without_future(
        self, buckets: Mapping[LimitKind, LeakyBucket]
    ) -> dict[LimitKind, LeakyBucket]:
        """The buckets without those of a clock that was set back since: they would not drain."""
        latest = self._clock.now() + AHEAD_S
        return {kind: bucket for kind, bucket in buckets.items() if bucket.at <= latest}

    def reserved(self, model: str) -> Sequence[Reservation]:
        """The requests of a model in flight."""
        return self.reservations.get(model, ())

    def window(self, model: str) -> UsageWindow:
        """The recorded requests of a model as read last."""
        return self.windows.setdefault(model, UsageWindow())

    def reported(self, model: str) -> dict[LimitKind, LeakyBucket]:
        """The buckets reported last, charged with the recorded requests that were sent since."""
        buckets = dict(self.window(model).reported_buckets)
        for reservation in self.reserved(model):
            buckets |= newer(reservation.reading.buckets, buckets)
        return buckets

    def _with_reservations(
        self, model: str, buckets: dict[LimitKind, LeakyBucket]
    ) -> dict[LimitKind, LeakyBucket]:
        """The buckets charged with requests in flight that no header counts yet."""
        for reservation in self.reserved(model):
            reported = {bucket.kind for bucket in reservation.reading.buckets}
            amounts = reservation.amounts
            buckets = {
                kind: bucket
                if kind in reported
                else bucket.charged(amounts.get(kind, 0), reservation.counted_at)
                for kind, bucket in buckets.items()
            }
        return buckets

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

    def _from_ledger(self, model: str, kind: LimitKind, limit: int) -> LeakyBucket:
        bucket = self.window(model).charged(kind, limit)
        for reservation in self.reserved(model):
            bucket = bucket.charged(reservation.amounts.get(kind, 0), reservation.counted_at)
        return bucket
