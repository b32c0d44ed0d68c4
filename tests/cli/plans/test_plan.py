"""``groqchat plan`` reproduces the published arithmetic, row by row."""

import argparse
import json

import pytest

from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.plans import plan

OSS_120B, OSS_20B = "openai/gpt-oss-120b", "openai/gpt-oss-20b"
LLAMA_8B, LLAMA_70B = "llama-3.1-8b-instant", "llama-3.3-70b-versatile"
QWEN, TURBO = "qwen/qwen3-32b", "whisper-large-v3-turbo"


@pytest.fixture
def ask(capsys):
    """Run ``groqchat plan`` and give back the exit code, stdout and stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser("groqchat plan")
        plan.add_arguments(parser)
        try:
            code = int(plan.run(parser.parse_args(arguments)))
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def facts(ask):
    """Run it with ``--json`` and give back the document."""

    def run(*arguments: str) -> dict[str, object]:
        code, out, err = ask(*arguments, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return run


@pytest.mark.parametrize(
    ("model", "tokens", "per_day", "binds"),
    [
        (OSS_120B, "500", 400, "TPD"),  # published as 1,000 by RPD, but 200K TPD / 500 is 400
        (OSS_120B, "2000", 100, "TPD"),
        (OSS_120B, "8000", 25, "TPD"),
        (LLAMA_8B, "500", 1000, "TPD"),
        (LLAMA_70B, "1000", 100, "TPD"),
        (QWEN, "500", 1000, "RPD"),
    ],
)
def test_free_tier_cost_math(facts, model, tokens, per_day, binds):
    answer = facts("limits", "--model", model, "--tokens", tokens)
    assert (answer["calls_per_day"], answer["binding_per_day"]) == (per_day, binds)
    assert answer["plan"] == "free"


@pytest.mark.parametrize(
    ("model", "tokens", "per_minute"),
    [(OSS_120B, "8000", 1), (QWEN, "500", 12), (OSS_120B, "2K", 4)],
)
def test_tokens_bind_the_burst(facts, model, tokens, per_minute):
    answer = facts("limits", "--model", model, "--tokens", tokens)
    assert (answer["calls_per_minute"], answer["binding_per_minute"]) == (per_minute, "TPM")


@pytest.mark.parametrize(
    ("model", "tokens", "costs"),
    [
        (OSS_20B, "--input 10M --output 2M", ("1.35", "0.675")),
        (OSS_120B, "--input 10M --output 2M", ("2.70", "1.35")),
        (OSS_120B, "--input 100M --output 20M", ("27.00", "13.50")),
        # Published as 19.50, which is the cost with all of the input cached.
        (OSS_120B, "--input 100M --output 20M --cached 50%", ("23.25", "13.50")),
        (OSS_120B, "--input 100M --output 20M --cached 100%", ("19.50", "13.50")),
        (LLAMA_8B, "--input 100M --output 10M", ("5.80", "2.90")),
        (QWEN, "--input 50M --output 25M", ("29.25", "14.625")),
        (LLAMA_70B, "--input 50M --output 25M", ("49.25", "24.625")),
        (OSS_120B, "--input 100M", ("15.00", "7.50")),
    ],
)
def test_workload_cost_projections(facts, model, tokens, costs):
    answer = facts("cost", "--model", model, *tokens.split())
    assert (answer["cost_usd"], answer["batch_cost_usd"]) == costs


@pytest.mark.parametrize(
    ("model", "calls", "totals", "costs"),
    [
        (OSS_20B, ("50", "2K", "500"), (3_000_000, 750_000), ("0.45", "0.225")),
        (OSS_120B, ("2000", "1500", "500"), (90_000_000, 30_000_000), ("31.50", "15.75")),
        (LLAMA_70B, ("100", "20K", "4K"), (60_000_000, 12_000_000), ("44.88", "22.44")),
        (OSS_120B, ("100", "20K", "4K"), (60_000_000, 12_000_000), ("16.20", "8.10")),
    ],
)
def test_cost_examples(facts, model, calls, totals, costs):
    per_day, given, out = calls
    shape = ["--calls-per-day", per_day, "--tokens-in", given, "--tokens-out", out]
    answer = facts("cost", "--model", model, "--days", "30", *shape)
    assert (answer["input_tokens"], answer["output_tokens"]) == totals
    assert (answer["cost_usd"], answer["batch_cost_usd"]) == costs
    assert facts("cost", "--model", model, *shape) == answer


def test_a_thousand_hours_of_transcription(facts):
    answer = facts("audio", "--model", TURBO, "--hours", "1000")
    assert (answer["cost_usd"], answer["batch_cost_usd"]) == ("40.00", "20.00")


def test_as_a_batch_the_cost_is_half_whatever_the_cache_did(facts):
    answer = facts(
        "cost", "-m", OSS_120B, "--input", "100M", "--output", "20M", "--cached", "50%", "--batch"
    )
    assert answer["cost_usd"] == answer["batch_cost_usd"] == "13.50"
    assert answer["synchronous_cost_usd"] == "23.25"
    assert answer["saved_by_cache_usd"] == "0.00"
    assert any("never stack" in note for note in answer["notes"])


def test_the_price_behind_the_cost_is_dated(facts):
    price = facts("cost", "-m", OSS_120B, "--input", "1")["price"]
    assert (price["input"], price["cached_input"], price["output"]) == ("0.15", "0.075", "0.60")
    assert price["source"]
    assert price["as_of"].startswith("2026-")


def test_a_retired_model_still_calculates_and_says_so(ask, facts):
    answer = facts("limits", "--model", LLAMA_70B, "--tokens", "1000")
    assert (answer["status"], answer["retired_on"]) == ("retired", "2026-08-16")
    assert answer["replacement"] == OSS_120B
    _, out, _ = ask("cost", "--model", LLAMA_70B, "--input", "1M")
    assert "$0.59" in out
    assert "was shut down on 2026-08-16" in out
    assert f"Use {OSS_120B} instead." in out


def test_limits_for_people(ask):
    code, out, err = ask("limits", "--model", OSS_120B, "--tokens", "2000")
    assert (code, err) == (0, "")
    assert out.splitlines()[:4] == [
        "openai/gpt-oss-120b, free plan, 2,000 tokens a call",
        "",
        "  calls per minute    4  TPM binds: 8,000 tokens per minute",
        "  calls per day     100  TPD binds: 200,000 tokens per day",
    ]


def test_cost_for_people(ask):
    _, out, _ = ask("cost", "-m", OSS_120B, "--input", "100M", "--output", "20M", "--cached", "50%")
    assert out.splitlines()[:6] == [
        "openai/gpt-oss-120b",
        "",
        "  input tokens   100,000,000  50,000,000 cached",
        "  output tokens   20,000,000",
        "  cost                $23.25  the cache saves $3.75",
        "  as a batch          $13.50",
    ]


def test_an_output_limit_is_counted_when_the_answer_is_known(facts):
    qwen = ("limits", "--model", "qwen/qwen3.8-27b", "--tokens", "1000")
    assert facts(*qwen)["binding_per_minute"] == "TPM"
    assert "Not counted: ITPM, OTPM; add --tokens-out to count them." in facts(*qwen)["notes"]
    bare = facts("limits", "--model", "openai/gpt-oss-120b", "--seconds", "9")["notes"]
    assert "Not counted: TPM, TPD; add --tokens to count them." in bare
    answer = facts(*qwen, "--tokens-out", "500")
    assert (answer["calls_per_minute"], answer["binding_per_minute"]) == (2, "OTPM")


def test_audio_limits(facts):
    answer = facts("limits", "--model", TURBO, "--seconds", "1800")
    assert (answer["calls_per_minute"], answer["binding_per_minute"]) == (4, "ASH")
    assert (answer["calls_per_day"], answer["binding_per_day"]) == (16, "ASD")


def test_a_call_that_no_minute_can_hold(facts):
    answer = facts("limits", "--model", OSS_120B, "--tokens", "9K")
    assert (answer["calls_per_minute"], answer["calls_per_day"]) == (0, 0)
    assert any("however long you wait" in note for note in answer["notes"])


def test_what_is_not_known_is_null_in_json_and_unknown_for_people(ask, facts):
    answer = facts("limits", "--model", LLAMA_8B, "--tokens", "500", "--plan", "developer")
    assert (answer["calls_per_day"], answer["binding_per_day"]) == (None, None)
    answer = facts("cost", "--model", "allam-2-7b", "--input", "1M")
    assert (answer["cost_usd"], answer["batch_cost_usd"], answer["price"]) == (None, None, None)
    _, out, _ = ask("cost", "--model", "allam-2-7b", "--input", "1M")
    assert "  cost             unknown" in out.splitlines()


def test_short_files_are_billed_as_ten_seconds(ask, facts):
    answer = facts("audio", "--model", TURBO, "--hours", "0.5", "--files", "900")
    assert (answer["audio_s"], answer["billed_s"], answer["cost_usd"]) == (1800, 9000, "0.10")
    _, out, _ = ask("audio", "--model", TURBO, "--hours", "0.5", "--files", "900", "--batch")
    assert "ten seconds at least" in out
    assert out.index("as a batch") < out.index("cost")


def test_speech_is_priced_by_the_character_and_knows_no_batch(facts):
    orpheus = ("audio", "-m", "canopylabs/orpheus-v1-english", "--characters", "1M", "--batch")
    answer = facts(*orpheus)
    assert (answer["cost_usd"], answer["batch_cost_usd"]) == ("22.00", None)
    assert "Speech cannot be sent as a batch." in answer["notes"]


def test_a_model_without_a_cache_price_says_so(facts):
    answer = facts("cost", "-m", LLAMA_8B, "--input", "100M", "--cached", "50%")
    assert answer["cost_usd"] == "5.00"
    assert any("has no price for cached input" in note for note in answer["notes"])


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("limits --model gpt-os-120b --tokens 5", "did you mean openai/gpt-oss-120b"),
        ("limits --model xyzzy --tokens 5", "no model is called 'xyzzy'"),
        (f"limits --model {OSS_120B}", "say what one call uses"),
        (f"limits --model {OSS_120B} --tokens 9 --tokens-out 10", "cannot be more"),
        (f"limits --model {OSS_120B} --tokens 200K", "takes no more than 131,072 tokens"),
        (f"limits --model {OSS_120B} --tokens many", "'many' is not a number like 2000"),
        (f"limits --model {OSS_120B} --tokens 1.5", "'1.5' is not a whole number"),
        (f"limits --model {OSS_120B} --tokens 1 --plan gold", "invalid choice: 'gold'"),
        ("limits --tokens 5", "--model"),
        (f"cost --model {OSS_120B}", "say how much: --input 100M"),
        (f"cost --model {OSS_120B} --input 1 --days 3", "give either --input and --output"),
        (f"cost --model {OSS_120B} --calls-per-day 5", "say how much"),
        (f"cost --model {OSS_120B} --input 10 --cached 11", "--cached: '11' is more than the 10"),
        (f"cost --model {OSS_120B} --input 10 --cached 101%", "--cached: '101%' is more"),
        (f"cost --model {TURBO} --input 10", "priced by the hour: groqchat plan audio --hours"),
        (f"audio --model {OSS_120B} --hours 1", "priced by the token: groqchat plan cost"),
        (f"audio --model {TURBO} --hours x", "'x' is not a number"),
        (f"audio --model {TURBO}", "--hours"),
        ("", "COMMAND"),
    ],
)
def test_wrong_usage_is_a_sentence_and_exit_code_two(ask, arguments, complaint):
    code, out, err = ask(*arguments.split())
    assert (code, out) == (ExitCode.USAGE, "")
    assert complaint in err


@pytest.mark.parametrize("command", ["limits", "cost", "audio"])
def test_every_help_has_an_example(ask, command):
    code, out, _ = ask(command, "--help")
    assert code == 0
    assert f"groqchat plan {command} --model" in out


def test_every_exit_code_says_what_it_means():
    assert [code.value for code in ExitCode] == [*range(14), 130]
    assert all(code.meaning for code in ExitCode)


def test_a_mistake_is_a_document_where_one_was_asked_for(groqchat):
    done = groqchat("plan", "cost", "--model", "nope", "--input", "1", "--json")
    assert (done.code, done.json["error"]["kind"]) == (2, "invalid_request")
    assert "nope" in done.json["error"]["message"]


def test_tiers_are_told_with_their_limits_and_price_on_a_plan(ask, facts):
    found = facts("tiers", "--model", OSS_120B, "--plan", "developer")["tiers"]
    assert [each["tier"] for each in found] == ["on_demand", "flex", "auto", "performance"]
    assert [each["is_open"] for each in found] == [True, True, True, False]
    code, out, _ = ask("tiers", "--model", OSS_120B)
    assert code == 0
    assert "The free plan has no flex." in out


@pytest.mark.parametrize(
    ("options", "costs", "total"),
    [
        (["--code-hours", 5], {"code_interpreter": "0.90"}, "15.90"),
        (["--searches", 1000], {"browser_search": None}, None),
        (
            ["--searches", "1k", "--code-hours", "0.5"],
            {"browser_search": None, "code_interpreter": "0.09"},
            None,
        ),
    ],
)
def test_tools_are_priced_where_somebody_published_a_price(groqchat, options, costs, total):
    plan = ("plan", "cost", "-m", "openai/gpt-oss-120b", "--input", "100M", *options)
    answer = groqchat(*plan, "--json").json
    assert {name: tool["cost_usd"] for name, tool in answer["tools"].items()} == costs
    assert (answer["cost_usd"], answer["total_cost_usd"]) == ("15.00", total)
    said = groqchat(*plan).out
    assert "with tools" in said
    assert ("unknown" in said) is (total is None)


def test_tools_alone_are_priced_and_a_model_without_one_is_named(groqchat):
    said = groqchat("plan", "cost", "-m", "qwen/qwen3.8-27b", "--searches", 1000)
    assert said.code == 0
    assert "qwen/qwen3.8-27b has no browser_search." in said.out
    with_it = groqchat("plan", "cost", "-m", "openai/gpt-oss-120b", "--searches", 1000).out
    assert "has no browser_search" not in with_it
