"""Another vendor's endpoint, asked through the package of OpenAI, over real HTTP."""

import builtins
import json

import pytest

from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.domain.text.secret import Secret
from groqchat.domain.turns.endpoints import Endpoint
from groqchat.provider.compatible import compatible_provider
from tests.provider.conftest import MODEL, NOW, listen, request
from tests.provider.scripted import LAST, OK, chunk, delta, event, reply

KEY = "sk-test-of-another-vendor"
SAID = chunk(delta(content="Hello")) + chunk(delta("stop")) + chunk(b"data: [DONE]\n\n") + LAST


@pytest.fixture
async def stand_in(script):
    """Who asks the scripted server as another vendor's."""
    endpoint = Endpoint("router", f"{script.url}/api/v1/", "gpt", "router")
    provider = compatible_provider(endpoint, Secret(KEY), clock_now=lambda: NOW, gap_timeout=5.0)
    yield provider
    await provider.close()


async def test_it_answers_like_groq(sim):
    endpoint = Endpoint("router", f"{sim.url}/openai/v1", MODEL, "router")
    provider = compatible_provider(endpoint, Secret("gsk_test_x"), clock_now=lambda: NOW)
    await provider.ready()
    heard = await listen(provider)
    assert heard.error is None
    assert heard.text == sim.answer(heard.finished.request_id).content
    assert heard.finished.usage.completion_tokens
    assert heard.accepted.reading.buckets == ()
    assert len(await provider.models()) > 5
    await provider.close()


async def test_only_what_every_such_server_knows_is_sent(script, stand_in):
    script.play(OK, SAID)
    asked = request(model="gpt", effort="low", service_tier="flex", max_tokens=7)
    assert (await listen(stand_in, asked)).text == "Hello"
    assert script.heads[0].startswith("POST /api/v1/chat/completions ")
    assert json.loads(script.bodies[0]) == {
        "model": "gpt",
        "messages": [{"role": "user", "content": "What is a rate limit?"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 7,
    }


async def test_the_vendor_of_the_package_takes_the_new_name_of_the_bound():
    from groqchat.provider.dialects import dialect_of

    own = Endpoint("openai", "https://api.openai.com/v1", "gpt", "openai")
    body = dialect_of(own).body(request(max_tokens=7))
    assert (body["max_completion_tokens"], "max_tokens" in body) == (7, False)


async def test_nothing_that_is_meant_for_others_is_sent(script, stand_in, monkeypatch):
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID", "LOG"):
        monkeypatch.setenv(f"OPENAI_{name}", "secret-of-openai")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "x-own: secret-of-openai")
    monkeypatch.setenv("GROQ_CUSTOM_HEADERS", "x-own: secret-of-groq")
    monkeypatch.setenv("GROQ_API_KEY", "gsk_test_secret")
    script.play(OK, SAID)
    script.play(reply("200 OK", b'{"data": []}', content_type="application/json"))
    await listen(stand_in)
    await stand_in.models()
    for head in script.heads:
        assert f"authorization: Bearer {KEY}" in head.replace("Authorization", "authorization")
        assert "secret" not in head
    assert script.heads[1].startswith("GET /api/v1/models ")


@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        (401, {"message": "Incorrect API key", "code": "invalid_api_key"}, "key_rejected"),
        (404, {"message": "No such model", "code": "model_not_found"}, "model_not_found"),
        (429, {"message": "Slow down", "code": "rate_limit_exceeded"}, "rate_limited"),
        (503, {"message": "busy"}, "service_error"),
        (529, {"message": "overloaded"}, "over_capacity"),
    ],
)
async def test_its_errors_are_classified_like_groqs_and_name_it(
    script, stand_in, status, body, cause
):
    sent = json.dumps({"error": body}).encode()
    script.play(
        reply(f"{status} X", sent, content_type="application/json", x_ratelimit_limit_tokens=9)
    )
    error = (await listen(stand_in, request(model="gpt"))).error
    assert (error.cause.name, error.facts.status) == (cause, status)
    assert (error.facts.vendor, error.facts.reading) == ("router", None)
    assert "roq" not in error.title + error.message + error.suggestion.replace("groqchat", "")


async def test_a_broken_answer_names_it_too(script, stand_in):
    script.play(OK, chunk(delta(content="Half")), chunk(event({"error": {"message": "x"}})), LAST)
    error = (await listen(stand_in)).error
    assert "router reported an error" in error.message
    assert error.facts.partial == "Half"


async def test_without_the_package_it_is_said_how_to_install_it(stand_in, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "openai":
            raise ModuleNotFoundError("No module named 'openai'")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(StorageError) as raised:
        await stand_in.ready()
    error = raised.value
    assert error.message.startswith("Requests to router need a package that is not installed")
    assert error.command_suggestion.startswith("Install it: ")
    assert error.command_suggestion.endswith("pip install 'openai>=3,<4'")


@pytest.mark.parametrize(
    ("key", "address", "cause"),
    [("", "http://x/v1", "no_key"), (KEY, "http://", "address_malformed")],
)
async def test_no_key_and_no_address_are_told_before_anything_is_sent(key, address, cause):
    endpoint = Endpoint("router", address, "gpt", "router")
    provider = compatible_provider(endpoint, Secret(key), clock_now=lambda: NOW)
    with pytest.raises(GroqchatError) as raised:
        await provider.ready()
    assert raised.value.cause.name == cause


async def test_who_refused_is_named(script, scripted, stand_in):
    place = script.url.removeprefix("http://")
    here, afar = f"what {place} prints or logs may say why", "ask whoever runs router"
    for provider, name, incidents in ((scripted, place, here), (stand_in, "router", afar)):
        script.play(reply("400 Bad Request"))
        error = (await listen(provider)).error
        assert error.message == f"{name} refused the request: 400 Bad Request."
        script.play(reply("503 Service Unavailable"))
        error = (await listen(provider)).error
        assert error.title == f"503 · {name} has trouble"
        assert incidents in error.suggestion
        script.play(reply("200 OK", b"junk"))
        with pytest.raises(GroqchatError) as no_list:
            await provider.models()
        assert no_list.value.facts.asked.name == name
        lost = no_list.value.suggestion
        assert ("[endpoints.router]" in lost) == (name == "router")
        assert ("GROQ_BASE_URL" in lost) == (name != "router")
