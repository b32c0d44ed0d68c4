"""The open session: its branch on the screen, and the turn that is running in it.

The turn itself lives in the services; this widget listens to its events, shows them, and tells
its screen what happened.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.message import Message as Told

from groqchat.domain.chat import (
    Answered,
    AnswerStarted,
    Delta,
    Message,
    Options,
    PromptStored,
    QuotaSeen,
    ReasoningDelta,
    Role,
    Sending,
    Session,
    Waiting,
)
from groqchat.domain.errors import GroqchatError
from groqchat.ui.entries import entry_of, finished_of, stub_entries
from groqchat.ui.widgets.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from textual.app import ComposeResult

    from groqchat.domain.chat import TurnEvent
    from groqchat.domain.pricing import Price
    from groqchat.services.chat import Turns
    from groqchat.ui.parts import Parts


class Conversation(Vertical):
    """Shows one session and runs its turns, one at a time.

    Args:
        parts: The services.
    """

    DEFAULT_CSS = """
    Conversation { height: 1fr; }
    """

    class TurnBegan(Told):
        """A prompt is stored and on its way."""

    @dataclass
    class TurnWaits(Told):
        """The turn sleeps before it is sent again."""

        waiting: Waiting

    class TurnSends(Told):
        """A request is leaving; a wait, if there was one, is over."""

    @dataclass
    class QuotaMoved(Told):
        """Limits were read from headers, or changed with an answer."""

        model: str

    @dataclass
    class TurnEnded(Told):
        """The answer is complete and saved."""

        answer: Message
        price: Price | None

    @dataclass
    class TurnStopped(Told):
        """The turn was stopped; ``prompt`` got no answer when ``answer`` is None."""

        prompt: Message | None
        answer: Message | None

    @dataclass
    class TurnFailed(Told):
        """The turn ended in an error; what had arrived is saved in ``answer``."""

        error: GroqchatError
        prompt: Message | None
        answer: Message | None

    @dataclass
    class Opened(Told):
        """Another session is on the screen."""

        session: Session

    def __init__(self, parts: Parts, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._parts = parts
        self.session = self._unsaved_session()
        self.options = Options("")
        self.leaf_id: str | None = None
        self.unanswered: Message | None = None
        self.skip_wait = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def compose(self) -> ComposeResult:
        """The transcript fills the place."""
        yield Transcript(self._load, id="transcript")

    @property
    def transcript(self) -> Transcript:
        """The messages on the screen."""
        return self.query_one(Transcript)

    @property
    def is_busy(self) -> bool:
        """Whether a turn is running."""
        return not self._idle.is_set()

    # -- which session ------------------------------------------------------------------------

    async def open(self, session: Session) -> None:
        """Show a saved session where it was left."""
        await self.stop()
        self.session = session
        self.options = replace(
            self.options, model=session.model or self.options.model, system=session.system
        )
        await self._show_branch(session.leaf_id)
        self.post_message(self.Opened(session))

    async def start_new(self) -> None:
        """Show an empty session; it is saved with its first prompt."""
        await self.stop()
        self.session = self._unsaved_session()
        self.leaf_id = self.unanswered = None
        self.transcript.show([])
        self.post_message(self.Opened(self.session))

    async def switch_version(self, message_id: str, step: int) -> None:
        """Show the next or previous sibling of a message, and the branch below it."""
        versions = list(await self._parts.store.siblings(message_id))
        place = versions.index(message_id) + step
        if self.is_busy or not 0 <= place < len(versions):
            return
        leaf = await self._parts.store.leaf_below(versions[place])
        await self._parts.store.update_session(self.session.id, leaf_id=leaf)
        await self._show_branch(leaf)

    async def _show_branch(self, leaf_id: str | None) -> None:
        stubs = await self._parts.store.stubs(leaf_id) if leaf_id else []
        self.leaf_id = leaf_id
        self.transcript.show(stub_entries(stubs))
        last = stubs[-1] if stubs else None
        self.unanswered = None
        if last is not None and last.role is Role.USER:
            self.unanswered = await self.message(last.id)

    async def _load(self, ids: Sequence[str]) -> dict[str, object]:
        messages = await self._parts.store.messages(ids)
        return {message.id: entry_of(message) for message in messages.values()}

    def _unsaved_session(self) -> Session:
        now = self._parts.clock.now()
        return Session(self._parts.new_id(), "", now, now)

    # -- turns --------------------------------------------------------------------------------

    async def ask(self, turns: Turns, text: str) -> None:
        """Send a new prompt; one that failed before is replaced or, unchanged, sent again."""
        failed = self.unanswered
        if failed is not None and failed.content == text:
            self._start(turns, failed)
            return
        parent = failed.parent_id if failed is not None else self.leaf_id
        if failed is not None:
            await self._show_branch(parent)
        self._start(turns, text, parent)

    async def ask_again(
        self, turns: Turns, prompt: Message, waiting_out: GroqchatError | None = None
    ) -> None:
        """Answer a stored prompt once more; the answers become versions of each other."""
        await self._show_branch(prompt.id)
        self._start(turns, prompt, waiting_out=waiting_out)

    async def last_prompt(self) -> Message | None:
        """The newest prompt of the branch on the screen."""
        if self.leaf_id is None:
            return None
        path = await self._parts.store.stubs(self.leaf_id)
        prompts = [stub.id for stub in path if stub.role is Role.USER]
        return await self.message(prompts[-1]) if prompts else None

    async def last_answer(self) -> Message | None:
        """The answer that the branch on the screen ends with, if it does."""
        leaf = await self.message(self.leaf_id) if self.leaf_id else None
        return leaf if leaf is not None and leaf.role is Role.ASSISTANT else None

    async def message(self, message_id: str) -> Message | None:
        """One message as it is stored."""
        return (await self._parts.store.messages([message_id])).get(message_id)

    async def ask_edited(self, turns: Turns, old: Message, text: str) -> None:
        """Ask an earlier prompt differently; the old branch stays as a version."""
        await self._show_branch(old.parent_id)
        self._start(turns, text, old.parent_id)

    async def go_on(self, turns: Turns, answer: Message) -> None:
        """Continue an answer that was cut; the longer one becomes its newest version."""
        prompt = await self.message(answer.parent_id) if answer.parent_id else None
        if prompt is not None:
            await self._show_branch(prompt.id)
            self._start(turns, prompt, continuing=answer)

    async def stop(self) -> None:
        """Stop the running turn, if any, and wait until what had arrived is saved."""
        self.workers.cancel_group(self, "turn")
        await self._idle.wait()

    def _start(
        self,
        turns: Turns,
        prompt: str | Message,
        parent_id: str | None = None,
        continuing: Message | None = None,
        waiting_out: GroqchatError | None = None,
    ) -> None:
        session = replace(self.session, model=self.options.model, system=self.options.system)
        events = turns.ask(
            session,
            prompt,
            self.options,
            parent_id=parent_id,
            continuing=continuing,
            waiting_out=waiting_out,
            skip_wait=self.skip_wait,
        )
        self._idle.clear()
        self.unanswered = None
        self.run_worker(self._listen(events), group="turn", name="turn")

    async def _listen(self, events: AsyncGenerator[TurnEvent, None]) -> None:
        """Follow one turn to whatever end it takes."""
        heard = Heard()
        try:
            async with aclosing(events):
                async for event in events:
                    self._show(event, heard)
        except GroqchatError as error:
            answer = await self._settle(heard)
            self.post_message(self.TurnFailed(error, heard.prompt, answer))
        except asyncio.CancelledError:
            answer = await self._settle(heard)
            self.post_message(self.TurnStopped(heard.prompt, answer))
            raise
        finally:
            self._idle.set()

    def _show(self, event: TurnEvent, heard: Heard) -> None:
        transcript = self.transcript
        match event:
            case Delta(text):
                heard.has_text = True
                transcript.append(heard.answer_id, text)
            case ReasoningDelta(text):
                heard.has_text = True
                transcript.append_reasoning(heard.answer_id, text)
            case PromptStored(message):
                heard.prompt = message
                self.leaf_id = message.id
                if not transcript.has(message.id):
                    transcript.add(entry_of(message))
                transcript.follow()
                self.post_message(self.TurnBegan())
            case AnswerStarted(message):
                heard.answer_id = message.id
                transcript.add(entry_of(message))
            case Sending():
                self.post_message(self.TurnSends())
            case Waiting():
                self.post_message(self.TurnWaits(event))
            case QuotaSeen(model, _):
                self.post_message(self.QuotaMoved(model))
            case Answered(message, price):
                self.leaf_id = message.id
                transcript.finish(message.id, **finished_of(message))
                self.post_message(self.TurnEnded(message, price))

    async def _settle(self, heard: Heard) -> Message | None:
        """After a turn that did not end well: show what was saved of it."""
        self.unanswered = None
        if heard.has_text:
            saved = await self.message(heard.answer_id)
            if saved is not None:
                self.leaf_id = saved.id
                self.transcript.finish(saved.id, **finished_of(saved))
                return saved
        if heard.answer_id:
            self.transcript.remove(heard.answer_id)
        self.unanswered = heard.prompt
        return None


@dataclass(slots=True)
class Heard:
    """What a turn has told so far."""

    prompt: Message | None = None
    answer_id: str = ""
    has_text: bool = False


