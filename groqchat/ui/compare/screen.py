"""The screen that compares models: the same prompt side by side, judged, and gone on with."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from groqchat.ui.commands import BY_ID as CHAT_COMMANDS
from groqchat.ui.commands import HOW_TO_QUIT
from groqchat.ui.compare.assembly import CompareHelpers, ScreenCalls
from groqchat.ui.compare.column import CompareColumn
from groqchat.ui.compare.commands import BINDINGS, BY_ID, CHAT_BINDINGS, FOOTER_KEYS, LEAVES
from groqchat.ui.compare.foot import CompareFoot
from groqchat.ui.compare.history import show_history
from groqchat.ui.compare.palette import ComparePalette
from groqchat.ui.compare.prompting import only_in_chat
from groqchat.ui.compare.row import CompareRow
from groqchat.ui.conversation.thumbnails import Thumbnails
from groqchat.ui.terminal.active_screen import hand_over
from groqchat.ui.terminal.garbage import tidy_up
from groqchat.ui.terminal.motion import tick_s
from groqchat.ui.terminal.replacements import paint_changes_only
from groqchat.ui.terminal.textual_internals import PaintsOnce
from groqchat.ui.transcript.frame_pacer import FramePacer
from groqchat.ui.widgets.reports_errors import ReportsErrors

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.events import DescendantFocus, Resize
    from textual.widgets import TextArea
    from textual.worker import Worker

    from groqchat.services.account.connection import Connection
    from groqchat.services.compare.compare import Comparison
    from groqchat.ui.services import Services
    from groqchat.ui.widgets.prompt_area import PromptArea

# The time between two updates of growing figures and of countdowns, in seconds.
TICK_S = 0.25


class CompareScreen(ReportsErrors, PaintsOnce[str | None]):
    """A comparison. The result is the id of the answer to go on with, or None.

    Args:
        services: The services.
        connection: The account.
        comparison: The comparison; messages of an earlier visit are shown, nothing is sent yet.
        prompt: The text in the prompt at first, with labels of chips that it is told later.
        keep: Called when that text has changed, to store it soon.
        begins: The number of the column that Tab goes to at first, and what is said.

    Attributes:
        reopens: How the screen begins that takes the place of this one, once it has been left to
            show other columns; None where it was left for the chat.
        goes_on: Whether it was left while answers are written.
        opens_new: Whether it was left for a new session.
        job_ended: Called once a job has ended.
    """

    DEFAULT_CSS = """
    CompareScreen { background: $background; }
    CompareScreen > #title { height: 1; padding: 0 1; background: $panel; }
    CompareScreen.-narrow > CompareRow { scrollbar-size-horizontal: 0; }
    CompareScreen.-low CompareFoot > PromptArea { border: none; min-height: 1; max-height: 2; }
    CompareScreen.-low CompareFoot > PromptArea.-modal {
        border-bottom: round $border-blurred; min-height: 2; max-height: 3;
    }
    CompareScreen.-low CompareFoot > #said { display: none; }
    CompareScreen.-low CompareFoot.-saying > #said { display: block; height: auto; max-height: 3; }
    CompareScreen.-low CompareFoot.-saying > KeyBar { display: none; }
    CompareScreen.-low CompareColumn > #figures { border-top: none; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-wide")]  # noqa: RUF012  # as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]  # noqa: RUF012  # as Textual declares it
    AUTO_FOCUS = ""  # the prompt takes the focus; Tab remembers the column that had it last
    COMMANDS = {ComparePalette}  # noqa: RUF012  # as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stop_or_close", "Stop, then close", show=False),
        Binding("f1", "command('help')", show=False),
        # A priority binding acts at once, so that what is typed right after it goes to the prompt.
        Binding("tab", "switch_focus", show=False, priority=True),
        *BINDINGS,
        *CHAT_BINDINGS,
        *(Binding(str(number), f"pick({number})", show=False) for number in range(1, 9)),
    ]

    def __init__(
        self,
        services: Services,
        connection: Connection,
        comparison: Comparison,
        prompt: str = "",
        keep: Callable[[], None] = lambda: None,
        *,
        begins: tuple[int, str] = (0, ""),
    ) -> None:
        super().__init__()
        paint_changes_only(self)
        self.services = services
        self.connection = connection
        self.comparison = comparison
        self._keep = keep
        at, self._words = begins
        self.reopens: tuple[int, str] | None = None
        self.goes_on = self.opens_new = False
        self.job_ended: Callable[[], None] = lambda: None
        pacer = FramePacer()
        self._views = [
            CompareColumn(number, pacer, partial(hand_over, self))
            for number in range(len(comparison.columns))
        ]
        thumbnails = Thumbnails(
            services.store, lambda: self.app, is_on=services.settings.show_images
        )
        for view in self._views:
            view.transcript.draw, view.images = thumbnails.draw, services.store
        self._row = CompareRow(self._views)
        self.foot = CompareFoot(prompt, len(self._views), FOOTER_KEYS)
        self.prompt = self.foot.prompt
        self._helpers = CompareHelpers(
            services, connection, comparison, self._views, foot=self.foot, calls=self._calls()
        )
        self.state, self.board = self._helpers.state, self._helpers.board
        self.jobs = self._helpers.jobs
        self.tell = self.state.say
        self._last = self._views[at]
        self._command: Worker[None] | None = None
        self._is_leaving = self._is_gone = False
        self._result: str | None = None

    def _calls(self) -> ScreenCalls:
        def focused() -> int | None:
            return self.focused.number if isinstance(self.focused, CompareColumn) else None

        async def copy_text(text: str) -> str:
            from groqchat.ui.terminal.clipboard import copy

            return await copy(self.app, text)

        def edit_text(text: str) -> str:
            from groqchat.ui.terminal.editor import edited

            return edited(self.app, text)

        def reopen(number: int, words: str) -> None:
            self.reopens = number, words
            self.leave(None)

        return ScreenCalls(
            focused=focused,
            is_writing=lambda: self.focused is self.prompt,
            width=lambda: self.size.width,
            ask=self.app.push_screen_wait,
            confirm=self.app.push_screen,
            run=self.run_work,
            start=partial(self.run_worker, group="job", name="job"),
            job_ended=self._show_end_of_job,
            judged=lambda: self.call_after_refresh(self._show_verdict),
            copy=copy_text,
            edit=edit_text,
            leave=self.leave,
            reopen=reopen,
            begin_new=partial(self.action_chat_only, "new"),
            leave_program=self.app.action_quit,
        )

    def compose(self) -> ComposeResult:
        """Title, columns, and the foot with the prompt."""
        yield self.board.title
        yield self._row
        yield self.foot

    @property
    def is_busy(self) -> bool:
        """Whether an answer or a verdict is being written."""
        return self.state.is_busy

    @property
    def _is_acting(self) -> bool:
        """Whether a command is running or has just left the screen, so that no other may start."""
        is_done = self._command is None or self._command.is_finished
        return self._is_leaving or not self.is_active or not is_done

    async def on_mount(self) -> None:
        """Focus the prompt; then read earlier messages and the limits."""
        helpers, connection = self._helpers, self.connection
        self.prompt.send_with_enter = self.services.settings.send_with_enter
        self.prompt.edit_as(self.services.settings.composer_keys)
        self.prompt.move_cursor(self.prompt.document.end)
        self.prompt.focus()
        self.set_interval(tick_s(TICK_S), helpers.jobs.tick)
        self.board.show()
        if self.comparison.turn:
            state, store = self.state, self.services.store
            await show_history(
                state.columns, state.ballot, store, helpers.offers.offer, self.run_work
            )
            self.board.show()
        for model in {column.model for column in self.comparison.columns}:
            await connection.quota.refresh(model)
        if self._words:
            self.state.say(self._words)
            helpers.forecast.keep_words_on(self.prompt.text)
        helpers.forecast.show()

    async def on_unmount(self) -> None:
        """Stop the running job, so that what has arrived is saved."""
        await self.jobs.stop()

    def on_resize(self, event: Resize) -> None:
        """Fit the number of columns side by side to the width."""
        self._row.fit(event.size.width)

        def fit() -> None:
            self._row.bring_into_view(self._last.number)
            self.board.fit()

        self.call_after_refresh(fit)

    def on_reports_errors_failed(self, event: ReportsErrors.Failed) -> None:
        """Say what could not be read or written."""
        event.stop()
        self.state.say_error(event.error)

    # -- prompts ------------------------------------------------------------------------------

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Store the text of the prompt soon, and show what it will take."""
        event.stop()
        self._keep()
        self._helpers.forecast.show()

    async def on_prompt_area_sent(self, event: PromptArea.Sent) -> None:
        """Send the prompt after Enter."""
        event.stop()
        await self._helpers.prompting.send(event.text)

    async def on_prompt_area_recalled(self, event: PromptArea.Recalled) -> None:
        """Show an earlier or later prompt after an arrow key."""
        event.stop()
        await self._helpers.actions.prompt.recall(event.step, event.text)

    # -- keys ---------------------------------------------------------------------------------

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Show the keys that act on the widget with the focus."""
        if isinstance(event.widget, CompareColumn):
            self._last = event.widget
            self._row.bring_into_view(event.widget.number)
        self.board.show_keys()

    def action_command(self, command_id: str) -> None:
        """Run a command of the comparison; it may open a window and wait for it."""
        if not self._is_acting:
            running = BY_ID[command_id].run(self._helpers.actions)
            self._command = self.run_work(running, group="command")

    def action_pick(self, number: int) -> None:
        """Vote for the column with a number, counted from 1; the same key again goes on with it."""
        columns = self.state.columns
        if number <= len(columns) and not self._is_acting:
            picking = self._helpers.actions.leaving.pick(columns[number - 1])
            self._command = self.run_work(picking, group="command")

    async def action_stop_or_close(self) -> None:
        """Stop the running job; without one, leave."""
        if self.is_busy:
            await self._stop()
        elif not self._is_acting:
            await self._helpers.actions.leaving.close(self.state.columns[self._last.number])

    async def _stop(self) -> None:
        await self.jobs.stop()
        await self._attempt(self.board.unhide_where_nobody_answered())
        self.board.show()

    async def interrupt(self) -> None:
        """Ctrl+C where nothing is selected: stop, else clear the prompt, else say how to quit."""
        if self.is_busy:
            await self._stop()
        elif self.prompt.text:
            self.prompt.write("")
        else:
            self.state.say(HOW_TO_QUIT)

    def leave(self, answer_id: str | None) -> None:
        """Close once no window lies over the comparison; one may have opened in the same moment."""
        self._is_leaving, self._result = True, answer_id
        if self.is_active and not self._is_gone:
            self._is_gone = True
            if self.goes_on:  # Textual removes what is not installed
                self.app.install_screen(self, f"comparison {self.comparison.session.id}")
            self.dismiss(answer_id)
            if self.goes_on:  # it may be shown again
                self._is_leaving = self._is_gone = False

    def on_screen_resume(self) -> None:
        """Leave, if that had to wait for a window."""
        if self._is_leaving:
            self.leave(self._result)

    async def action_chat_only(self, command_id: str) -> None:
        """Leave for a new session or, while answers come, to the chat; else say what a key is."""
        opens_new = command_id == "new"
        if self._is_acting or not (opens_new or (self.is_busy and command_id in LEAVES)):
            self.state.say(only_in_chat(CHAT_COMMANDS[command_id]))
            return
        self.opens_new = opens_new
        if self.is_busy:
            self.goes_on = True
            self.leave(None)
        else:
            await self.action_stop_or_close()

    def action_switch_focus(self) -> None:
        """Take the completion; else move the focus to the prompt, or back to the last column."""
        if self.focused is self.prompt and self.prompt.has_completions:
            self.foot.completions.take()
            return
        self.state.say("")  # the words that stood there have been read
        # Textual's own `focus` waits its turn behind keys that came meanwhile.
        wanted = self._last if self.focused is self.prompt else self.prompt
        self.set_focus(wanted, scroll_visible=False)
        if wanted is self.prompt:
            self._helpers.forecast.show()

    def action_go(self, step: int) -> None:
        """Move the focus by a number of columns."""
        at = (self._last.number + step) % len(self._views)
        self._views[at].focus(scroll_visible=False)

    # -- jobs ---------------------------------------------------------------------------------

    def _show_end_of_job(self) -> None:
        if self.is_attached:
            self.board.show()
            self.run_work(self.board.show_booked_figures(), group="figures")
            self.call_after_refresh(tidy_up)
        self.job_ended()

    def _show_verdict(self) -> None:
        """Show a new verdict, but open no window over a prompt that is being written."""
        self.board.show()
        if self.is_active and self.focused is not self.prompt:
            self.action_command("judge")
