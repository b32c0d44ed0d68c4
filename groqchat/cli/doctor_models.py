"""The checks of ``doctor`` on models in use: shutdowns, and limits unlike the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.ledger.sums import Grouping
from groqchat.domain.limits.quota import Source
from groqchat.domain.models.catalog import Plan
from groqchat.domain.text.humanize import UNKNOWN, count
from groqchat.services.account.shutdowns import shutdowns
from groqchat.services.quota.budget import day_end, local_day
from groqchat.services.quota.forecasts import views_of_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.limits.quota import LeakyBucket
    from groqchat.domain.models.catalog import Model

_MONTH_S = 30 * 86_400


async def announced_shutdowns(services: LocalServices) -> tuple[str, ...]:
    """A sentence for each model of the last 30 days whose shutdown is announced.

    Raises:
        StorageError: The ledger cannot be read.
    """
    now = services.clock.now()
    used = await services.ledger.by(Grouping.MODEL, since=now - _MONTH_S, until=day_end(now))
    models = [services.catalog.get(share.key) for share in used if share.provider is None]
    today = local_day(now)
    return tuple(f"{each} ({each.source}, {each.as_of})" for each in shutdowns(models, today))


async def differing_limits(services: LocalServices) -> tuple[str, ...]:
    """A sentence for each limit in a header of the last day that no plan of the catalogue has.

    Raises:
        StorageError: The ledger cannot be read.
    """
    named = services.settings.plan
    plan = Plan(named) if named else None
    profiles = services.settings.organization_of(services.profile)
    views = await views_of_day(services.ledger, services.catalog, services.clock, profiles, plan)
    return tuple(
        sentence
        for view in views
        for bucket in view.buckets
        if bucket.source is Source.HEADER
        for sentence in _difference(services.catalog.get(view.model), bucket, plan)
    )


def _difference(model: Model, bucket: LeakyBucket, named: Plan | None) -> Iterator[str]:
    """The sentence about a limit that differs from those of the plan, or of all plans."""
    plans = [named] if named else [p for p in model.limits if bucket.kind in model.limits[p]]
    listed = {plan: model.limits.get(plan, {}).get(bucket.kind) for plan in plans}
    if not any(listed.values()) or bucket.limit in listed.values():
        return
    told = local_day(bucket.at).isoformat()
    origins = {model.limits_from.get(plan) for plan in plans}
    read = ", ".join(sorted({f"{each.source} {each.as_of}" for each in origins if each}))
    figures = ", ".join(
        f"{plan} {count(limit) if limit else UNKNOWN}" for plan, limit in listed.items()
    )
    yield (
        f"{bucket.kind} of {model.id}: {count(bucket.limit)} in a header of {told}, "
        f"in the catalogue {figures} ({read})"
    )
