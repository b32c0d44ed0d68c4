from __future__ import annotations

import httpx
import pytest
from groq import AsyncGroq

from groqchat.simulator.clock import DrivenClock
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog

BIG = "openai/gpt-oss-120b"
SMALL = "openai/gpt-oss-20b"
QWEN = "qwen/qwen3.8-27b"
KEY = "gsk_test_good"


@pytest.fixture
def clock():
    return DrivenClock()


@pytest.fixture
async def sim(clock):
    async with Simulator(load_catalog(), Options(rate=None), clock=clock) as simulator:
        yield simulator


@pytest.fixture
async def groq(sim):
    # Nothing here is encrypted, so no certificates are loaded; that would be most of a test's time.
    plain = httpx.AsyncClient(base_url=sim.url, verify=False)
    async with AsyncGroq(
        api_key=KEY, base_url=sim.url, max_retries=0, timeout=5, http_client=plain
    ) as client:
        yield client


@pytest.fixture
async def http(sim):
    headers = {"authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(
        base_url=sim.url, headers=headers, timeout=5, verify=False
    ) as client:
        yield client


def body(prompt="What is a rate limit?", model=BIG, **more):
    return {"model": model, "messages": [{"role": "user", "content": prompt}], **more}


async def post(http, prompt="What is a rate limit?", model=BIG, **more):
    return await http.post("/openai/v1/chat/completions", json=body(prompt, model, **more))


async def stream_of(groq, prompt="What is a rate limit?", model=BIG, **more):
    """The chunks of a streamed answer, and its headers."""
    async with await groq.chat.completions.create(
        **body(prompt, model), stream=True, **more
    ) as stream:
        return [chunk async for chunk in stream], stream.response.headers


def text_of(chunks):
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
