"""The catalogue of models: status, prices, limits, abilities, retirement."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.money.pricing import PRICE_FIGURES, Price
from groqchat.domain.turns.template import CHATML, Template

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from decimal import Decimal

    from groqchat.domain.money.pricing import ToolPrice

# What a server is taken to set aside for an answer whose greatest length is not named, where the
# catalogue says nothing of the model.
USUAL_RESERVATION = 2048
LIVE_SOURCE = "account's model list"
OVERRIDE_SOURCE = "config.toml"


SAMPLING = ("temperature", "top_p", "stop", "seed")
"""The parameters of sampling that a model takes unless its own list says otherwise."""


class Plan(StrEnum):
    """An account's plan with Groq."""

    FREE = "free"
    DEVELOPER = "developer"
    ENTERPRISE = "enterprise"


class Status(StrEnum):
    """A stage in a model's life; ``unlisted``: served, but in no table of the docs."""

    PRODUCTION = "production"
    PREVIEW = "preview"
    RETIRED = "retired"
    UNLISTED = "unlisted"


class Kind(StrEnum):
    """The purpose of a model."""

    CHAT = "chat"
    AUDIO = "audio"
    SPEECH = "speech"
    GUARD = "guard"


@dataclass(frozen=True, slots=True)
class Provenance:
    """The source of figures, and the day on which they were read (ISO date)."""

    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Model:
    """One model. Unknown figures are None or absent; limits map a plan to its buckets.

    ``limits`` values are counts per the bucket's window (requests, tokens, seconds of audio);
    ``limits_from`` says for each plan where they come from.
    ``live`` says whether the account's own list had it: True, False, or None when not asked.
    ``reasoning_efforts`` are the values the API accepts for ``reasoning_effort``, and
    ``default_effort`` the one it takes when none is sent. ``include_reasoning`` says whether the
    model takes the parameter of that name.
    ``speed_tps`` is the listed speed in tokens per second, ``speed_factor`` that of audio in
    multiples of real time: product data, never a promise.
    ``template`` is what it adds to the words of a prompt, in tokens; ``reservation`` is what is set
    aside for an answer whose greatest length is not named.
    ``sampling`` are the parameters of sampling that it takes.
    ``voices`` are those of a model that speaks, ``languages`` the English names of what it speaks.
    ``retired_on`` is an ISO date, or year and month where no more is known.
    ``source`` and ``as_of`` speak for the status, the windows and the abilities.
    """

    id: str
    status: Status = Status.UNLISTED
    kind: Kind = Kind.CHAT
    context_window: int | None = None
    max_completion_tokens: int | None = None
    price: Price | None = None
    limits: Mapping[Plan, Mapping[LimitKind, int]] = field(default_factory=dict)
    abilities: tuple[str, ...] = ()
    reasoning_efforts: tuple[str, ...] = ()
    reasoning_formats: tuple[str, ...] = ()
    speed_tps: int | None = None
    retired_on: str | None = None
    replacement: str | None = None
    live: bool | None = None
    note: str = ""
    source: str = ""
    as_of: str = ""
    limits_from: Mapping[Plan, Provenance] = field(default_factory=dict)
    default_effort: str | None = None
    include_reasoning: bool = False
    enterprise_only: bool = False
    speed_factor: int | None = None
    template: Template = CHATML
    reservation: int = USUAL_RESERVATION
    voices: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sampling: tuple[str, ...] = SAMPLING

    @property
    def is_retired(self) -> bool:
        """True if Groq has shut the model down for ordinary accounts."""
        return self.status is Status.RETIRED

    @property
    def is_usable(self) -> bool:
        """True if this account can call the model, by its own list or else by the catalogue."""
        if self.live is not None:
            return self.live
        return not (self.is_retired or self.enterprise_only)

    @property
    def absence(self) -> str:
        """The reason why this account cannot call the model, in a few words; empty if it can."""
        if self.is_usable:
            return ""
        if self.is_retired:
            return f"retired {self.retired_on}" if self.retired_on else "retired"
        return "for enterprises only" if self.enterprise_only else "not in your account's list"

    def can(self, ability: str) -> bool:
        """True if the model is known to have the ability, such as ``"vision"``."""
        return ability in self.abilities


@dataclass(frozen=True, slots=True)
class LiveModel:
    """One entry of the account's own ``GET /models``; old accounts tell no more than the id.

    ``price`` is per million tokens, like everywhere. For a speech model the list gives the price
    of a character where others have that of an input token, so it may come as ``price.input``.
    ``features`` are the API's own words: tools, json_mode, structured_outputs, reasoning;
    ``sampling`` its names of parameters: temperature, top_p, stop, seed, max_tokens.
    """

    id: str
    owned_by: str | None = None
    active: bool | None = None
    context_window: int | None = None
    max_completion_tokens: int | None = None
    price: Price | None = None
    input_modalities: tuple[str, ...] = ()
    output_modalities: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    sampling: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalog:
    """The models by id, the preferred chat models in order, and the prices of built-in tools.

    ``overrides`` are the user's own prices, which no other source beats.
    """

    models: Mapping[str, Model]
    preferred: tuple[str, ...] = ()
    tools: Mapping[str, ToolPrice] = field(default_factory=dict)
    overrides: Mapping[str, Price] = field(default_factory=dict)

    def get(self, model_id: str) -> Model:
        """The model of an id; an unknown one is unlisted and has no figures."""
        return self.models.get(model_id) or Model(model_id, price=self.overrides.get(model_id))

    def known(self, model_id: str) -> bool:
        """True if the catalogue or the account's list has the id."""
        return model_id in self.models

    def chat_models(self) -> tuple[Model, ...]:
        """The chat models that can be called, the preferred ones first, previews after products."""
        usable = (m for m in self.models.values() if m.kind is Kind.CHAT and m.is_usable)
        return tuple(sorted(usable, key=self._rank))

    def default(self) -> Model:
        """The chat model that is used when none is named."""
        usable = self.chat_models()
        return usable[0] if usable else self.get(self.preferred[0])

    def named(self, name: str) -> tuple[str, ...]:
        """The ids of the models that a name may mean: one where it is clear, none where unknown.

        A name is an id, the id without its maker, or a part of it; what can be called and chats
        comes before what cannot, and ``20b`` at the beginning of a word before that in ``120b``.
        """
        if self.known(name):
            return (name,)
        word = name.lower()
        whole = [id_ for id_ in self.models if id_.lower().rpartition("/")[2] == word]
        usable = [model.id for model in self.chat_models() if word in model.id.lower()]
        anywhere = [id_ for id_ in self.models if word in id_.lower()]
        close = usable or anywhere
        begins = re.compile(rf"(?<![a-z0-9]){re.escape(word)}")
        return tuple(whole or [id_ for id_ in close if begins.search(id_.lower())] or close)

    def replacement_for(self, model_id: str, refused: Collection[str] = ()) -> Model:
        """The model to use instead, found by following the named replacements to one in service.

        Where none is named, or the chain ends among the retired, the best other chat model; the
        default where there is no other.

        Args:
            model_id: The model to replace.
            refused: Models that are no replacement, whatever the lists say of them.
        """
        seen = {model_id}
        successor = self.get(model_id).replacement
        while successor is not None and successor not in seen:
            seen.add(successor)
            model = self.get(successor)
            if model.is_usable and successor not in refused:
                return model
            successor = model.replacement
        away = {model_id, *refused}
        others = (model for model in self.chat_models() if model.id not in away)
        return next(others, self.default())

    def merged(self, entries: Iterable[LiveModel], as_of: str = "") -> Catalog:
        """A copy of the catalogue, updated from the account's own list of models.

        Windows and prices of the list win; ids that the catalogue lacks appear as unlisted; ids
        that the list lacks stay with ``live=False``.

        Args:
            entries: The list's entries.
            as_of: The day on which the list was fetched (ISO date).
        """
        models = {name: replace(model, live=False) for name, model in self.models.items()}
        for entry in entries:
            models[entry.id] = _seen(models.get(entry.id, Model(entry.id)), entry, as_of)
        return replace(self, models=models)._overridden(self.overrides)

    def with_prices(self, figures: Mapping[str, Mapping[str, Decimal]]) -> Catalog:
        """A copy of the catalogue with the user's prices, which replace those of their models.

        Args:
            figures: By model, the figures of :class:`~groqchat.domain.money.pricing.Price` by name.

        Raises:
            ValueError: A figure has a name that no price has.
        """
        return self._overridden({name: _own_price(name, own) for name, own in figures.items()})

    def _overridden(self, own: Mapping[str, Price]) -> Catalog:
        models = {
            name: replace(model, price=own[name]) if name in own else model
            for name, model in self.models.items()
        }
        return replace(self, models=models, overrides=own)

    def infer_plan(
        self, model_id: str, rpd_limit: int | None, tpm_limit: int | None
    ) -> Plan | None:
        """The one plan whose limits for the model are those of the headers, else None.

        Args:
            model_id: The model that was called.
            rpd_limit: ``x-ratelimit-limit-requests``, requests per day.
            tpm_limit: ``x-ratelimit-limit-tokens``, tokens per minute.
        """
        limits = {LimitKind.RPD: rpd_limit, LimitKind.TPM: tpm_limit}
        known = {kind: limit for kind, limit in limits.items() if limit is not None}
        plans = self.get(model_id).limits.items()
        matching = [plan for plan, limits in plans if known.items() <= limits.items()]
        return matching[0] if known and len(matching) == 1 else None

    def _rank(self, model: Model) -> tuple[int, int, str]:
        preference = self.preferred.index(model.id) if model.id in self.preferred else 1_000
        return preference, list(Status).index(model.status), model.id


_KIND_OF_OUTPUT = {
    "transcription": Kind.AUDIO,
    "speech": Kind.SPEECH,
    "audio": Kind.SPEECH,
    "text": Kind.CHAT,
}
_ABILITY_OF_FEATURE = {"json_mode": "json"}


def _seen(model: Model, entry: LiveModel, as_of: str) -> Model:
    if model.status is Status.UNLISTED:
        model = _described(model, entry, as_of)
    return replace(
        model,
        live=entry.active is not False,
        context_window=entry.context_window or model.context_window,
        max_completion_tokens=entry.max_completion_tokens or model.max_completion_tokens,
        price=_live_price(entry.price, model.kind, as_of) or model.price,
        sampling=entry.sampling or model.sampling,
    )


def _described(model: Model, entry: LiveModel, as_of: str) -> Model:
    """A model of no table, described by its entry in the account's list."""
    kinds = (kind for name, kind in _KIND_OF_OUTPUT.items() if name in entry.output_modalities)
    abilities = [_ABILITY_OF_FEATURE.get(feature, feature) for feature in entry.features]
    if "image" in entry.input_modalities:
        abilities.append("vision")
    return replace(
        model,
        kind=next(kinds, model.kind),
        abilities=tuple(abilities) or model.abilities,
        source=LIVE_SOURCE,
        as_of=as_of,
    )


def _live_price(price: Price | None, kind: Kind, as_of: str) -> Price | None:
    if price is None:
        return None
    price = replace(price, source=LIVE_SOURCE, as_of=price.as_of or as_of)
    if kind is Kind.SPEECH and price.per_million_chars is None:
        return replace(price, input=None, output=None, per_million_chars=price.input)
    return price


def _own_price(model_id: str, figures: Mapping[str, Decimal]) -> Price:
    for name in figures:
        if name not in PRICE_FIGURES:
            known = ", ".join(PRICE_FIGURES)
            raise ValueError(f"prices.{model_id}.{name} is no price; known are {known}")
    return Price(**figures, source=OVERRIDE_SOURCE, as_of="")
