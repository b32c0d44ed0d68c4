"""Turns in which a model may call tools: an answer with calls, their results, the next request.

Each request is one of `groqchat.services.turns.chat.Turns`, with its own reservation, retries,
budget and ledger entry. Calls and results are messages of the session; where a turn is stopped
between them, `groqchat.domain.turns.answered_calls` completes what is sent later.
"""

from __future__ import annotations

from contextlib import aclosing
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.tools.executed import BUILT_IN
from groqchat.domain.turns.chat import Answered, PromptStored
from groqchat.services.tools.calls import Calls
from groqchat.services.tools.toolbox import Toolbox, collected

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Callable, Sequence

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.tools.bounds import ToolBounds
    from groqchat.domain.tools.tool import Tool
    from groqchat.domain.turns.chat import Message, Options, Session, TurnEvent
    from groqchat.services.ports import Clock, SessionStore
    from groqchat.services.quota.quota import QuotaService
    from groqchat.services.tools.approvals import Approvals
    from groqchat.services.tools.ports import ToolSource, ToolSources
    from groqchat.services.turns.chat import Turns
    from groqchat.services.turns.sizing import RequestPreview


@dataclass(slots=True)
class _Turn:
    """A turn: the arguments of its next request."""

    session: Session
    prompt: str | Message
    options: Options
    parent_id: str | None
    continuing: Message | None
    waiting_out: GroqchatError | None
    skip_wait: asyncio.Event | None
    is_checked: bool

    def asked(self, turns: Turns) -> AsyncGenerator[TurnEvent, None]:
        """Make the request."""
        return turns.ask(
            self.session,
            self.prompt,
            self.options,
            parent_id=self.parent_id,
            continuing=self.continuing,
            waiting_out=self.waiting_out,
            skip_wait=self.skip_wait,
            is_checked=self.is_checked,
        )

    def go_on(self, result: Message) -> None:
        """Answer the result of a call next."""
        self.prompt, self.continuing, self.waiting_out = result, None, None


class ToolTurns:
    """Answers prompts like :class:`Turns`, and carries out what the answers call.

    Args:
        plain: Makes the single requests.
        store: Where conversations live.
        quota: The limits of the account.
        sources: The sources of tools.
        approvals: Whether a call may run.
        bounds_now: Gives the bounds of turns as they are set at the moment.
        clock: Time.
        new_id: Makes ids for messages.
    """

    def __init__(
        self,
        plain: Turns,
        store: SessionStore,
        quota: QuotaService,
        sources: ToolSources,
        approvals: Approvals,
        *,
        bounds_now: Callable[[], ToolBounds],
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self.plain = plain
        self._going_on = plain.going_on()
        self.approvals = approvals
        self.sources = sources
        self._store = store
        self._quota = quota
        self._bounds_now = bounds_now
        self._clock = clock
        self._new_id = new_id
        # The tools of each choice of sources, as they were when they were last sent.
        self._known: dict[tuple[str, ...], Toolbox] = {}

    def without_fallback(self) -> ToolTurns:
        """Turns like these, without the route to other models, each with all the room there is."""
        turns = copy(self)
        turns.plain = turns._going_on = self.plain.without_fallback()
        return turns

    async def ask(
        self,
        session: Session,
        prompt: str | Message,
        options: Options,
        *,
        parent_id: str | None = None,
        continuing: Message | None = None,
        waiting_out: GroqchatError | None = None,
        skip_wait: asyncio.Event | None = None,
        is_checked: bool = True,
    ) -> AsyncGenerator[TurnEvent, None]:
        """Answer a prompt; arguments and errors are those of :meth:`Turns.ask`.

        A result of a tool is told by ``PromptStored``, an answer that calls tools by ``Answered``.

        Raises:
            GroqchatError: A request failed, or the model went on calling tools.
        """
        turn = _Turn(
            session, prompt, options, parent_id, continuing, waiting_out, skip_wait, is_checked
        )
        sources = self._sources_of(options)
        told = self._with_tools(turn, sources) if sources else turn.asked(self._going_on)
        async with aclosing(told) as events:
            async for event in events:
                yield event

    async def _with_tools(
        self, turn: _Turn, sources: Sequence[ToolSource]
    ) -> AsyncGenerator[TurnEvent, None]:
        """Store the prompt, and learn what tools there are, which may take some seconds."""
        if isinstance(turn.prompt, str):
            session = turn.session
            named = replace(session, model=session.model or turn.options.model)
            turn.prompt = await self.plain.store_prompt(named, turn.prompt, turn.parent_id)
        yield PromptStored(turn.prompt)
        toolbox = self._known[_key(turn.options)] = await collected(sources)
        for failed in toolbox.failed:
            yield failed
        async with aclosing(self._rounds(turn, toolbox)) as events:
            async for event in events:
                yield event

    async def _rounds(self, turn: _Turn, toolbox: Toolbox) -> AsyncGenerator[TurnEvent, None]:
        """Ask, and have the calls of the answer carried out, until one calls nothing."""
        turns = self._going_on.offering(toolbox.tools)
        if await turns.may_overspend(turn.session):  # the user has decided so of the whole turn
            turns = turns.whatever_it_costs()
        bounds = self._bounds_now()
        # Behind the last round the model is told so, and may answer once more.
        for number in range(1, bounds.rounds + 3):
            answer: Message | None = None
            async with aclosing(turn.asked(turns)) as events:
                async for event in events:
                    if isinstance(event, Answered):
                        answer = event.message
                    if not isinstance(event, PromptStored):  # told already
                        yield event
            if answer is None or not answer.calls:
                return
            refusal = bounds.refusal if number > bounds.rounds else ""
            calls = self._calls(toolbox, turn.options, answer)
            async with aclosing(calls.results(answer, refusal)) as told:
                async for each in told:
                    if isinstance(each, PromptStored):
                        turn.go_on(each.message)
                    yield each
        raise failure("answer_calls_on", model=turn.options.model)

    def _calls(self, toolbox: Toolbox, options: Options, answer: Message) -> Calls:
        """What carries out the calls of an answer."""
        room, usage = self._quota.prompt_room(options), answer.usage
        used = usage.prompt_tokens + usage.completion_tokens if usage else 0
        left = None if room is None else room - used
        most = self._bounds_now().room_for_each(left, len(answer.calls))
        return Calls(
            toolbox,
            self.approvals,
            self._store,
            most,
            clock=self._clock,
            new_id=self._new_id,
        )

    async def store_prompt(self, session: Session, text: str, parent_id: str | None) -> Message:
        """Store a prompt that several answers will be asked for; see :meth:`Turns.store_prompt`."""
        return await self.plain.store_prompt(session, text, parent_id)

    async def preview(self, parent_id: str | None, options: Options) -> RequestPreview:
        """The request of a prompt that is still being written, with the tools as last known."""
        turns = self.plain.offering(self.known_tools(options))
        return await turns.preview(parent_id, options)

    def has_sources(self, options: Options) -> bool:
        """Whether the options switch on the tools of any source that there is."""
        return bool(self._sources_of(options))

    def knows(self, options: Options) -> bool:
        """Whether the tools that the options switch on have been listed in this process."""
        return not _key(options) or _key(options) in self._known

    def known_tools(self, options: Options) -> tuple[Tool, ...]:
        """The tools that the options switch on, as they were listed last in this process."""
        return self._known.get(_key(options), Toolbox()).tools

    async def learn_tools(self, options: Options) -> Toolbox:
        """Ask the sources of a session for their tools, so that later requests are sized well."""
        toolbox = self._known[_key(options)] = await collected(self._sources_of(options))
        return toolbox

    def _sources_of(self, options: Options) -> list[ToolSource]:
        """The sources that are switched on; those that are gone are left out."""
        found = map(self.sources.named, _key(options))
        return [source for source in found if source is not None]


def _key(options: Options) -> tuple[str, ...]:
    """The names of the sources that are switched on, in a fixed order."""
    return tuple(sorted(set(options.tools) - set(BUILT_IN)))
