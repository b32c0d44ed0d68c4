"""The prompt cache on the command line: what is sent keeps its beginning, and what breaks it."""

import itertools
import json

import pytest

from groqchat.domain.models.catalog import Plan
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.cli.conftest import KEY

MODEL = "openai/gpt-oss-120b"
SYSTEM = " ".join(f"Rule {number}: name the source." for number in range(300))


@pytest.fixture
def developer(monkeypatch):
    """A simulator with the limits of the developer plan."""
    with BackgroundSimulator(load_catalog(), Options(Plan.DEVELOPER, rate=0)) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        monkeypatch.setenv("GROQ_API_KEY", KEY)
        yield running.simulator


def ask(groqchat, *arguments):
    done = groqchat("ask", *arguments, "-m", MODEL, "--max-tokens", 400, "--json")
    assert done.code == 0
    return done.json["usage"], done.err


def test_ten_turns_begin_alike_to_the_byte_and_all_but_the_first_hit_the_cache(
    developer, groqchat, asked, tmp_path
):
    notes = tmp_path / "notes.md"
    notes.write_text("Attached words.")
    first, _ = ask(groqchat, "Turn 1", "-s", SYSTEM, "-f", notes)
    assert first["prompt_tokens"] > 2_000
    assert first["cached_tokens"] == 0
    for turn in range(2, 11):
        usage, said = ask(groqchat, "-c", f"Turn {turn}")
        assert usage["cached_tokens"] >= 2_000
        assert "cache" not in said
    sent = [json.dumps(body["messages"], ensure_ascii=False)[:-1] for body in asked]
    assert len(sent) == 10
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(sent))
    told = groqchat("usage", "--json").json
    assert told["cached_share"] > 0.8
    assert "came from the cache: they count against no limit, and saved $" in groqchat("usage").err

    usage, said = ask(groqchat, "-c", "Turn 11", "-s", f"Be brief. {SYSTEM}")
    assert usage["cached_tokens"] == 0
    assert "another system prompt than before, so nothing of this prompt" in said


def test_a_date_in_the_system_prompt_is_told(developer, groqchat):
    _, said = ask(groqchat, "Hi", "-s", f"Today is 2026-11-29. {SYSTEM}")
    assert "contains a date or a time: whenever that changes, nothing behind it" in said
