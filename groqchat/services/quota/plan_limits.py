"""Limits of an account's plan: those of an earlier plan, and of a plan that is not known yet."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.limits.quota import LeakyBucket
    from groqchat.domain.models.catalog import Catalog, Model, Plan


def of_plan(
    buckets: dict[LimitKind, LeakyBucket], limits: Mapping[LimitKind, int]
) -> dict[LimitKind, LeakyBucket]:
    """The buckets without those reported while the plan was another one."""
    newest = max((bucket.at for bucket in buckets.values()), default=0.0)
    return {
        kind: bucket
        for kind, bucket in buckets.items()
        if bucket.at >= newest or limits.get(kind, bucket.limit) == bucket.limit
    }


def cautious_answer(model: Model) -> int | None:
    """The least output limit that any plan has for a model, used while the plan is unknown.

    A server with such a limit refuses an unbounded answer for good, and only then names the limit.
    """
    limits = (buckets.get(LimitKind.OTPM) for buckets in model.limits.values())
    return min((limit for limit in limits if limit), default=None)


class PlanInference:
    """The plan of an account: the one that the user named, or what reported limits tell of it.

    Args:
        catalog: The limits of the plans.
        plan: The plan if the user named it.

    Attributes:
        inferred: The plan that headers told of last; None where none did.
    """

    def __init__(self, catalog: Catalog, plan: Plan | None) -> None:
        # Each request asks several times, mostly about the same limits.
        self._infer = cache(catalog.infer_plan)
        self._plan = plan
        self.inferred: Plan | None = None

    @property
    def is_known(self) -> bool:
        """Whether the plan was named, or inferred from any model."""
        return (self._plan or self.inferred) is not None

    def plan_of(
        self, model: Model, buckets: Mapping[LimitKind, LeakyBucket]
    ) -> tuple[Plan | None, bool]:
        """The plan by a model's buckets, and whether it is inferred."""
        if self._plan is not None:
            return self._plan, False
        reported = {
            kind: bucket.limit
            for kind, bucket in buckets.items()
            if bucket.source in {Source.HEADER, Source.ERROR}
        }
        plan = self._infer(model.id, reported.get(LimitKind.RPD), reported.get(LimitKind.TPM))
        tokens, requests = buckets.get(LimitKind.TPM), buckets.get(LimitKind.RPD)
        if plan is None and tokens and tokens.source is Source.ERROR:
            # A refusal that contradicts what was told before: the plan is another one now.
            is_newest = requests is None or tokens.at >= requests.at
            plan = self._infer(model.id, None, tokens.limit) if is_newest else None
        self.inferred = plan or self.inferred
        # What one model's headers tell of the plan holds for those that have not been asked yet.
        plan = plan if reported else self.inferred
        return plan, plan is not None
