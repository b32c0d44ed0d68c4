"""Read the catalogue's tables into models, prices and limits, with errors that name the spot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from groqchat.domain.catalog import Catalog, Kind, Model, Plan, Provenance, Status
from groqchat.domain.pricing import PRICE_FIGURES, Price, ToolPrice
from groqchat.domain.quota import Bucket

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Member = TypeVar("Member", bound=StrEnum)

_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?", re.ASCII)
_COUNTS = ("context_window", "max_completion_tokens", "speed_tps", "speed_factor")
_LISTS = ("abilities", "reasoning_efforts", "reasoning_formats")
_TEXTS = ("note", "replacement", "default_effort")
_FLAGS = ("include_reasoning", "enterprise_only")
_OTHERS = ("status", "kind", "price", "limits", "retired_on", "source")


def parse_catalog(tables: Mapping[str, Any]) -> Catalog:
    """Build the catalogue from its tables ``sources``, ``chat``, ``models`` and ``tools``.

    Args:
        tables: What the TOML files hold, with fractions read as Decimal.

    Raises:
        ValueError: A figure is missing, misspelt, of the wrong type or below zero; the message
            names the place, as in ``models.whisper-large-v3.price.per_hour: …``.
    """
    root = _Table("", tables)
    root.allow("sources", "chat", "models", "tools")
    sources = {name: _provenance(table) for name, table in root.table("sources").tables()}
    models = {name: _model(name, table, sources) for name, table in root.table("models").tables()}
    tools = {name: _tool(table, sources) for name, table in root.table("tools").tables()}
    preferred = root.table("chat").words("preferred")
    if not preferred:
        raise ValueError("chat.preferred: names no model")
    for name in (*preferred, *(model.replacement for model in models.values())):
        if name is not None and name not in models:
            raise ValueError(f"models: {name!r} is preferred or a replacement but not described")
    return Catalog(models, preferred, tools)


def _provenance(table: _Table) -> Provenance:
    table.allow("name", "as_of")
    return Provenance(table.text("name"), table.day("as_of") or "")


def _model(name: str, table: _Table, sources: Mapping[str, Provenance]) -> Model:
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
        limits={plan: _buckets(row) for plan, row in limits.items()},
        limits_from={plan: row.source(sources) for plan, row in limits.items()},
        abilities=table.words("abilities"),
        reasoning_efforts=table.words("reasoning_efforts"),
        reasoning_formats=table.words("reasoning_formats"),
        default_effort=table.text("default_effort") or None,
        include_reasoning=table.flag("include_reasoning"),
        enterprise_only=table.flag("enterprise_only"),
        speed_tps=table.count("speed_tps"),
        speed_factor=table.count("speed_factor"),
        retired_on=table.day("retired_on"),
        replacement=table.text("replacement") or None,
        note=table.text("note"),
        source=origin.source,
        as_of=origin.as_of,
    )


def _price(table: _Table, sources: Mapping[str, Provenance]) -> Price:
    table.allow(*PRICE_FIGURES, "source")
    origin = table.source(sources)
    figures = {name: table.money(name) for name in PRICE_FIGURES}
    return Price(**figures, source=origin.source, as_of=origin.as_of)


def _buckets(table: _Table) -> dict[Bucket, int]:
    counts = {name: table.count(name) for name in table.values if name != "source"}
    return {
        _member(Bucket, name, table.path): count
        for name, count in counts.items()
        if count is not None
    }


def _tool(table: _Table, sources: Mapping[str, Provenance]) -> ToolPrice:
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


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that knows its path, so that every complaint can name it; all keys are optional."""

    path: str
    values: Mapping[str, Any]

    def allow(self, *names: str) -> None:
        for name in self.values:
            if name not in names:
                raise self._wrong(name, f"unknown; known are {', '.join(sorted(names))}")

    def table(self, name: str) -> _Table:
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            raise self._wrong(name, "must be a table")
        return _Table(self._path(name), value)

    def tables(self) -> Iterator[tuple[str, _Table]]:
        return ((name, self.table(name)) for name in self.values)

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
        if not isinstance(value, str):
            raise self._wrong(name, "must be a text")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self._wrong(name, "must be a list of texts")
        return tuple(value)

    def flag(self, name: str) -> bool:
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise self._wrong(name, "must be true or false")
        return value

    def count(self, name: str) -> int | None:
        value = self.values.get(name)
        if value is None:
            return None
        if type(value) is not int or value <= 0:
            raise self._wrong(name, "must be a whole number above 0")
        return value

    def money(self, name: str) -> Decimal | None:
        value = self.values.get(name)
        if value is None:
            return None
        amount = Decimal(value) if type(value) in {int, Decimal} else Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            raise self._wrong(name, "must be an amount in US dollars")
        return amount

    def day(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None:
            return None
        if not _DAY.fullmatch(str(value)):
            raise self._wrong(name, "must be a day, or a year and month")
        return str(value)

    def source(self, sources: Mapping[str, Provenance]) -> Provenance:
        name = self.text("source")
        if name not in sources:
            raise self._wrong("source", f"{name!r} is not described in sources")
        return sources[name]

    def _path(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def _wrong(self, name: str, complaint: str) -> ValueError:
        return ValueError(f"{self._path(name)}: {complaint}")
