"""Carries out the calls of one answer: asks whether they may run, runs them, stores the results."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.money.usage import Timing
from groqchat.domain.tools.decision import Decision
from groqchat.domain.tools.events import CallStarted
from groqchat.domain.tools.outcome import Outcome
from groqchat.domain.tools.results import (
    DENIED,
    NOT_AN_OBJECT,
    arguments_of,
    fitting,
    unknown_tool,
)
from groqchat.domain.tools.tool import ToolResult
from groqchat.domain.turns.chat import Message, PromptStored, Role
from groqchat.domain.turns.token_estimate import estimate_tokens

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection, Mapping

    from groqchat.domain.tools.tool import Tool, ToolCall
    from groqchat.domain.turns.chat import TurnEvent
    from groqchat.services.ports import Clock, SessionStore
    from groqchat.services.tools.approvals import Approvals
    from groqchat.services.tools.toolbox import Toolbox


@dataclass(frozen=True, slots=True)
class _Ended:
    """A call that ended, after so many seconds; None where it did not run."""

    outcome: Outcome
    text: str
    seconds: float | None = None


class Calls:
    """Carries out calls.

    Args:
        toolbox: The tools that were offered.
        approvals: Whether a call may run.
        store: Where conversations live.
        most: The tokens that each result may have.
        clock: Time.
        new_id: Makes ids for messages.
    """

    def __init__(
        self,
        toolbox: Toolbox,
        approvals: Approvals,
        store: SessionStore,
        most: int,
        *,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._toolbox = toolbox
        self._approvals = approvals
        self._store = store
        self._most = most
        self._clock = clock
        self._new_id = new_id

    async def results(self, answer: Message, refusal: str) -> AsyncGenerator[TurnEvent, None]:
        """Carry out the calls of an answer, and store a result for each, in their order.

        What may run runs at the same time, once the user has been asked about all. Left before its
        end, it stops what still runs.

        Args:
            answer: The answer.
            refusal: The result of each call where none may run any more; else empty.
        """
        session_id, parent = answer.session_id, answer
        ended: dict[int, _Ended] = {}
        running: dict[int, asyncio.Task[_Ended]] = {}
        allowed: dict[int, tuple[Tool, Mapping[str, object]]] = {}
        try:
            for number, call in enumerate(answer.calls):
                tool, arguments = self._toolbox.tool(call), arguments_of(call)
                problem = refusal or self._problem(call, tool, arguments)
                if problem or tool is None or arguments is None:
                    ended[number] = _Ended(Outcome.REFUSED, problem)
                    continue
                async with self._approvals.one_at_a_time(session_id):
                    if not await self._approvals.stands(session_id, tool):
                        yield await self._approvals.ask(session_id, tool, call)
                        if await self._approvals.decision(session_id) is Decision.DENY:
                            ended[number] = _Ended(Outcome.DENIED, DENIED)
                            continue
                allowed[number] = tool, arguments
            for number, (tool, arguments) in allowed.items():
                running[number] = asyncio.create_task(self._run(tool, arguments))
                yield CallStarted(tool, answer.calls[number])
            for number, call in enumerate(answer.calls):
                end = ended[number] if number in ended else await running[number]
                parent = self._message(answer, parent, call, end)
                await self._store.add_message(parent)
                yield PromptStored(parent)
        finally:
            await _stopped(running.values())

    def _problem(
        self, call: ToolCall, tool: Tool | None, arguments: Mapping[str, object] | None
    ) -> str:
        """What keeps a call from running whatever the user says; empty for nothing."""
        if tool is None:
            return unknown_tool(call.name, self._toolbox.names)
        return NOT_AN_OBJECT if arguments is None else ""

    async def _run(self, tool: Tool, arguments: Mapping[str, object]) -> _Ended:
        begun = self._clock.monotonic()
        result = await self._toolbox.run(tool, arguments)
        outcome = Outcome.FAILED if result.is_error else Outcome.DONE
        return _Ended(outcome, result.text, self._clock.monotonic() - begun)

    def _message(self, answer: Message, parent: Message, call: ToolCall, end: _Ended) -> Message:
        """The message with the result of a call."""
        text = fitting(ToolResult(end.text), self._most, estimate_tokens).text
        return Message(
            self._new_id(),
            answer.session_id,
            parent.id,
            Role.TOOL,
            text,
            self._clock.now(),
            finish_reason=end.outcome.value,
            timing=None if end.seconds is None else Timing(None, end.seconds),
            kind=answer.kind,
            calls=(call,),
        )


async def _stopped(tasks: Collection[asyncio.Task[_Ended]]) -> None:
    """Stop what still runs of some tasks."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
