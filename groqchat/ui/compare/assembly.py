"""Puts together the helpers of the screen that compares models."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groqchat.services.compare.ballot import Ballot
from groqchat.services.compare.copying import copy_column
from groqchat.services.compare.judge import Judges
from groqchat.services.compare.splitting import split_into_sessions
from groqchat.ui.compare.actions.asking import AskingActions
from groqchat.ui.compare.actions.groups import CompareActions
from groqchat.ui.compare.actions.judging import JudgingActions
from groqchat.ui.compare.actions.leaving import LeavingActions
from groqchat.ui.compare.actions.notes import NoteActions
from groqchat.ui.compare.actions.prompt import PromptActions
from groqchat.ui.compare.actions.reading import ReadingActions
from groqchat.ui.compare.actions.session import SessionActions
from groqchat.ui.compare.actions.setup import SetupActions
from groqchat.ui.compare.actions.voting import VotingActions
from groqchat.ui.compare.approving import Approving
from groqchat.ui.compare.board import CompareBoard
from groqchat.ui.compare.column_presenter import ColumnPresenter
from groqchat.ui.compare.forecast import CompareForecast
from groqchat.ui.compare.job_runner import JobRunner
from groqchat.ui.compare.offers import ReplacementOffers
from groqchat.ui.compare.prompting import ComparePrompting
from groqchat.ui.compare.slashes import SlashRunner
from groqchat.ui.compare.state import CompareState
from groqchat.ui.widgets.attaching.attachments import Attaching

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence

    from groqchat.services.account.connection import Connection
    from groqchat.services.compare.compare import Comparison
    from groqchat.ui.compare.column import CompareColumn
    from groqchat.ui.compare.foot import CompareFoot
    from groqchat.ui.compare.job_runner import Start
    from groqchat.ui.compare.prompting import Confirm
    from groqchat.ui.dialogs.dialog import Ask
    from groqchat.ui.services import Services
    from groqchat.ui.widgets.prompt_area import PromptArea
    from groqchat.ui.widgets.reports_errors import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenCalls:
    """The calls that only the screen can answer.

    Attributes:
        focused: The number of the column that has the focus, or None.
        is_writing: Whether the prompt has the focus.
        width: The width of the screen, in cells.
        ask: Opens a window and waits for its result.
        confirm: Opens a window that asks whether to send.
        run: Starts work whose expected errors are shown.
        start: Starts a job in a worker.
        job_ended: Called once a job has ended.
        judged: Called once a verdict is there.
        copy: Copies a text; returns what to say of it.
        edit: Has a text edited in the user's editor; returns the new text.
        reopen: Shows the comparison anew, with Tab going to a column, and says some words there.
        leave: Closes the comparison; takes the id of the answer that the chat goes on with.
        begin_new: Leaves the comparison for a new session.
        leave_program: Ends the program.
    """

    focused: Callable[[], int | None]
    is_writing: Callable[[], bool]
    width: Callable[[], int]
    ask: Ask
    confirm: Confirm
    run: Run
    start: Start
    job_ended: Callable[[], None]
    judged: Callable[[], object]
    copy: Callable[[str], Awaitable[str]]
    edit: Callable[[str], str]
    reopen: Callable[[int, str], None]
    leave: Callable[[str | None], None]
    begin_new: Callable[[], Coroutine[Any, Any, None]]
    leave_program: Callable[[], Awaitable[None]]


class CompareHelpers:
    """The helpers of the screen, each made of the parts that it needs.

    Args:
        services: The services.
        connection: The account.
        comparison: The comparison.
        views: The widgets of the columns.
        foot: The prompt, the line of words and the keys.
        calls: The calls that only the screen can answer.
    """

    def __init__(
        self,
        services: Services,
        connection: Connection,
        comparison: Comparison,
        views: Sequence[CompareColumn],
        *,
        foot: CompareFoot,
        calls: ScreenCalls,
    ) -> None:
        self.state = self._made_state(
            services, connection, comparison, views, foot=foot, calls=calls
        )
        self.board = CompareBoard(self.state, foot, services.store, calls.width)
        self.jobs = JobRunner(self.state, calls.start, self.board.show, calls.job_ended)
        self.offers = ReplacementOffers(comparison, connection, services.store)
        self.forecast = CompareForecast(
            self.state,
            foot.prompt,
            connection.turns,
            connection.quota,
            connection.models.model,
        )
        self._attaching = Attaching(foot.prompt, self._reading, services.pages, services.store)
        self.actions = self._made_actions(services, connection, foot, calls)
        slashes = SlashRunner(
            self.actions,
            foot.prompt,
            foot.say,
            run=calls.run,
            keep_words_on=self.forecast.keep_words_on,
            begin_new=calls.begin_new,
        )
        self.prompting = ComparePrompting(
            self.state,
            foot.prompt,
            self._attaching,
            forecast=self.forecast,
            budget=connection.budget,
            ask=self.actions.asking.ask,
            act=slashes.act,
            confirm=calls.confirm,
            run=calls.run,
        )

    def _made_state(
        self,
        services: Services,
        connection: Connection,
        comparison: Comparison,
        views: Sequence[CompareColumn],
        *,
        foot: CompareFoot,
        calls: ScreenCalls,
    ) -> CompareState:
        return CompareState(
            comparison,
            [
                ColumnPresenter(view, column, services.clock, comparison.session.system)
                for view, column in zip(views, comparison.columns, strict=True)
            ],
            Ballot(comparison, services.votes, services.store, services.clock),
            services.clock,
            foot.say,
            calls.focused,
            calls.is_writing,
            Approving(
                foot,
                connection.turns.approvals,
                comparison.session.id,
                lambda: calls.run(self.jobs.stop(), group="command"),
            ),
        )

    def _made_actions(
        self, services: Services, connection: Connection, foot: CompareFoot, calls: ScreenCalls
    ) -> CompareActions:
        state, board, ask = self.state, self.board, calls.ask
        judges = Judges(lambda: connection.models.catalog, connection.judge)
        stand_at = lambda column: services.store.update_session(  # noqa: E731
            state.comparison.session.id, model=column.model, leaf_id=column.last_id
        )
        split = lambda: split_into_sessions(  # noqa: E731
            state.comparison, services.store, services.new_id, services.clock.now()
        )
        voting = VotingActions(state, board)
        return CompareActions(
            AskingActions(
                state,
                board,
                self.jobs.start,
                offer=lambda column: calls.run(self.offers.offer(column), group="offer"),
                stored=foot.prompt.take_out,
            ),
            voting,
            NoteActions(state, ask, board.show),
            JudgingActions(state, ask, self.jobs.start, judges, calls.judged),
            ReadingActions(state, ask, calls.copy),
            self._setup_actions(services, connection, calls),
            LeavingActions(state, voting, split, calls.leave, stand_at),
            self._prompt_actions(services, foot.prompt, calls),
            SessionActions(state, services, ask, calls.leave_program),
            ask,
        )

    def _setup_actions(
        self, services: Services, connection: Connection, calls: ScreenCalls
    ) -> SetupActions:
        state = self.state
        return SetupActions(
            state,
            calls.ask,
            model_of=connection.models.model,
            save_gap=lambda gap_s: services.change_setting("compare_gap_s", gap_s),
            changed=self._show_options,
            copy=lambda column, options, variant: copy_column(
                state.comparison,
                column,
                (options, variant),
                store=services.store,
                new_id=services.new_id,
                clock=services.clock,
            ),
            reopen=calls.reopen,
            save_preset=lambda name, columns: services.change_setting(
                f"presets.{name}", list(columns)
            ),
        )

    def _prompt_actions(
        self, services: Services, area: PromptArea, calls: ScreenCalls
    ) -> PromptActions:
        return PromptActions(
            area,
            services.drafts,
            self._attaching,
            ask=calls.ask,
            edit=calls.edit,
            say=self.state.say,
        )

    @contextmanager
    def _reading(self) -> Iterator[None]:
        self.state.say("Reading what the prompt names …")
        yield
        self.state.say("")

    def _show_options(self) -> None:
        self.board.show()
        self.forecast.show()
