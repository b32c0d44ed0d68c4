"""Several requests of one session, asked one after another; nothing else is asked there."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message, Options, Session
    from groqchat.services.turns.ports import Asking
    from groqchat.ui.conversation.asking import TurnAsking
    from groqchat.ui.workspace.workspace import Workspace


class Requests(Protocol):
    """Requests that follow each other in a session."""

    session: Session

    @property
    def options(self) -> Options:
        """The options that the present request is answered with."""

    async def next_request(self) -> Message | None:
        """Store the next request; None where all are answered."""

    def take(self, answer: Message) -> None:
        """Go on from the answer to the last request."""


async def in_reserved_session(
    workspace: Workspace,
    session_id: str,
    work: Callable[[asyncio.Event], Awaitable[None]],
    ended: Callable[[], None],
) -> None:
    """Do work in a free session, in which nothing else is asked meanwhile.

    It goes on where whoever waits for it is cancelled.

    Args:
        workspace: The parts of the chat.
        session_id: The session.
        work: The work; it is told what is set once the session was stopped.
        ended: Called when the session is free again.
    """
    # The plain chat uses this module without Textual.
    from groqchat.ui.terminal.textual_internals import when_ended

    over, reservation = asyncio.Event(), ExitStack()
    stopped = reservation.enter_context(workspace.conversation.turns.reserved(session_id))

    async def run() -> None:
        await work(stopped)

    def end() -> None:
        reservation.close()
        ended()
        over.set()

    when_ended(workspace.run(run(), group="compaction"), end)
    await over.wait()


async def all_answered(
    conversation: TurnAsking,
    ask: Asking,
    requests: Requests,
    stopped: asyncio.Event,
    waiting_out: GroqchatError | None = None,
) -> bool:
    """Have all requests answered, in sight or not; False where one was not.

    A refusal of the first one is waited out if it is given.
    """
    while not stopped.is_set() and (request := await requests.next_request()) is not None:
        if conversation.session.id == requests.session.id:
            conversation.ask_with(request, requests.options)
            await conversation.show_branch(request.id)
        if stopped.is_set():
            return False
        turn = conversation.turns.start(
            ask, requests.session, request, requests.options, waiting_out=waiting_out
        )
        waiting_out = None
        await turn.finished()
        if turn.answer is None or not turn.answer.state.is_answered:
            return False
        requests.take(turn.answer)
    return not stopped.is_set()
