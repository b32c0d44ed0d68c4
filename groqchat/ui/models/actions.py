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
    from groqchat.domain.models.choosing import Order
    from groqchat.ui.workspace.workspace import Workspace

LONGEST_NAME = 80
_WORDS = {"reasoning_effort": "The reasoning effort"}


class ModelActions:
    """Commands about models.

    Args:
        workspace: The parts of the chat.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        # The order in which the list was looked at last.
        self._order: Order | None = None

    async def choose_model(self, argument: str) -> None:
        """Choose the model of the next request, by its name or from the list.

        What an ability, a status or a use is called (``vision``) narrows the list.
        """
        workspace = self._workspace
        if not argument or self._is_about_several(argument):
            chosen = await self._picked(argument)
            called = ResolvedModel(chosen) if chosen else None
        else:
            try:
                called = await model_named(workspace.account, argument)
            except UnclearModelError as mistake:
                workspace.prompt.refuse(sentence(mistake, "Ctrl+L"), "model", argument)
                return
        if called is not None:
            await self._use(called)

    async def _use(self, called: ResolvedModel) -> None:
        workspace = self._workspace
        await workspace.set_options(model=called.id)
        model = workspace.catalog.get(called.id)
        left_out = "".join(
            f" {_WORDS.get(name, name)} is not sent: {why}."
            for name, why in refused_options(workspace.options, model).items()
        )
        longest, most = workspace.options.max_tokens, model.max_completion_tokens
        if longest and most and longest > most:
            left_out += f" Its answers have {count(most)} tokens at most, not {count(longest)}."
        said = f"The next prompt goes to {line(called.id, LONGEST_NAME)}.{left_out}"
        today = local_day(workspace.services.clock.now())
        ending = shutdown_of(model, today)
        notes = (said, called.doubt, str(ending) if ending else "")
        workspace.notify(" ".join(filter(None, notes)))

    def _is_about_several(self, word: str) -> bool:
        """Whether a word describes models of the catalogue, and is the name of none."""
        catalog = self._workspace.catalog
        if catalog.named(word):
            return False
        words = {use.id for use in self._workspace.services.use_cases()}
        for model in catalog.models.values():
            words |= {model.status, *model.abilities}
        return word.lower() in words

    async def _picked(self, query: str = "") -> str | None:
        from groqchat.ui.models.choices import model_choices
        from groqchat.ui.models.picker import ModelPicker

        workspace = self._workspace
        models = await model_choices(workspace.services, workspace.account, self._order)
        chosen = await workspace.ask(ModelPicker(models, workspace.options.model, query))
        self._order = models.order
        return chosen
