"""The context of one request: its exchange, its id and the faults that are injected into it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.simulator.exchange import HTML, RefusedError, Reply
from groqchat.simulator.faults.reply_faults import ReplyFault
from groqchat.simulator.faults.stream_faults import AfterFault, StreamFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.simulator.clock import Clock
    from groqchat.simulator.exchange import Exchange, Request
    from groqchat.simulator.faults.faults import InjectedFault

_PROXY_PAGE = b"<!doctype html>\n<html><body><h1>Sign in to the network</h1></body></html>\n"


@dataclass(slots=True)
class RequestContext:
    """A request with its id, the variable part of its path, and its faults.

    ``headers`` are added to every reply of the service, but not to those of a simulated proxy.
    ``outcome`` is a note for the narration.
    """

    exchange: Exchange
    request_id: str
    faults: list[InjectedFault]
    headers: Mapping[str, str] = field(default_factory=dict)
    argument: str = ""
    outcome: str = ""
    status: int = 0

    @property
    def request(self) -> Request:
        """The request as the client sent it."""
        return self.exchange.request

    def injected(self, name: str) -> InjectedFault | None:
        """The fault of a name, if it is injected into this request."""
        return next((injected for injected in self.faults if injected.fault.name == name), None)

    @property
    def stream_fault(self) -> tuple[StreamFault, int] | None:
        """The fault that breaks the stream, and the number of tokens sent before it."""
        for injected in self.faults:
            if isinstance(injected.fault, StreamFault):
                return injected.fault, int(injected.value)
        return None

    async def inject_before_work(self, clock: Clock, model: str) -> None:
        """Carry out the faults that happen before the request is read.

        Raises:
            RefusedError: A fault replies in the place of the route.
        """
        if slow := self.injected("slow_first_byte"):
            await self.wait(clock, slow.value)
        for injected in self.faults:
            if isinstance(injected.fault, ReplyFault):
                raise RefusedError(injected.fault.reply(model, injected.value))
        if self.injected("html_200"):
            raise RefusedError(Reply(200, _PROXY_PAGE, HTML, {"server": "proxy"}))

    async def wait(self, clock: Clock, seconds: float) -> None:
        """Wait for a fault, at most until the client disconnects.

        Raises:
            ConnectionResetError: The client has disconnected.
        """
        gone = asyncio.ensure_future(self.exchange.until_gone())
        over = asyncio.ensure_future(clock.sleep(seconds))
        try:
            await asyncio.wait({gone, over}, return_when=asyncio.FIRST_COMPLETED)
            has_gone = gone.done()
        finally:
            gone.cancel()
            over.cancel()
            await asyncio.wait({gone, over})
        if has_gone:
            raise ConnectionResetError

    async def begin(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        """Send the head of a streamed answer."""
        self.status = status
        await self.exchange.begin(status, content_type, {**self.headers, **headers})

    async def send(self, reply: Reply) -> None:
        """Send a whole reply. A fault may break one of status 200, but never a refusal."""
        self.status = reply.status
        if "server" not in reply.headers:
            reply = replace(reply, headers={**self.headers, **reply.headers})
        fault = self.stream_fault[0] if self.stream_fault else None
        if reply.status != 200 or fault is None or not fault.breaks_whole_replies:
            await self.exchange.reply(reply)
            return
        await self.exchange.begin(reply.status, reply.content_type, reply.headers)
        await self.exchange.write(reply.body[: len(reply.body) // 2])
        await self.end(fault.then)

    async def end(self, how: AfterFault) -> None:
        """End a body that was begun, in the way that a fault demands."""
        if how is AfterFault.CUT:
            await self.exchange.cut()
        elif how is AfterFault.RESET:
            await self.exchange.reset()
        elif how is AfterFault.STALL:
            await self.exchange.until_gone()
        else:
            await self.exchange.finish()
