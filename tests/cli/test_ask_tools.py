"""Tools of ``ask``: which are on, and which of their calls run."""

import json

import pytest

from groqchat import bootstrap
from groqchat.services.tools.sources import sources_of

MODEL = "openai/gpt-oss-120b"
NOW = "What is the current time in Asia/Tokyo?"


@pytest.fixture
def demo(simulator, monkeypatch):
    """The tools of the demo, as a server of the user's."""

    def own(servers, clock, *, is_demo):
        sources = sources_of(servers, clock, is_demo=True)
        monkeypatch.setattr(type(servers), "all", lambda _: [sources.named("demo")])
        return sources

    monkeypatch.setattr(bootstrap, "sources_of", own)


@pytest.mark.parametrize(
    ("options", "result"),
    [
        ([], "The user did not allow this call."),
        (["--approve", "none"], "The user did not allow this call."),
        (["--approve", "listed"], "in Asia/Tokyo"),
        (["--allow-tool", "current_time"], "in Asia/Tokyo"),
        (["--allow-tool", "demo__current_time"], "in Asia/Tokyo"),
        (["--allow-tool", "count_words"], "The user did not allow this call."),
    ],
)
def test_without_a_terminal_nothing_runs_that_was_not_named(demo, groqchat, options, result):
    done = groqchat("ask", NOW, "-m", MODEL, "--tool", "demo", *options)
    assert done.code == 0
    assert result in done.out
    assert ('wants to run: {"zone": "Asia/Tokyo"}' in done.err) is ("allow" in result)


def test_built_in_tools_are_told_with_their_steps_and_sources(simulator, groqchat):
    done = groqchat("ask", "Hi", "-m", MODEL, "--tool", "browser_search")
    assert "groqchat: browser.search: Hi" in done.err
    assert "【1】 An example page https://example.org/" in done.err
    told = groqchat("ask", "-c", "And?", "--json").json
    assert [step["name"] for step in told["executed"]] == ["browser.search", "browser.open"]
    off = groqchat("ask", "-c", "And?", "--tool", "off", "--json").json
    assert "executed" not in off


def test_columns_of_a_comparison_call_tools_each_by_its_own(demo, groqchat):
    other = "openai/gpt-oss-20b"
    done = groqchat(
        "compare", NOW, "-m", MODEL, "-m", f"{other} tools=off", "--tool", "demo",
        "--allow-tool", "current_time", "--json",
    )  # fmt: skip
    assert done.code == 0
    with_tools, without = done.json["results"]
    assert "what the tools gave" in with_tools["answer"]
    assert "what the tools gave" not in without["answer"]
    assert float(with_tools["turn_cost_usd"]) > float(with_tools["cost_usd"])
    assert "turn_cost_usd" not in without
    assert f'{MODEL}: current_time of demo runs: {{"zone": "Asia/Tokyo"}}' in done.err
    done = groqchat("compare", NOW, "-m", MODEL, "-m", f"{other} tools=demo")
    assert f"{other} tools=demo: current_time of demo wants to run" in done.err
    searched = ("compare", "Hi", "-m", MODEL, "-m", other, "--tool", "browser_search", "--json")
    assert all(each["executed"] for each in groqchat(*searched).json["results"])
    assert "The user did not allow this call." in done.out


def test_a_set_asks_with_the_tools_of_groq_and_with_no_others(demo, groqchat, tmp_path):
    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text('{"prompt": "What is new?"}\n')
    asked = ("compare", "--file", prompts, "-m")
    done = groqchat(*asked, f"{MODEL} tools=browser_search", "--json")
    assert "browser.search" in groqchat("sessions", "show", done.json["session_id"]).out
    for given, said in (
        ([f"{MODEL} tools=demo"], "nobody approves the calls of demo in a set"),
        ([f"{MODEL} tools=browser_search", "--batch"], "in batches is not known"),
        ([MODEL, "--tool", "demo"], "-m 'ID tools=browser_search'"),
    ):
        done = groqchat(*asked, *given)
        assert (done.code, said in done.err) == (2, True), done.err


def test_a_turn_with_calls_is_told_event_by_event(demo, groqchat):
    done = groqchat(
        "ask", NOW, "-m", MODEL, "--tool", "demo", "--approve", "listed", "--jsonl",
        "--system", "word " * 3_000,  # the second request has to fit beside the first
    )  # fmt: skip
    events = [json.loads(line) for line in done.out.splitlines()]
    names = [event["event"] for event in events]
    assert names.count("usage") == 2
    assert "waiting" not in names
    assert names.index("approval_asked") < names.index("tool_call") < names.index("tool_result")
    assert events[-1]["turn_cost_usd"] > events[-1]["cost_usd"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--tool", "nowhere"], "no tool or MCP server is called so"),
        (["--tool", "browser_search", "-m", "qwen/qwen3.8-27b"], "has no browser_search"),
        (["--allow-tool", "current_time"], "--tool SERVER switches them on"),
        (["--tool", "demo", "--allow-tool", "curent_time"], "did you mean current_time?"),
    ],
)
def test_tools_that_there_are_not_are_refused(demo, groqchat, arguments, said):
    done = groqchat("ask", "Hi", *arguments)
    assert done.code == 2
    assert said in done.err
