"""``models``, ``usage``, ``doctor`` and ``completion``."""

import shutil
import subprocess

import pytest

from tests.cli.conftest import KEY

MODEL = "openai/gpt-oss-120b"


def test_models_are_the_accounts_own(simulator, groqchat):
    done = groqchat("models", "--json")
    assert (done.code, done.err) == (0, "")
    models = {model["id"]: model for model in done.json}
    model = models[MODEL]
    assert (model["status"], model["live"], model["kind"]) == ("production", True, "chat")
    assert model["price"]["input"] == "0.15"
    assert model["price"]["source"]
    assert model["limits"]["free"]["TPM"] == 8000
    assert "reasoning" in model["abilities"]
    assert "llama-3.1-8b-instant" not in models


def test_retired_models_name_their_replacement(simulator, groqchat):
    models = {model["id"]: model for model in groqchat("models", "--all", "--json").json}
    retired = models["llama-3.1-8b-instant"]
    assert (retired["status"], retired["live"]) == ("retired", False)
    assert retired["retired_on"]
    assert models[retired["replacement"]]["live"] is True
    assert f"use {retired['replacement']}" in groqchat("models", "--all").out


def test_models_without_a_key_are_the_shipped_ones(groqchat):
    done = groqchat("models", "--json")
    assert done.code == 0
    assert {model["live"] for model in done.json} == {None}
    assert "not your account's" in done.err


def test_the_last_list_serves_when_there_is_no_network(simulator, groqchat, monkeypatch, free_port):
    before = groqchat("models", "--json").json
    monkeypatch.setenv("GROQ_BASE_URL", f"http://127.0.0.1:{free_port}")
    done = groqchat("models", "--json")
    assert done.code == 0
    listed = [model["id"] for model in before if model["live"]]
    assert listed
    assert [model["id"] for model in done.json if model["live"]] == listed
    assert "the last list known" in done.err


def test_the_table_of_models_has_a_line_each(simulator, groqchat):
    lines = groqchat("models").out.splitlines()
    assert lines[0].startswith("model")
    assert any(line.startswith(MODEL) and "$0.15" in line for line in lines)


# -- usage ------------------------------------------------------------------------------------


def test_usage_is_summed_from_the_ledger(simulator, groqchat):
    asked = [groqchat("ask", "Hi", "-m", MODEL, "--json").json for _ in range(2)]
    told = groqchat("usage", "--json").json
    assert told["requests"] == 2
    assert told["prompt_tokens"] == sum(one["usage"]["prompt_tokens"] for one in asked)
    assert [row["key"] for row in told["rows"]] == [MODEL]
    assert told["rows"][0]["cost_usd"] == told["cost_usd"]
    assert MODEL in groqchat("usage").out


@pytest.mark.parametrize("group", ["day", "session", "profile"])
def test_usage_by(simulator, groqchat, group):
    session = groqchat("ask", "Hi", "--json").json["session_id"]
    (row,) = groqchat("usage", "--by", group, "--json").json["rows"]
    assert row["requests"] == 1
    assert group != "session" or row["key"] == session
    assert group != "profile" or row["key"] == "default"


def test_usage_as_csv_says_what_the_json_says(simulator, groqchat):
    groqchat("ask", "Hi", "-m", MODEL)
    (row,) = groqchat("usage", "--json").json["rows"]
    head, line = groqchat("usage", "--csv").out.splitlines()
    assert dict(zip(head.split(","), line.split(","), strict=True)) == {
        name: str(value) for name, value in row.items()
    }


def test_usage_since_a_day_to_come_is_nothing(simulator, groqchat):
    groqchat("ask", "Hi")
    assert groqchat("usage", "--since", "2999-01-01", "--json").json["requests"] == 0
    assert groqchat("usage", "--since", "tomorrow").code == 2


def test_usage_of_nothing(groqchat):
    told = groqchat("usage", "--json").json
    assert (told["requests"], told["cost_usd"], told["rows"]) == (0, "0.00", [])


# -- doctor -----------------------------------------------------------------------------------


def findings(done):
    return {check["name"]: check for check in done.json["checks"]}


def test_a_machine_in_order(simulator, groqchat):
    done = groqchat("doctor", "--json")
    assert (done.code, done.json["ok"]) == (0, True)
    found = findings(done)
    assert found["network"]["ok"]
    assert "gsk_…ghij" in found["key"]["detail"]
    assert not found["keyring"][
        "ok"
    ]  # the tests have none, and whoever has GROQ_API_KEY needs none
    assert KEY not in done.out


def test_no_key(groqchat):
    done = groqchat("doctor", "--json")
    assert done.code == 3
    assert not findings(done)["key"]["ok"]


def test_mistakes_in_the_settings_are_named(simulator, groqchat, groqchat_home):
    groqchat_home.mkdir()
    (groqchat_home / "config.toml").write_text("colour = 1\n")
    done = groqchat("doctor", "--json")
    assert done.code == 0
    assert "colour" in findings(done)["settings"]["detail"]


def test_a_home_that_cannot_be_written(simulator, groqchat, groqchat_home):
    groqchat_home.write_text("a file where the folder should be")
    done = groqchat("doctor")
    assert done.code == 10
    assert "✗ database" in done.out


def test_a_rejected_key_is_its_exit_code(simulator, groqchat):
    simulator.arm("key_rejected@models")
    assert groqchat("doctor").code == 4


# -- completion -------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_commands_and_options(groqchat, shell):
    script = groqchat("completion", shell).out
    words = ("sessions", "export", "over-budget", "on_demand", "rename")
    assert [word for word in words if word not in script] == []


def complete(script, *words):
    """What bash would offer for the last word."""
    line = " ".join(f"'{word}'" for word in words)
    probe = f"{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _groqchat\n"
    probe += 'printf "%s\\n" "${COMPREPLY[@]}"'
    command = [shutil.which("bash"), "--norc", "-c", probe]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_bash_completes(groqchat):
    script = groqchat("completion", "bash").out
    assert complete(script, "groqchat", "se") == ["sessions"]
    assert complete(script, "groqchat", "sessions", "ex") == ["export"]
    assert complete(script, "groqchat", "ask", "--tier", "f") == ["flex"]
    assert complete(script, "groqchat", "key", "add", "--st") == ["--stdin"]
    assert "--session" in complete(script, "groqchat", "--s")
    assert complete(script, "groqchat", "ask", "ask", "--over") == ["--over-budget"]
