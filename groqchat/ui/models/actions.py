"""The command that chooses the model of the next request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.images.shown import line
from groqchat.domain.models.names import ResolvedModel, UnclearModelError
from groqchat.domain.models.parameters import refused_options
from groqchat.domain.text.humanize import count
from groqchat.services.account.shutdowns import shutdown_of
from groqchat.services.quota.budget import local_day
from groqchat.ui.workspace.model_names import model_named, sentence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.ui.workspace.parts import ChatParts

LONGEST_NAME = 80
_WORDS = {"reasoning_effort": "The reasoning effort"}


class ModelActions:
    """Commands about models.

    Args:
        parts: The parts of the chat.
        pick: Has a model chosen from the list, narrowed by a word; None where none was.
    """

    def __init__(self, parts: ChatParts, pick: Callable[[str], Awaitable[str | None]]) -> None:
        self._parts = parts
        self._pick = pick

    async def choose_model(self, argument: str) -> None:
        """Choose the model of the next request, by its name or from the list.

        What an ability, a status or a use is called (``vision``) narrows the list.
        """
        parts = self._parts
        if not argument or self._is_about_several(argument):
            chosen = await self._pick(argument)
            called = ResolvedModel(chosen) if chosen else None
        else:
            try:
                called = await model_named(parts.account, argument)
            except UnclearModelError as mistake:
                parts.prompt.refuse(sentence(mistake, "Ctrl+L"), "model", argument)
                return
        if called is not None:
            await self._use(called)

    async def _use(self, called: ResolvedModel) -> None:
        parts = self._parts
        await parts.set_options(model=called.id)
        model = parts.catalog.get(called.id)
        left_out = "".join(
            f" {_WORDS.get(name, name)} is not sent: {why}."
            for name, why in refused_options(parts.options, model).items()
        )
        longest, most = parts.options.max_tokens, model.max_completion_tokens
        if longest and most and longest > most:
            left_out += f" Its answers have {count(most)} tokens at most, not {count(longest)}."
        said = f"The next prompt goes to {line(called.id, LONGEST_NAME)}.{left_out}"
        today = local_day(parts.services.clock.now())
        ending = shutdown_of(model, today)
        notes = (said, called.doubt, str(ending) if ending else "")
        parts.notify(" ".join(filter(None, notes)))

    def _is_about_several(self, word: str) -> bool:
        """Whether a word describes models of the catalogue, and is the name of none."""
        catalog = self._parts.catalog
        if catalog.named(word):
            return False
        words = {use.id for use in self._parts.services.use_cases()}
        for model in catalog.models.values():
            words |= {model.status, *model.abilities}
        return word.lower() in words
