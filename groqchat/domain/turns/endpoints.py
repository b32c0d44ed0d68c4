"""The endpoints of other vendors, whose servers have the same API and serve as fallback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groqchat.domain.money.amounts import read_dollars
from groqchat.domain.money.pricing import PRICE_FIGURES, Price

if TYPE_CHECKING:
    from decimal import Decimal

PRICE_SOURCE = "config.toml"
_TEXTS = ("base_url", "model", "profile")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server with OpenAI's chat API.

    ``base_url`` is the base URL for any OpenAI client, mostly ending in ``/v1``. ``profile``
    is the name that its key is stored under in the keyring. ``price`` is the user's own figure, or
    None.
    """

    name: str
    base_url: str
    model: str
    profile: str
    price: Price | None = None


def read_endpoints(value: object) -> Mapping[str, Endpoint]:
    """Read the table of endpoints, by name.

    Raises:
        ValueError: The table is wrong; the message says why.
    """
    if not isinstance(value, Mapping):
        raise ValueError("“endpoints” must be a table, written [endpoints.NAME]")
    return {name: _read(name, table) for name, table in value.items()}


def _read(name: str, table: object) -> Endpoint:
    place = f"endpoints.{name}"
    if not isinstance(table, Mapping):
        raise ValueError(f"“{place}” must be a table, written [{place}]")
    _refuse_keys(name, table)
    unknown = set(table) - {*_TEXTS, "price"}
    if unknown:
        raise ValueError(f"“{place}.{min(unknown)}” is no setting")
    fields = {"profile": name, **table}
    for field in _TEXTS:
        if not isinstance(fields.get(field), str) or not fields[field].strip():
            raise ValueError(f"“{place}” must name its {field}, as text in quotes")
    if not fields["base_url"].startswith(("https://", "http://")):
        raise ValueError(f"“{place}.base_url” must begin with https://")
    price = _price(f"{place}.price", fields["price"]) if "price" in fields else None
    return Endpoint(name, fields["base_url"], fields["model"], fields["profile"], price)


def _refuse_keys(name: str, table: Mapping[str, object]) -> None:
    if any("key" in field for field in table):
        raise ValueError(
            f"no key belongs into “endpoints.{name}”: "
            f"`groqchat key add --profile {name}` stores it in the keyring"
        )


def _price(place: str, table: object) -> Price:
    if not isinstance(table, Mapping) or not set(table) <= set(PRICE_FIGURES):
        raise ValueError(f'“{place}” must be a table such as {{ input = "0.10", output = "0.40" }}')
    figures: dict[str, Any] = {name: _dollars(place, amount) for name, amount in table.items()}
    return Price(**figures, source=PRICE_SOURCE)


def _dollars(place: str, amount: object) -> Decimal:
    try:
        return read_dollars(amount)
    except ValueError:
        raise ValueError(f'“{place}” must hold amounts such as "0.10"') from None
