"""Redirects: nothing of a request goes where it was not meant for."""

from __future__ import annotations

import pytest

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import GroqchatError
from groqchat.provider.transport import MOST_REDIRECTS
from groqchat.services.account.key_checks import KeyStatus, check_with
from tests.fakes import FakeClock
from tests.provider.conftest import listen
from tests.provider.scripted import LAST, OK, ScriptedServer, chunk, delta, reply

ANSWER = (OK, chunk(delta("stop", content="Hi")), LAST)
MODELS = reply("200 OK", b'{"data": [{"id": "m"}]}', content_type="application/json")
CHAT = "/openai/v1/chat/completions"


def redirect(status, location):
    return reply(f"{status} Elsewhere", b"<html>", location=location)


@pytest.fixture
async def elsewhere():
    async with ScriptedServer() as server:
        yield server


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nothing_follows_to_another_server(script, scripted, elsewhere, status):
    for answer in ("401 Unauthorized", "200 OK", "200 OK"):
        elsewhere.play(reply(answer, b'{"data": []}'))
    for path in (CHAT, "/openai/v1/models", "/openai/v1/models"):
        script.play(redirect(status, f"{elsewhere.url}{path}?token=abc"))
    errors = [(await listen(scripted)).error]
    with pytest.raises(GroqchatError) as error:
        await scripted.models()
    for told in (*errors, error.value):
        assert (told.cause.name, told.kind) == ("redirected", ErrorKind.UNREACHABLE)
        assert told.facts.status == status
        assert elsewhere.url in told.message
        assert "token" not in told.message
        assert f"set GROQ_BASE_URL to {elsewhere.url}/openai/v1." in told.suggestion
    assert (await check_with(scripted, FakeClock())).status is KeyStatus.UNREACHABLE
    assert elsewhere.heads == []


@pytest.mark.parametrize(
    "location",
    [
        "https://127.0.0.1:{port}/x",
        "//localhost:{port}/x",
        "http://127.0.0.1:1",
        "ftp://h",
        "http://[",
    ],
)
async def test_scheme_host_and_port_make_a_server(script, scripted, location):
    script.play(redirect(307, location.format(port=script.url.rpartition(":")[2])))
    heard = await listen(scripted)
    assert heard.error.cause.name == "redirected"
    assert "GROQ_BASE_URL" in heard.error.suggestion
    assert len(script.heads) == 1


@pytest.mark.parametrize(
    ("status", "is_kept"), [(301, False), (302, False), (303, False), (308, True)]
)
async def test_on_the_same_server_a_prompt_is_followed_up_as_a_prompt_or_not_at_all(
    script, scripted, status, is_kept
):
    script.play(redirect(status, "/v2/chat/completions?a=1"))
    script.play(*ANSWER)
    heard = await listen(scripted)
    assert [head.split()[0] for head in script.heads] == ["POST"] * (1 + is_kept)
    if is_kept:
        assert heard.text == "Hi"
        assert script.bodies[0] == script.bodies[1]
    else:
        assert f"set GROQ_BASE_URL to {script.url}/v2." in heard.error.suggestion


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_on_the_same_server_a_list_is_followed_up(script, scripted, status):
    script.play(redirect(status, "/openai/v1/models/"))
    script.play(MODELS)
    assert [model.id for model in await scripted.models()] == ["m"]
    assert "Authorization: Bearer" in script.heads[1]


async def test_a_page_to_sign_in_on_is_thought_of(script, scripted):
    script.play(redirect(302, "https://portal.invalid/login?next=secret"))
    error = (await listen(scripted)).error
    assert "https://portal.invalid/login." in error.message
    assert "secret" not in error.message
    assert "sign-in" in error.suggestion


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_server_that_redirects_to_itself_is_not_taken_for_a_page_to_sign_in_on(
    script, scripted, status
):
    for _ in range(2 * (MOST_REDIRECTS + 1)):
        script.play(redirect(status, "/openai/v1/models"))
    with pytest.raises(GroqchatError) as entry_index:
        await scripted.models()
    asked = len(script.heads)
    script.scripts.clear()
    for _ in range(MOST_REDIRECTS + 1):
        script.play(redirect(status, CHAT))
    heard = await listen(scripted)
    for error in (entry_index.value, heard.error):
        assert error.cause.name == "redirect_loop"
        assert error.message == "The server redirects to itself and answers nothing."
        assert "GROQ_BASE_URL" in error.suggestion
    assert asked == MOST_REDIRECTS + 1
