"""The chat in a real browser (`chromium`): type, read, copy, paste, reload; half a minute."""

import asyncio
import os
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from groqchat.web.server import WebServer
from tests.long.browser import chromium
from tests.long.programs import needs

programs_are_there = needs("chromium", "chromium")


@pytest.fixture
async def server(groqchat_home):
    running = WebServer(["--demo"], environment=os.environ)
    running.address = await running.start()
    yield running
    await running.close()


@pytest.fixture
async def browser(tmp_path):
    async with chromium(tmp_path / "profile") as running:
        yield running


async def test_chat_quota_comparison_copy_paste_and_reload(server, browser):
    await browser.call(
        "Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"]
    )
    page = await browser.open(server.address)
    await page.until("Ask anything")
    # No click is needed before keys arrive.
    await page.type("write 5 tokens, end with DONE")
    await page.enter()
    await page.until("on_demand")
    assert "DONE" in page.text
    await page.until("999/1,000")
    await page.control("y")
    for _ in range(200):
        copied = await page.value("navigator.clipboard.readText()")
        if copied.endswith("DONE"):
            break
        await asyncio.sleep(0.05)
    assert copied.endswith("DONE")

    words = "\n".join(f"line {number} {'x' * 90}" for number in range(1000))
    await page.value(f"navigator.clipboard.writeText({words!r})")
    await page.press("V", "KeyV", 86, control=True, shift=True, commands=["paste"])
    await page.until("[pasted text · 99.9 kB")

    page.clear()
    await page.call("Page.reload")
    await page.until("[pasted text · 99.9 kB")
    assert len(server.tabs) == 1

    await page.control("c")
    await page.control("k")
    await page.until("Compare models")
    for key, number in (("ArrowDown", 40), ("Tab", 9), ("Enter", 13)):
        await page.press(key, key, number)
    await page.until("openai/gpt-oss-20b")
    await page.type("write 5 tokens, end with DONE")
    await page.enter()
    await page.until("Which answer is best?")
    asked = {urlsplit(url).netloc for url in browser.asked if not url.startswith("data:")}
    assert asked == {urlsplit(server.address).netloc}


async def test_a_page_of_another_origin_is_refused(server, browser):
    async def foreign(_):
        return web.Response(text="<p>elsewhere</p>", content_type="text/html")

    application = web.Application()
    application.add_routes([web.get("/", foreign)])
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    page = await browser.open(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    await asyncio.sleep(0.5)
    socket = server.address.replace("http:", "ws:").replace("/?token=", "/chat/")
    ended = await page.value(
        f"new Promise(done => {{ const s = new WebSocket('{socket}/one');"
        " s.onopen = () => done('open'); s.onclose = () => done('refused'); })"
    )
    assert ended == "refused"
    assert not server.tabs
    await runner.cleanup()
