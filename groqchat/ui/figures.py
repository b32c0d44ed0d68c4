"""Keeps the figures on the screen true: quota, cost, and the estimate of the next request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from groqchat.domain.catalog import Plan
from groqchat.domain.humanize import count
from groqchat.domain.quota import Bucket
from groqchat.ui.estimates import estimate_line
from groqchat.ui.widgets.cost_meter import Costs

if TYPE_CHECKING:
    from groqchat.domain.chat import Message
    from groqchat.ui.conversation import Conversation
    from groqchat.ui.parts import Connection, Parts
    from groqchat.ui.widgets.composer import Composer
    from groqchat.ui.widgets.side_panel import SidePanel
    from groqchat.ui.widgets.status_line import StatusLine


@dataclass(slots=True)
class Figures:
    """Reads the services and tells the widgets.

    ``last_turn`` is the last answer of the open session: its true token count is what the next
    request's estimate stands on.
    """

    parts: Parts
    conversation: Conversation
    composer: Composer
    panel: SidePanel
    status: StatusLine
    connection: Connection | None = None
    last_turn: Message | None = None

    @property
    def model_id(self) -> str:
        """The model that the next request goes to."""
        return self.conversation.options.model

    async def refresh(self) -> None:
        """Read the ledger again, other processes' entries too."""
        if self.connection is not None:
            await self.connection.quota.refresh(self.model_id)
        self.show_quota()
        await self.show_costs()

    def show_quota(self) -> None:
        """Show what is left as it is known now."""
        self.status.show(model=self.model_id)
        if self.connection is None:
            return
        view = self.connection.quota.view(self.model_id)
        self.panel.quota.show(view)
        self.status.show(view=view)
        self.show_estimate(self.composer.text)

    async def show_costs(self) -> None:
        """Sum the ledger up: this turn, session, day and month."""
        spent = self.parts.ledger.spent
        moment = datetime.fromtimestamp(self.parts.clock.now()).astimezone()
        today = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        turn = self.last_turn
        costs = Costs(
            has_turn=turn is not None,
            turn=turn.cost.total if turn and turn.cost else None,
            session=await spent(session_id=self.conversation.session.id),
            today=await spent(since=today.timestamp()),
            month=await spent(since=today.replace(day=1).timestamp()),
            monthly_budget=self.parts.settings.budget.monthly_usd,
            paid_nothing=self._plan() is Plan.FREE,
        )
        self.panel.meter.show(costs)
        self.status.show(costs=costs)

    def show_estimate(self, text: str) -> None:
        """Say under the composer what the next request will take."""
        if self.connection is None:
            return
        quota = self.connection.quota
        model = self.connection.models.catalog.get(self.model_id)
        estimator = self.connection.books.estimator
        line = estimate_line(text, self.last_turn, model, quota.view(model.id), estimator)
        self.composer.show_estimate(line)

    def left_today(self, model_id: str) -> str:
        """What a model still allows today, in a few words; empty when nobody told."""
        if self.connection is None:
            return ""
        view = self.connection.quota.view(model_id)
        levels = (view.level(bucket) for bucket in (Bucket.RPD, Bucket.TPD))
        told = [f"{count(x.remaining)} {x.bucket}" for x in levels if x and x.remaining is not None]
        return " · ".join(told)

    def _plan(self) -> str | None:
        return self.connection.quota.view(self.model_id).plan if self.connection else None
