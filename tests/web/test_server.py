"""The server of the chat in a browser, asked as its page asks, with real processes of chats."""

import asyncio
import gc
import json
import os
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
import pytest

from groqchat.web import server as server_module
from groqchat.web import tab as tab_module
from groqchat.web.server import WebServer
from tests.end_to_end.emulator import Screen, Stream


@pytest.fixture
async def server(groqchat_home):
    """A server whose chats are demos."""
    running = WebServer(["--demo"], environment=os.environ)
    running.address = await running.start()
    yield running
    await running.close()
    gc.collect()  # what was left open is told here, and not by a later test


@pytest.fixture
async def client():
    async with aiohttp.ClientSession() as session:
        yield session


class Page:
    """What a page does: it shows what comes, and sends what is typed."""

    def __init__(self, socket):
        self.socket, self.screen = socket, Screen(100, 30)
        self._stream = Stream(self.screen)

    async def type(self, text):
        await self.socket.send_str(json.dumps(["stdin", text]))

    async def until(self, text):
        """Read until the screen shows a text."""
        async with asyncio.timeout(30):
            while text not in self.text:
                message = await self.socket.receive()
                assert message.type is aiohttp.WSMsgType.BINARY, message
                self._stream.feed(message.data)

    @property
    def text(self):
        return "\n".join(self.screen.display)


@asynccontextmanager
async def page_of(client, server, tab, origin=None):
    """A page with the id of a tab."""
    host = urlsplit(server.address).netloc
    socket = await client.ws_connect(
        f"ws://{host}/chat/{server.token}/{tab}?width=100&height=30",
        headers={"Origin": origin or f"http://{host}"},
        max_msg_size=0,
    )
    try:
        yield Page(socket)
    finally:
        await socket.close()


def is_running(process):
    """Whether there is a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def until(condition):
    """Wait until something is so, half a minute at most."""
    for _ in range(1500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def test_a_chat_outlasts_a_reload_and_ends_when_its_page_stays_away(
    server, client, monkeypatch
):
    async with page_of(client, server, "one") as page:
        await page.until("Ask anything")
        await page.type("write 5 tokens, end with DONE\r")
        await page.until("on_demand")
        await page.type("a draft")
        await page.until("a draft")
        process = server.tabs["one"].process_id
    async with page_of(client, server, "one") as page:
        await page.until("a draft")
        assert "DONE" in page.text
        assert server.tabs["one"].process_id == process
        await page.type("\x02")  # Ctrl+B, since browsers keep Ctrl+T
        await page.until("Cost at list price")
        monkeypatch.setattr(tab_module, "KEPT_S", 0.0)
    await until(lambda: not server.tabs)
    await until(lambda: not is_running(process))


async def test_a_chat_that_is_quit_closes_its_page_and_another_tab_has_its_own(server, client):
    async with page_of(client, server, "one") as page, page_of(client, server, "two") as other:
        await page.until("Ask anything")
        await other.until("Ask anything")
        processes = {tab.process_id for tab in server.tabs.values()}
        assert len(processes) == 2
        await page.type("\x11")  # Ctrl+Q
        async with asyncio.timeout(30):
            while (await page.socket.receive()).type is aiohttp.WSMsgType.BINARY:
                pass
        assert set(server.tabs) == {"two"}
        # Also a chat that is just ending is waited for.
        await server.close()
        assert not any(map(is_running, processes))


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/?token={token}", {}, 200),
        ("/", {}, 403),
        ("/?token=wrong", {}, 403),
        ("/?token={token}", {"Host": "evil.example"}, 403),
        ("/?token={token}", {"Host": "evil.example:{port}"}, 403),
        ("/?token={token}", {"Host": "localhost:{port}"}, 200),
        ("/?token={token}", {"Origin": "http://127.0.0.1:{port}"}, 200),
        ("/?token={token}", {"Origin": "http://evil.example"}, 403),
        ("/?token={token}", {"Origin": "null"}, 403),
        ("/static/js/textual.js", {"Origin": "http://evil.example"}, 403),
        ("/static/js/textual.js", {}, 200),
        ("/static/js/textual.js", {"Host": "evil.example:{port}"}, 403),
        ("/static/", {}, 403),
        ("/chat/wrong/one", {"Origin": "http://127.0.0.1:{port}"}, 403),
        ("/chat/{token}/one", {}, 403),
        ("/chat/{token}/one", {"Origin": "http://evil.example"}, 403),
        ("/chat/{token}/one", {"Origin": "null"}, 403),
    ],
)
async def test_who_may_ask(server, client, path, headers, status):
    known = {"token": server.token, "port": urlsplit(server.address).port}
    sent = {name: value.format(**known) for name, value in headers.items()}
    url = f"http://127.0.0.1:{known['port']}{path.format(**known)}"
    async with client.get(url, headers=sent) as response:
        assert response.status == status
    assert not server.tabs


async def test_the_page_asks_no_other_host_and_gives_its_address_to_nobody(server, client):
    async with client.get(server.address) as response:
        page = await response.text()
        assert "https://" not in page
        assert response.headers["Referrer-Policy"] == "no-referrer"
        policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy


async def test_tabs_are_bounded(server, client, monkeypatch):
    monkeypatch.setattr(server_module, "MOST_TABS", 0)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with page_of(client, server, "one"):
            pass
    assert refused.value.status == 503


@pytest.mark.parametrize("message", ["no JSON", '["unknown"]', '["resize", {"width": "wide"}]'])
async def test_what_no_page_sends_closes_the_connection(server, client, message):
    async with page_of(client, server, "one") as page:
        await page.socket.send_str(message)
        async with asyncio.timeout(30):
            while (end := await page.socket.receive()).type is aiohttp.WSMsgType.BINARY:
                pass
        assert (end.type, end.data) == (aiohttp.WSMsgType.CLOSE, 1003)
