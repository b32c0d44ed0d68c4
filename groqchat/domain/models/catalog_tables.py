"""Read the catalogue's tables into models, prices and limits, with errors that name the spot."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import (
    SAMPLING,
    USUAL_RESERVATION,
    Catalog,
    Kind,
    Model,
    Plan,
    Status,
)
from groqchat.domain.models.tables import Table, read_sources
from groqchat.domain.money.pricing import PRICE_FIGURES, Price, ToolPrice
from groqchat.domain.turns.template import CHATML, Template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.models.catalog import Provenance

Member = TypeVar("Member", bound=StrEnum)

_COUNTS = ("context_window", "max_completion_tokens", "speed_tps", "speed_factor")
_LISTS = ("abilities", "reasoning_efforts", "reasoning_formats", "voices", "languages", "sampling")
_TEXTS = ("note", "replacement", "default_effort")
_FLAGS = ("include_reasoning", "enterprise_only")
_OTHERS = ("status", "kind", "price", "limits", "retired_on", "template", "reservation", "source")


def parse_catalog(tables: Mapping[str, Any]) -> Catalog:
    """Build the catalogue from the tables ``sources, chat, templates, models, tools``.

    Args:
        tables: What the TOML files hold, with fractions read as Decimal.

    Raises:
        ValueError: A figure is missing, misspelt, of the wrong type or below zero; the message
            names the place, as in ``models.whisper-large-v3.price.per_hour: …``.
    """
    root = Table("", tables)
    root.allow("sources", "chat", "templates", "models", "tools")
    sources = read_sources(root)
    templates = {name: _template(row, sources) for name, row in root.table("templates").tables()}
    usual = root.table("chat").count("reservation") or USUAL_RESERVATION
    models = {
        name: _model(name, table, sources, templates, usual)
        for name, table in root.table("models").tables()
    }
    tools = {name: _tool(table, sources) for name, table in root.table("tools").tables()}
    preferred = root.table("chat").words("preferred")
    if not preferred:
        raise ValueError("chat.preferred: names no model")
    for name in (*preferred, *(model.replacement for model in models.values())):
        if name is not None and name not in models:
            raise ValueError(f"models: {name!r} is preferred or a replacement but not described")
    return Catalog(models, preferred, tools)


def _model(
    name: str,
    table: Table,
    sources: Mapping[str, Provenance],
    templates: Mapping[str, Template],
    usual_reservation: int,
) -> Model:
    table.allow(*_COUNTS, *_LISTS, *_TEXTS, *_FLAGS, *_OTHERS)
    origin = table.source(sources)
    limits = {_member(Plan, key, row.path): row for key, row in table.table("limits").tables()}
    return Model(
        id=name,
        status=_member(Status, table.text("status"), f"{table.path}.status"),
        kind=_member(Kind, table.text("kind") or Kind.CHAT, f"{table.path}.kind"),
        context_window=table.count("context_window"),
        max_completion_tokens=table.count("max_completion_tokens"),
        price=_price(table.table("price"), sources) if "price" in table.values else None,
        limits={plan: _limits_of(row) for plan, row in limits.items()},
        limits_from={plan: row.source(sources) for plan, row in limits.items()},
        abilities=table.words("abilities"),
        reasoning_efforts=table.words("reasoning_efforts"),
        reasoning_formats=table.words("reasoning_formats"),
        sampling=table.words("sampling") or SAMPLING,
        voices=table.words("voices"),
        languages=table.words("languages"),
        default_effort=table.text("default_effort") or None,
        include_reasoning=table.flag("include_reasoning"),
        enterprise_only=table.flag("enterprise_only"),
        speed_tps=table.count("speed_tps"),
        speed_factor=table.count("speed_factor"),
        retired_on=table.day("retired_on"),
        replacement=table.text("replacement") or None,
        template=_template_of(table, templates),
        reservation=table.count("reservation") or usual_reservation,
        note=table.text("note"),
        source=origin.source,
        as_of=origin.as_of,
    )


def _template(table: Table, sources: Mapping[str, Provenance]) -> Template:
    names = ("prompt", "user", "assistant", "system", "json_object")
    table.allow(*names, "is_o200k", "source")
    table.source(sources)
    amounts = {name: table.count(name) or 0 for name in names}
    return Template(**amounts, is_o200k=table.flag("is_o200k"))


def _template_of(table: Table, templates: Mapping[str, Template]) -> Template:
    name = table.text("template")
    if name and name not in templates:
        raise ValueError(f"{table.path}.template: {name!r} is none of {', '.join(templates)}")
    return templates.get(name, CHATML)


def _price(table: Table, sources: Mapping[str, Provenance]) -> Price:
    table.allow(*PRICE_FIGURES, "source")
    origin = table.source(sources)
    figures = {name: table.money(name) for name in PRICE_FIGURES}
    return Price(**figures, source=origin.source, as_of=origin.as_of)


def _limits_of(table: Table) -> dict[LimitKind, int]:
    counts = {name: table.count(name) for name in table.values if name != "source"}
    return {
        _member(LimitKind, name, table.path): count
        for name, count in counts.items()
        if count is not None
    }


def _tool(table: Table, sources: Mapping[str, Provenance]) -> ToolPrice:
    table.allow("per_thousand", "per_hour", "retired_on", "source")
    origin = table.source(sources)
    return ToolPrice(
        per_thousand=table.money("per_thousand"),
        per_hour=table.money("per_hour"),
        retired_on=table.day("retired_on"),
        source=origin.source,
        as_of=origin.as_of,
    )


def _member(words: type[Member], value: str, path: str) -> Member:
    if value not in set(words):
        raise ValueError(f"{path}: {value!r} is none of {', '.join(words)}")
    return words(value)
