"""The checks of models in use: shutdowns, the plan of the key, limits unlike the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.examining.finding import Finding
from groqchat.domain.ledger.sums import Grouping
from groqchat.domain.limits.quota import Source
from groqchat.domain.models.catalog import Plan
from groqchat.domain.text.humanize import UNKNOWN, count
from groqchat.services.account.shutdowns import shutdowns
from groqchat.services.quota.budget import day_end, local_day
from groqchat.services.quota.forecasts import views_of_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.limits.quota import LeakyBucket, QuotaView
    from groqchat.domain.models.catalog import Model

_MONTH_S = 30 * 86_400


def unknown_fallbacks(services: LocalServices) -> tuple[str, ...]:
    """The names in ``fallback`` that are no endpoint's, and of no model that is known here."""
    settings = services.settings
    return tuple(
        name
        for name in settings.fallback
        if name not in settings.endpoints and not services.catalog.named(name)
    )


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


async def metered_plan(services: LocalServices) -> Finding | None:
    """The check of the plan that the limits in headers of the last day are those of.

    Limits follow the project that a key belongs to: the key of another project is metered as free
    though the organisation pays (seen by one source, 2026-09-05).

    Returns:
        None where no header of a day tells it.

    Raises:
        StorageError: The ledger cannot be read.
    """
    named = services.settings.plan
    for model, plan, told in await _metered(services):
        detail = f"this key is metered as {plan}: {told} of {model} in a header"
        if named and named != plan:
            hint = (
                f"Limits follow the key's project: make a key in a project that is on the {named} "
                f"plan, or correct plan in config.toml."
            )
            return Finding("plan", False, f"config.toml says {named}, but {detail}", hint)
        hint = (
            "If the console says Developer, the key belongs to another project: make a key in one "
            "that is on that plan."
        )
        return Finding("plan", True, detail, hint if plan is Plan.FREE else "")
    return None


async def _metered(services: LocalServices) -> list[tuple[str, Plan, str]]:
    """The models whose headers are those of one plan alone, with that plan and a limit."""
    found = []
    for view in await _views(services):
        model = services.catalog.get(view.model)
        told = {each.kind: each.limit for each in view.buckets if each.source is Source.HEADER}
        plans = [
            plan
            for plan, limits in model.limits.items()
            if told and all(limits.get(kind) == limit for kind, limit in told.items())
        ]
        if len(plans) == 1:
            kind, limit = list(told.items())[-1]
            found.append((model.id, plans[0], f"{count(limit)} {kind}"))
    return found


async def _views(services: LocalServices) -> Sequence[QuotaView]:
    named = services.settings.plan
    profiles = services.settings.organization_of(services.profile)
    plan = Plan(named) if named else None
    return await views_of_day(services.ledger, services.catalog, services.clock, profiles, plan)


async def differing_limits(services: LocalServices) -> tuple[str, ...]:
    """A sentence for each limit in a header of the last day that no plan of the catalogue has.

    Raises:
        StorageError: The ledger cannot be read.
    """
    named = services.settings.plan
    plan = Plan(named) if named else None
    return tuple(
        sentence
        for view in await _views(services)
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
