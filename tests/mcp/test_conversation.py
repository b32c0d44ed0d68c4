"""A conversation with real servers: over stdio and over HTTP, kept, exported and gone on with."""

import json
import sys
from contextlib import aclosing
from dataclasses import replace

import pytest

from groqchat.bootstrap import Launch, open_services
from groqchat.domain.sessions.archive import Archive
from groqchat.domain.text.secret import Secret
from groqchat.domain.tools.decision import Decision
from groqchat.domain.tools.events import ApprovalAsked
from groqchat.domain.turns.chat import Answered, Options, Role, Session
from groqchat.reports.session_reports import SESSION_REPORTS
from groqchat.services.account.keys import MemoryKeyStore
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options as ServerOptions
from groqchat.storage.catalog import load_catalog
from groqchat.ui.transcript.messages import entry_of

# It calls several tools at once.
MODEL = "qwen/qwen3.8-27b"
OPTIONS = Options(MODEL, tools=("time", "web", "gone"))
PROMPT = "Get the current time, and convert time, for Europe/Berlin and Mars/Olympus."


@pytest.fixture
def settings(groqchat_home, address, monkeypatch):
    """Two servers that run and one that does not, and a keyring with the token of one."""
    groqchat_home.mkdir()
    command = json.dumps([sys.executable, "-m", "mcp_server_time"])
    (groqchat_home / "config.toml").write_text(
        f'[mcp.time]\ncommand = {command}\n[mcp.web]\nurl = "{address}/mcp"\n'
        '[mcp.gone]\ncommand = ["./nowhere"]\n'
    )
    key_store = MemoryKeyStore()
    key_store._keys["mcp:web"] = Secret("s3cret")
    monkeypatch.setattr("groqchat.bootstrap.SystemKeyring", lambda: key_store)
    with BackgroundSimulator(load_catalog(), ServerOptions(rate=0)) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        monkeypatch.setenv("GROQ_API_KEY", "gsk_test_key_of_nobody")
        yield running.simulator


async def asked(services, session, prompt, parent=None):
    """Ask; the conversion is denied, the rest runs. Returns the events."""
    connection = services.connect(await services.find_key())
    told = []
    events = connection.turns.ask(session, prompt, OPTIONS, parent_id=parent)
    async with aclosing(events):
        async for event in events:
            told.append(event)
            if isinstance(event, ApprovalAsked):
                is_denied = event.tool.name == "convert_time"
                word = Decision.DENY if is_denied else Decision.ONCE
                services.approvals.decide(session.id, word)
    await connection.close()
    return told


async def test_tools_of_two_servers_are_called_in_one_turn_that_is_kept_and_gone_on_with(settings):
    session = Session("s1", "", 1.0, 1.0)
    async with open_services(Launch()) as services:
        told = await asked(services, session, PROMPT)
        asked_about = {event.tool.sent_name for event in told if isinstance(event, ApprovalAsked)}
        names = {
            f"{server}__{name}"
            for server in ("time", "web")
            for name in ("get_current_time", "convert_time")
        }
        assert asked_about == names
        kept = await services.store.everything("s1")
    results = [message for message in kept if message.role is Role.TOOL]
    outcomes = {each.calls[0].name: (each.finish_reason, each.content) for each in results}
    assert outcomes.keys() == names
    failed = ("failed", "Error executing tool get_current_time: Invalid timezone:")
    for server, (how, words) in {
        "time": ("done", '"timezone": "Europe/Berlin"'),
        "web": failed,
    }.items():
        outcome, text = outcomes[f"{server}__get_current_time"]
        assert outcome == how
        assert words in text
        assert outcomes[f"{server}__convert_time"][0] == "denied"
    # A server that cannot be started has cost the turn only its own tools.
    assert isinstance(told[-1], Answered)
    assert "./nowhere" in "".join(getattr(event, "sentence", "") for event in told)
    # It is exported for readers, and shown, with what was called and what came of it.
    exported = SESSION_REPORTS["markdown"](Archive(replace(session, leaf_id=kept[-1].id), kept))
    shown = [entry_of(each) for each in kept]
    for name, (how, text) in outcomes.items():
        assert f"Called `{name}`" in exported
        assert text in exported
        assert any(name in each.text and each.text.startswith("Called") for each in shown)
        label = next(each.label for each in shown if name in each.label)
        assert label.startswith(f"Result of {name}{'' if how == 'done' else f' · {how}'}")
    # Another process goes on; the simulator refuses a request with a call that has no result.
    async with open_services(Launch()) as services:
        before = len(kept)
        told = await asked(services, session, "Thanks", kept[-1].id)
        assert isinstance(told[-1], Answered)
        again = await services.store.everything("s1")
        assert [each.role for each in again[before:]] == [Role.USER, Role.ASSISTANT]
        assert again[:before] == kept
