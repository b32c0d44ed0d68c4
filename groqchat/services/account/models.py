"""The models of one account: the shipped catalogue merged with the last list that Groq gave."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.refused_values import named_efforts
from groqchat.domain.errors.tree import GroqchatError, ModelGoneError
from groqchat.domain.models.names import (
    ResolvedModel,
    UnknownModelError,
    resolved_model,
    similar_models,
    unlisted_model,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.models.catalog import Catalog, LiveModel, Model
    from groqchat.domain.money.pricing import Price
    from groqchat.services.ports import ChatProvider, Clock


class ModelLists(Protocol):
    """The stored lists of models, one for each account. Every call may raise ``StorageError``."""

    async def save_models(
        self, fingerprint: str, models: Sequence[LiveModel], fetched: float
    ) -> None:
        """Store an account's list; ``fetched`` is the Unix time at which it came."""

    async def models(self, fingerprint: str) -> tuple[Sequence[LiveModel], float] | None:
        """The list stored last and the Unix time at which it came, or None."""


class Models:
    """The models that one account may call, with their prices.

    Args:
        provider: Gives the current list.
        lists: Stores the last list, so that prices are right offline too.
        catalog: The shipped models, with the user's own prices.
        fingerprint: The account.
        clock: Time.
    """

    def __init__(
        self,
        provider: ChatProvider,
        lists: ModelLists,
        catalog: Catalog,
        fingerprint: str,
        clock: Clock,
    ) -> None:
        self._provider = provider
        self._lists = lists
        self._shipped = catalog
        self._merged = catalog
        self._fingerprint = fingerprint
        self._clock = clock
        self._refused: set[str] = set()
        self._efforts: dict[str, tuple[str, ...]] = {}

    @property
    def catalog(self) -> Catalog:
        """The models known so far."""
        return self._merged

    async def recall(self) -> Catalog:
        """Read the list that was fetched last, if there is one; nothing is sent."""
        kept = await self._lists.models(self._fingerprint)
        if kept is not None:
            models, fetched = kept
            self._take(models, min(fetched, self._clock.now()))  # a clock may have been ahead
        return self._merged

    async def refresh(self) -> Catalog:
        """Fetch the account's list and store it; costs no tokens.

        Raises:
            GroqchatError: The list cannot be had; the last one stays in use.
        """
        await self.recall()
        models = await self._provider.models()
        fetched = self._clock.now()
        self._take(models, fetched)
        await self._lists.save_models(self._fingerprint, models, fetched)
        return self._merged

    async def called(self, name: str) -> ResolvedModel:
        """The chat model that a name means to this server.

        A name without a match is looked for in the server's own list, which costs no tokens. Where
        the list cannot be had, the name is taken as an id. A server in Groq's place may serve
        models that it does not list, so that there too a name without a match is taken as an id.

        Raises:
            UnclearModelError: The name means several models, or none, or one that does not chat.
        """
        if self._merged.known(name):
            return ResolvedModel(resolved_model(name, self._merged))
        server = self._provider.server
        if server.has_groqs_models:
            with suppress(UnknownModelError):
                return ResolvedModel(resolved_model(name, self._merged))
        try:
            await self.refresh()
        except GroqchatError:
            return ResolvedModel(name)
        if server.has_groqs_models or self._merged.known(name):
            return ResolvedModel(resolved_model(name, self._merged))
        listed = {each.id: each for each in self._merged.models.values() if each.live}
        there = replace(self._merged, models=listed)
        try:
            return ResolvedModel(resolved_model(name, there))
        except UnknownModelError:
            return unlisted_model(name, server.name, there)

    def model(self, model_id: str) -> Model:
        """The facts about a model as known now."""
        return self._merged.get(model_id)

    def price_of(self, model_id: str) -> Price | None:
        """The price of a model as known now; None when unknown."""
        return self._merged.get(model_id).price

    def replacement_for(self, model_id: str) -> Model:
        """The model to use instead of one that is gone."""
        return self._merged.replacement_for(model_id)

    def refused(self, model_id: str) -> Model | None:
        """Note that the server has refused a model as unknown, whatever its list says.

        Returns:
            The model to use instead, of those that it has not refused; None: it has refused all.
        """
        self._refused.add(model_id)
        known = self._merged.known(model_id)
        near = () if known else similar_models(model_id, self._merged)
        meant = next((each for each in near if each not in self._refused), model_id)
        if meant != model_id and self._merged.get(meant).is_usable:
            return self._merged.get(meant)
        replacement = self._merged.replacement_for(meant, self._refused)
        return None if replacement.id in self._refused else replacement

    def others(self, model_id: str) -> tuple[Model, ...]:
        """The other chat models that can be called, the best first."""
        away = {model_id, *self._refused}
        return tuple(model for model in self._merged.chat_models() if model.id not in away)

    def _take(self, models: Sequence[LiveModel], fetched: float) -> None:
        day = datetime.fromtimestamp(fetched, UTC).date().isoformat()
        self._merged = self._corrected(self._shipped.merged(models, day))

    def learn_from(self, error: GroqchatError) -> GroqchatError:
        """Note what an error tells: that a model is gone, or which efforts it takes.

        Returns:
            The error, with the model to use instead of one that is gone.
        """
        model_id = error.facts.model
        if not model_id:
            return error
        if isinstance(error, ModelGoneError):
            replacement = self.refused(model_id)
            error = error.with_facts(replacement=replacement.id if replacement else None)
        efforts = named_efforts(error.facts.parameter, error.facts.detail)
        if efforts is not None:
            self._efforts[model_id] = efforts
            self._merged = self._corrected(self._merged)
        return error

    def _corrected(self, catalog: Catalog) -> Catalog:
        corrected = {
            model_id: replace(catalog.get(model_id), reasoning_efforts=efforts)
            for model_id, efforts in self._efforts.items()
        }
        return replace(catalog, models={**catalog.models, **corrected})
