"""From Enter to a turn of a comparison; nothing that is written on the way is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.ui.commands import read_slash
from groqchat.ui.widgets.attachments import Attaching
from groqchat.ui.widgets.prompt_recall import Recall
from groqchat.ui.widgets.send_warning import SendWarning
from groqchat.ui.workspace.context_forecast import ContextForecast

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.services.turns.sizing import RequestPreview
    from groqchat.ui.compare.screen import CompareScreen
    from groqchat.ui.compare.side import Side


class ComparePrompting:
    """Takes prompts from the foot of a comparison. A prompt stays there until it is stored.

    Args:
        screen: The comparison.
        keep: Writes down what is unsent, soon.
    """

    def __init__(self, screen: CompareScreen, keep: Callable[[], None]) -> None:
        self._screen = screen
        self._keep = keep
        self._area = screen.foot.prompt
        self._send_warning = SendWarning()
        self._attaching = Attaching(self._area)
        self._said_of = ""
        self._warned_of = ""
        self._is_forecast = False
        self._forecasts: dict[int, ContextForecast] = {}
        self._recall = Recall(screen.parts.drafts, self._area)

    def changed(self) -> None:
        """Write the draft down, and say what the prompt will take."""
        self._keep()
        self.forecast()

    async def recall(self, step: int, before: str) -> None:
        """An older (1) or newer (-1) prompt."""
        await self._recall.step(step, before)

    async def history(self) -> None:
        """Find a prompt that was sent before."""
        from groqchat.ui.dialogs.prompt_history import find_prompt

        await find_prompt(self._screen.app.push_screen_wait, self._screen.parts.drafts, self._area)

    async def editor(self) -> None:
        """Write the prompt in an editor."""
        from groqchat.ui.terminal.editor import edited

        self._area.write(edited(self._screen.app, self._area.text))

    async def send(self, text: str) -> None:
        """Send to all, or say first what speaks against it: it is no prompt, or costs too much."""
        screen = self._screen
        if not text.strip():
            return
        if screen.is_busy:
            screen.work.refuse("")
        elif (slash := read_slash(text)) is not None:
            self._send_warning.forget()
            screen.action_elsewhere(slash.command.id)
        elif warning := self._send_warning.warning(text):
            screen.foot.say(warning, "$text-warning")
        elif said := self._attaching.attach_named():
            self._said_of = self._area.text
            screen.foot.say(said, "$text-warning")
        elif await self._is_affordable(text):
            self._warned_of = ""
            screen.work.ask(text)

    def stored(self, text: str) -> None:
        """A prompt is safe."""
        self._area.take_out(text)

    async def _is_affordable(self, text: str) -> bool:
        screen = self._screen
        if self._warned_of == text:
            self._let_pass()
            return True
        try:
            await screen.connection.budget.check(screen.comparison.session.id)
        except StorageError as error:
            self._offer(text, error)
            return False
        except GroqchatError as error:
            self._warned_of = text
            screen.foot.say(f"{error.message} Enter again to send it anyway.", "$text-warning")
            return False
        return True

    def _let_pass(self) -> None:
        for _ in self._screen.sides:
            self._screen.connection.budget.allow_once()

    def _offer(self, text: str, error: StorageError) -> None:
        """Nothing is sent while the settings cannot be read, but what is let pass once."""
        from groqchat.ui.dialogs.confirm import SendThisOne

        def decided(is_sent: bool | None) -> None:
            if is_sent:
                self._let_pass()
                self._screen.work.ask(text)

        self._screen.app.push_screen(SendThisOne(error, self._area.type_text), decided)

    def forecast(self) -> None:
        """Under each column that rests: what the prompt takes there, and whether it fits."""
        screen, text = self._screen, self._area.text
        if screen.is_busy or (text and text == self._said_of):  # what was said of it is read first
            return
        if not text.strip():
            self._take_back()
            return
        hides = screen.ballot.hides_names
        unfit = 0
        for side in screen.sides:
            preview = self._preview(side)
            if preview is None:
                continue
            request = preview.request(text)
            unfit += not side.forecast(request, screen.connection, hides_names=hides)
        late = f" · {unfit} of them not at once" if unfit else ""
        screen.foot.say(f"Enter sends {len(screen.sides)} requests, one to each model{late}")
        self._is_forecast = True

    def _preview(self, side: Side) -> RequestPreview | None:
        """What the next prompt of a column is sent with, once that has been read."""
        screen, number = self._screen, side.shown.number
        if number not in self._forecasts:
            self._forecasts[number] = ContextForecast(screen.foot, self.forecast)
        column = side.column
        turns = screen.connection.turns
        return self._forecasts[number].preview(turns, column.leaf_id, column.options)

    def _take_back(self) -> None:
        """Nothing is to be sent any more: the columns say again how they stand."""
        if self._is_forecast:
            self._is_forecast = False
            self._screen.foot.say("")
            for side in self._screen.sides:
                side.shown.show_phase(side.shown.phase, side.shown.words)
