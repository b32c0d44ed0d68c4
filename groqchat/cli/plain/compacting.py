"""Makes a conversation shorter that is too long for the next prompt, as it is chosen by number."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import count
from groqchat.domain.turns.chat import Answered, Compacted, Waiting
from groqchat.ui.sessions.compaction.compactions import Compactions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from groqchat.cli.plain.console.choices import Choices
    from groqchat.cli.plain.seat import Seat
    from groqchat.cli.plain.teller import Teller
    from groqchat.domain.turns.chat import Message
    from groqchat.domain.turns.compaction import Plan
    from groqchat.services.account.connection import Connection
    from groqchat.services.turns.compactor import Outgrown
    from groqchat.ui.sessions.compaction.compactions import Asked


class Compacting(Compactions):
    """Carries compactions of the open session out; the command ``/compact`` reads its words.

    ``send`` sends a prompt once there is room for it.

    Args:
        seat: The parts of the chat.
        choices: Offers the ways.
        teller: Tells what a request for a summary brings.
    """

    send: Callable[[str], Awaitable[None]]

    def __init__(self, seat: Seat, choices: Choices, teller: Teller) -> None:
        super().__init__(seat)
        self._seat = seat
        self._choices = choices
        self._teller = teller

    async def has_room(self, connection: Connection, text: str) -> bool:
        """Whether a prompt may be sent now; made unasked where the session does so, else chosen."""
        seat, branch = self._seat, self._seat.conversation.branch
        parent_id = branch.unanswered.parent_id if branch.unanswered else branch.leaf_id
        if parent_id is None:
            return True
        outgrown = await connection.compactor.outgrown(parent_id, text, seat.options)
        if outgrown is None:
            return True
        asked = self.asked(connection)
        if seat.options.compaction:
            plan = await self.automatic_plan(connection, parent_id, text)
            return plan is None or await self.carry_out(asked, plan, parent_id, is_automatic=True)
        plans = await self.plans(connection, parent_id, outgrown) if outgrown.is_urgent else ()
        if not plans:
            return True
        seat.lines.say(f"Too long: ≈ {count(outgrown.tokens)} tokens with the conversation.")
        self._offer(asked, plans, parent_id, lambda: self.send(text))
        return False

    async def chosen(
        self, asked: Asked, plans: Sequence[Plan], outgrown: Outgrown | None, leaf_id: str
    ) -> bool:
        """Have a way chosen by number; nothing waits for it."""
        del outgrown

        async def nothing() -> None:
            """Nothing is sent behind it."""

        self._offer(asked, plans, leaf_id, nothing)
        return False

    def _offer(
        self,
        asked: Asked,
        plans: Sequence[Plan],
        leaf_id: str,
        then: Callable[[], Awaitable[None]],
    ) -> None:
        def doing(plan: Plan) -> Callable[[], Awaitable[None]]:
            async def do() -> None:
                if await self.carry_out(asked, plan, leaf_id):
                    await then()

            return do

        offered = [(f"{plan.title}: {plan.effect}", doing(plan)) for plan in plans]
        self._choices.number(offered, "Type a number to make the conversation shorter so.")

    async def shorten(self) -> bool:
        """Offer the ways to shorten the conversation before the last prompt, and send it then."""
        seat, conversation = self._seat, self._seat.conversation
        prompt = await conversation.branch.last_prompt()
        connection = seat.account.connection
        if prompt is None or prompt.parent_id is None or connection is None:
            return False
        plans = await self.plans_for(connection, prompt)
        if plans:
            asked = self.asked(connection)
            self._offer(asked, plans, prompt.parent_id, lambda: self.send(prompt.content))
        return bool(plans)

    async def carry_out(
        self, asked: Asked, plan: Plan, leaf_id: str, *, is_automatic: bool = False
    ) -> bool:
        """Make the conversation shorter; False where another session is open by now.

        Raises:
            GroqchatError: The summary cannot be had; the session is as before.
        """
        conversation, compactor = self._seat.conversation, asked.connection.compactor
        if asked.session.id != conversation.session.id or not self._seat.is_free():
            return False
        compaction = compactor.compaction(asked.session, plan, leaf_id, is_automatic=is_automatic)
        async with aclosing(compactor.carry_out(compaction)) as events:
            async for event in events:
                match event:
                    case Waiting(error=error):
                        self._seat.lines.say(f"{error.message} The summary waits.")
                    case Answered() if not event.is_short:
                        self._seat.lines.say("A part of the conversation is summarised.")
                    case Compacted(message):
                        self._teller.tell(event)
                        await self._stand_behind(message)
                        return True
        return False

    async def _stand_behind(self, note: Message) -> None:
        """Go on behind a compaction, which may have begun a session of its own."""
        conversation = self._seat.conversation
        if note.session_id == conversation.session.id:
            await conversation.show_branch(note.id)
        elif (session := await self._seat.services.store.session(note.session_id)) is not None:
            await conversation.open(session)
