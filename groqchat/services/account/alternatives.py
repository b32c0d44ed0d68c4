"""Finds another model that has room for a request now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.text.humanize import count
from groqchat.domain.turns.chat import Options
from groqchat.domain.turns.request import ChatRequest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Message
    from groqchat.services.quota.quota import QuotaService
    from groqchat.services.turns.accounting import Accounting
    from groqchat.services.turns.sizing import Sizing


@dataclass(frozen=True, slots=True)
class Offer:
    """A model with room; ``left`` says in words how much, where that is known."""

    model: str
    left: str


class OtherModels(Protocol):
    """The models of an account."""

    def others(self, model_id: str) -> Sequence[Model]:
        """The models that can answer instead of one, the best first."""


class ModelAccount(Protocol):
    """The limits and models of an account."""

    @property
    def quota(self) -> QuotaService:
        """The limits of the models."""

    @property
    def models(self) -> OtherModels:
        """The models of the account."""

    @property
    def accounting(self) -> Accounting:
        """The accounting, which estimates the length of texts in tokens."""


async def alternative_to(
    model: str,
    account: ModelAccount,
    path: Sequence[Message],
    system: str = "",
    taken: Collection[str] = (),
) -> Offer | None:
    """The best other model of an account that takes a prompt at once.

    Args:
        model: The id of the model that cannot answer.
        account: The limits and models of the account.
        path: The messages that are sent, the prompt among them.
        system: The system prompt.
        taken: The ids of models that are not offered.

    Raises:
        StorageError: The limits of the models cannot be read.
    """
    others = (each for each in account.models.others(model) if each.id not in taken)
    return await model_with_room(account.quota, others, account.accounting.sizing, path, system)


async def model_with_room(
    quota: QuotaService,
    models: Iterable[Model],
    sizing: Sizing,
    path: Sequence[Message],
    system: str = "",
) -> Offer | None:
    """The first of some models that takes a prompt at once.

    Args:
        quota: The limits of the account.
        models: The models to consider, the best first.
        sizing: Estimates the prompt for each model.
        path: The messages that are sent.
        system: The system prompt.
    """
    for model in models:
        options = Options(model.id, system)
        length = sizing.length(path, options)
        if model.context_window is not None and model.context_window <= length.tokens:
            continue
        view = await quota.refresh(model.id)
        # As long as it seems: what might be shorter would only be refused once more.
        request = ChatRequest((), options, length.tokens, length.doubt)
        if quota.admission_error(request) is None:
            level = view.level(view.binding) if view.binding else None
            left = f"{count(level.remaining)} {level.kind} left" if level else ""
            return Offer(model.id, left)
    return None
