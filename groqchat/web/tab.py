"""A tab of a browser and the process of its chat, which outlasts a reload of the page."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable, Coroutine, Sequence

    from aiohttp.web import WebSocketResponse

    Environment = Callable[[int, int], dict[str, str]]

KEPT_S = 60.0
"""The seconds that a chat waits for its page to come back."""
_LONGEST_END_S = 5.0


class _ChatProcess(AppService):
    """The process of one chat: started without a shell, with an environment of its own."""

    def __init__(self, tab: Tab, arguments: Sequence[str], environment: Environment) -> None:
        super().__init__(
            "groqchat",
            write_bytes=tab.send_bytes,
            write_str=tab.send_text,
            close=tab.close_page,
            download_manager=DownloadManager(),
        )
        self._arguments, self._make_environment = arguments, environment
        self.process: Process | None = None

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Start the process; textual-serve's own would pass a command to a shell."""
        self.process = self._process = process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "groqchat", *self._arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._make_environment(width, height),
        )
        self._stdin = process.stdin
        return process

    async def ended(self) -> None:
        """Wait until the process has closed its output."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def end(self) -> None:
        """Have the chat save and end; one that does not is killed. Its pipes are closed with it."""
        if self.process is None:
            return
        try:
            async with asyncio.timeout(_LONGEST_END_S):
                await self.stop()
                await self.process.communicate()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self.process.kill()
            await self.process.communicate()


class Tab:
    """A chat, and the page that shows it, if there is one just now.

    Args:
        arguments: The command line of the chat, such as ``["--demo"]``.
        environment: Makes the environment of the process for a size.
        gone: Called once, when the chat ends.
        done: Called once its process has ended, too.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Environment,
        gone: Callable[[], None],
        done: Callable[[Tab], None],
    ) -> None:
        self._chat = _ChatProcess(self, arguments, environment)
        self._gone, self._done = gone, done
        self._ending: asyncio.Task[None] | None = None
        self._page: WebSocketResponse | None = None
        self._waiting: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_started = self._is_over = False

    @property
    def process_id(self) -> int | None:
        """The id of the process; None before it has been started."""
        return self._chat.process.pid if self._chat.process else None

    async def attach(self, page: WebSocketResponse, width: int, height: int) -> None:
        """Show the chat on a page, in the place of one that showed it before."""
        before, self._page = self._page, page
        if self._waiting is not None:
            self._waiting.cancel()
        if before is not None:
            await before.close()
        if not self._is_started:
            self._is_started = True
            await self._chat.start(width, height)
            self._keep(self._watch())
        else:
            await self._chat.send_meta({"type": "attach", "width": width, "height": height})

    def detach(self, page: WebSocketResponse) -> None:
        """Keep the chat for a while after its page has gone."""
        if self._page is page:
            self._page = None
            loop = asyncio.get_running_loop()
            self._waiting = loop.call_later(KEPT_S, lambda: self._keep(self.end()))

    async def take(self, message: str) -> None:
        """Hand on what the page sent: ``["stdin", TEXT]``, ``["resize", {…}]``, focus and blur.

        Raises:
            ValueError: It is none of these.
        """
        match json.loads(message):
            case ["stdin", str(text)]:
                await self._chat.send_bytes(text.encode("utf-8", "surrogatepass"))
            case ["resize", {"width": int(width), "height": int(height)}]:
                await self._chat.set_terminal_size(width, height)
            case ["ping", str(sent)]:
                await self.send_text(json.dumps(["pong", sent]))
            case ["focus"]:
                await self._chat.focus()
            case ["blur"]:
                await self._chat.blur()
            case _:
                raise ValueError(message)

    async def end(self) -> None:
        """Have the chat save and end; returns once its process has ended."""
        if self._ending is None:
            self._ending = asyncio.get_running_loop().create_task(self._chat.end())
        await asyncio.shield(self._ending)

    # -- what the chat sends ------------------------------------------------------------------

    async def send_bytes(self, data: bytes) -> None:
        """Show bytes on the page; without one they are dropped, since it repaints later."""
        if self._page is not None:
            with suppress(ConnectionError):
                await self._page.send_bytes(data)

    async def send_text(self, text: str) -> None:
        """Send the page a message."""
        if self._page is not None:
            with suppress(ConnectionError):
                await self._page.send_str(text)

    async def close_page(self) -> None:
        """Let the page say that the chat has ended; whoever loads it again gets another chat."""
        if not self._is_over:
            self._is_over = True
            self._gone()
        if self._page is not None:
            await self._page.close()

    async def _watch(self) -> None:
        await self._chat.ended()
        await self.close_page()
        await self.end()
        self._done(self)

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
