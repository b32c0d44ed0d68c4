"""Sessions that have become too long for the next prompt of ``ask``."""

import json
from dataclasses import replace

import pytest

from groqchat.cli.exit_codes import ExitCode
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import Plan
from groqchat.domain.turns.compaction import INSTRUCTION
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.cli.conftest import KEY

MODEL, CHEAP = "openai/gpt-oss-120b", "openai/gpt-oss-20b"
TURNS = 5
PROMPT = "And now? write 20 tokens"


def said(turn):
    """A prompt and an answer of about 1,000 tokens each."""
    return [
        {"role": role, "content": f"{role} {turn}: " + "one word more " * 330}
        for role in ("user", "assistant")
    ]


@pytest.fixture
def simulator(monkeypatch):
    """The free plan, where the model for summaries has more tokens a minute than is known here."""
    models = dict(load_catalog().models)
    limits = {**models[CHEAP].limits[Plan.FREE], LimitKind.TPM: 100_000}
    models[CHEAP] = replace(models[CHEAP], limits={Plan.FREE: limits})
    with BackgroundSimulator(models.values(), Options(Plan.FREE, rate=0)) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        monkeypatch.setenv("GROQ_API_KEY", KEY)
        yield running.simulator


@pytest.fixture
def long_session(simulator, groqchat, tmp_path):
    """A session that takes more than the 8,000 tokens of a minute on the free plan."""
    messages = [message for turn in range(TURNS) for message in said(turn)]
    file = tmp_path / "long.jsonl"
    file.write_text(json.dumps({"id": "long", "title": "Long", "messages": messages}))
    assert groqchat("sessions", "import", file).code == 0
    return "long"


def spoken(body):
    return [message["content"] for message in body["messages"]]


def firsts(body):
    """The beginnings of the messages of a request."""
    return [" ".join(content.split()[:2]) for content in spoken(body)]


def test_an_error_names_the_options_that_make_room(long_session, groqchat, asked):
    done = groqchat("ask", "--session", long_session, PROMPT, "-m", MODEL, "--json")
    assert (done.code, done.json["error"]["kind"]) == (ExitCode.LIMITED, "too_large")
    assert "--compact oldest" in done.json["error"]["suggestion"]
    assert "--compact summary" in done.err
    # Of one prompt that is too long by itself nothing can be left out.
    done = groqchat("ask", "word " * 30_000, "-m", MODEL)
    assert done.code == ExitCode.LIMITED
    assert "--compact" not in done.err


def test_the_oldest_turns_are_left_out_and_stay_left_out(long_session, simulator, groqchat, asked):
    done = groqchat("ask", "--session", long_session, PROMPT, "-m", MODEL, "--compact", "oldest")
    assert done.code == 0
    assert "the session was compacted: automatic · the oldest" in done.err
    sent = firsts(asked[-1])
    assert sent[-1] == "And now?"
    assert sent[:-1] == ["user 4:", "assistant 4:"]
    # Another process goes on from there, to the byte as the prompt cache needs it.
    assert groqchat("ask", "-c", "And then? write 20 tokens", "--max-wait", "60").code == 0
    assert spoken(asked[-1])[: len(sent)] == spoken(asked[-2])
    shown = groqchat("sessions", "show", long_session, "--format", "markdown").out
    assert "## Compaction" in shown or "compaction" in shown


def test_a_summary_is_asked_for_in_parts_and_paid_in_the_session(
    long_session, simulator, groqchat, asked
):
    done = groqchat(
        "ask", "--session", long_session, PROMPT, "-m", MODEL, "--compact", "summary", "--json"
    )
    assert done.code == 0
    assert f"summary by {CHEAP} sent in place of the oldest" in done.err
    # Before, the first refusals told the limits of this account.
    summarised = [body for body in asked if spoken(body)[-1] == INSTRUCTION]
    assert len(summarised) > 1
    assert {body["model"] for body in summarised} == {CHEAP}
    assert spoken(asked[-1])[0] == INSTRUCTION
    cost = sum(
        float(row["cost_usd"])
        for row in groqchat("usage", "--by", "session", "--json").json["rows"]
    )
    assert cost > float(done.json["cost_usd"])


def test_a_session_that_compacts_by_itself_does_so_here_too(simulator, groqchat, tmp_path):
    first = groqchat("ask", "Hi. write 20 tokens", "-m", MODEL, "--compact", "oldest", "--json")
    session_id = first.json["session_id"]
    exported = groqchat("sessions", "export", session_id, "--format", "json").json
    assert exported["compaction"] == "oldest"
    messages = [message for turn in range(TURNS) for message in said(turn)]
    file = tmp_path / "own.json"
    # What was said elsewhere meanwhile; the digest of an export is only checked where it is there.
    own = {**exported, "id": "own", "messages": chained(messages), "leaf": f"m{2 * TURNS - 1}"}
    file.write_text(json.dumps({name: own[name] for name in own if name != "digest"}))
    assert groqchat("sessions", "import", file).code == 0
    done = groqchat("ask", "--session", "own", PROMPT)
    assert done.code == 0
    assert "the session was compacted: automatic · the oldest" in done.err


def chained(messages):
    """The messages as an export of ours has them."""
    ids = [f"m{number}" for number in range(len(messages))]
    parents = [None, *ids]
    return [
        {**message, "id": ids[n], "parent": parents[n], "number": n + 1, "created": 1.0 + n}
        for n, message in enumerate(messages)
    ]


def test_where_it_fits_nothing_is_left_out(simulator, groqchat, asked):
    assert groqchat("ask", "Hi. write 20 tokens", "-m", MODEL).code == 0
    done = groqchat("ask", "-c", "Again. write 20 tokens", "--compact", "oldest")
    assert done.code == 0
    assert "compacted" not in done.err
    assert len(spoken(asked[-1])) == 3
