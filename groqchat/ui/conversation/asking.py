"""The turns of the open session, for the screen and for the plain chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.sessions.options import keeping
from groqchat.ui.conversation.own_options import SessionOptions

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message
    from groqchat.services.turns.ports import Asking
    from groqchat.services.turns.running import RunningTurns
    from groqchat.services.turns.running_turn import RunningTurn


class TurnAsking(SessionOptions):
    """Starts turns in the open session, one at a time; ``turns`` are those of all sessions."""

    turns: RunningTurns

    async def show_branch(self, leaf_id: str | None, message_id: str | None = None) -> None:
        """Show the way to a leaf."""
        raise NotImplementedError

    @property
    def is_busy(self) -> bool:
        """Whether a turn is running in the session on the screen."""
        return self.turns.is_running(self.session.id)

    @property
    def turn(self) -> RunningTurn | None:
        """The last turn of the session on the screen, running or over."""
        return self.turns.of(self.session.id)

    def shows(self, turn: RunningTurn) -> bool:
        """Whether a turn is the last one of the session on the screen."""
        return self.turn is turn

    async def ask(self, turns: Asking, text: str) -> None:
        """Send a new prompt; one that failed before is replaced or, unchanged, sent again."""
        failed = self.branch.unanswered
        if failed is None:
            self._start(turns, text, self.branch.leaf_id)
        elif failed.content == text and not failed.kind:
            self._start(turns, failed)
        else:
            await self.ask_edited(turns, failed, text)

    async def ask_again(
        self,
        turns: Asking,
        prompt: Message,
        *,
        continuing: Message | None = None,
        waiting_out: GroqchatError | None = None,
        is_checked: bool = True,
    ) -> None:
        """Answer a stored prompt once more; the answers become versions of each other."""
        await self.show_branch(prompt.id)
        if prompt.session_id == self.session.id:
            self._start(
                turns, prompt, continuing=continuing, waiting_out=waiting_out, is_checked=is_checked
            )

    async def ask_edited(self, turns: Asking, old: Message, text: str) -> None:
        """Ask an earlier prompt differently; the old branch stays as a version."""
        await self.show_branch(old.parent_id)
        if old.session_id == self.session.id:
            self._start(turns, text, old.parent_id)

    async def go_on(self, turns: Asking, answer: Message) -> None:
        """Continue an answer that was cut; the longer one becomes its newest version."""
        prompt = await self.branch.message(answer.parent_id)
        if prompt is not None:
            await self.ask_again(turns, prompt, continuing=answer)

    async def stop(self) -> None:
        """Stop the turn of the session on the screen, if one runs; what had arrived is saved."""
        await self.turns.stop(self.session.id)

    def _start(
        self,
        turns: Asking,
        prompt: str | Message,
        parent_id: str | None = None,
        *,
        continuing: Message | None = None,
        waiting_out: GroqchatError | None = None,
        is_checked: bool = True,
    ) -> None:
        self.turns.start(
            turns,
            keeping(self.session, self.options),
            prompt,
            self.options_of(prompt),
            parent_id=parent_id,
            continuing=continuing,
            waiting_out=waiting_out,
            is_checked=is_checked,
        )
