"""How the SDK's client is made, kept and given up."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading

import pytest

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import GroqchatError
from groqchat.provider.client import without_sdk_path
from groqchat.provider.groq_provider import GroqProvider
from tests.provider.conftest import listen
from tests.provider.scripted import LAST, OK, chunk, delta, reply

ANSWER = (OK, chunk(delta("stop", content="Hi")), LAST)


async def refused(provider):
    """The cause of the error that everything a provider does ends with."""
    with pytest.raises(GroqchatError) as error:
        await provider.models()
    heard = await listen(provider)
    assert heard.error.cause is error.value.cause
    assert heard.error.suggestion
    return heard.error.cause.name


class TestKeys:
    @pytest.mark.parametrize(
        ("key", "cause"),
        [
            ("", "no_key"),
            (" \n", "no_key"),
            ("gsk_test a", "key_malformed"),
            ("gsk_test\nb", "key_malformed"),
            ("gsk_tést", "key_malformed"),
            ("gsk_test\u200b1", "key_malformed"),
            ("gsk_test\x7f1", "key_malformed"),
        ],
    )
    async def test_that_cannot_be_sent(self, script, provider_at, key, cause):
        assert await refused(provider_at(script.url, key=key)) == cause
        assert script.heads == []

    async def test_are_stripped(self, script, provider_at):
        script.play(*ANSWER)
        await listen(provider_at(script.url, key=" gsk_test_padded\r\n"))
        assert "Authorization: Bearer gsk_test_padded\r\n" in script.heads[0]

    async def test_do_not_show(self, provider_at):
        provider = provider_at(None, key="gsk_testfakesecret")
        for thing in (provider, provider._clients, await provider._clients.current()):
            assert "fakesecret" not in repr(vars(thing)) or thing is not provider
            assert "fakesecret" not in repr(thing)


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "http://h:1",
            "http://h:1/",
            "http://h:1/openai/v1",
            "http://h:1/openai/v1/",
            " http://h:1/openai/v1 ",
        ],
    )
    def test_lose_the_path_that_the_sdk_adds(self, address):
        assert without_sdk_path(address) == "http://h:1"

    @pytest.mark.parametrize("suffix", ["", "/", "/openai/v1", "/openai/v1/"])
    async def test_reach_the_same_place(self, script, provider_at, suffix):
        script.play(*ANSWER)
        assert (await listen(provider_at(script.url + suffix))).text == "Hi"
        assert script.heads[0].startswith("POST /openai/v1/chat/completions ")

    async def test_may_have_a_path_of_their_own(self, script, provider_at):
        script.play(*ANSWER)
        await listen(provider_at(script.url + "/gateway/openai/v1"))
        assert script.heads[0].startswith("POST /gateway/openai/v1/chat/completions ")

    @pytest.mark.parametrize(
        "address", ["localhost:80", "ftp://h", "http://", "http://[::", "x", "http://h:99999"]
    )
    async def test_that_cannot_be_used(self, provider_at, address):
        assert await refused(provider_at(address)) == "address_malformed"

    async def test_with_a_password_would_take_the_place_of_the_key(self, script, provider_at):
        script.play(*ANSWER)
        address = script.url.replace("://", "://me:secret@")
        assert await refused(provider_at(address)) == "address_malformed"
        error = (await listen(provider_at(address))).error
        assert "in the place of the API key" in error.message
        assert "secret" not in f"{error.message} {error.suggestion}"
        assert script.heads == []


class TestNetworks:
    async def test_nobody_listens(self, provider_at):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            provider = provider_at(f"http://127.0.0.1:{free.getsockname()[1]}")
            assert await refused(provider) == "connection_failed"
            assert "refused" in (await listen(provider)).error.facts.detail

    async def test_no_such_name(self, provider_at, monkeypatch):
        def unknown(*_args, **_options):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        assert await refused(provider_at("http://no.such.host.invalid")) == "dns_failed"

    async def test_no_tls_there(self, provider_at):
        def speak_plainly(_reader, writer):
            writer.write(reply("400 Bad Request"))
            writer.close()

        async with await asyncio.start_server(speak_plainly, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            assert await refused(provider_at(f"https://127.0.0.1:{port}")) == "tls_failed"

    async def test_nobody_answers_in_time(self, provider_at):
        with socket.create_server(("127.0.0.1", 0), backlog=1) as silent:
            provider = provider_at(f"http://127.0.0.1:{silent.getsockname()[1]}", gap_timeout=0.2)
            assert await refused(provider) == "timed_out"

    async def test_headers_by_the_byte_are_not_waited_for_for_ever(self, script, provider_at):
        drops = [step for byte in OK for step in (bytes([byte]), asyncio.Event())]
        script.play(*drops)

        async def drip():
            for drop in drops[1::2]:
                await asyncio.sleep(0.02)
                drop.set()

        dripping = asyncio.create_task(drip())
        heard = await listen(provider_at(script.url, gap_timeout=0.1))
        dripping.cancel()
        assert heard.error.cause.name == "timed_out"

    async def test_headers_of_the_user_that_cannot_be_sent(self, provider_at, monkeypatch, script):
        monkeypatch.setenv("GROQ_CUSTOM_HEADERS", "X-Name: ☃")
        assert await refused(provider_at(script.url)) == "invalid_request"

    async def test_headers_of_the_user_are_sent(self, provider_at, monkeypatch, script):
        monkeypatch.setenv("GROQ_CUSTOM_HEADERS", "X-Team: ours")
        script.play(*ANSWER)
        await listen(provider_at(script.url))
        assert "X-Team: ours" in script.heads[0]


class TestConnections:
    async def test_are_opened_ahead_of_the_first_prompt(self, script, provider_at):
        provider = provider_at(script.url)
        script.play(reply("404 Not Found"))
        await provider.connect()
        script.play(*ANSWER)
        assert (await listen(provider)).text == "Hi"
        assert script.connections == 1

    async def test_that_cannot_be_opened_ahead_are_no_error(self, provider_at):
        await provider_at("http://127.0.0.1:1").connect()
        await provider_at("nonsense").connect()

    async def test_that_died_at_rest_are_replaced(self, script, provider_at):
        provider = provider_at(script.url)
        for _ in range(2):
            script.play(reply("200 OK", b'{"data": []}'))
            assert await provider.models() == []
            await script.hang_up()
        assert script.connections == 2

    async def test_closing_twice_and_going_on(self, script, provider_at):
        provider = provider_at(script.url)
        for _ in range(2):
            script.play(*ANSWER)
            assert (await listen(provider)).text == "Hi"
            await provider.close()
            await provider.close()

    def test_each_loop_has_its_own(self, background):
        provider = GroqProvider(*background, clock_now=lambda: 0.0)

        async def once():
            assert len(await provider.models()) > 5
            await provider.close()

        for _ in range(2):
            asyncio.run(once())


class TestWarmUp:
    async def test_makes_the_client_that_is_used(self, script, provider_at):
        provider = provider_at(script.url)
        warm = threading.Thread(target=provider.warm_up)
        warm.start()
        warm.join()
        spare = provider._clients._spare
        assert spare is not None
        assert await provider._clients.current() is spare

    async def test_of_a_bad_key_is_told_by_the_first_request(self, script, provider_at):
        provider = provider_at(script.url, key="gsk_tést")
        provider.warm_up()
        assert (await listen(provider)).error.kind is ErrorKind.KEY_REJECTED

    async def test_a_request_in_its_middle_waits_for_it(self, script, provider_at):
        provider = provider_at(script.url)
        warm = threading.Thread(target=provider.warm_up)
        warm.start()
        script.play(*ANSWER)
        assert (await listen(provider)).text == "Hi"
        warm.join()

    async def test_requests_at_once_share_a_client(self, script, provider_at):
        clients = provider_at(script.url)._clients
        made = await asyncio.gather(*(clients.current() for _ in range(5)))
        assert len(set(map(id, made))) == 1


LAZY = """
import json, pkgutil, sys
import groqchat.provider
for module in pkgutil.iter_modules(groqchat.provider.__path__, "groqchat.provider."):
    __import__(module.name)
from groqchat.domain.text.secret import Secret
from groqchat.provider.groq_provider import GroqProvider
provider = GroqProvider(Secret("gsk_test"), clock_now=lambda: 0.0)
before = sorted({"groq", "httpx", "pydantic", "anyio"} & set(sys.modules))
provider.warm_up()
import logging
print(json.dumps([before, "groq" in sys.modules, len(logging.root.handlers)]))
"""


def test_the_sdk_is_imported_late_and_kept_silent():
    environment = {**os.environ, "GROQ_LOG": "debug"}
    ran = subprocess.run(
        [sys.executable, "-c", LAZY], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stdout) == [[], True, 0]
    assert ran.stderr == ""


async def test_a_wait_that_is_told_as_a_date_is_waited_by_the_servers_own_clock(script, scripted):
    told = {"retry_after": "Sun, 06 Nov 1994 08:50:07 GMT", "date": "Sun, 06 Nov 1994 08:49:37 GMT"}
    script.play(reply("429 X", b"{}", content_type="application/json", **told))
    assert (await listen(scripted)).error.facts.retry_after_s == 30.0
