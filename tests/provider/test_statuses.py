"""Every status with every kind of body: told as what it is, and retried where that can help."""

from __future__ import annotations

import gzip
import json
import zlib

import httpx
import pytest

from groqchat.cli.failures import exit_code_of
from groqchat.domain.errors.cause import Retry
from groqchat.domain.errors.tree import GroqchatError
from groqchat.provider.http.decompression import decompressed
from tests.provider.conftest import listen
from tests.provider.scripted import LAST, OK, chunk, delta, reply

STATUSES = (*range(300, 600), 999)
JSON = json.dumps({"error": {"message": "It is so"}}).encode()
PAGE = b"<!doctype html><title>Whatever</title><script>1</script>"
BODIES = {
    "json": (JSON, {}),
    "page": (PAGE, {"content-type": "text/html"}),
    "empty": (b"", {}),
    "gzip": (gzip.compress(JSON, mtime=0), {"content-encoding": "gzip"}),
    "gzip without a label": (gzip.compress(JSON, mtime=0), {}),
    "gzip by its label alone": (JSON, {"content-encoding": "gzip"}),
    "deflate": (zlib.compress(JSON), {"content-encoding": "deflate"}),
    "raw deflate": (zlib.compress(JSON, wbits=-15), {"content-encoding": "deflate"}),
    "br by its label alone": (JSON, {"content-encoding": "br"}),
    "br": (b"\x8b\x03\x80\xff\x00packed\x03", {"content-encoding": "br"}),
    "zstd": (b"\x28\xb5\x2f\xfd\x04\x00\x41", {}),
}
SAYS_NOTHING = {"page", "empty", "br", "zstd"}
# What is not told by its class: (kind, exit code) by statuses.
ODD = {
    ("key_rejected", 4): {401},
    ("not_permitted", 5): {402, 403},
    ("rate_limited", 6): {429},
    ("too_large", 6): {413},
    ("tier_full", 8): {498},
    ("unreachable", 7): {407, 430, 440, 450, 451, 464, 495, 496, 497, 511, 561, 999},
    ("service_error", 8): {408, 409, 423, 425, 460, 499},
}
CLASSES = {
    3: ("unreachable", 7), 4: ("invalid_request", 9), 5: ("service_error", 8),
}  # fmt: skip
RETRIED = {408, 409, 423, 425, 429, 498} | set(range(500, 600)) - {
    501, 505, 506, 508, 509, 510, 511, 526, 561,
}  # fmt: skip
# What a page in the place of an API's answer says beyond its status.
OF_PAGES = {401: ("unreachable", 7), 403: ("unreachable", 7)}
OF_WORDS = {403: ("unreachable", 7)}  # of a network's gateway: "check your network settings"


def due(status, body):
    """The kind and the exit code that a status and a body come to."""
    special = OF_PAGES if body == "page" else {} if body in SAYS_NOTHING else OF_WORDS
    odd = {each: told for told, statuses in ODD.items() for each in statuses}
    return special.get(status) or odd.get(status) or CLASSES[status // 100]


@pytest.fixture
async def answer_with(provider_at):
    """Asks for the models of a server that gives a certain answer; returns the error."""
    provider = provider_at("http://127.0.0.1:1")
    client = await provider._clients.current()

    async def ask(status, body, headers):
        def give(_request):
            return decompressed(
                httpx.Response(status, stream=httpx.ByteStream(body), headers=headers)
            )

        monkey = client._transport
        await monkey._transport.aclose()
        monkey._transport = httpx.MockTransport(give)
        with pytest.raises(GroqchatError) as error:
            await provider.models()
        return error.value

    return ask


@pytest.mark.parametrize("body", BODIES)
async def test_every_status(answer_with, body):
    for status in STATUSES:
        error = await answer_with(status, *BODIES[body])
        assert (error.kind, exit_code_of(error)) == due(status, body), status
        assert (error.cause.retry is not Retry.NEVER) == (status in RETRIED), status
        assert error.facts.status == status
        assert error.suggestion
        words = error.message + error.facts.detail
        assert not set(words) & set("<>\ufffd\x00\x1f"), status
        assert ("It is so" in error.facts.detail) == (body not in SAYS_NOTHING), status


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (411, "411 Length Required"),
        (431, "GROQ_CUSTOM_HEADERS"),
        (494, "GROQ_CUSTOM_HEADERS"),
        (496, "certificate"),
        (497, "https://"),
        (501, "501 Not Implemented"),
        (511, "sign-in"),
        (526, "bad certificate"),
        (529, "over capacity"),
        (561, "sign-in"),
    ],
)
async def test_what_a_status_says_by_itself_is_told(answer_with, status, said):
    error = await answer_with(status, b"", {})
    assert said in f"{error.message} {error.suggestion}"


async def test_a_list_that_cannot_be_unpacked(answer_with):
    for body, label, name in ((BODIES["br"][0], "br", "br"), (BODIES["zstd"][0], "", "zstd")):
        error = await answer_with(200, body, {"content-encoding": label})
        assert error.cause.name == "encoding_unasked"
        assert f"read: {name}." in error.message


WIRE = delta(content="H") + delta("stop", content="i")


@pytest.mark.parametrize(
    ("label", "body"),
    [
        ("gzip", gzip.compress(WIRE, mtime=0)),
        ("", gzip.compress(WIRE, mtime=0)),
        ("gzip", WIRE),
        ("br", WIRE),
        ("zstd", WIRE),
        ("deflate", zlib.compress(WIRE)),
        ("deflate", zlib.compress(WIRE, wbits=-15)),
    ],
    # Bytes would be the tests' names, and those of gzip hold the time at which they were made.
    ids=["gzip", "unlabelled", "not gzip", "not br", "not zstd", "deflate", "raw deflate"],
)
async def test_an_answer_is_read_however_it_is_packed(script, scripted, label, body):
    labelled = f"\r\ncontent-encoding: {label}\r\n\r\n".encode()
    pieces = [chunk(body[at : at + 3]) for at in range(0, len(body), 3)]
    script.play(OK.replace(b"\r\n\r\n", labelled), *pieces, LAST)
    heard = await listen(scripted)
    assert (heard.text, heard.error) == ("Hi", None)
    assert "accept-encoding: gzip, deflate\r\n" in script.heads[0].lower()


@pytest.mark.parametrize("status", [407, 418, 499, 529, 599, 999])
async def test_a_prompt_meets_the_same(script, scripted, answer_with, status):
    script.play(reply(f"{status} Whatever", gzip.compress(JSON, mtime=0), content_encoding="gzip"))
    error = (await listen(scripted)).error
    assert error.cause is (await answer_with(status, *BODIES["gzip"])).cause
    assert error.facts.detail == "It is so"
