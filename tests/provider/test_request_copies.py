"""Copied requests run: cURL in a shell, Python with the SDK, both against the simulator."""

import asyncio
import json
import os
import sys
import tempfile

import pytest

from groqchat.domain.models.parameters import fitted
from groqchat.domain.structured.schema import read_schema
from groqchat.domain.turns.chat import Options, Role
from groqchat.domain.turns.request import ChatRequest, RequestMessage
from groqchat.domain.turns.request_copy import as_curl, as_python
from groqchat.services.images.request_files import written_images
from groqchat.storage.catalog import load_catalog
from tests.images import image
from tests.provider.conftest import KEY, MODEL
from tests.services.tools.fakes import call, tool

SEES = "qwen/qwen3.8-27b"
PROMPT = 'It\'s `a` $HOME \\ "test"\nof END_OF_JSON é'
SCHEMA = read_schema("name: a \"quoted\" 'name', age int?")
MESSAGES = (RequestMessage(Role.SYSTEM, "Be brief, it's late."), RequestMessage(Role.USER, PROMPT))


async def run(*command, script=""):
    environment = os.environ | {"GROQ_API_KEY": KEY}
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment
    )
    out, err = await child.communicate(script.encode())
    assert (child.returncode, err.decode()) == (0, "")
    return out.decode()


def streamed(told):
    chunks = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: {")]
    parts = [c["choices"][0]["delta"].get("content") for c in chunks if c["choices"]]
    return "".join(filter(None, parts))


@pytest.mark.parametrize("schema", [None, SCHEMA], ids=["streamed", "whole"])
async def test_both_copies_of_a_request_are_answered(sim, provider, schema):
    options = fitted(
        Options(MODEL, schema=schema, seed=7, stop=("END",)), load_catalog().get(MODEL)
    )
    request = provider.described(ChatRequest(MESSAGES, options))
    assert KEY not in as_curl(request, {}) + as_python(request, {})
    told = await run("sh", script=as_curl(request, {}))
    said = await run(sys.executable, "-", script=as_python(request, {}))
    content = json.loads(told)["choices"][0]["message"]["content"] if schema else streamed(told)
    assert content.strip()
    assert said.strip() == content.strip(), "equal requests with a seed have equal answers"


async def test_both_copies_of_a_request_with_calls_and_their_results_are_answered(sim, provider):
    called = call("now", '{"zone": "It\'s $HOME"}')
    messages = (
        *MESSAGES,
        RequestMessage(Role.ASSISTANT, "", (called,)),
        RequestMessage(Role.TOOL, f"12:00 {PROMPT}", call_id=called.id),
    )
    options = Options(MODEL, tools=("browser_search", "clock"))
    request = provider.described(ChatRequest(messages, options, tools=(tool("now"),)))
    assert [each["type"] for each in request.body["tools"]] == ["browser_search", "function"]
    told = await run("sh", script=as_curl(request, {}))
    said = await run(sys.executable, "-", script=as_python(request, {}))
    assert "12:00" in streamed(told)
    assert said.strip() == streamed(told).strip()


async def test_both_copies_of_a_request_with_images_send_them(sim, provider, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    prompt = f"{PROMPT} \\\\ $(exit 1)"
    shown = RequestMessage(Role.USER, prompt, images=(image(),))
    request = provider.described(ChatRequest((shown,), Options(SEES, seed=7, max_tokens=200)))
    files = written_images(request)
    assert len(files) == 1
    for shell in ("bash", "sh"):
        sent = await run(shell, script=f"curl() {{ cat; }}\n{as_curl(request, files)}")
        assert json.loads(sent) == request.body, "nothing in a prompt is a command"
    told = await run("bash", script=as_curl(request, files))
    said = await run(sys.executable, "-", script=as_python(request, files))
    assert said.startswith("I was sent 1 image,")
    assert streamed(told).strip() == said.strip()
    (folder,) = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
