"""A server on this machine that shows the chat in a browser.

textual-serve brings the page's terminal and the protocol of its processes. It takes requests of
any origin and host, starts a process for each and ends it with its page (1.1.3); so the routes are
our own: a token in the address, no foreign origin or host, and a chat that outlasts a reload.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from functools import partial
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import textual_serve
from aiohttp import WSMsgType, web

from groqchat.web.environment import chat_environment
from groqchat.web.tab import Tab

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MOST_TABS = 16
_STATIC = Path(textual_serve.__file__).parent / "static"
_SMALLEST, _LARGEST = 2, 1000
# A paste comes as one message.
_LONGEST_MESSAGE = 32_000_000
_NAMES_OF_THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")


class WebServer:
    """The server.

    Args:
        arguments: The command line of each chat, such as ``["--demo"]``.
        host: The address to listen on.
        port: The port; 0: any free one.
        environment: The environment of which a chat gets what it needs.
    """

    def __init__(
        self,
        arguments: Sequence[str] = (),
        host: str = "127.0.0.1",
        port: int = 0,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._arguments, self._host, self._port = arguments, host, port
        self._environment = environment
        self.token = secrets.token_urlsafe(32)
        self.tabs: dict[str, Tab] = {}
        self._running: set[Tab] = set()  # those too whose chats are ending
        self._runner = web.AppRunner(self._application(), access_log=None)

    async def start(self) -> str:
        """Listen; returns the address to open, with the token in it.

        Raises:
            OSError: The address cannot be listened on.
        """
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        shown = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{shown}:{self._port}/?token={self.token}"

    async def close(self) -> None:
        """Have all chats save and end, and stop listening."""
        for tab in list(self._running):
            await tab.end()
        await self._runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._guard])
        application.add_routes(
            [
                web.get("/", self._page),
                web.get("/chat/{token}/{tab}", self._chat),
                web.static("/static", _STATIC),
            ]
        )
        return application

    # -- who may ask --------------------------------------------------------------------------

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse other hosts, whose names may lead here, and requests from other pages."""
        host = request.headers.get("Host", "")
        if not self._is_ours(host):
            raise web.HTTPForbidden(text="This server answers to its own address alone.\n")
        if request.headers.get("Origin", f"http://{host}") != f"http://{host}":
            raise web.HTTPForbidden(text="This server answers to no page of another one.\n")
        return await handler(request)

    def _is_ours(self, host: str) -> bool:
        name, _, port = host.rpartition(":")
        if port != str(self._port):
            return False
        if name in {*_NAMES_OF_THIS_MACHINE, self._host, f"[{self._host}]"}:
            return True
        return _is_wildcard(self._host) and _is_address(name)

    def _require(self, token: str) -> None:
        if not secrets.compare_digest(token.encode(), self.token.encode()):
            raise web.HTTPForbidden(text="Open the address that `groqchat serve` printed.\n")

    # -- what is served -----------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.Response:
        self._require(request.query.get("token", ""))
        nonce, host = secrets.token_urlsafe(16), request.headers["Host"]
        socket = f"ws://{host}/chat/{self.token}"
        page = Template(files(__package__).joinpath("page.html").read_text(encoding="utf-8"))
        policy = (
            f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; "
            f"style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
            f"connect-src ws://{host}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return web.Response(
            text=page.substitute(nonce=nonce, socket=socket),
            content_type="text/html",
            headers={
                "Content-Security-Policy": policy,
                "Referrer-Policy": "no-referrer",
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    async def _chat(self, request: web.Request) -> web.WebSocketResponse:
        self._require(request.match_info["token"])
        if "Origin" not in request.headers:
            raise web.HTTPForbidden(text="Only the page of this server may open a chat.\n")
        name = request.match_info["tab"]
        if name not in self.tabs and len(self.tabs) >= MOST_TABS:
            raise web.HTTPServiceUnavailable(text=f"There are {MOST_TABS} chats already.\n")
        page = web.WebSocketResponse(heartbeat=15, max_msg_size=_LONGEST_MESSAGE)
        await page.prepare(request)
        tab = self.tabs.get(name) or self._new_tab(name)
        try:
            await tab.attach(page, _cells(request, "width", 80), _cells(request, "height", 24))
            async for message in page:
                if message.type is WSMsgType.TEXT:
                    await tab.take(message.data)
        except ValueError:
            await page.close(code=1003)
        finally:
            tab.detach(page)
        return page

    def _new_tab(self, name: str) -> Tab:
        environment = partial(chat_environment, self._environment)
        tab = self.tabs[name] = Tab(
            self._arguments, environment, partial(self._forget, name), self._running.discard
        )
        self._running.add(tab)
        return tab

    def _forget(self, name: str) -> None:
        del self.tabs[name]


def _cells(request: web.Request, name: str, usual: int) -> int:
    text = request.query.get(name, "")
    return min(_LARGEST, max(_SMALLEST, int(text))) if text.isdecimal() else usual


def _is_wildcard(host: str) -> bool:
    return _is_address(host) and ipaddress.ip_address(host).is_unspecified


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
