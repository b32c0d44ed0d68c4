"""What the environment says about the network counts where it is meant, and only there."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import certifi
import pytest

from groqchat.domain.errors.tree import GroqchatError
from groqchat.provider.failures import explain
from groqchat.provider.route import blank_tls_context, proxy_for, tls_context
from tests.provider.conftest import listen
from tests.provider.scripted import LAST, OK, chunk, delta, reply

ANSWER = (OK, chunk(delta("stop", content="Hi")), LAST)
AFAR = "http://groq.invalid"
DEAD = "http://127.0.0.1:1"


@pytest.fixture
def environment(monkeypatch):
    """Sets variables, separated by blanks."""

    def set_all(variables):
        for name, _, value in (each.partition("=") for each in variables.split()):
            monkeypatch.setenv(name, value)

    return set_all


async def refused(provider):
    """The error that a prompt and a look at the models both end with."""
    with pytest.raises(GroqchatError) as error:
        await provider.models()
    assert (await listen(provider)).error.message == error.value.message
    return error.value


@pytest.mark.parametrize(
    ("variables", "address", "variable"),
    [
        ("HTTP_PROXY=http://p:1", "http://afar", "HTTP_PROXY"),
        ("HTTP_PROXY=http://p:1", "https://afar", None),
        ("HTTPS_PROXY=p:1", "https://afar", "HTTPS_PROXY"),
        ("HTTPS_PROXY=p:1 https_proxy=q:1", "https://afar", "https_proxy"),
        ("HTTPS_PROXY=p:1 https_proxy=", "https://afar", None),
        ("ALL_PROXY=socks5://p:1", "https://afar", "ALL_PROXY"),
        ("ALL_PROXY=socks5://p:1 HTTPS_PROXY=p:1", "https://afar", "HTTPS_PROXY"),
        ("ALL_PROXY=socks5://p:1", "http://localhost:8000", None),
        ("ALL_PROXY=socks5://p:1", "http://app.localhost", None),
        ("ALL_PROXY=nonsense", "http://127.0.0.2:8000", None),
        ("ALL_PROXY=nonsense://", "http://[::1]:8000", None),
        ("ALL_PROXY=p:1", "http://[::ffff:127.0.0.1]", None),
        ("ALL_PROXY=p:1", "http://0.0.0.0:1", None),
        ("ALL_PROXY=p:1", "http://192.168.0.7", "ALL_PROXY"),
        ("ALL_PROXY=p:1 NO_PROXY=*", "https://afar", None),
        ("ALL_PROXY=p:1 NO_PROXY=[::1],afar.com", "https://a.afar.com", None),
        ("ALL_PROXY=p:1 NO_PROXY=[::1],afar.com", "https://afar.community", "ALL_PROXY"),
        ("ALL_PROXY=p:1 NO_PROXY=far.com", "https://afar.com", "ALL_PROXY"),
        ("ALL_PROXY=p:1 NO_PROXY=.AFAR.com", "https://afar.com", None),
        ("ALL_PROXY=p:1 NO_PROXY=*.afar.com", "https://b.Afar.com.", None),
        ("ALL_PROXY=p:1 NO_PROXY=afar.com:444", "https://afar.com", "ALL_PROXY"),
        ("ALL_PROXY=p:1 NO_PROXY=afar.com:443", "https://afar.com", None),
        ("ALL_PROXY=p:1 NO_PROXY=http://afar.com", "https://afar.com", "ALL_PROXY"),
        ("ALL_PROXY=p:1 NO_PROXY=10.0.0.0/8", "http://10.1.2.3:80", None),
        ("ALL_PROXY=p:1 NO_PROXY=10.0.0.1:81", "http://10.0.0.1:80", "ALL_PROXY"),
        ("ALL_PROXY=p:1 NO_PROXY=[fe80::]/10", "http://[fe80::7]", None),
        ("ALL_PROXY=p:1 NO_PROXY=[,]:,://,/,:99,%", "http://afar", "ALL_PROXY"),
    ],
)
def test_a_proxy_serves_those_it_is_meant_for(environment, variables, address, variable):
    environment(variables)
    url = urlsplit(address)
    proxy = proxy_for(url.scheme, url.hostname, url.port)
    assert (proxy and proxy.variable) == variable


@pytest.mark.parametrize(
    "variables",
    [
        f"HTTP_PROXY={DEAD}",
        f"ALL_PROXY={DEAD} NO_PROXY=[::1]",
        "ALL_PROXY=socks5://127.0.0.1:1",
        "HTTP_PROXY=nonsense://h",
        "SSL_CERT_FILE=/nowhere/ca.pem",
        "SSL_CERT_DIR=/nowhere",
    ],
)
async def test_nothing_of_it_concerns_a_server_on_this_machine(
    script, scripted, environment, variables
):
    environment(variables)
    script.play(*ANSWER)
    assert (await listen(scripted)).text == "Hi"


@pytest.mark.parametrize(
    ("variables", "cause", "named"),
    [
        ("HTTP_PROXY=nonsense://h:1", "proxy_unreadable", "HTTP_PROXY=nonsense://h:1"),
        ("ALL_PROXY=socks://me:word@h:1", "proxy_unreadable", "ALL_PROXY=socks://h:1"),
        ("ALL_PROXY=http://me:w/o@rd@h:x", "proxy_unreadable", "ALL_PROXY=http://h:x"),
        ("HTTP_PROXY=http://", "proxy_unreadable", "HTTP_PROXY=http://"),
        ("HTTP_PROXY=h:99999", "proxy_unreadable", "HTTP_PROXY=http://h:99999"),
        (f"HTTP_PROXY={DEAD}", "connection_failed", f"HTTP_PROXY={DEAD}"),
        ("http_proxy=http://me:word@nobody.invalid", "dns_failed", "http_proxy=http://nobody"),
        ("ALL_PROXY=socks5://127.0.0.1:1", "connection_failed", "ALL_PROXY=socks5://127.0.0.1:1"),
    ],
)
async def test_a_proxy_of_no_use_is_named_without_its_password(
    provider_at, environment, variables, cause, named
):
    environment(variables)
    error = await refused(provider_at(AFAR))
    assert error.cause.name == cause
    assert named in error.message
    assert "word" not in error.message + error.suggestion
    assert "w/o" not in error.message


async def test_a_proxy_that_refuses(script, provider_at, environment):
    environment(f"HTTPS_PROXY={script.url}")
    script.play(reply("407 Proxy Authentication Required"))
    script.play(reply("403 Forbidden"))
    provider = provider_at("https://groq.invalid")
    for status in ("407", "403"):
        error = (await listen(provider)).error
        assert error.cause.name == "proxy_failed"
        assert status in error.message
        assert f"HTTPS_PROXY={script.url}" in error.message


@asynccontextmanager
async def socks_proxy(answer, server=None):
    """A SOCKS5 proxy: ``answer`` is its last word before it passes on what comes to the server."""

    async def serve(reader, writer):
        await reader.readexactly(3)  # version 5, one method: none
        writer.write(b"\x05\x00")
        head = await reader.readexactly(5)
        writer.asked = (await reader.readexactly(head[4] + 2))[:-2]
        writer.write(answer)
        if server is None:
            writer.close()
            return
        asked.append(writer.asked.decode())
        to_read, to_write = await asyncio.open_connection("127.0.0.1", urlsplit(server).port)
        with suppress(ConnectionError):
            await asyncio.gather(passed_on(reader, to_write), passed_on(to_read, writer))

    async def passed_on(source, target):
        while data := await source.read(1000):
            target.write(data)
        target.close()

    asked = []
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as proxy:
        yield f"ALL_PROXY=socks5://127.0.0.1:{proxy.sockets[0].getsockname()[1]}", asked


async def test_a_socks_proxy_is_used(script, provider_at, environment):
    script.play(*ANSWER)
    async with socks_proxy(b"\x05\x00\x00\x01\0\0\0\0\0\0", script.url) as (variable, asked):
        environment(variable)
        provider = provider_at(AFAR)
        assert (await listen(provider)).text == "Hi"
        await provider.close()
    assert asked == ["groq.invalid"]  # whose name is left to the proxy


@pytest.mark.parametrize("answer", [b"\x05\x05\x00\x01\0\0\0\0\0\0", b"HTTP/1.1 400", b""])
async def test_a_socks_proxy_that_refuses(provider_at, environment, answer):
    async with socks_proxy(answer) as (variable, _):
        environment(variable)
        error = await refused(provider_at(AFAR))
    assert error.cause.name == "proxy_failed"
    assert variable in error.message


class TestCertificates:
    @pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
    async def test_that_cannot_be_read_are_named(self, provider_at, monkeypatch, tmp_path, name):
        (tmp_path / "ca.pem").write_text("no certificate")
        for place in (tmp_path / "nowhere", tmp_path / "ca.pem"):
            monkeypatch.setenv(name, str(place))
            error = await refused(provider_at("https://127.0.0.1:1"))
            assert error.cause.name == "certificates_unreadable"
            assert f"{name} names" in error.message
            assert str(place) in error.message
            assert "unset it" in error.suggestion

    def test_of_the_users_own_are_thought_of_where_a_servers_is_unknown(self, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
        unknown = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")
        error = explain(unknown, model=None, now=0.0, base_url=AFAR, setting="GROQ_BASE_URL")
        assert error.cause.name == "tls_failed"
        assert f"SSL_CERT_FILE={certifi.where()}" in error.suggestion

    async def test_are_not_blamed_where_a_server_speaks_no_tls(self, provider_at, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", certifi.where())

        def speak_plainly(_reader, writer):
            writer.write(reply("400 Bad Request"))
            writer.close()

        async with await asyncio.start_server(speak_plainly, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            error = await refused(provider_at(f"https://127.0.0.1:{port}"))
        assert error.cause.name == "tls_failed"
        assert "SSL_CERT_FILE" not in error.suggestion
        assert "begin GROQ_BASE_URL with http://" in error.suggestion

    @pytest.mark.parametrize("made", [tls_context, blank_tls_context])
    def test_are_checked(self, made):
        assert made().verify_mode is ssl.CERT_REQUIRED
        assert made().check_hostname
