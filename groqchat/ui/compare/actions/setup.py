"""The commands that change how the columns are asked, copy one, and save them as a preset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.compare.rules import (
    LONGEST_TAG,
    MOST_MODELS,
    is_preset_name,
    next_gap,
    variant_name,
)
from groqchat.domain.compare.variants import rewritten
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import duration

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Options
    from groqchat.services.compare.column import Column
    from groqchat.ui.compare.column_presenter import ColumnPresenter
    from groqchat.ui.compare.state import CompareState
    from groqchat.ui.dialogs.dialog import Ask


class SetupActions:
    """Changes options of columns and the pause between their requests, copies and saves columns.

    Args:
        state: The comparison on the screen.
        ask: Opens a window and waits for its result.
        model_of: What is known about a model.
        save_gap: Stores the pause in the settings, in seconds.
        changed: Called once options have changed.
        copy: Puts a copy of a column behind it, asked in another way.
        reopen: Shows the comparison anew with all its columns, Tab going to one of them, and says
            some words there.
        save_preset: Stores columns under a name in the settings.
    """

    def __init__(
        self,
        state: CompareState,
        ask: Ask,
        *,
        model_of: Callable[[str], Model],
        save_gap: Callable[[float], object],
        changed: Callable[[], None],
        copy: Callable[[Column, Options, str], Awaitable[None]],
        reopen: Callable[[int, str], None],
        save_preset: Callable[[str, Sequence[str]], object],
    ) -> None:
        self._state = state
        self._ask = ask
        self._model_of = model_of
        self._save_gap = save_gap
        self._changed = changed
        self._copy = copy
        self._reopen = reopen
        self._save_preset = save_preset

    async def options(self) -> None:
        """Change the options of one column."""
        shown = self._shown()
        if shown is None:
            return
        column = shown.column
        options = await self._chosen(shown, f"Column {shown.number + 1}: {column.name}")
        if options is None:
            return
        if column.variant:
            variant = rewritten(column.variant, column.options, options)
            if self._is_there(variant, column, but=column):
                self._state.refuse("Another column asks in this way already.")
                return
            column.variant = variant
        column.options = options
        self._changed()

    async def copy(self) -> None:
        """Copy one column, and choose how the copy is asked."""
        state, shown = self._state, self._shown()
        if shown is None:
            return
        if len(state.comparison.columns) >= MOST_MODELS:
            state.refuse(f"A comparison has {MOST_MODELS} columns at most.")
            return
        column = shown.column
        options = await self._chosen(shown, f"Copy of column {shown.number + 1}: {column.name}")
        if options is None:
            return
        variant = rewritten(column.variant, column.options, options)
        if self._is_there(variant, column):
            state.refuse("Nothing is copied: change something that tells the copy from the others.")
            return
        try:
            await self._copy(column, options, variant)
        except GroqchatError as error:
            state.say_error(error)
            return
        asks = " Tab, r asks it the last prompt." if state.comparison.turn else ""
        words = f"Column {shown.number + 2} is {variant_name(column.model, variant)}.{asks}"
        self._reopen(shown.number + 1, words)

    async def save(self) -> None:
        """Save the columns under a name."""
        from groqchat.ui.dialogs.ask_words import Words

        state = self._state
        if state.is_busy or state.hides_names:
            state.refuse("Vote first: the names of the columns are hidden.")
            return
        said = "For /compare @NAME here, and -m @NAME on the command line."
        name = await self._ask(Words("Name of these columns", "", LONGEST_TAG, said))
        name = (name or "").strip().removeprefix("@")
        if not name:
            return
        if not is_preset_name(name):
            state.refuse("A name has letters, digits, - and _ only.")
            return
        try:
            self._save_preset(name, [column.name for column in state.comparison.columns])
        except GroqchatError as error:
            state.say_error(error)
            return
        state.say(f"The columns are saved: /compare @{name} opens them.")

    def _shown(self) -> ColumnPresenter | None:
        """The column with the focus, else the first; None, and a refusal, while that is closed."""
        state = self._state
        if state.is_busy or state.hides_names:
            state.refuse("Vote first: this would reveal the name.")
            return None
        return state.here or state.columns[0]

    async def _chosen(self, shown: ColumnPresenter, heading: str) -> Options | None:
        """The options that the user chooses for a column; None where the window is closed."""
        from groqchat.ui.dialogs.parameters import ParametersForm

        model, asked_with = self._model_of(shown.model), shown.column.options
        return await self._ask(ParametersForm(heading, asked_with, model, with_system=True))

    def _is_there(self, variant: str, column: Column, but: Column | None = None) -> bool:
        """Whether a column beside some one asks the model of a column in this way."""
        name = variant_name(column.model, variant)
        columns = self._state.comparison.columns
        return name in {each.name for each in columns if each is not but}

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
