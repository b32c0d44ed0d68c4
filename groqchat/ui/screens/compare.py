"""Compares models: the same prompt side by side, judged, and gone on with."""

from __future__ import annotations

from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import HorizontalScroll
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import WorkerCancelled, WorkerFailed

from groqchat.domain.errors import GroqchatError
from groqchat.ui.ballot import Ballot
from groqchat.ui.comparing import Side, headline
from groqchat.ui.compositor import FrugalCompositor
from groqchat.ui.key_guard import KeyGuard
from groqchat.ui.screens.compare_actions import CompareDeeds
from groqchat.ui.screens.compare_deeds import BINDINGS, ComparePalette
from groqchat.ui.screens.compare_foot import CompareFoot
from groqchat.ui.upkeep import tidy_up
from groqchat.ui.widgets.compare_column import CompareColumn, Phase
from groqchat.ui.widgets.transcript.rhythm import Rhythm

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine, Sequence

    from textual.app import ComposeResult
    from textual.events import DescendantFocus, Resize
    from textual.widgets import TextArea
    from textual.worker import Worker

    from groqchat.services.compare import Comparison, Told
    from groqchat.ui.parts import Connection, Parts
    from groqchat.ui.widgets.composer import PromptArea

# How often a growing answer's figures and a wait's countdown are written anew, in seconds.
TICK_S = 0.25
NARROWEST_COLUMN = 38


class CompareScreen(Screen[str | None]):
    """A comparison. Its result is the id of the answer to go on with, or None.

    Args:
        parts: The services.
        connection: The account.
        comparison: The columns; nothing is sent yet.
        prompt: What stands in the composer at first.
    """

    DEFAULT_CSS = """
    CompareScreen { background: $background; }
    CompareScreen > #title { height: 1; padding: 0 1; background: $panel; }
    CompareScreen > #columns { height: 1fr; scrollbar-size-horizontal: 1; }
    CompareScreen.-narrow > #columns { scrollbar-size-horizontal: 0; }
    CompareScreen.-low CompareFoot > ComparePrompt { border: none; min-height: 1; max-height: 2; }
    CompareScreen.-low CompareFoot > #said { display: none; }
    CompareScreen.-low CompareColumn > #figures { border-top: none; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-wide")]  # noqa: RUF012  # as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]  # noqa: RUF012  # as Textual declares it
    COMMANDS = {ComparePalette}  # noqa: RUF012  # as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stop_or_close", "Stop, then close", show=False),
        Binding("ctrl+p", "app.command_palette", show=False),
        Binding("f1", "deed('help')", show=False),
        Binding("tab", "write", show=False),
        *BINDINGS,
        *(Binding(str(number), f"pick({number})", show=False) for number in range(1, 9)),
    ]

    def __init__(
        self, parts: Parts, connection: Connection, comparison: Comparison, prompt: str = ""
    ) -> None:
        super().__init__()
        self._compositor = FrugalCompositor()
        self.parts = parts
        self.connection = connection
        self.comparison = comparison
        rhythm = Rhythm()
        self.columns = [CompareColumn(number, rhythm) for number in range(len(comparison.columns))]
        self.sides = [
            Side(shown, column, parts.clock)
            for shown, column in zip(self.columns, comparison.columns, strict=True)
        ]
        self.foot = CompareFoot(prompt, len(self.columns))
        self.prompt = self.foot.prompt
        self.ballot = Ballot(parts, comparison)
        self._deeds = CompareDeeds(self)
        self._warned_of = ""
        self._key_guard = KeyGuard()
        self._work: Worker[None] | None = None
        self._deed: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """Title, columns, and the prompt with a line of words and one of keys."""
        self._title = Static(id="title", markup=False)
        yield self._title
        yield HorizontalScroll(*self.columns, id="columns", can_focus=False)
        yield self.foot

    @property
    def is_busy(self) -> bool:
        """Whether an answer, or a verdict, is being written."""
        return self._work is not None and not self._work.is_finished

    @property
    def _is_acting(self) -> bool:
        """Whether a key still acts, or has left: another that comes at once must not do so too."""
        return not self.is_current or (self._deed is not None and not self._deed.is_finished)

    @property
    def here(self) -> Side | None:
        """The side whose column has the focus."""
        return self.sides[self.focused.number] if isinstance(self.focused, CompareColumn) else None

    async def on_mount(self) -> None:
        """Ready to write; the limits are read meanwhile."""
        self.prompt.move_cursor(self.prompt.document.end)
        self.prompt.focus()
        self.set_interval(TICK_S, self._tick)
        self.show_anew()
        for model in {column.model for column in self.comparison.columns}:
            await self.connection.quota.refresh(model)
        self.forecast()

    async def on_unmount(self) -> None:
        """What is being answered is saved."""
        await self._stop()

    def on_resize(self, event: Resize) -> None:
        """More or fewer columns fit beside each other, and rows of figures in them."""
        width, number = event.size.width, len(self.columns)
        fitting = max(1, min(number, width // NARROWEST_COLUMN))
        for at, column in enumerate(self.columns):
            column.styles.width = width // fitting + (at % fitting < width % fitting)
        self.call_after_refresh(self._show_figures)

    # -- prompts ------------------------------------------------------------------------------

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Say what the prompt will take."""
        event.stop()
        self.forecast()

    async def on_prompt_area_sent(self, event: PromptArea.Sent) -> None:
        """Send to all, unless it holds a key or the budget is spent, and that was not said yet."""
        event.stop()
        text = event.text
        if not text.strip():
            return
        if self.is_busy:
            self.foot.say("The answers are being written; Esc stops them.")
        elif (warning := self._key_guard.warning(text)) is not None:
            self.foot.say(warning, "$text-warning")
        elif await self._is_affordable(text):
            self.prompt.text = self._warned_of = ""
            if self.ballot.is_blind:
                self._hide()
            self.start(self.comparison.ask(text), range(len(self.sides)), text)

    async def _is_affordable(self, text: str) -> bool:
        budget = self.connection.budget
        if self._warned_of == text:
            for _ in self.sides:
                budget.let_one_pass()
            return True
        try:
            await budget.check(self.comparison.session.id)
        except GroqchatError as error:
            self._warned_of = text
            self.foot.say(f"{error.message} Enter again sends it all the same.", "$text-warning")
            return False
        return True

    def _hide(self) -> None:
        """Nobody is to know who answers next: what was said before would tell."""
        self.ballot.hide()
        self.match_sides()
        for side in self.sides:
            side.shown.transcript.show(())

    def match_sides(self) -> None:
        """Show each column of the comparison where it stands now."""
        for side, column in zip(self.sides, self.comparison.columns, strict=True):
            side.column = column

    def forecast(self) -> None:
        """Under each column that rests: what the prompt takes there, and whether it fits."""
        text = self.prompt.text
        if self.is_busy or not text.strip():
            return
        unfit = sum(not side.forecast(text, self.connection) for side in self.sides)
        late = f" · {unfit} of them not at once" if unfit else ""
        self.foot.say(f"Enter sends {len(self.sides)} requests, one to each model{late}")

    # -- turns --------------------------------------------------------------------------------

    def start(
        self, events: AsyncGenerator[Told, None], numbers: Sequence[int], text: str = ""
    ) -> None:
        """Follow a turn of some columns; without a text the last prompt is asked again."""
        for number in numbers:
            self.sides[number].begin(is_again=not text)
        self.foot.say("")
        self.work(self._listen(events, text))
        self.show_anew()

    def work(self, task: Coroutine[object, object, None]) -> None:
        """Do something that takes its time, and that Esc stops."""
        self._work = self.run_worker(task, group="turn", name="turn")

    async def _listen(self, events: AsyncGenerator[Told, None], text: str) -> None:
        """Follow all columns to whatever end each takes."""
        try:
            async with aclosing(events):
                async for told in events:
                    side = self.sides[told.column]
                    side.take(told.event, hides_names=self.ballot.hides_names)
                    if side.is_over:
                        self._show_figures()
                        self._show_title()
        except GroqchatError as error:
            self.prompt.text = text
            self.foot.say(f"{error.message} {error.suggestion}", "$text-error")
        else:
            is_any = any(side.is_answered for side in self.sides)
            self.foot.say("Which answer is the best?" if is_any else "No model has answered.")
        finally:
            for side in self.sides:
                side.end()
            self.call_after_refresh(tidy_up)
        self._work = None
        self.show_anew()
        if not self.prompt.text and self.focused is self.prompt:
            self.columns[0].focus()

    async def _stop(self) -> None:
        if self._work is not None and self.is_busy:
            self._work.cancel()
            with suppress(WorkerFailed, WorkerCancelled):
                await self._work.wait()

    def _tick(self) -> None:
        """Time passes: countdowns and figures of answers that grow."""
        if self.is_busy:
            for side in self.sides:
                side.tick()
            self._show_figures()

    # -- what is shown ------------------------------------------------------------------------

    def show_anew(self) -> None:
        """Write everything anew that is not an answer's text."""
        for side in self.sides:
            side.shown.show_name(
                self.ballot.name_of(side.column),
                is_winner=self.ballot.winner == side.column.model,
                details="" if self.ballot.hides_names else side.details,
            )
        self._show_title()
        self._show_figures()
        self._show_keys()

    async def reveal(self) -> None:
        """The names are known: what was said before may be seen again, and what went wrong."""
        for side in self.sides:
            if side.column.leaf_id is not None:
                side.show_whole(await self.parts.store.path(side.column.leaf_id))
            side.reveal()
        self.show_anew()

    def _show_title(self) -> None:
        self._title.update(headline(self.sides, self.ballot))

    def _show_figures(self) -> None:
        if self.ballot.hides_names:
            for side in self.sides:
                side.shown.hide_figures()
            return
        done = [side for side in self.sides if side.is_answered]
        settled = [side.figures for side in done]
        for side in self.sides:
            best = [
                m for m in side.measures if side in done and done.index(side) in m.best(settled)
            ]
            side.show_figures(best)

    def _show_keys(self) -> None:
        self.foot.show_keys(is_busy=self.is_busy, is_begun=self.comparison.turn > 0)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Other keys act here."""
        self._show_keys()

    # -- keys ---------------------------------------------------------------------------------

    def action_deed(self, deed: str) -> None:
        """Do one of the deeds; it may open a window and wait for it."""
        if not self._is_acting:
            self._deed = self.run_worker(self._deeds.run(deed), group="deed", name=deed)

    def action_pick(self, number: int) -> None:
        """Name the best answer; the same key again goes on with it."""
        if number <= len(self.sides) and not self._is_acting:
            picking = self._deeds.pick(self.sides[number - 1])
            self._deed = self.run_worker(picking, group="deed", name="pick")

    async def action_stop_or_close(self) -> None:
        """Stop what is being written; else leave."""
        if self.is_busy:
            await self._stop()
            self.show_anew()
        elif not self._is_acting:
            self.dismiss(None)

    def action_write(self) -> None:
        """To the prompt."""
        self.prompt.focus()

    def action_go(self, step: int) -> None:
        """To the next column."""
        at = self.here.shown.number if self.here else 0
        self.columns[(at + step) % len(self.columns)].focus()

    def retry(self) -> None:
        """Ask the column again that has the focus, or those that failed."""
        if self.is_busy or not self.comparison.turn:
            return
        failed = [side.shown.number for side in self.sides if side.shown.phase is Phase.FAILED]
        here = self.here.shown.number if self.here else -1
        numbers = [here] if here in failed or not failed else failed
        numbers = [number for number in numbers if number >= 0]
        if numbers:
            self.start(self.comparison.ask_again(numbers), numbers)

    def on_compare_column_typed(self, event: CompareColumn.Typed) -> None:
        """Somebody writes on."""
        self.prompt.focus()
        self.prompt.insert(event.character)
