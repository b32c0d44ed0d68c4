"""Compares models: the same prompt side by side, judged, and gone on with."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from groqchat.ui.commands import BY_ID, HOW_TO_QUIT
from groqchat.ui.compare.ballot import Ballot
from groqchat.ui.compare.board import CompareBoard
from groqchat.ui.compare.column import CompareColumn
from groqchat.ui.compare.commands import BINDINGS, ELSEWHERE, WRITING, ComparePalette
from groqchat.ui.compare.dispatch import CompareDeeds
from groqchat.ui.compare.foot import CompareFoot
from groqchat.ui.compare.job_runner import CompareWork
from groqchat.ui.compare.prompting import ComparePrompting
from groqchat.ui.compare.row import CompareRow
from groqchat.ui.compare.side import Side
from groqchat.ui.terminal.active_screen import hand_over
from groqchat.ui.terminal.compositor import FrugalCompositor
from groqchat.ui.transcript.frame_pacer import Rhythm
from groqchat.ui.widgets.reports_errors import ReportsErrors

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.events import DescendantFocus, Resize
    from textual.widgets import TextArea
    from textual.worker import Worker

    from groqchat.services.compare.compare import Comparison
    from groqchat.ui.parts import Connection, Parts
    from groqchat.ui.widgets.prompt_area import PromptArea

# How often a growing answer's figures and a wait's countdown are written anew, in seconds.
TICK_S = 0.25


class CompareScreen(ReportsErrors, Screen[str | None]):
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
        keep: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self._compositor = FrugalCompositor()
        self.parts = parts
        self.connection = connection
        self.comparison = comparison
        rhythm = Rhythm()
        self.columns = [
            CompareColumn(number, rhythm, partial(hand_over, self))
            for number in range(len(comparison.columns))
        ]
        self.sides = [
            Side(shown, column, parts.clock, comparison.session.system)
            for shown, column in zip(self.columns, comparison.columns, strict=True)
        ]
        self._row = CompareRow(self.columns)
        self.foot = CompareFoot(prompt, len(self.columns))
        self.prompt = self.foot.prompt
        self.prompting = ComparePrompting(self, keep)
        self.ballot = Ballot(parts, comparison)
        self.board = CompareBoard(self)
        self.work = CompareWork(self)
        self._deeds = CompareDeeds(self)
        self._last = self.columns[0]
        self._deed: Worker[None] | None = None
        self._is_leaving = self._is_gone = False
        self._result: str | None = None

    def compose(self) -> ComposeResult:
        """Title, columns, and the prompt with a line of words and one of keys."""
        yield self.board.title
        yield self._row
        yield self.foot

    @property
    def is_busy(self) -> bool:
        """Whether an answer, or a verdict, is being written."""
        return self.work.is_busy

    @property
    def _is_acting(self) -> bool:
        """Whether a key still acts, or has left: another that comes at once must not do so too."""
        is_deed_done = self._deed is None or self._deed.is_finished
        return self._is_leaving or not self.is_active or not is_deed_done

    @property
    def here(self) -> Side | None:
        """The side whose column has the focus."""
        return self.sides[self.focused.number] if isinstance(self.focused, CompareColumn) else None

    async def on_mount(self) -> None:
        """Ready to write; what was said is read meanwhile, and the limits."""
        self.prompt.move_cursor(self.prompt.document.end)
        self.prompt.focus()
        self.set_interval(TICK_S, self.work.tick)
        self.board.show()
        if self.comparison.turn:
            await self.board.recall()
        for model in {column.model for column in self.comparison.columns}:
            await self.connection.quota.refresh(model)
        self.prompting.forecast()

    async def on_unmount(self) -> None:
        """What is being answered is saved."""
        await self.work.stop()

    def on_resize(self, event: Resize) -> None:
        """More or fewer columns fit beside each other, and rows of figures in them."""
        self._row.fit(event.size.width)
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        """Show what there is room for now."""
        self._row.bring_into_view(self._last.number)
        self.board.settle()

    def on_reports_errors_failed(self, event: ReportsErrors.Failed) -> None:
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
        await self.prompting.recall(event.step, event.text)

    # -- keys ---------------------------------------------------------------------------------

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Show the keys that act on the widget that has the focus now."""
        if isinstance(event.widget, CompareColumn):
            self._last = event.widget
            self._row.bring_into_view(event.widget.number)
        self.board.show_keys()

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
            await self._stop()
        elif not self._is_acting:
            self.leave(None)

    async def _stop(self) -> None:
        await self.work.stop()
        await self._attempt(self.board.unhide_where_nobody_answered())
        self.board.show()

    async def interrupt(self) -> None:
        """Ctrl+C where nothing is selected: stop, else clear, else say how to leave."""
        if self.is_busy:
            await self._stop()
        elif self.prompt.text:
            self.prompt.write("")
        else:
            self.foot.say(HOW_TO_QUIT)

    def leave(self, answer_id: str | None) -> None:
        """Close, as soon as nothing lies over it: a window may have opened in the same moment."""
        self._is_leaving, self._result = True, answer_id
        if self.is_active and not self._is_gone:
            self._is_gone = True
            self.dismiss(answer_id)

    def on_screen_resume(self) -> None:
        """What lay over it is closed."""
        if self._is_leaving:
            self.leave(self._result)

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
