"""Web pages over the loopback."""

import asyncio
import gzip
from contextlib import asynccontextmanager

import pytest

from groqchat.provider import web_pages
from groqchat.provider.web_pages import fetch
from groqchat.services.pages.ports import MOST_BYTES, PageError, PrivateAddressError


@asynccontextmanager
async def server(answers):
    """A server on the loopback that answers paths, and its address and the heads it got."""
    heads = []

    async def answer(reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        heads.append(head)
        status, headers, body = answers[head.split()[1]]
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "\r\n"]).encode() + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", heads


def page(body=b"Hi", status="200 OK", **headers):
    return status, {"Content-Type": "text/plain; charset=utf-8"} | headers, body


async def test_a_page_of_this_machine_is_fetched_only_if_the_user_says_so():
    async with server({"/a": page(), "/": page()}) as (url, heads):
        for address in (
            url,
            url.replace("127.0.0.1", "localhost"),
            url.replace("127.0.0.1", "0.0.0.0"),
        ):
            with pytest.raises(PrivateAddressError, match="on this machine or in its own network"):
                await fetch(address)
        assert heads == []
        got = await fetch(f"{url}/a", is_private_allowed=True)
    assert (got.url, got.content_type, got.charset, got.data) == (
        f"{url}/a", "text/plain", "utf-8", b"Hi"
    )  # fmt: skip
    assert heads[0].startswith("GET /a HTTP/1.1\r\n")
    assert "cookie" not in heads[0].lower()
    assert "referer" not in heads[0].lower()


@pytest.mark.parametrize(
    "host",
    ["10.1.2.3", "192.168.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[fe80::1]",
     "100.64.0.1", "224.0.0.1", "localhost", "a.localhost."],
)  # fmt: skip
async def test_private_addresses_are_refused_before_anything_is_sent(host):
    with pytest.raises(PrivateAddressError):
        await fetch(f"http://{host}:9/")


async def test_a_redirect_is_followed_but_never_into_the_own_network(monkeypatch):
    async with server({}) as (inner, inner_heads):
        answers = {
            "/a": page(status="302 Found", Location="/b"),
            "/b": page(b"there"),
            "/c": page(status="307 Temporary Redirect", Location=inner),
            "/d": page(status="301 Moved", Location="/d"),
            "/e": page(status="302 Found", Location="file:///etc/passwd"),
        }
        async with server(answers) as (url, heads):
            with pytest.raises(PrivateAddressError):
                await fetch(f"{url}/a", is_private_allowed=True)
            assert len(heads) == 1
            with pytest.raises(PrivateAddressError):
                await fetch(f"{url}/c", is_private_allowed=True)
            # From here on the loopback passes for the public network.
            monkeypatch.setattr(web_pages, "_is_private", lambda host: False)
            assert (await fetch(f"{url}/a")).data == b"there"
            with pytest.raises(PageError, match="leads on more than 5 times"):
                await fetch(f"{url}/d")
            with pytest.raises(PageError, match="http and https are fetched"):
                await fetch(f"{url}/e")
    assert inner_heads == []


async def test_what_is_too_much_or_refused_is_said():
    bomb = gzip.compress(b"x" * (MOST_BYTES + 1))
    answers = {
        "/long": page(b"x" * (MOST_BYTES + 1)),
        "/bomb": page(bomb, **{"Content-Encoding": "gzip"}),
        "/gone": page(status="404 Not Found"),
        "/film": page(b"....", **{"Content-Type": "video/mp4"}),
    }
    expected = {
        "/long": "is larger than 2.1 MB",
        "/bomb": "is larger than 2.1 MB",
        "/gone": "is refused by its server: 404 Not Found",
        "/film": "is video/mp4; text, HTML, PDF and images are read",
    }
    async with server(answers) as (url, _):
        for path, reason in expected.items():
            with pytest.raises(PageError, match=reason):
                await fetch(url + path, is_private_allowed=True)


async def test_a_server_that_does_not_answer_is_left(monkeypatch):
    monkeypatch.setattr(web_pages, "LIMIT_S", 0.1)
    over = asyncio.Event()

    async def wait(_, writer):
        await over.wait()
        writer.close()

    async with await asyncio.start_server(wait, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        with pytest.raises(PageError, match="has not arrived within"):
            await fetch(f"http://127.0.0.1:{port}/", is_private_allowed=True)
        over.set()
    with pytest.raises(PageError, match="cannot be fetched"):
        await fetch(f"http://127.0.0.1:{port}/", is_private_allowed=True)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/", "http and https are fetched"),
        ("http:///x", "no address of a web page"),
        ("https://me:secret@example.org/", "a user name or a password, which are not sent"),
        ("http://127.0.0.1:99999/", r"there is no port 99999|no address"),
        ("http://no-such-host.invalid/", "no address of no-such-host.invalid is known"),
    ],
)
async def test_what_is_no_address_of_a_page_is_said(url, reason):
    with pytest.raises(PageError, match=reason):
        await fetch(url)


async def test_a_page_comes_through_the_proxy_that_everything_takes(monkeypatch):
    async with server({"http://pages.example/x": page(b"by proxy")}) as (proxy, heads):
        monkeypatch.setenv("http_proxy", proxy)
        assert (await fetch("http://pages.example/x")).data == b"by proxy"
        with pytest.raises(PrivateAddressError):
            await fetch("http://10.0.0.1/")
    assert len(heads) == 1
