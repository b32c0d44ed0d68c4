"""One turn in the transcript, as long as its session is the one being read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import in_words
from groqchat.domain.tools.events import ApprovalAsked, CallStarted, StepTaken
from groqchat.domain.tools.executed import BUILT_IN
from groqchat.domain.turns.answer_footer import footer_of
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Delta,
    PromptStored,
    QuotaSeen,
    ReasoningDelta,
    Rerouted,
    Role,
    Sending,
    Skipped,
    TextWasReasoning,
    Waiting,
)
from groqchat.services.turns.running_turn import Phase
from groqchat.ui.conversation.deferred_updates import DeferredUpdates
from groqchat.ui.conversation.silence import TICK_S, Silence
from groqchat.ui.terminal.motion import tick_s
from groqchat.ui.transcript.entries import EntryState
from groqchat.ui.transcript.messages import json_body_of, mark_of, thought_of
from groqchat.ui.transcript.tool_entries import answer_text
from groqchat.ui.transcript.turn_text import show_prompt, show_step, write_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.turns.chat import Message, TurnEvent
    from groqchat.services.ports import Clock
    from groqchat.services.turns.running_turn import RunningTurn
    from groqchat.ui.conversation.session_view import SessionView
    from groqchat.ui.transcript.entries import Entry

_BEFORE_TEXT = (PromptStored, Sending, QuotaSeen, AnswerStarted)


class TurnView:
    """Shows a turn from where it is on, event by event.

    Args:
        turn: The turn.
        view: The session on the screen, which is the turn's.
        clock: Time.
        entry_of: Makes the entry of a message.
        tell: Told about each event once it is shown.
    """

    def __init__(
        self,
        turn: RunningTurn,
        view: SessionView,
        clock: Clock,
        *,
        entry_of: Callable[[Message], Entry],
        tell: Callable[[RunningTurn, TurnEvent], None],
    ) -> None:
        self.turn = turn
        self._view = view
        self._transcript = view.transcript
        self._entry_of = entry_of
        self._tell = tell
        self._deferred = DeferredUpdates(view)
        comes_whole = turn.options.schema is not None
        self._silence = Silence(view.transcript, clock, comes_whole=comes_whole)
        self._ticking = view.set_interval(tick_s(TICK_S), self._silence.tick)
        self._answer_id = ""
        self._join()

    def _join(self) -> None:
        """Show what came before anybody looked."""
        turn, transcript = self.turn, self._transcript
        if turn.prompt is None:
            return
        self._stand_at(turn.last or turn.prompt)
        if not transcript.holds(turn.prompt.id):
            self._show_prompt(turn.prompt)
        if (answer := turn.answer_so_far) is not None:
            self._answer_id = answer.id
            self.cut()  # as it was stored a moment ago
            transcript.add(self._entry_of(answer))
            transcript.current = answer.id
            transcript.follow()
        if turn.answer is not None:
            self._view.branch.leaf_id = turn.answer.id
        elif turn.begun is not None:
            transcript.append(turn.begun.id, "")  # from now on it grows, and is kept
        if turn.phase in {Phase.SENDING, Phase.WRITING}:
            self._silence.begin(self._answer_id or turn.prompt.id)

    def hear(self, event: TurnEvent) -> None:
        """Show an event; those before the first text are shown with it, if it comes at once."""
        if isinstance(event, PromptStored):
            self._stand_at(event.message)
        is_result = isinstance(event, PromptStored) and event.message.role is Role.TOOL
        if isinstance(event, _BEFORE_TEXT) and not is_result:
            self._deferred.keep(partial(self._show, event))
        else:
            self.catch_up()
            self._show(event)

    def catch_up(self) -> None:
        """Show at once what was put off."""
        self._deferred.catch_up()

    def leave(self) -> None:
        """Show nothing more: another session comes into sight, or the turn is over."""
        self.catch_up()
        self._ticking.stop()
        self._silence.end()

    def show_unsaved(self) -> None:
        """Say that what arrived is not saved; it stays in sight."""
        if self.turn.has_text:
            state = EntryState.BROKEN
            self._transcript.finish(self._answer_id, state=state, footer="not saved")

    def show_saved(self, answer: Message) -> None:
        """Show how the answer ended."""
        self._transcript.finish(
            answer.id,
            state=mark_of(answer),
            footer=footer_of(answer),
            reasoning_label=thought_of(answer),
            json=json_body_of(answer),
        )
        if answer.executed or answer.calls:  # marks of pages are links now
            self._transcript.update(answer.id, text=answer_text(answer))

    def cut(self) -> None:
        """Take away an answer of which nothing has arrived."""
        if self._transcript.holds(self._answer_id):
            self._transcript.cut(self._answer_id)

    def _stand_at(self, message: Message) -> None:
        self._view.branch.leaf_id = message.id
        self._view.branch.unanswered = None

    def _show(self, event: TurnEvent) -> None:
        match event:
            case Delta() | ReasoningDelta():
                self._silence.begin(self._answer_id)
                write_text(self._transcript, event, self._answer_id)
                return  # nobody else has to know
            case TextWasReasoning():
                write_text(self._transcript, event, self._answer_id)
            case PromptStored(message):
                self._show_prompt(message)
            case AnswerStarted(message):
                self.cut()  # that of an attempt which brought no text
                self._answer_id = message.id
                self._transcript.add(self._entry_of(message))
                self._transcript.current = message.id
                self._silence.begin(message.id)
            case StepTaken(_, step):
                self._silence.begin(self._answer_id)
                show_step(self._transcript, step, self._answer_id)
                return
            case Sending():
                asked = self.turn.to_answer
                self._silence.begin(asked.id if asked else "")
            case Waiting() | Rerouted() | Skipped() | ApprovalAsked():
                self._silence.end()
            case CallStarted(tool):
                last = self.turn.last
                self._silence.begin(last.id if last else "", f"{tool.name} runs:")
            case Answered(is_short=True):
                self._silence.end()
            case Answered(message):
                self._silence.end()
                self._view.branch.leaf_id = message.id
                self.show_saved(message)
                if message.calls:  # it stays; the next answer is another one
                    self._answer_id = ""
        self._tell(self.turn, event)

    @property
    def _servers(self) -> list[str]:
        """The servers whose tools the turn may use: they start before its request leaves."""
        return [name for name in self.turn.options.tools if name not in BUILT_IN]

    def _show_prompt(self, prompt: Message) -> None:
        self._view.begin(True)
        show_prompt(self._transcript, self._entry_of(prompt))
        if (servers := self._servers) and prompt.role is Role.USER:
            words = f"waiting for the MCP server {in_words(servers)} to start:"
            self._silence.begin(prompt.id, words)
