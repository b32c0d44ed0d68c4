"""A headless Chromium that is driven by its own protocol, and keeps what its pages are sent."""

import asyncio
import base64
import json
import re
from contextlib import asynccontextmanager

import aiohttp
import pyte


class Browser:
    """A running browser; ``asked`` are the addresses that its pages asked for."""

    def __init__(self, socket):
        self._socket, self._answers, self._pages, self._number = socket, {}, {}, 0
        self.asked = []

    async def read(self):
        """Take what the browser says until it ends."""
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said)
            elif said["method"] == "Network.requestWillBeSent":
                self.asked.append(said["params"]["request"]["url"])
            elif said["method"] == "Network.webSocketCreated":
                self.asked.append(said["params"]["url"])
                self._pages[said["sessionId"]].clear()
            elif said["method"] == "Network.webSocketFrameReceived":
                frame = said["params"]["response"]
                if frame["opcode"] == 2:
                    data = base64.b64decode(frame["payloadData"])
                    self._pages[said["sessionId"]].stream.feed(data)

    async def call(self, method, session=None, **parameters):
        """Call a method of the protocol."""
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        call = {"id": self._number, "method": method, "params": parameters}
        await self._socket.send_json(call | ({"sessionId": session} if session else {}))
        said = await asyncio.wait_for(answer, 60)
        assert "error" not in said, said
        return said["result"]

    async def open(self, url):
        """Open a page in a tab of its own."""
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        page = Page(self, attached["sessionId"])
        for domain in ("Page", "Runtime", "Network"):
            await page.call(f"{domain}.enable")
        self._pages[attached["sessionId"]] = page
        await page.call("Page.navigate", url=url)
        return page


class Page:
    """A tab with one page."""

    def __init__(self, browser, session):
        self.browser, self._session = browser, session
        self.clear()

    def clear(self):
        """Begin with an empty terminal, as a page does that is loaded."""
        self.screen = pyte.Screen(250, 100)
        self.stream = pyte.ByteStream(self.screen)

    async def call(self, method, **parameters):
        return await self.browser.call(method, self._session, **parameters)

    async def value(self, script):
        """The value of a script."""
        said = await self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    @property
    def text(self):
        """What the page was given to show."""
        return "\n".join(row.rstrip() for row in self.screen.display)

    async def until(self, words):
        """Wait until the page was given some words."""
        for _ in range(600):
            if words in self.text:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(self.text)

    async def type(self, text):
        await self.call("Input.insertText", text=text)

    async def press(self, key, code, number, *, control=False, shift=False, commands=()):
        """Press a key."""
        modifiers = 2 * control + 8 * shift
        named = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers}
        text = {"text": "\r"} if key == "Enter" else {}
        await self.call(
            "Input.dispatchKeyEvent", type="keyDown", commands=list(commands), **named, **text
        )
        await self.call("Input.dispatchKeyEvent", type="keyUp", **named)

    async def enter(self):
        await self.press("Enter", "Enter", 13)

    async def control(self, letter):
        """Press a letter with Ctrl."""
        await self.press(letter, f"Key{letter.upper()}", ord(letter.upper()), control=True)

    async def picture(self, path):
        """Save a picture of the page."""
        taken = await self.call("Page.captureScreenshot")
        path.write_bytes(base64.b64decode(taken["data"]))


@asynccontextmanager
async def chromium(folder):
    """A browser with a profile in an empty folder."""
    process = await asyncio.create_subprocess_exec(
        *("chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *("--remote-debugging-port=0", f"--user-data-dir={folder}", "--window-size=1200,800"),
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    while not (found := re.search(rb"ws://\S+", line := await process.stderr.readline())):
        assert line, "chromium ended"
    rest = asyncio.create_task(process.stderr.read())
    async with aiohttp.ClientSession() as client:
        socket = await client.ws_connect(found[0].decode(), max_msg_size=0)
        browser = Browser(socket)
        reading = asyncio.create_task(browser.read())
        try:
            yield browser
        finally:
            await browser.call("Browser.close")
            await process.wait()
            await reading
            rest.cancel()
