"""``groqchat compare``: a table, a document or JSON; one failure does not spoil the others."""

import asyncio
import json
import re
import signal
from decimal import Decimal
from subprocess import DEVNULL

import pytest

from groqchat.bootstrap import Launch, open_services
from groqchat.cli.compare_results import Result, markdown
from groqchat.cli.completion.values import lines
from groqchat.domain.errors.table import failure
from groqchat.simulator.faults.answer_faults import REFUSAL
from groqchat.storage.catalog import load_catalog
from tests.storage.conftest import reply

A, B, GONE = "openai/gpt-oss-120b", "openai/gpt-oss-20b", "nobody/knows-it"


def models(*names):
    return [word for name in names for word in ("-m", name)]


def test_json_holds_every_answer_with_its_figures(simulator, groqchat):
    done = groqchat("compare", "What is a monad?", *models(A, B), "--json")
    assert done.code == 0
    results = done.json["results"]
    assert [result["model"] for result in results] == [A, B]
    for result in results:
        assert result["answer"] == simulator.answer(result["request_id"]).content
        price = load_catalog().get(result["model"]).price
        usage = result["usage"]
        tokens = usage["prompt_tokens"] * price.input + usage["completion_tokens"] * price.output
        assert Decimal(result["cost_usd"]) == tokens / 10**6
        assert result["timing"]["time_to_first_token_s"] <= result["timing"]["total_s"]
    assert f"{A}: answered in" in done.err


def test_the_answers_are_one_session(simulator, groqchat):
    results = groqchat("compare", "Hi", *models(A, B), "--json").json["results"]
    (saved,) = groqchat("sessions", "list", "--json").json
    assert {result["session_id"] for result in results} == {saved["id"]}
    assert (saved["title"], saved["turns"]) == ("Hi", 1)


def test_the_words_of_the_command_line_are_the_title_whatever_is_piped_in(simulator, groqchat):
    for command in (["ask"], ["compare", *models(A, B)]):
        groqchat(*command, "Review this", piped=b"piped")
        assert groqchat("sessions", "list", "--json").json[0]["title"] == "Review this"


def test_it_can_be_opened_again_as_columns(simulator, groqchat):
    results = groqchat("compare", "Hi", *models(A, GONE), "-s", "Be brief.", "--json").json
    record, prompt = asyncio.run(recorded(results["results"][0]["session_id"]))
    assert (record.turn, record.is_open, prompt.content) == (1, True, "Hi")
    assert [column.options.model for column in record.columns] == [A, GONE]
    assert [column.options.system for column in record.columns] == ["Be brief."] * 2
    assert [column.failures for column in record.columns] == [0, 1]


async def recorded(session_id):
    """How a comparison is kept, and the prompt that all of its columns answer."""
    async with open_services(Launch()) as services:
        record = await services.comparisons.find(session_id)
        (prompt_id,) = {column.prompt_id for column in record.columns}
        return record, (await services.store.messages([prompt_id]))[prompt_id]


def test_one_that_fails_has_its_own_error(simulator, groqchat):
    done = groqchat("compare", "Hi", *models(GONE, B), "--json")
    assert done.code == 0
    failed, answered = done.json["results"]
    assert (failed["error"]["kind"], failed["error"]["status"]) == ("model_gone", 404)
    assert failed["error"]["replacement"]
    assert (failed["usage"], failed["cost_usd"], failed["timing"]) == (None, None, None)
    assert answered["answer"]
    assert GONE in done.err


def test_a_successor_that_takes_part_is_not_advised(simulator, groqchat):
    retired = "llama-3.1-8b-instant"
    done = groqchat("compare", "Hi", *models(retired, B), "--json")
    error = done.json["results"][0]["error"]
    assert error["replacement"] == B
    assert error["suggestion"] == f"{B}, which would be asked instead, takes part already."
    assert "--model" not in done.err
    done = groqchat("compare", "Hi", *models(retired, A))
    assert f"Choose {B} with --model and send again." in done.out


# -- answers without an end --------------------------------------------------------------------


def test_what_arrived_of_a_broken_answer_is_shown_with_its_cost(simulator, groqchat):
    done = groqchat("compare", "simulate: cut", *models(A, B), "--json")
    assert done.code == 8
    for result in done.json["results"]:
        assert result["error"]["kind"] == "stream_broken"
        assert result["partial"] == result["error"]["partial"] != ""
        assert result["usage"]["usage_estimated"]
        assert Decimal(result["cost_usd"]) > 0
        assert result["timing"]["total_s"] >= result["timing"]["time_to_first_token_s"]
        assert "answer" not in result
    booked = groqchat("usage", "--json").json
    told = [Decimal(result["cost_usd"]) for result in done.json["results"]]
    assert Decimal(booked["cost_usd"]) == sum(told)


def test_a_broken_answer_is_marked_and_what_is_advised_can_be_done(simulator, groqchat):
    done = groqchat("compare", "simulate: cut", *models(A, B))
    assert done.out.count("\n\n[Broken off here] Answer cut off. Send it again") == 2
    assert "★" not in done.out
    for text in (done.out, done.err):
        assert "ask -c" not in text
    (session_id,) = set(re.findall(r"`groqchat sessions show (\w+)`", done.out))
    shown = groqchat("sessions", "show", session_id).out
    for model in (A, B):
        assert f"({model}, broken off)" in shown


def test_a_broken_answer_that_is_not_kept_is_not_said_to_be(simulator, groqchat):
    for form in ((), ("--markdown",), ("--json",)):
        done = groqchat("compare", "simulate: cut", *models(A, B), "--no-save", *form)
        assert "You asked about: **simulate: cut**" in done.out
        for text in (done.out, done.err):
            assert "kept" not in text
            assert "sessions show" not in text
            assert "ask -c" not in text


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("```py\nx = 1", "x = 1\n```"),
        ("~~~\n```\nx", "x\n~~~"),
        ("```\nx\n```\nand", "and"),
    ],
)
def test_a_block_of_code_that_broke_off_does_not_swallow_the_rest(text, end):
    broken = Result(A, error=failure("stream_empty"), partial=reply("m", "q", text))
    assert f"{end}\n\n[Broken off here] No answer came." in markdown("Hi", [broken])
    whole = markdown("Hi", [Result(A, reply("m", "q", text)), Result(B, reply("n", "q", "So."))])
    assert f"{end}\n\n## {B}" in whole


def stopped(process, *words):
    """How a comparison ends that is stopped when one has answered and the other stalls."""
    prompt = "write 200 tokens, simulate: stall*1"  # it strikes whoever is asked first
    child = process("compare", prompt, *models(A, B), "--gap", "0.3", *words, stdin=DEVNULL)
    while b"answered in" not in (line := child.stderr.readline()):
        assert line
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=120)
    return child.returncode, out.decode(), err.decode()


def test_ctrl_c_prints_what_is_there(simulator, process, groqchat):
    code, out, err = stopped(process)
    assert code == 130
    cut, whole = out.split(f"\n\n{B}\n")
    assert cut.startswith(f"{A}\n")
    assert cut.endswith("\n\n[Stopped here]")
    assert "[Stopped" not in whole
    assert "\nfirst token " in whole
    (session_id,) = re.findall(
        r"^Stopped\. What arrived is kept: `groqchat sessions show (\w+)`\.$", err, re.MULTILINE
    )
    shown = groqchat("sessions", "show", session_id).out
    assert f"({A}, stopped)" in shown
    assert f"({B})" in shown


def test_ctrl_c_leaves_a_json_document(simulator, process):
    code, out, err = stopped(process, "--json", "--no-save")
    assert code == 130
    cut, whole = json.loads(out)["results"]
    assert (whole["model"], whole["finish_reason"]) == (B, "stop")
    assert (cut["stopped"], cut["usage"]["usage_estimated"]) == (True, True)
    assert cut["partial"]
    assert not {"answer", "error"} & cut.keys()
    assert err.splitlines()[-1] == "Stopped."


def test_ctrl_c_before_anything_came_says_so(simulator, process):
    words = ("compare", "simulate: slow_first_byte", *models(A, B), "--gap", "9")
    child = process(*words, stdin=DEVNULL, cold=True)
    assert b"begins in" in child.stderr.readline()
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=120)
    assert child.returncode == 130
    assert out.count(b"[Stopped before it began]") == 2
    assert err.splitlines()[-1] == b"Stopped."


# -- all of it ---------------------------------------------------------------------------------


def test_when_all_fail_the_first_error_is_the_exit_code(simulator, groqchat):
    done = groqchat("compare", "Hi", *models(GONE, "nobody/either"))
    assert done.code == 9
    assert "404" in done.out


def test_the_table_has_a_model_a_column_and_marks_the_best(simulator, groqchat):
    done = groqchat("compare", "Hi", *models(A, B), "--no-save", piped=b"First this.")
    head, *rows = done.out.split("\n\n")[-1].splitlines()
    assert head.split() == [A, B]
    cost = next(row for row in rows if row.startswith("cost"))
    assert cost.index("★") > cost.index("$")  # B is the cheaper one
    assert "First this." in done.out
    assert groqchat("sessions", "list", "--json").json == []


def test_markdown_is_a_document(simulator, groqchat):
    done = groqchat("compare", "Hi\nthere", *models(A, GONE), "--markdown")
    assert done.out.startswith(f"# Comparison\n\n> Hi\n> there\n\n|  | {A} | {GONE} |\n| --- |")
    assert f"\n## {A}\n\n" in done.out


def test_the_requests_leave_one_after_another(simulator, groqchat, groqchat_home):
    begun = f"{B}: begins in 1s, after the others"
    together = groqchat("compare", "Hi", *models(A, B))
    apart = groqchat("compare", "Hi", *models(A, B), "--gap", "0.4")
    assert (together.code, apart.code) == (0, 0)
    assert begun not in together.err
    assert begun in apart.err
    # What the chat was told to keep counts here too, unless it is said otherwise.
    groqchat_home.mkdir(exist_ok=True)
    (groqchat_home / "config.toml").write_text("compare_gap_s = 0.4\n")
    assert begun in groqchat("compare", "Hi", *models(A, B)).err
    assert begun not in groqchat("compare", "Hi", *models(A, B), "--gap", "0").err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Hi"], "2 to 8 models"),
        (["Hi", *models(A)], "1 given"),
        (["Hi", *models(*"abcdefghi")], "9 given"),
        (
            ["Hi", *models(A, A)],
            "named twice; variants differ in their parameters: MODEL",
        ),
        (models(A, B), "there is no prompt"),
    ],
)
def test_what_makes_no_sense_is_exit_2(groqchat, words, said):
    done = groqchat("compare", *words)
    assert done.code == 2
    assert said in done.err


def test_without_a_key_it_is_exit_3(groqchat):
    assert groqchat("compare", "Hi", *models(A, B)).code == 3


def test_the_budget_is_heeded(simulator, groqchat, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    (groqchat_home / "config.toml").write_text('[budget]\nmonthly_usd = "0.00"\n')
    assert groqchat("compare", "Hi", *models(A, B)).code == 6
    assert groqchat("compare", "Hi", *models(A, B), "--over-budget").code == 0


def test_a_model_that_ends_without_an_answer_is_a_failure_and_with_a_part_marked(
    simulator, groqchat
):
    none = groqchat("compare", "Hi simulate: ends_refused", *models(A, B), "--json")
    assert none.code == 13
    for result in none.json["results"]:
        assert result["error"]["kind"] == "no_answer"
        assert result["partial"] == result["error"]["partial"] == REFUSAL
        assert result["usage"]["completion_tokens"]
    part = ["compare", "Hi simulate: ends_filtered=9", *models(A, B)]
    done = groqchat(*part)
    assert done.out.count("[Cut off by the content filter]") == 2
    assert "answered in" in done.err
    assert [said["complete"] for said in groqchat(*part, "--json").json["results"]] == [False] * 2
    assert groqchat(*part, "--markdown").out.count("[Cut off by the content filter]") == 2


# -- variants -----------------------------------------------------------------------------------


def test_a_model_stands_several_times_with_other_parameters(simulator, groqchat, tmp_path):
    (tmp_path / "brief.txt").write_text("Be brief.")
    own = ["effort=low", "effort=high", f"system=@{tmp_path / 'brief.txt'}"]
    names = [B, *(f"gpt-oss-20b {written}" for written in own)]
    done = groqchat("compare", "Hi", *models(*names), "--json")
    assert done.code == 0
    results = done.json["results"]
    assert [(each["model"], each["variant"]) for each in results] == [
        (B, written) for written in (None, *own)
    ]
    assert f"{B} effort=high: answered in" in done.err
    columns, answers = asyncio.run(reopened(results[0]["session_id"]))
    assert [column.options.effort for column in columns] == [None, "low", "high", None]
    assert [column.options.system for column in columns] == ["", "", "", "Be brief."]
    assert [column.variant for column in columns] == ["", *own]
    assert answers == [each["message_id"] for each in results]


def test_a_preset_stands_for_its_columns(simulator, groqchat, groqchat_home):
    efforts = f'efforts = ["{B} effort=low", "{B} effort=high"]'
    groqchat_home.mkdir(exist_ok=True)
    (groqchat_home / "config.toml").write_text(f"[presets]\n{efforts}\n")
    results = groqchat("compare", "Hi", *models("@efforts", A), "--json").json["results"]
    assert [(each["model"], each["variant"], each["run"]) for each in results] == [
        (B, "effort=low", 1), (B, "effort=high", 1), (A, None, 1),
    ]  # fmt: skip
    assert f"@efforts\t{B} effort=low, " in lines("columns")[-1]
    unknown = groqchat("compare", "Hi", *models("@effort"))
    assert unknown.code == 2
    assert "no preset is called effort; did you mean efforts?" in unknown.err


async def reopened(session_id):
    """The columns of a comparison that is opened again, and the answer in each."""
    async with open_services(Launch()) as services:
        connection = services.connect(await services.find_key())
        comparison = await connection.comparisons.reopen(session_id, 0.0)
        await connection.close()
        return comparison.columns, [column.leaf_id for column in comparison.columns]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ([f"{A} effort=deep", B], "effort deep: openai/gpt-oss-120b takes low, medium, high"),
        ([f"{A} seed=1", f"{A} seed=1"], f"{A} seed=1 is named twice"),
        ([f"{A} seed=1", "gpt-oss-120b seed=1"], f"{A} seed=1 is named twice"),
        ([f"{A} system=@nowhere.txt", B], "nowhere.txt"),
        ([f"{A} sed=1", B], "no parameter is called sed; did you mean seed?"),
    ],
)
def test_a_variant_that_cannot_be_is_refused_before_anything_is_sent(
    simulator, groqchat, names, told
):
    done = groqchat("compare", "Hi", *models(*names))
    assert done.code == 2
    assert told in done.err
    assert not simulator._state.answers


def test_a_comparison_by_a_schema_holds_values(simulator, groqchat):
    done = groqchat("compare", "Hi", *models(A, B), "--schema", "name str, age int", "--json")
    assert done.code == 0
    for result in done.json["results"]:
        assert result["parsed"] == json.loads(result["answer"])
        assert set(result["parsed"]) == {"name", "age"}
