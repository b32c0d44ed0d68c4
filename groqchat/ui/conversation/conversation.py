"""The session on the screen with its turn, if one runs; turns run on when another one is shown.

A turn is run by the services; this widget listens, shows the one of its session, and posts what
the rest of the screen has to know about all of them. Nothing is saved here.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError
from groqchat.services.turns.running_turn import Phase
from groqchat.ui.conversation.asking import TurnAsking
from groqchat.ui.conversation.session_view import SessionView
from groqchat.ui.conversation.turn_messages import TurnFailed, TurnStopped, message_about
from groqchat.ui.conversation.turn_view import TurnView
from groqchat.ui.terminal.garbage import tidy_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.turns.chat import Session, TurnEvent
    from groqchat.services.turns.running import RunningTurns
    from groqchat.services.turns.running_turn import RunningTurn
    from groqchat.ui.services import Services
    from groqchat.ui.transcript.view import Transcript


class Conversation(SessionView, TurnAsking):
    """A session in which turns run, one at a time.

    Args:
        services: The services.
        turns: The turns of all sessions.
    """

    def __init__(self, services: Services, turns: RunningTurns, *, id: str | None = None) -> None:
        super().__init__(services, id=id)
        self.turns = turns
        self.is_taken = turns.is_running
        # Called while the session that is left is still the one on the screen.
        self.leave: Callable[[], None] = lambda: None
        # Called when a turn of the session on the screen is over, and the next one may begin.
        self.has_room: Callable[[], None] = lambda: None
        self._shown: TurnView | None = None
        self.goes_on = lambda: self.turn is not None and not self.turn.is_over
        turns.listen(self)

    # -- opening ------------------------------------------------------------------------------

    async def open(self, session: Session, message_id: str | None = None) -> None:
        """Show a saved session; what runs in the one on the screen goes on."""
        await self._about_to_leave()
        try:
            await super().open(session, message_id)
        except GroqchatError:
            self.tell_screen(self.Opened(self.session))  # it is still the one on the screen
            raise

    async def start_new(self) -> None:
        """Show an empty session; what runs in the one on the screen goes on."""
        await self._about_to_leave()
        await super().start_new()

    async def _about_to_leave(self) -> None:
        """Have a prompt that is being sent leave the composer before its session is left."""
        if (turn := self.turn) is not None and turn.is_running:
            await turn.stored.wait()
        self.leave()

    async def leaf_to_open(self, session: Session, message_id: str | None) -> str | None:
        """The leaf of the branch to show: while a turn runs, it is the branch of that."""
        turn = self.turns.of(session.id)
        if turn is None or turn.prompt is None or not turn.is_running:
            return await super().leaf_to_open(session, message_id)
        return (turn.last or turn.prompt).id

    def leave_turn(self) -> None:
        """Show nothing more of the turn of the session on the screen: another one is shown now."""
        if self._shown is not None:
            self._shown.leave()
            self._shown = None

    def join_turn(self) -> None:
        """Show the turn of the session on the screen from its beginning, and go on with it."""
        turn = self.turn
        if turn is None:
            return
        if not turn.is_over:
            self._shown = self._view_of(turn)
            return
        turn.is_seen = True
        is_new = turn.answer is not None and not self.transcript.holds(turn.answer.id)
        if is_new and turn.prompt is not None and self.branch.leaf_id == turn.prompt.id:
            self._view_of(turn).leave()  # it ended while the branch was read

    def _view_of(self, turn: RunningTurn) -> TurnView:
        return TurnView(turn, self, self._services.clock, entry_of=self._entry_of, tell=self._tell)

    async def on_transcript_version_asked(self, event: Transcript.VersionAsked) -> None:
        """Versions stay where they are while an answer is written."""
        if self.is_busy:
            event.prevent_default()

    # -- what turns bring ---------------------------------------------------------------------

    def started(self, turn: RunningTurn) -> None:
        """Show a turn of the session on the screen; a bug in any turn ends the program."""
        self.run_worker(turn.follow(), group="turn", name="turn")
        if self.shows(turn):
            self.leave_turn()
            self._shown = self._view_of(turn)

    def heard(self, turn: RunningTurn, event: TurnEvent) -> None:
        """Show an event of the session on the screen, and tell what concerns the rest."""
        if self._shown is not None and self._shown.turn is turn:
            self._shown.hear(event)
        else:
            self._tell(turn, event)

    def _tell(self, turn: RunningTurn, event: TurnEvent) -> None:
        if (message := message_about(turn, event)) is not None:
            self.tell_screen(message)

    async def ended(self, turn: RunningTurn) -> None:
        """Show how a turn ended."""
        if self._shown is not None and self._shown.turn is turn:
            turn.is_seen = True
            try:
                await self._settle(self._shown)
            except GroqchatError as error:
                self.branch.unanswered = turn.prompt if turn.answer is None else None
                if turn.phase is not Phase.FAILED:  # what broke the turn is told there
                    self.tell_screen(self.Failed(error))
        if turn.phase is Phase.FAILED:
            self.tell_screen(TurnFailed(turn))
        elif turn.phase is Phase.STOPPED:
            self.tell_screen(TurnStopped(turn))

    def freed(self, turn: RunningTurn) -> None:
        """Collect garbage once no answer comes any more."""
        if self._shown is not None and self._shown.turn is turn:
            self.leave_turn()
        if self.shows(turn) and self.is_running:
            self.has_room()
        if not self.turns.running:
            self.call_after_refresh(tidy_up)

    async def _settle(self, shown: TurnView) -> None:
        """Show what was saved of a turn that is over."""
        turn = shown.turn
        self.leave_turn()
        if not turn.is_saved:
            shown.show_unsaved()
            self.branch.unanswered = turn.prompt
        elif turn.answer is not None:
            self.branch.leaf_id = turn.answer.id
            if turn.phase is not Phase.ENDED:  # then it is shown already
                shown.show_saved(turn.answer)
            await self._number_versions(turn)
        else:
            shown.cut()
            if turn.prompt is not None:
                # Where it was answered before, that answer is better than none.
                store, last = self._services.store, turn.last
                await self.show_branch(last.id if last else await store.leaf_below(turn.prompt.id))

    async def _number_versions(self, turn: RunningTurn) -> None:
        """Say which version of the prompt and of the answer this is, where there are several."""
        ids = [message.id for message in (turn.prompt, turn.answer) if message is not None]
        found = await asyncio.gather(*map(self._services.store.siblings, ids))
        for message_id, versions in zip(ids, map(list, found), strict=True):
            if len(versions) > 1 and self.transcript.holds(message_id):
                place = versions.index(message_id) + 1
                self.transcript.update(message_id, version=f"{place}/{len(versions)}")
