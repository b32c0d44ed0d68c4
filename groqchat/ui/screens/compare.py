"""Compares models: the same prompt side by side, judged, and gone on with."""

from __future__ import annotations

from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import HorizontalScroll
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import WorkerCancelled, WorkerFailed

from groqchat.domain.compare import Verdict
from groqchat.domain.errors import GroqchatError
from groqchat.ui.ballot import Ballot
from groqchat.ui.comparing import Side, headline
from groqchat.ui.screens.compare_foot import CompareFoot
from groqchat.ui.screens.scoreboard import Scoreboard
from groqchat.ui.widgets.compare_column import CompareColumn, Phase

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from textual.app import ComposeResult
    from textual.events import DescendantFocus, Resize
    from textual.widgets import TextArea
    from textual.worker import Worker

    from groqchat.services.compare import Comparison, Told
    from groqchat.ui.parts import Connection, Parts
    from groqchat.ui.widgets.composer import PromptArea

# How often a growing answer's figures and a wait's countdown are written anew, in seconds.
TICK_S = 0.25


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
    CompareScreen.-narrow CompareColumn { width: 100%; }
    CompareScreen.-low CompareFoot > ComparePrompt { border: none; min-height: 1; max-height: 2; }
    CompareScreen.-low CompareFoot > #said { display: none; }
    CompareScreen.-low CompareColumn > #figures { border-top: none; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-wide")]  # noqa: RUF012  # as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]  # noqa: RUF012  # as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stop_or_close", "Stop, then close", show=False),
        Binding("tab", "write", show=False),
        Binding("enter", "go_on", show=False),
        Binding("r", "retry", show=False),
        Binding("t", "vote('tie')", show=False),
        Binding("x", "vote('all_bad')", show=False),
        Binding("b", "blind", show=False),
        Binding("s", "scores", show=False),
        *(Binding(str(number), f"pick({number})", show=False) for number in range(1, 9)),
    ]

    def __init__(
        self, parts: Parts, connection: Connection, comparison: Comparison, prompt: str = ""
    ) -> None:
        super().__init__()
        self._parts = parts
        self._connection = connection
        self._comparison = comparison
        self._columns = [CompareColumn(number) for number in range(len(comparison.columns))]
        self._sides = [
            Side(shown, column, parts.clock)
            for shown, column in zip(self._columns, comparison.columns, strict=True)
        ]
        self._foot = CompareFoot(prompt, len(self._columns))
        self._prompt = self._foot.prompt
        self._ballot = Ballot(parts, comparison)
        self._warned_of = ""
        self._turn: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """Title, columns, and the prompt with a line of words and one of keys."""
        self._title = Static(id="title", markup=False)
        yield self._title
        yield HorizontalScroll(*self._columns, id="columns", can_focus=False)
        yield self._foot

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being written in some column."""
        return self._turn is not None and not self._turn.is_finished

    async def on_mount(self) -> None:
        """Ready to write; the limits are read meanwhile."""
        self._prompt.move_cursor(self._prompt.document.end)
        self._prompt.focus()
        self.set_interval(TICK_S, self._tick)
        self._refresh()
        for model in {column.model for column in self._comparison.columns}:
            await self._connection.quota.refresh(model)
        self._forecast()

    async def on_unmount(self) -> None:
        """What is being answered is saved."""
        await self._stop()

    def on_resize(self, event: Resize) -> None:
        """More or fewer rows of figures fit."""
        self.call_after_refresh(self._show_figures)

    # -- prompts ------------------------------------------------------------------------------

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Say what the prompt will take."""
        event.stop()
        self._forecast()

    async def on_prompt_area_sent(self, event: PromptArea.Sent) -> None:
        """Send to all, unless the budget is spent and that was not said yet."""
        event.stop()
        text = event.text
        if not text.strip():
            return
        if self.is_busy:
            self._foot.say("The answers are being written; Esc stops them.")
        elif await self._is_affordable(text):
            self._prompt.text = self._warned_of = ""
            self._start(self._comparison.ask(text), range(len(self._sides)), text)

    async def _is_affordable(self, text: str) -> bool:
        budget = self._connection.budget
        if self._warned_of == text:
            for _ in self._sides:
                budget.let_one_pass()
            return True
        try:
            await budget.check(self._comparison.session.id)
        except GroqchatError as error:
            self._warned_of = text
            self._foot.say(f"{error.message} Enter again sends it all the same.", "$text-warning")
            return False
        return True

    def _forecast(self) -> None:
        """Under each column that rests: what the prompt takes there, and whether it fits."""
        text = self._prompt.text
        if self.is_busy or not text.strip():
            return
        unfit = sum(not side.forecast(text, self._connection) for side in self._sides)
        late = f" · {unfit} of them not at once" if unfit else ""
        self._foot.say(f"Enter sends {len(self._sides)} requests, one to each model{late}")

    # -- turns --------------------------------------------------------------------------------

    def _start(
        self, events: AsyncGenerator[Told, None], numbers: Sequence[int], text: str = ""
    ) -> None:
        """Follow a turn of some columns; without a text the last prompt is asked again."""
        for number in numbers:
            self._sides[number].begin(is_again=not text)
        self._foot.say("")
        self._turn = self.run_worker(self._listen(events, text), group="turn", name="turn")
        self._refresh()

    async def _listen(self, events: AsyncGenerator[Told, None], text: str) -> None:
        """Follow all columns to whatever end each takes."""
        try:
            async with aclosing(events):
                async for told in events:
                    self._sides[told.column].take(told.event)
                    if self._sides[told.column].is_over:
                        self._show_figures()
                        self._show_title()
        except GroqchatError as error:
            self._prompt.text = text
            self._foot.say(f"{error.message} {error.suggestion}", "$text-error")
        else:
            self._foot.say("Which answer is the best?")
        finally:
            for side in self._sides:
                side.end()
        self._turn = None
        self._refresh()
        if not self._prompt.text and self.focused is self._prompt:
            self._columns[0].focus()

    async def _stop(self) -> None:
        if self._turn is not None and self.is_busy:
            self._turn.cancel()
            with suppress(WorkerFailed, WorkerCancelled):
                await self._turn.wait()

    def _tick(self) -> None:
        """Time passes: countdowns and figures of answers that grow."""
        if self.is_busy:
            for side in self._sides:
                side.tick()
            self._show_figures()

    # -- what is shown ------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Write everything anew that is not an answer's text."""
        for side in self._sides:
            is_winner = self._ballot.winner == side.column.model
            side.shown.show_name(self._ballot.name_of(side.column), is_winner=is_winner)
        self._show_title()
        self._show_figures()
        self._show_keys()

    def _show_title(self) -> None:
        self._title.update(headline(self._sides, self._ballot))

    def _show_figures(self) -> None:
        if self._ballot.hides_names:
            for side in self._sides:
                side.shown.hide_figures()
            return
        done = [side for side in self._sides if side.is_answered]
        settled = [side.figures for side in done]
        for side in self._sides:
            best = [
                m for m in side.measures if side in done and done.index(side) in m.best(settled)
            ]
            side.show_figures(best)

    def _show_keys(self) -> None:
        self._foot.show_keys(is_busy=self.is_busy, is_begun=self._comparison.turn > 0)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Other keys act here."""
        self._show_keys()

    # -- judging ------------------------------------------------------------------------------

    async def action_pick(self, number: int) -> None:
        """Name the best answer; the same key again goes on with it."""
        if number > len(self._sides):
            return
        side = self._sides[number - 1]
        if self._ballot.winner == side.column.model:
            await self._go_on_with(side)
        elif side.is_answered:
            await self._judge(Verdict.WINNER, side.column.model)
            side.shown.focus()
            self._foot.say(f"{number} again, or Enter, goes on with it in the chat.")
        else:
            self._foot.say("There is no whole answer in this column.")

    async def action_vote(self, verdict: str) -> None:
        """No answer is the best one."""
        await self._judge(Verdict(verdict))

    async def _judge(self, verdict: Verdict, winner: str | None = None) -> None:
        if self.is_busy or not any(side.is_answered for side in self._sides):
            self._foot.say("There is nothing to judge yet.")
            return
        try:
            await self._ballot.cast(verdict, winner)
        except GroqchatError as error:
            self._foot.say(f"{error.message} {error.suggestion}", "$text-error")
        self._refresh()

    def action_blind(self) -> None:
        """Hide and shuffle the names until the first vote, or show them again."""
        if self._comparison.turn:
            self._foot.say("Names can be hidden before the first prompt only.")
            return
        self._ballot.toggle_blind()
        for side, column in zip(self._sides, self._comparison.columns, strict=True):
            side.column = column
        said = "hidden and shuffled until you vote" if self._ballot.is_blind else "shown"
        self._refresh()
        self._foot.say(f"The names are {said}.")

    def action_scores(self) -> None:
        """Sum the turns up."""
        if self._ballot.hides_names:
            self._foot.say("The scores would tell the names; vote first.")
        else:
            self.app.push_screen(Scoreboard(self._ballot.scores))

    # -- keys ---------------------------------------------------------------------------------

    async def action_stop_or_close(self) -> None:
        """Stop what is being written; else leave."""
        if self.is_busy:
            await self._stop()
            self._refresh()
        else:
            self.dismiss(None)

    def action_write(self) -> None:
        """To the prompt."""
        self._prompt.focus()

    def action_go(self, step: int) -> None:
        """To the next column."""
        at = self.focused.number if isinstance(self.focused, CompareColumn) else 0
        self._columns[(at + step) % len(self._columns)].focus()

    async def action_go_on(self) -> None:
        """Go on with the answer of the column that has the focus."""
        if isinstance(self.focused, CompareColumn):
            await self._go_on_with(self._sides[self.focused.number])

    async def _go_on_with(self, side: Side) -> None:
        """Leave for the chat; who is gone on with unjudged is the winner."""
        answer_id = side.column.leaf_id
        if self.is_busy or answer_id is None:
            self._foot.say("There is no answer to go on with yet.")
            return
        if self._ballot.vote is None and side.is_answered:
            await self._judge(Verdict.WINNER, side.column.model)
        self.dismiss(answer_id)

    def action_retry(self) -> None:
        """Ask the column again that has the focus, or those that failed."""
        if self.is_busy or not self._comparison.turn:
            return
        failed = [side.shown.number for side in self._sides if side.shown.phase is Phase.FAILED]
        here = self.focused.number if isinstance(self.focused, CompareColumn) else -1
        numbers = [here] if here in failed or not failed else failed
        self._start(self._comparison.ask_again(numbers), numbers)

    def on_compare_column_typed(self, event: CompareColumn.Typed) -> None:
        """Somebody writes on."""
        self._prompt.focus()
        self._prompt.insert(event.character)
