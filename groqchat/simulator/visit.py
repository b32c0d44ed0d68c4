"""One request on its way through the routes, with the faults that strike it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.simulator.exchange import HTML, RefusedError, Reply
from groqchat.simulator.fault_replies import ReplyFault
from groqchat.simulator.stream_faults import StreamFault, Then

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.simulator.clock import Clock
    from groqchat.simulator.exchange import Exchange, Request
    from groqchat.simulator.faults import Strike

_PROXY_PAGE = b"<!doctype html>\n<html><body><h1>Sign in to the network</h1></body></html>\n"


@dataclass(slots=True)
class Visit:
    """A request, its id, the rest of its path, and its faults.

    ``headers`` go on every answer of the service itself, not on those of a proxy before it.
    ``outcome`` is what the narration says about it beyond its status.
    """

    exchange: Exchange
    request_id: str
    strikes: list[Strike]
    headers: Mapping[str, str] = field(default_factory=dict)
    argument: str = ""
    outcome: str = ""
    status: int = 0

    @property
    def request(self) -> Request:
        """What the client sent."""
        return self.exchange.request

    def struck(self, name: str) -> Strike | None:
        """The fault of that name, if it strikes here."""
        return next((strike for strike in self.strikes if strike.fault.name == name), None)

    @property
    def spoilt(self) -> tuple[StreamFault, int] | None:
        """The fault that spoils the answer, and after how many tokens."""
        for strike in self.strikes:
            if isinstance(strike.fault, StreamFault):
                return strike.fault, int(strike.value)
        return None

    async def strike_before(self, clock: Clock, model: str) -> None:
        """Carry out the faults that come before any work.

        Raises:
            RefusedError: When the request ends here.
        """
        if slow := self.struck("slow_first_byte"):
            await self.wait(clock, slow.value)
        for strike in self.strikes:
            if isinstance(strike.fault, ReplyFault):
                raise RefusedError(strike.fault.reply(model, strike.value))
        if self.struck("html_200"):
            raise RefusedError(Reply(200, _PROXY_PAGE, HTML, {"server": "proxy"}))

    async def wait(self, clock: Clock, seconds: float) -> None:
        """Let time pass for a fault, but not longer than the client waits.

        Raises:
            ConnectionResetError: The client has gone.
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
        """Send the head of an answer that follows piece by piece."""
        self.status = status
        await self.exchange.begin(status, content_type, {**self.headers, **headers})

    async def send(self, reply: Reply) -> None:
        """Send a whole reply; an answer, but no refusal, is spoilt where a fault wants it so."""
        self.status = reply.status
        if "server" not in reply.headers:
            reply = replace(reply, headers={**self.headers, **reply.headers})
        fault = self.spoilt[0] if self.spoilt else None
        if reply.status != 200 or fault is None or not fault.spoils_whole_replies:
            await self.exchange.reply(reply)
            return
        await self.exchange.begin(reply.status, reply.content_type, reply.headers)
        await self.exchange.write(reply.body[: len(reply.body) // 2])
        await self.end(fault.then)

    async def end(self, how: Then) -> None:
        """End a body that has begun in the way of a fault."""
        if how is Then.CUT:
            await self.exchange.cut()
        elif how is Then.RESET:
            await self.exchange.reset()
        elif how is Then.STALL:
            await self.exchange.until_gone()
        else:
            await self.exchange.finish()
