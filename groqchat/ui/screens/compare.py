"""Compares models: the same prompt side by side, judged, and gone on with."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import WorkerCancelled, WorkerFailed

from groqchat.ui.ballot import Ballot
from groqchat.ui.commands import BY_ID
from groqchat.ui.compare_board import headline, show_figures, show_names
from groqchat.ui.comparing import Side
from groqchat.ui.compositor import FrugalCompositor
from groqchat.ui.screens.compare_actions import CompareDeeds
from groqchat.ui.screens.compare_deeds import BINDINGS, ELSEWHERE, WRITING, ComparePalette
from groqchat.ui.screens.compare_errands import Answers
from groqchat.ui.screens.compare_foot import CompareFoot
from groqchat.ui.screens.compare_prompting import ComparePrompting
from groqchat.ui.sturdy import Sturdy
from groqchat.ui.widgets.compare_column import CompareColumn
from groqchat.ui.widgets.compare_row import CompareRow
from groqchat.ui.widgets.transcript.rhythm import Rhythm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import ComposeResult
    from textual.events import DescendantFocus, Resize
    from textual.widgets import TextArea
    from textual.worker import Worker

    from groqchat.services.compare import Comparison
    from groqchat.ui.parts import Connection, Parts
    from groqchat.ui.screens.compare_errands import Errand
    from groqchat.ui.widgets.composer import PromptArea

# How often a growing answer's figures and a wait's countdown are written anew, in seconds.
TICK_S = 0.25


class CompareScreen(Sturdy, Screen[str | None]):
    """A comparison. Its result is the id of the answer to go on with, or None.

    Args:
        parts: The services.
        connection: The account.
        comparison: The columns; what was said in them already is shown, nothing is sent yet.
        prompt: What stands in the composer at first.
        keep: Writes down what is unsent there, soon.
    """

    DEFAULT_CSS = """
    CompareScreen { background: $background; }
    CompareScreen > #title { height: 1; padding: 0 1; background: $panel; }
    CompareScreen.-narrow > CompareRow { scrollbar-size-horizontal: 0; }
    CompareScreen.-low CompareFoot > PromptArea { border: none; min-height: 1; max-height: 2; }
    CompareScreen.-low CompareFoot > #said { display: none; }
    CompareScreen.-low CompareFoot.-saying > #said { display: block; height: auto; max-height: 3; }
    CompareScreen.-low CompareFoot.-saying > KeyBar { display: none; }
    CompareScreen.-low CompareColumn > #figures { border-top: none; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-wide")]  # noqa: RUF012  # as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]  # noqa: RUF012  # as Textual declares it
    COMMANDS = {ComparePalette}  # noqa: RUF012  # as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stop_or_close", "Stop, then close", show=False),
        Binding("ctrl+p", "app.command_palette", show=False),
        Binding("f1", "deed('help')", show=False),
        # At once, so that what is typed right after it goes where it is meant to.
        Binding("tab", "change_side", show=False, priority=True),
        *BINDINGS,
        *ELSEWHERE,
        *WRITING,
        *(Binding(str(number), f"pick({number})", show=False) for number in range(1, 9)),
    ]

    def __init__(
        self,
        parts: Parts,
        connection: Connection,
        comparison: Comparison,
        prompt: str = "",
        keep: Callable[[str], None] = lambda _: None,
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
        self._row = CompareRow(self.columns)
        self.foot = CompareFoot(prompt, len(self.columns))
        self.prompt = self.foot.prompt
        self.prompting = ComparePrompting(self, keep)
        self.ballot = Ballot(parts, comparison)
        self.errand: Errand | None = None
        self._deeds = CompareDeeds(self)
        self._last = self.columns[0]
        self._work: Worker[None] | None = None
        self._deed: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """Title, columns, and the prompt with a line of words and one of keys."""
        self._title = Static(id="title", markup=False)
        yield self._title
        yield self._row
        yield self.foot

    @property
    def is_busy(self) -> bool:
        """Whether an answer, or a verdict, is being written."""
        return self.errand is not None

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
        if self.comparison.turn:
            await self._show_what_was_said()
        self.show_anew()
        for model in {column.model for column in self.comparison.columns}:
            await self.connection.quota.refresh(model)
        self.prompting.forecast()

    async def _show_what_was_said(self) -> None:
        """The comparison was left, and is opened again."""
        await self.ballot.recall()
        for side in self.sides:
            leaf_id = side.column.leaf_id
            side.recall(await self.parts.store.path(leaf_id) if leaf_id else ())

    async def on_unmount(self) -> None:
        """What is being answered is saved."""
        await self.stop()

    def on_resize(self, event: Resize) -> None:
        """More or fewer columns fit beside each other, and rows of figures in them."""
        self._row.fit(event.size.width)
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        """Show what there is room for now."""
        self._row.bring_into_view(self._last.number)
        self.show_title()
        self.show_figures()
        self._show_keys()

    def on_sturdy_mishap(self, event: Sturdy.Mishap) -> None:
        """Something could not be read: say it, and go on."""
        event.stop()
        self.foot.say(f"{event.error.message} {event.error.suggestion}", "$text-error")

    # -- prompts ------------------------------------------------------------------------------

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep what is written, and say what it will take."""
        event.stop()
        self.prompting.changed()

    async def on_prompt_area_sent(self, event: PromptArea.Sent) -> None:
        """Enter was pressed."""
        event.stop()
        await self.prompting.send(event.text)

    async def on_prompt_area_recalled(self, event: PromptArea.Recalled) -> None:
        """Older and newer prompts, by the arrow keys."""
        event.stop()
        await self.prompting.recall(event.step)

    # -- turns --------------------------------------------------------------------------------

    def ask(self, text: str) -> None:
        """Send a prompt to all."""
        if self.ballot.is_blind:
            self._hide()
        for side in self.sides:
            side.begin(is_again=False)
        self.set_out(Answers(self, self.comparison.ask(text), text))

    def ask_again(self, numbers: Iterable[int]) -> None:
        """Have some columns answer the last prompt once more."""
        again = list(numbers)
        for number in again:
            self.sides[number].begin(is_again=True)
        self.set_out(Answers(self, self.comparison.ask_again(again)))

    def set_out(self, errand: Errand) -> None:
        """Do something that takes its time, and that Esc stops."""
        self.foot.say("")
        self.errand = errand
        self._work = self.run_worker(self._carry_out(errand), group="errand", name="errand")
        self.show_anew()

    async def _carry_out(self, errand: Errand) -> None:
        try:
            await errand.run()
        finally:
            self.errand = None
            if self.is_attached:
                self.show_anew()

    async def stop(self) -> None:
        """Stop what is being done, and wait until that has come to its end."""
        if self._work is not None and self.is_busy:
            self._work.cancel()
            with suppress(WorkerFailed, WorkerCancelled):
                await self._work.wait()
            self.errand = None  # one that was stopped before it began has not ended by itself
            for side in self.sides:
                side.end()

    def refuse(self, reason: str) -> None:
        """Say why something is not done: because of what is being done, or for this reason."""
        self.foot.say(self.errand.busy if self.errand else reason)

    def _tick(self) -> None:
        if self.errand is not None:
            self.errand.tick()

    # -- what is shown ------------------------------------------------------------------------

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

    @property
    def _is_judged(self) -> bool:
        """Whether what was said of the present turn holds for what is on the screen."""
        return self.errand is None or not self.errand.is_turn

    def show_anew(self) -> None:
        """Write everything anew that is not an answer's text."""
        show_names(self.sides, self.ballot, is_judged=self._is_judged)
        self.show_title()
        self.show_figures()
        self._show_keys()

    async def reveal(self) -> None:
        """The names are known: what was said before may be seen again, and what went wrong."""
        for side in self.sides:
            if side.column.leaf_id is not None:
                side.show_whole(await self.parts.store.path(side.column.leaf_id))
            side.reveal()
        self.show_anew()

    def show_title(self) -> None:
        """Who compares, how it stands, how it was judged."""
        width = self.size.width - 2
        self._title.update(headline(self.sides, self.ballot, width, is_judged=self._is_judged))

    def show_figures(self) -> None:
        """Each side's, the best of each row marked."""
        show_figures(self.sides, self.ballot)

    def _show_keys(self) -> None:
        is_begun, is_low = self.comparison.turn > 0, self.has_class("-low")
        self.foot.show_keys(is_busy=self.is_busy, is_begun=is_begun, is_low=is_low)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Other keys act here."""
        if isinstance(event.widget, CompareColumn):
            self._last = event.widget
            self._row.bring_into_view(event.widget.number)
        self._show_keys()

    # -- keys ---------------------------------------------------------------------------------

    def action_deed(self, deed: str) -> None:
        """Do one of the deeds; it may open a window and wait for it."""
        if not self._is_acting:
            self._deed = self.run_surely(self._deeds.run(deed), group="deed")

    def action_pick(self, number: int) -> None:
        """Name the best answer; the same key again goes on with it."""
        if number <= len(self.sides) and not self._is_acting:
            picking = self._deeds.pick(self.sides[number - 1])
            self._deed = self.run_surely(picking, group="deed")

    async def action_stop_or_close(self) -> None:
        """Stop what is being written; else leave."""
        if self.is_busy:
            await self.stop()
            self.show_anew()
        elif not self._is_acting:
            self.dismiss(None)

    def action_elsewhere(self, command_id: str) -> None:
        """A key of the chat was pressed."""
        self.foot.say(f"{BY_ID[command_id].title}: in the chat. Esc goes back there.")

    def action_writing(self, command_id: str) -> None:
        """Find a prompt, or write it in an editor."""
        if not self._is_acting:
            self._deed = self.run_surely(getattr(self.prompting, command_id)(), group="deed")

    def action_change_side(self) -> None:
        """To the prompt, or back to the column that was looked at last."""
        self.foot.say("")  # what stood there was read
        # Textual's own `focus` waits its turn behind keys that came meanwhile.
        wanted = self._last if self.focused is self.prompt else self.prompt
        self.set_focus(wanted, scroll_visible=False)
        if wanted is self.prompt:
            self.prompting.forecast()

    def action_go(self, step: int) -> None:
        """To the next column."""
        at = (self._last.number + step) % len(self.columns)
        self.columns[at].focus(scroll_visible=False)

    def on_compare_column_typed(self, event: CompareColumn.Typed) -> None:
        """Somebody writes on."""
        self.prompt.focus()
        self.prompt.insert(event.character)
