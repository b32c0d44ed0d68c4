"""The figures on the screen: quota, cost, and the estimate of the next request."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.audio.requests import TRANSCRIBER
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.models.catalog import Plan
from groqchat.domain.turns.prompt_cache import (
    ABILITY,
    EDITED,
    SYSTEM_CHANGED,
    SentPrompt,
    cache_note,
)
from groqchat.services.account.shutdowns import shutdown_of
from groqchat.services.quota.alarms import Alarms
from groqchat.services.quota.budget import local_day
from groqchat.ui.slash import aside_of, read_slash
from groqchat.ui.terminal.textual_internals import call_after
from groqchat.ui.widgets.attaching.long_texts import long_texts
from groqchat.ui.widgets.cost_meter import Costs
from groqchat.ui.workspace.context_forecast import ContextForecast
from groqchat.ui.workspace.estimates import estimate_line, image_share
from groqchat.ui.workspace.ledger_sums import LedgerSums
from groqchat.ui.workspace.options_summary import in_short

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from textual.timer import Timer

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.limits.quota import QuotaView
    from groqchat.domain.turns.chat import Message
    from groqchat.services.turns.sizing import RequestPreview
    from groqchat.ui.conversation.conversation import Conversation
    from groqchat.ui.services import Services
    from groqchat.ui.widgets.composer import Composer
    from groqchat.ui.widgets.side_panel import SidePanel
    from groqchat.ui.widgets.status_line import StatusLine
    from groqchat.ui.widgets.toasts import Notify
    from groqchat.ui.workspace.account import Account
    from groqchat.ui.workspace.editing import PromptEditing
    from groqchat.ui.workspace.ledger_sums import Spent


# What headers tell is shown this much later, in seconds.
QUOTA_DELAY_S = 0.1


@dataclass(slots=True)
class Figures:
    """Reads the services and shows their figures in the widgets.

    ``last_turn`` is the last answer of the open session; ``is_answering`` says whether another one
    is being written.
    """

    services: Services
    conversation: Conversation
    composer: Composer
    account: Account
    editing: PromptEditing
    panel: SidePanel
    status: StatusLine
    notify: Notify
    last_turn: Message | None = None
    is_answering: bool = False
    costs: Costs = field(default_factory=Costs)
    view: QuotaView | None = None
    # Called when the size of what is sent before a prompt, or what is left, has changed.
    estimated: Callable[[], None] = lambda: None
    alarms: Alarms = field(init=False)
    forecast: ContextForecast = field(init=False)
    ledger_sums: LedgerSums = field(init=False)
    _soon: Timer | None = None
    _is_of_busy: bool = False

    def __post_init__(self) -> None:
        self.alarms = Alarms(partial(self.notify, severity="warning"), self.services.clock.now)
        self.forecast = ContextForecast(self.conversation, self.estimate)
        self.ledger_sums = LedgerSums(self.services)
        self.conversation.moved = self.estimate
        self.conversation.has_room = self._estimate_of_free

    @property
    def model_id(self) -> str:
        """The model that the next request goes to."""
        return self.conversation.options.model

    def turn_began(self) -> None:
        """Show that the cost of the turn is not known yet."""
        self.is_answering = True
        self._show_costs(replace(self.costs, is_answering=True, turn=None))

    def opened(self, answer: Message | None) -> None:
        """Take up the last answer of the session that is on the screen now."""
        self.is_answering = self.conversation.is_busy
        self.last_turn = answer

    def turn_ended(self, answer: Message | None) -> None:
        """Take up the answer at which the conversation stands after a turn, if there is one."""
        self.is_answering = False
        self.last_turn = answer

    async def refresh(self) -> None:
        """Read the ledger again, with the entries of other processes, and show it."""
        if self.account.connection is not None:
            await self.account.connection.quota.refresh(self.model_id)
        await self.show()

    async def show(self) -> None:
        """Show the figures as the ledger was read last, as at the end of a turn: in one frame."""
        self.preview()
        try:
            spent, _ = await asyncio.gather(
                self.ledger_sums.read(self.conversation.session.id), self.forecast.known()
            )
        finally:
            self.show_quota()
        self._show_spent(spent)
        await self._look_for_alarms()

    async def _look_for_alarms(self) -> None:
        if self.account.connection is None or self.view is None:
            return
        self.alarms.check_limits(self.view)
        budget, session = self.account.connection.budget, self.conversation.session
        with suppress(StorageError):  # that the settings cannot be read is said where that matters
            self.alarms.check_budgets(await budget.statuses(session.id))

    def show_quota_soon(self) -> None:
        """Show the quota a moment later: the first words of the answer are painted before it."""
        if self._soon is None:
            self._soon = call_after(self.composer, QUOTA_DELAY_S, self.show_quota)

    def show_quota(self) -> None:
        """Show model, options and quota as they are known now."""
        if self._soon is not None:
            self._soon.stop()
            self._soon = None
        self.status.show(model=self.model_id)
        options = self.conversation.options
        model = self.account.catalog.get(options.model)
        ending = shutdown_of(model, local_day(self.services.clock.now()))
        words = [*([ending.in_short] if ending else []), *in_short(options, model)]
        self.panel.quota.show_asked(words, options.system)
        if self.account.connection is None:
            return
        self.view = self.account.connection.quota.view(self.model_id)
        self.refill()

    def refill(self) -> None:
        """Show the quota with what time has refilled, and what others have used of it."""
        if self.view is None:
            return
        view = self.view.at(self.services.clock.now())
        connection = self.account.connection
        if connection is not None and connection.team is not None:
            connection.team.limits.look(self.model_id)
            view = connection.quota.view(self.model_id)
        self._show_view(self._with_history(view, self.preview()))
        self.estimate()

    def _with_history(self, view: QuotaView, preview: RequestPreview | None) -> QuotaView:
        """A view that counts turns no smaller than the history, which is sent with each."""
        history = preview.request("").prompt_tokens if preview else 0
        return view.with_turns_of(history) if history > view.tokens_per_turn else view

    def _show_view(self, view: QuotaView) -> None:
        self.view = view
        connection = self.account.connection
        self.panel.quota.show(view, connection.quota.view(TRANSCRIBER) if connection else None)
        self.status.show(view=view)

    async def show_costs(self) -> None:
        """Show the costs of turn, session, day and month, unless they are read anew already."""
        self._show_spent(await self.ledger_sums.read(self.conversation.session.id))

    def _show_spent(self, spent: Spent) -> None:
        if not self.ledger_sums.is_newest(spent):
            return
        turn, session = self.last_turn, spent.session
        if turn is not None and turn.state.has_end and turn.cost is None and not session.unpriced:
            session = replace(session, unpriced=1)  # an imported answer, which no ledger has
        costs = Costs(
            is_answering=self.is_answering,
            # An answer that was copied or imported was paid for elsewhere.
            has_turn=(turn is not None or self.is_answering) and session.requests > 0,
            turn=self._turn_cost(),
            session=session,
            today=spent.today,
            month=spent.month,
            budget=self.services.settings.budget,
            forecast=spent.forecast,
            paid_nothing=self.view is not None and self.view.plan == Plan.FREE,
        )
        self._show_costs(costs)

    def _turn_cost(self) -> Decimal | None:
        """The cost of the last turn, with the answers that called tools in it so far."""
        answer, turn = self.last_turn, self.conversation.turn
        if self.is_answering:
            return turn.cost if turn is not None and turn.rounds else None
        if turn is not None and turn.rounds and turn.answer == answer:
            return turn.cost
        return answer.cost.total if answer and answer.cost else None

    def _show_costs(self, costs: Costs) -> None:
        self.costs = costs
        self.panel.meter.show(costs)
        self.status.show(costs=costs)

    def edited(self, text: str) -> None:
        """Estimate a text that was written; an emptied composer can wait for the answer's words."""
        if self.conversation.is_busy and not text:
            self.show_quota_soon()
        else:
            self.show_estimate(text)

    def preview(self) -> RequestPreview | None:
        """The next request without its text; None while the messages before it are read."""
        if self.account.connection is None:
            return None
        return self.forecast.preview(
            self.account.connection.turns, self.editing.parent_id, self.conversation.options
        )

    def cache_note(self) -> str:
        """What keeps the next prompt from the server's cache, in a few words; else empty."""
        if self.conversation.is_busy:
            return ""
        options = self.conversation.options
        now, parent_id = self.services.clock.now(), self.editing.parent_id
        last, preview = self._last_sent(), self.preview()
        connection = self.account.connection
        is_known = (
            preview is not None and connection is not None and connection.turns.knows(options)
        )
        tools = preview.request("").offered if preview and is_known else None
        note = cache_note(last, options, parent_id, now, tools)
        is_compacted = parent_id is not None and parent_id == self.conversation.branch.compacted_id
        return SYSTEM_CHANGED if note == EDITED and is_compacted else note

    def _last_sent(self) -> SentPrompt | None:
        """The request that was answered last, if its model has a cache."""
        answer = self.last_turn
        if answer is None or answer.usage is None or answer.model is None or answer.provider:
            return None
        if not self.account.catalog.get(answer.model).can(ABILITY):
            return None
        turn = self.conversation.turn
        system = (turn or self.conversation).options.system
        tokens, tools = answer.usage.prompt_tokens, answer.asked_with.get("tools")
        offered = tools if isinstance(tools, dict) else {}
        return SentPrompt(answer.model, system, answer.id, answer.created, tokens, offered)

    def _makes_room(self, preview: RequestPreview, text: str) -> str:
        """What Enter does where the conversation is too long for a text, in a few words."""
        connection, options = self.account.connection, self.conversation.options
        if connection is None or self.editing.parent_id is None or self.conversation.is_busy:
            return ""
        outgrown = connection.compactor.outgrown_by(preview, text)
        if outgrown is None or not (options.compaction or outgrown.is_urgent):
            return ""
        if outgrown.tokens - preview.request("").prompt_tokens > outgrown.room:
            return ""  # the text is too long alone, whatever is left out before it
        return f"Enter compacts ({options.compaction})" if options.compaction else "Enter: choices"

    def estimate(self) -> None:
        """Show the estimate of the text in the composer."""
        self.show_estimate(self.composer.text)
        self.estimated()

    def _estimate_of_free(self) -> None:
        """Estimate again what was estimated while the session was busy, which says less."""
        if self._is_of_busy:
            self.estimate()

    def show_estimate(self, text: str) -> None:
        """Show what a request with this text takes, under the composer."""
        turn = self.conversation.turn
        if self.account.connection is None or self.view is None:
            return
        if turn is not None and turn.is_over and turn.is_running:
            self._is_of_busy = True  # the session is free in a moment, and it is estimated then
            return
        parent_id, options = self.editing.parent_id, self.conversation.options
        text = aside_of(text) or text
        if read_slash(text) is not None or not (text.strip() or parent_id):
            self.composer.show_estimate(())  # a command takes nothing
            return
        preview = self.preview()
        if preview is None:
            return
        if (view := self._with_history(self.view, preview)) is not self.view:
            self._show_view(view)
        request, admission_error = preview.request(text), None
        self._is_of_busy = self.conversation.is_busy
        if not self._is_of_busy:  # what is set aside for an answer is given back
            admission_error = self.account.connection.quota.admission_error(request)
        window = self.account.connection.models.catalog.get(options.model).context_window
        figures = estimate_line(
            request.prompt_tokens,
            window,
            self.view,
            admission_error,
            self.cache_note(),
            images=image_share(text, self.view, most=preview.images, is_short=True),
            makes_room=self._makes_room(preview, text)
            or _offers_parts(self.composer, text, admission_error),
        )
        self.composer.show_estimate(figures)


def _offers_parts(composer: Composer, text: str, error: GroqchatError | None) -> str:
    """What Enter does where a text in the prompt is too long for one request."""
    is_for_good = error is not None and error.facts.retry_after_s is None
    return "Enter: choices" if is_for_good and long_texts(composer.area, text) else ""
