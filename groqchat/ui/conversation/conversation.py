"""The running turn: listens to its events, shows them, and says what happened.

The turn itself lives in the services; nothing is saved here.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message as WidgetMessage
from textual.worker import WorkerCancelled, WorkerFailed

from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.domain.sessions.options import keeping
from groqchat.domain.turns.answer_footer import footer_of
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Delta,
    Message,
    PromptStored,
    QuotaSeen,
    ReasoningDelta,
    Rerouted,
    Sending,
    Skipped,
    State,
    TextWasReasoning,
    Waiting,
)
from groqchat.ui.conversation.deferred_updates import DeferredUpdates
from groqchat.ui.conversation.session_view import SessionView
from groqchat.ui.conversation.silence import TICK_S, Silence
from groqchat.ui.terminal.garbage import tidy_up
from groqchat.ui.transcript.entries import EntryState
from groqchat.ui.transcript.messages import mark_of
from groqchat.ui.transcript.turn_text import show_prompt, write_text

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from textual.worker import Worker

    from groqchat.domain.turns.chat import Session, TurnEvent
    from groqchat.services.turns.chat import Turns
    from groqchat.ui.services import Services
    from groqchat.ui.transcript.view import Transcript


@dataclass(slots=True)
class Heard:
    """The events of a turn so far."""

    silence: Silence
    deferred: DeferredUpdates
    prompt: Message | None = None
    answer_id: str = ""
    has_text: bool = False


class Conversation(SessionView):
    """A session in which turns run, one at a time.

    Args:
        services: The services.
    """

    @dataclass
    class TurnBegan(WidgetMessage):
        """Posted when a prompt is stored and is being sent."""

        prompt: Message

    @dataclass
    class TurnWaits(WidgetMessage):
        """The turn sleeps before it is sent (again)."""

        waiting: Waiting

    @dataclass
    class TurnRerouted(WidgetMessage):
        """Posted when a turn changes to another model or tier, or could not."""

        rerouted: Rerouted | Skipped

    class TurnSends(WidgetMessage):
        """A request is leaving; a wait, if there was one, is over."""

    class QuotaMoved(WidgetMessage):
        """Limits were read from headers."""

    @dataclass
    class TurnEnded(WidgetMessage):
        """The answer is complete and saved."""

        answer: Message

    @dataclass
    class TurnStopped(WidgetMessage):
        """The turn was stopped; ``prompt`` got no answer when ``answer`` is None."""

        prompt: Message | None
        answer: Message | None

    @dataclass
    class TurnLeft(WidgetMessage):
        """A turn was stopped for another session; what had arrived is saved in ``answer``."""

        answer: Message

    @dataclass
    class TurnFailed(WidgetMessage):
        """The turn ended in an error; what had arrived is saved in ``answer``."""

        error: GroqchatError
        prompt: Message | None
        answer: Message | None

    def __init__(self, services: Services, *, id: str | None = None) -> None:
        super().__init__(services, id=id)
        self.skip_wait = asyncio.Event()
        # Called while the session that is left is still the one on the screen.
        self.leave: Callable[[], None] = lambda: None
        self._turn: Worker[None] | None = None
        self._asked: Message | None = None
        self._continued: Message | None = None
        # What the turn that was stopped last had brought.
        self._stopped: Message | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a turn is running."""
        return self._turn is not None and not self._turn.is_finished

    @property
    def last_turn(self) -> tuple[Message | None, Message | None]:
        """The prompt of the last turn in this session, and the answer that it continued."""
        asked = self._asked
        is_here = asked is not None and asked.session_id == self.session.id
        return (asked, self._continued) if is_here else (None, None)

    async def open(self, session: Session, message_id: str | None = None) -> None:
        """Show a saved session; what runs in the one on the screen is stopped and kept."""
        kept = await self.stop()
        self.leave()
        try:
            await super().open(session, message_id)
        except GroqchatError:
            self.post_message(self.Opened(self.session))  # it is still the one on the screen
            raise
        self._tell_left(kept)

    async def start_new(self) -> None:
        """Show an empty session; what runs in the one on the screen is stopped and kept."""
        kept = await self.stop()
        self.leave()
        await super().start_new()
        self._tell_left(kept)

    def _tell_left(self, answer: Message | None) -> None:
        if answer is not None and answer.session_id != self.session.id:
            self.post_message(self.TurnLeft(answer))

    async def on_transcript_version_asked(self, event: Transcript.VersionAsked) -> None:
        """Versions stay where they are while an answer is written."""
        if self.is_busy:
            event.prevent_default()

    async def ask(self, turns: Turns, text: str) -> None:
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
        turns: Turns,
        prompt: Message,
        *,
        continuing: Message | None = None,
        waiting_out: GroqchatError | None = None,
        is_checked: bool = True,
    ) -> None:
        """Answer a stored prompt once more; the answers become versions of each other."""
        await self.show_branch(prompt.id)
        self._start(
            turns, prompt, continuing=continuing, waiting_out=waiting_out, is_checked=is_checked
        )

    async def ask_edited(self, turns: Turns, old: Message, text: str) -> None:
        """Ask an earlier prompt differently; the old branch stays as a version."""
        await self.show_branch(old.parent_id)
        self._start(turns, text, old.parent_id)

    async def go_on(self, turns: Turns, answer: Message) -> None:
        """Continue an answer that was cut; the longer one becomes its newest version."""
        prompt = await self.branch.message(answer.parent_id)
        if prompt is not None:
            await self.ask_again(turns, prompt, continuing=answer)

    async def stop(self) -> Message | None:
        """Stop the running turn, if any; returns what had arrived once it is saved."""
        if self._turn is None or not self.is_busy:
            return None
        self._stopped = None
        self._turn.cancel()
        with suppress(WorkerFailed, WorkerCancelled):
            await self._turn.wait()
        return self._stopped

    def _start(
        self,
        turns: Turns,
        prompt: str | Message,
        parent_id: str | None = None,
        *,
        continuing: Message | None = None,
        waiting_out: GroqchatError | None = None,
        is_checked: bool = True,
    ) -> None:
        events = turns.ask(
            keeping(self.session, self.options),
            prompt,
            self.options_of(prompt),
            parent_id=parent_id,
            continuing=continuing,
            waiting_out=waiting_out,
            skip_wait=self.skip_wait,
            is_checked=is_checked,
        )
        self._continued = continuing
        self._turn = self.run_worker(self._listen(events), group="turn", name="turn")

    async def _listen(self, events: AsyncGenerator[TurnEvent, None]) -> None:
        """Follow one turn to whatever end it takes."""
        silence = Silence(self.transcript, self._services.clock)
        heard = Heard(silence, DeferredUpdates(self))
        ticking = self.set_interval(TICK_S, silence.tick)
        try:
            async with aclosing(events):
                async for event in events:
                    self._hear(event, heard)
            await self._number_versions(heard)
        except GroqchatError as error:
            heard.deferred.catch_up()
            answer = await self._settle(heard)
            self.post_message(self.TurnFailed(error, heard.prompt, answer))
        except asyncio.CancelledError:
            heard.deferred.catch_up()
            answer = self._stopped = await self._settle(heard)
            self.post_message(self.TurnStopped(heard.prompt, answer))
            raise
        finally:
            ticking.stop()
            self.call_after_refresh(tidy_up)

    def _hear(self, event: TurnEvent, heard: Heard) -> None:
        """Show an event; those before the request leaves are shown when it has left."""
        if isinstance(event, PromptStored):
            heard.prompt = self._asked = event.message
            self.branch.leaf_id = event.message.id
            self.branch.unanswered = None
        if isinstance(event, PromptStored | Sending):
            heard.deferred.keep(partial(self._show, event, heard))
        else:
            heard.deferred.catch_up()
            self._show(event, heard)

    def _show(self, event: TurnEvent, heard: Heard) -> None:
        transcript = self.transcript
        match event:
            case Delta() | ReasoningDelta():
                heard.has_text = True
                heard.silence.begin(heard.answer_id)
                write_text(transcript, event, heard.answer_id)
            case TextWasReasoning():
                write_text(transcript, event, heard.answer_id)
            case PromptStored(message):
                self._show_prompt(message)
            case AnswerStarted(message):
                heard.answer_id = message.id
                transcript.add(self._entry_of(message))
                transcript.current = message.id
                heard.silence.begin(message.id)
            case Sending():
                heard.silence.begin(heard.prompt.id if heard.prompt else "")
                self.post_message(self.TurnSends())
            case Waiting():
                heard.silence.end()
                self.post_message(self.TurnWaits(event))
            case Rerouted() | Skipped():
                heard.silence.end()
                self.post_message(self.TurnRerouted(event))
            case QuotaSeen():
                self.post_message(self.QuotaMoved())
            case Answered(message):
                heard.silence.end()
                self.branch.leaf_id = message.id
                transcript.finish(message.id, state=mark_of(message), footer=footer_of(message))
                self.post_message(self.TurnEnded(message))

    def _show_prompt(self, prompt: Message) -> None:
        self.begin(True)
        show_prompt(self.transcript, prompt)
        self.post_message(self.TurnBegan(prompt))

    async def _settle(self, heard: Heard) -> Message | None:
        """After a turn that did not end well: show what was saved of it."""
        heard.silence.end()
        try:
            return await self._shown_as_saved(heard)
        except StorageError:
            # What broke the turn, most likely: it is told there. What arrived stays in sight.
            if heard.has_text:
                self.transcript.finish(heard.answer_id, state=EntryState.BROKEN, footer="not saved")
            self.branch.unanswered = heard.prompt
            return None

    async def _shown_as_saved(self, heard: Heard) -> Message | None:
        saved = await self.branch.message(heard.answer_id) if heard.answer_id else None
        if saved is not None and (heard.has_text or saved.state is State.UNANSWERED):
            self.branch.leaf_id = saved.id
            self.transcript.finish(saved.id, state=mark_of(saved), footer=footer_of(saved))
            await self._number_versions(heard)
            return saved
        if heard.answer_id:
            self.transcript.cut(heard.answer_id)
        if heard.prompt is not None:
            # Where it was answered before, that answer is better than none.
            await self.show_branch(await self._services.store.leaf_below(heard.prompt.id))
        return None

    async def _number_versions(self, heard: Heard) -> None:
        """Say which version of the prompt and of the answer this is, where there are several."""
        prompt_id = heard.prompt.id if heard.prompt else ""
        ids = list(filter(self.transcript.holds, (prompt_id, heard.answer_id)))
        found = await asyncio.gather(*map(self._services.store.siblings, ids))
        for message_id, versions in zip(ids, map(list, found), strict=True):
            if len(versions) > 1:
                place = versions.index(message_id) + 1
                self.transcript.update(message_id, version=f"{place}/{len(versions)}")
