"""The command `/set`: the parameters that the open session is asked with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.images.shown import line
from groqchat.domain.models.request_parameters import PARAMETERS, parameter_named, unset
from groqchat.ui.sessions.option_reading import OptionReading

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.models.request_parameters import Parameter
    from groqchat.domain.turns.chat import Options
    from groqchat.ui.workspace.parts import ChatParts

_LONGEST_VALUE = 200


class ParameterActions(OptionReading):
    """Shows and sets parameters of the open session, from its next prompt on.

    Args:
        parts: The parts of the chat.
        fill_in: Has the parameters filled in for which none is named.
    """

    def __init__(
        self, parts: ChatParts, fill_in: Callable[[Options, Model], Awaitable[Options | None]]
    ) -> None:
        super().__init__(parts)
        self._fill_in = fill_in

    async def set_parameter(self, argument: str) -> None:
        """Set or reset one parameter; its name alone shows it, no name opens the form of all."""
        word, _, text = argument.partition(" ")
        if not word:
            await self._change()
            return
        try:
            parameter = parameter_named(word)
            if not text.strip():
                self._show(parameter)
                return
            value = parameter.value(text, self._model)
        except ValueError as mistake:
            said = line(f"/set: {mistake}", 2 * _LONGEST_VALUE)
            self._parts.prompt.refuse(said, "set", argument)
            return
        await self._parts.set_options(**{parameter.name: value})
        shown = line(parameter.text(self._options), _LONGEST_VALUE)
        self._parts.notify(
            f"{parameter.name}: reset to the server's default, in this session."
            if value == unset(parameter.name)
            else f"{parameter.name}: {shown}, in this session."
        )

    def _show(self, parameter: Parameter) -> None:
        """Say the value of a parameter, and what the model takes."""
        name, model = parameter.name, self._model
        shown = line(parameter.text(self._options), _LONGEST_VALUE)
        takes = parameter.takes(model) or "no such parameter"
        reset = f" /set {name} off resets it." if shown else ""
        value = shown or "the server's default"
        self._parts.notify(f"{name}: {value}. {model.id} takes {takes}.{reset}")

    async def _change(self) -> None:
        """Have the parameters that the model takes changed in a form."""
        before = self._options
        options = await self._fill_in(before, self._model)
        if options is None:
            return
        changes = {
            each.name: getattr(options, each.name)
            for each in PARAMETERS
            if getattr(options, each.name) != getattr(before, each.name)
        }
        if changes:
            await self._parts.set_options(**changes)
            self._parts.notify(f"Changed in this session: {', '.join(changes)}.")
