"""Makes room in a session that has become too long for the next prompt of ``ask``."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.cli.output import DIM, narrate
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.text.humanize import countdown
from groqchat.domain.turns.chat import Compacted, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Options, Session, TurnEvent
    from groqchat.services.account.connection import Connection

_ADVICE = (
    "Add --compact oldest, which leaves out the oldest turns of the session, or --compact summary, "
    "which has them summarised first; or shorten the prompt, or choose another --model."
)


def narrate_wait(waiting: Waiting) -> None:
    """Tell of a wait."""
    error = waiting.error
    narrate(f"groqchat: {error.message} Waiting {countdown(waiting.seconds)}…", DIM)


@dataclass(frozen=True, slots=True)
class Room:
    """The room for the next prompt of a session, and what is done where there is none.

    Attributes:
        connection: The account.
        session: The session.
        options: Model and parameters; ``compaction`` is the way in which room is made.
        summary_model: The model that the settings name for summaries.
        heard: Told about each event of a compaction.
    """

    connection: Connection
    session: Session
    options: Options
    summary_model: str
    heard: Callable[[TurnEvent], None] = lambda _: None

    async def made(self, parent_id: str | None, prompt: str) -> str | None:
        """Compact the session, where that is wanted and a prompt may not fit; told on stderr.

        Args:
            parent_id: The message that the prompt follows.
            prompt: The prompt.

        Returns:
            The message that the prompt follows now.

        Raises:
            GroqchatError: The summary cannot be had; the session is as before.
        """
        if parent_id is None or not self.options.compaction:
            return parent_id
        compactor, model = self.connection.compactor, self.summary_model
        plan = await compactor.automatic_plan(parent_id, prompt, self.options, model=model)
        if plan is None:
            return parent_id
        compaction = compactor.compaction(self.session, plan, parent_id, is_automatic=True)
        async with aclosing(compactor.carry_out(compaction)) as events:
            async for event in events:
                self.heard(event)
                if isinstance(event, Waiting):
                    narrate_wait(event)
                elif isinstance(event, Compacted):
                    narrate(f"groqchat: the session was compacted: {event.message.content}.", DIM)
                    return event.message.id
        raise AssertionError("a compaction ends with its note or an error")

    async def advised(self, error: GroqchatError, parent_id: str | None) -> GroqchatError:
        """The error of a prompt that was too large, with the options that make room, if any can."""
        is_of_answers = error.facts.limit_kind is LimitKind.OTPM
        if parent_id is None or is_of_answers or self.options.compaction:
            return error
        plans = await self.connection.compactor.plans(parent_id, self.options)
        return error.with_facts(advice=_ADVICE) if plans else error
