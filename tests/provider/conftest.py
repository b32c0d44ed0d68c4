from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.secret import Secret
from groqchat.domain.turns.chat import Accepted, Delta, Finished, Options, ReasoningDelta, Role
from groqchat.domain.turns.request import ChatRequest, RequestMessage
from groqchat.provider.groq_provider import GroqProvider
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options as Behaviour
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog
from tests.provider.scripted import ScriptedServer

MODEL = "openai/gpt-oss-20b"
KEY = "gsk_test_good"
NOW = 1_791_000_000.0


def request(prompt="What is a rate limit?", model=MODEL, **options):
    return ChatRequest((RequestMessage(Role.USER, prompt),), Options(model, **options))


@dataclass
class Heard:
    """What a stream said until it ended."""

    events: list = field(default_factory=list)
    error: GroqchatError | None = None

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def text(self):
        return "".join(delta.text for delta in self.of(Delta))

    @property
    def reasoning(self):
        return "".join(delta.text for delta in self.of(ReasoningDelta))

    @property
    def accepted(self):
        return next(iter(self.of(Accepted)), None)

    @property
    def finished(self):
        return next(iter(self.of(Finished)), None)


async def listen(provider, asked=None):
    """Hear a stream out; an error that ends it is kept beside what came before."""
    heard = Heard()
    try:
        async with aclosing(provider.stream(asked or request())) as events:
            async for event in events:
                heard.events.append(event)
    except GroqchatError as error:
        heard.error = error
    return heard


@pytest.fixture
async def provider_at():
    made = []

    def make(url, key=KEY, gap_timeout=5.0, **options):
        provider = GroqProvider(
            Secret(key), url, clock_now=lambda: NOW, gap_timeout=gap_timeout, **options
        )
        made.append(provider)
        return provider

    yield make
    for provider in made:
        await provider.close()


@pytest.fixture
async def sim():
    async with Simulator(load_catalog(), Behaviour(rate=None)) as simulator:
        yield simulator


@pytest.fixture
def background():
    """A key and the address of a simulator on another thread."""
    with BackgroundSimulator(load_catalog(), Behaviour(rate=None)) as simulator:
        yield Secret(KEY), simulator.url


@pytest.fixture
async def provider(sim, provider_at):
    return provider_at(sim.url)


@pytest.fixture
async def script():
    async with ScriptedServer() as server:
        yield server


@pytest.fixture
async def scripted(script, provider_at):
    """A provider in front of the scripted server."""
    return provider_at(script.url)
