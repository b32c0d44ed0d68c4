"""Limits of an account's plan: those of an earlier plan, and of a plan that is not known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.limits.quota import LeakyBucket
    from groqchat.domain.models.catalog import Model


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
