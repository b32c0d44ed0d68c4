"""Reads the account's list of models, in the short and in the long form."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation

from groqchat.domain.errors.diagnosis import diagnose_event
from groqchat.domain.errors.table import failure
from groqchat.domain.models.catalog import LiveModel
from groqchat.domain.money.pricing import MILLION, Price
from groqchat.domain.text.sanitize import sanitize
from groqchat.provider import fields

_LONGEST_ID = 200
_CHEAPEST, _DEAREST = Decimal("1E-15"), Decimal(1)


def read_models(body: bytes) -> list[LiveModel]:
    """The entries of ``GET /models``, the first of each id; nothing but the id is required.

    Raises:
        GroqchatError: The body is not a list of models.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise failure("not_groq") from error
    if fields.mapping(answer).get("error"):
        raise diagnose_event(answer, partial="")
    entries = fields.mapping(answer).get("data")
    if not isinstance(entries, list):
        raise failure("not_groq")
    models: dict[str, LiveModel] = {}
    for entry in entries:
        model = _model(fields.mapping(entry))
        if _is_id(model.id):
            models.setdefault(model.id, model)
    return list(models.values())


def _is_id(name: str) -> bool:
    return 0 < len(name) <= _LONGEST_ID and name.isprintable() and sanitize(name) == name


def _model(entry: dict[str, object]) -> LiveModel:
    active = entry.get("active")
    return LiveModel(
        id=fields.text(entry.get("id")) or "",
        owned_by=fields.text(entry.get("owned_by")),
        active=active if isinstance(active, bool) else None,
        context_window=_first(entry, "context_window", "context_length"),
        max_completion_tokens=_first(entry, "max_completion_tokens", "max_output_length"),
        price=_price(fields.mapping(entry.get("pricing"))),
        input_modalities=fields.texts(entry.get("input_modalities")),
        output_modalities=fields.texts(entry.get("output_modalities")),
        features=fields.texts(entry.get("supported_features")),
        sampling=fields.texts(entry.get("supported_sampling_parameters")),
    )


def _first(entry: dict[str, object], *names: str) -> int | None:
    return next((number for name in names if (number := fields.count(entry.get(name)))), None)


def _price(pricing: dict[str, object]) -> Price | None:
    """The price per million tokens, from US dollars per token as decimal strings."""
    prices = (_per_million(pricing.get(n)) for n in ("prompt", "input_cache_read", "completion"))
    given, cached, made = prices
    return None if given is None and made is None else Price(given, cached, made)


def _per_million(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        price = Decimal(str(value))
    except InvalidOperation:
        return None
    if not price.is_finite() or not (price == 0 or _CHEAPEST <= price <= _DEAREST):
        return None
    return price * MILLION
