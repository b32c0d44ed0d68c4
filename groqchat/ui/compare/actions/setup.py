"""The commands that change how the columns are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.compare.rules import next_gap, variant_name
from groqchat.domain.compare.variants import rewritten
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.models.catalog import Model
    from groqchat.ui.compare.state import CompareState
    from groqchat.ui.dialogs.dialog import Ask


class SetupActions:
    """Changes options of columns, and the pause between their requests.

    Args:
        state: The comparison on the screen.
        ask: Opens a window and waits for its result.
        model_of: What is known about a model.
        save_gap: Stores the pause in the settings, in seconds.
        changed: Called once options have changed.
    """

    def __init__(
        self,
        state: CompareState,
        ask: Ask,
        *,
        model_of: Callable[[str], Model],
        save_gap: Callable[[float], object],
        changed: Callable[[], None],
    ) -> None:
        self._state = state
        self._ask = ask
        self._model_of = model_of
        self._save_gap = save_gap
        self._changed = changed

    async def options(self) -> None:
        """Change the options of one column."""
        from groqchat.ui.dialogs.parameters import ParametersForm

        state = self._state
        shown = state.here or state.columns[0]
        if state.is_busy or state.hides_names:
            state.refuse("Vote first: this would reveal the name.")
            return
        heading = f"Column {shown.number + 1}: {shown.column.name}"
        model, asked_with = self._model_of(shown.model), shown.column.options
        window = ParametersForm(heading, asked_with, model, with_system=True)
        options = await self._ask(window)
        if options is None:
            return
        column = shown.column
        if column.variant:
            variant = rewritten(column.variant, column.options, options)
            if variant_name(column.model, variant) in {
                each.name for each in state.comparison.columns if each is not column
            }:
                state.refuse("Another column asks in this way already.")
                return
            column.variant = variant
        column.options = options
        self._changed()

    async def spacing(self) -> None:
        """Lengthen the pause between the requests of the columns; after the longest comes none."""
        state, comparison = self._state, self._state.comparison
        comparison.gap_s = next_gap(comparison.gap_s)
        try:
            self._save_gap(comparison.gap_s)
        except GroqchatError as error:
            state.say_error(error)
            return
        if comparison.gap_s:
            state.say(
                f"Requests are now sent {duration(comparison.gap_s)} apart, so that they do "
                "not take a minute's requests and tokens all at once."
            )
        else:
            state.say("All requests are now sent at once.")
