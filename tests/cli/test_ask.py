"""``groqchat ask``: the answer on stdout, the rest on stderr, and the promised exit codes."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from decimal import Decimal

import pytest

from groqchat.cli.answer_stream import AnswerStream
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import Model
from groqchat.domain.turns.chat import AnswerStarted, Delta, Message, Role, TextWasReasoning
from groqchat.simulator import chat
from groqchat.simulator.exchange import RefusedError
from groqchat.simulator.faults import refusals
from groqchat.storage.catalog import load_catalog
from tests.end_to_end.plain_server import Plain, serving

MODEL = "openai/gpt-oss-120b"
LEAKED = "gsk_" + "abcdefghijklm" * 4


def test_the_answer_is_all_there_is_on_stdout(simulator, groqchat):
    done = groqchat("ask", "What is a monad?")
    assert done.code == 0
    assert done.out.strip()
    assert done.out.endswith("\n")
    assert done.err == ""


LOADED = """
import gc, sys
from groqchat.__main__ import main
code = main()
collections = gc.get_stats()[2]["collections"]
print(code, collections, gc.get_freeze_count() > 10_000, *sys.modules, file=sys.stderr)
"""
# None of it has a part in an answer, and each would cost it 2 to 100 ms.
UNUSED = (
    *("textual", "rich", "click", "pygments", "markdown_it", "tomlkit", "keyring"),
    *("filelock", "openai", "groq.types.chat.chat_completion", "groqchat.ui.workspace"),
    *("groqchat.simulator", "groqchat.reports", "groqchat.domain.planning"),
    *("groqchat.domain.compare.compare", "groqchat.domain.prompt_sets"),
    *("groqchat.domain.text.search_terms", "groqchat.domain.turns.scripts"),
    *("groqchat.services.compare.compare", "groqchat.services.prompt_sets"),
    *("groqchat.services.team.limits", "groqchat.services.team.admission", "groqchat.team.store"),
)


def test_a_process_that_asks_loads_only_what_answers_and_collects_no_garbage(simulator):
    command = [sys.executable, "-c", LOADED, "ask", "What is a monad?"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    code, collections, is_frozen, *loaded = done.stderr.split()
    assert (code, collections, is_frozen) == ("0", "0", "True")
    assert "groq" in loaded
    assert [name for name in loaded if f"{name}.".startswith(tuple(f"{x}." for x in UNUSED))] == []


def test_json_holds_the_whole_answer(simulator, groqchat):
    done = groqchat("ask", "What is a monad?", "-m", MODEL, "--json")
    assert (done.code, done.err) == (0, "")
    told = done.json
    answer = simulator.answer(told["request_id"])
    assert told["answer"] == answer.content
    assert (told["model"], told["service_tier"], told["attempts"]) == (MODEL, "on_demand", 1)
    assert (told["finish_reason"], told["complete"]) == ("stop", True)
    usage = told["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    price = load_catalog().get(MODEL).price
    cost = (
        usage["prompt_tokens"] * price.input + usage["completion_tokens"] * price.output
    ) / 10**6
    assert Decimal(told["cost_usd"]) == cost
    assert Decimal(told["price"]["input"]) == price.input
    assert told["price"]["source"]
    assert told["timing"]["time_to_first_token_s"] <= told["timing"]["total_s"]
    assert told["quota"]["RPD"]["source"] == "header"
    assert told["quota"]["RPD"]["remaining"] == told["quota"]["RPD"]["limit"] - 1
    assert told["quota"]["RPM"]["source"] == "ledger"
    left = {kind.value: count for kind, count in simulator.state(MODEL).items()}
    assert left["TPD"] == told["quota"]["TPD"]["remaining"]


def test_what_nobody_told_is_absent_or_null(unlimited, groqchat):
    told = groqchat("ask", "Hi", "-m", "nobody/knows-it", "--json").json
    assert told["quota"] == {}
    assert (told["cost_usd"], told["price"]) == (None, None)


def test_usage_is_narrated_on_stderr(simulator, groqchat):
    done = groqchat("ask", "Hi", "-m", MODEL, "--usage")
    assert MODEL in done.err
    assert "cost $0.0" in done.err
    assert " in · " in done.err


def test_what_is_piped_in_comes_before_the_prompt(simulator, groqchat):
    groqchat("ask", "Summarise", piped="Füße\n".encode())
    shown = groqchat("sessions", "show", latest(groqchat)).out
    assert "Füße\n\n\nSummarise" in shown


def test_a_file_beyond_the_context_window_is_not_sent(simulator, groqchat, tmp_path):
    long = tmp_path / "long.txt"
    long.write_text("\n".join(f"{n * 7919} lines of {n**3}" for n in range(60_000)))
    done = groqchat("ask", "Sum up", "-f", long, "-m", MODEL, "--json")
    error = done.json["error"]
    assert (done.code, error["kind"], error["limit"]) == (6, "too_large", 131_072)
    assert error["requested"] > 131_072
    assert "Nothing was sent" in error["message"]


def test_files_are_added_under_their_names(simulator, groqchat, tmp_path):
    (tmp_path / "notes.md").write_text("one ``` two")
    assert groqchat("ask", "Sum up", "-f", tmp_path / "notes.md").code == 0
    assert (
        "notes.md:\n````\none ``` two\n````\n\nSum up"
        in groqchat("sessions", "show", latest(groqchat)).out
    )


@pytest.mark.parametrize(
    ("words", "piped", "sentence"),
    [
        (["ask"], b"", "there is no prompt"),
        (["ask", "  "], b"\n", "there is no prompt"),
        (["ask", "x"], b"\xff\xfe", "the piped input is not text in UTF-8"),
        (["ask", "x"], b"a\0b", "holds NUL"),
        (["ask", "x", "-f", "nowhere.txt"], b"", "cannot read nowhere.txt: No such file"),
        (["ask", "x", "-f", ""], b"", "-f names no file"),
        (["ask", "x", "-f", "/dev/null"], b"", "/dev/null is empty"),
        (["ask", "x", "--session", "zzz"], b"", "there is no session 'zzz'"),
        (["ask", "x", "-c"], b"", "there is no session to continue"),
        (["ask", "x", "-c", "--no-save"], b"", "give either --no-save or a session"),
        (["ask", "x", "--max-tokens", "0"], b"", "no whole number"),
        (["ask", "x", "--max-wait", "-1"], b"", "argument"),
        (["ask", "x", "--tier", "vip"], b"", "invalid choice"),
    ],
)
def test_misuse_is_one_sentence_and_exit_2(simulator, groqchat, words, piped, sentence):
    done = groqchat(*words, piped=piped)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err


def test_a_session_goes_on(simulator, groqchat):
    first = groqchat("ask", "One?", "--json").json
    second = groqchat("ask", "-c", "Two?", "--json").json
    third = groqchat("ask", "--session", first["session_id"][:10], "Three?", "--json").json
    assert first["session_id"] == second["session_id"] == third["session_id"]
    shown = groqchat("sessions", "show", first["session_id"]).out
    assert shown.index("One?") < shown.index("Two?") < shown.index("Three?")
    assert third["usage"]["prompt_tokens"] > first["usage"]["prompt_tokens"]


def test_a_prompt_that_failed_is_not_asked_twice_when_going_on(simulator, groqchat):
    assert groqchat("ask", "First?").code == 0
    simulator.arm("key_rejected*1")
    assert groqchat("ask", "-c", "Lost?").code == 4
    assert groqchat("ask", "-c", "Again?").code == 0
    shown = groqchat("sessions", "show", latest(groqchat)).out
    assert "## You\n\nLost?" not in shown
    assert "## You\n\nAgain?" in shown


@pytest.mark.parametrize(
    ("command", "fault", "is_left"),
    [
        (("ask",), "key_rejected", False),
        (("ask",), "network_refused", False),
        (("ask",), "cut=5", True),
        (
            ("compare", "-m", "openai/gpt-oss-20b", "-m", "openai/gpt-oss-120b"),
            "key_rejected",
            False,
        ),
    ],
)
def test_what_failed_without_an_answer_leaves_no_session(
    simulator, groqchat, command, fault, is_left
):
    simulator.arm(fault)
    assert groqchat(*command, "Lost?").code
    assert bool(groqchat("sessions", "list", "--json").json) == is_left


def test_nothing_is_saved_unless_wanted_but_all_is_counted(simulator, groqchat):
    assert groqchat("ask", "Secret", "--no-save").code == 0
    assert groqchat("sessions", "list", "--json").json == []
    assert groqchat("usage", "--json").json["requests"] == 1


def test_the_system_prompt_of_a_session_stays(simulator, groqchat):
    groqchat("ask", "Hi", "-s", "Be terse.")
    groqchat("ask", "-c", "And now?")
    assert "## System\n\nBe terse." in groqchat("sessions", "show", latest(groqchat)).out


def test_a_session_is_gone_on_with_as_it_was_asked(simulator, groqchat, groqchat_home, asked):
    def told():
        names = ("service_tier", "reasoning_effort", "max_completion_tokens")
        return [asked[-1].get(name) for name in names]

    groqchat("ask", "Hi", "--tier", "flex", "--effort", "low", "--max-tokens", "90", "-m", MODEL)
    groqchat_home.joinpath("config.toml").write_text('service_tier = "auto"\nmax_tokens = 80\n')
    groqchat("ask", "-c", "And now?")
    assert told() == ["flex", "low", 90]
    groqchat("ask", "-c", "For once", "--tier", "on_demand", "--effort", "high")
    assert told() == ["on_demand", "high", 90]
    groqchat("ask", "-c", "As before")
    assert told() == ["flex", "low", 90]
    groqchat("ask", "-c", "By default", "--tier", "off", "--effort", "off")
    assert told() == [None, None, 90]
    groqchat("ask", "A new one", "-m", MODEL)
    assert told() == ["auto", None, 80]


def test_parameters_are_sent_as_given_and_stay_with_the_session(simulator, groqchat, asked):
    names = ("temperature", "top_p", "seed", "stop", "include_reasoning")
    given = ("--temperature", "0.2", "--seed", "7", "--stop", "END", "--stop", "\n\n")
    groqchat("ask", "Hi", "-m", MODEL, *given, "--reasoning-format", "hidden")
    assert [asked[-1].get(name) for name in names] == [0.2, None, 7, ["END", "\n\n"], False]
    groqchat("ask", "-c", "And now?", "--top-p", "0.9", "--stop", "off", "--temperature", "off")
    assert [asked[-1].get(name) for name in names] == [None, 0.9, 7, None, False]
    document = groqchat("sessions", "export", latest(groqchat), "--format", "json").json
    assert document["parameters"]["stop"] == ["END", "\n\n"]
    kept = [each["asked_with"] for each in document["messages"] if "asked_with" in each]
    assert [(each.get("temperature"), each.get("top_p")) for each in kept] == [
        (0.2, None),
        (None, 0.9),
    ]


def test_a_parameter_that_the_model_does_not_take_is_refused_before_anything_is_sent(
    simulator, groqchat, asked
):
    for given, told in (
        (("--temperature", "3"), "--temperature 3: openai/gpt-oss-120b takes a number from 0 to 2"),
        (("--reasoning-format", "raw"), "--reasoning-format raw: openai/gpt-oss-120b takes parsed"),
        (("--stop", ""), "--stop: up to 4 texts of 1 to 400 characters"),
    ):
        done = groqchat("ask", "Hi", "-m", MODEL, *given)
        assert (done.code, told in done.err) == (2, True)
    pair = ("-m", MODEL, "-m", "qwen/qwen3.8-27b")
    done = groqchat("compare", "Hi", *pair, "--seed", "x")
    assert (done.code, "--seed x: openai/gpt-oss-120b takes a whole number" in done.err) == (
        2,
        True,
    )
    assert asked == []


def test_advice_on_a_refused_parameter_leads_out_also_where_the_session_keeps_it(
    simulator, groqchat, monkeypatch
):
    read, told = chat.read_chat, "`reasoning_effort` is not supported with this model"

    def without_effort(body, world):
        if "reasoning_effort" in body:
            raise RefusedError(refusals.bad_request(told, param="reasoning_effort").reply)
        return read(body, world)

    assert groqchat("ask", "Hi", "-m", MODEL, "--effort", "low").code == 0
    monkeypatch.setattr(chat, "read_chat", without_effort)
    refused = groqchat("ask", "-c", "And now?")
    assert refused.code == 9
    assert "Send again with --effort off." in refused.err
    assert groqchat("ask", "-c", "And now?", "--effort", "off").code == 0


@pytest.mark.parametrize(
    ("fault", "option", "told"),
    [
        (
            "effort_wrong*1",
            ("--effort", "low"),
            (
                "does not take reasoning_effort low: `reasoning_effort` must be one of `none` or "
                "`default`. Give another with --effort (or off); it takes none, default."
            ),
        ),
        (
            "effort_unsupported*1",
            ("--effort", "low"),
            (
                "does not take reasoning_effort: `reasoning_effort` is not supported with this "
                "model. Send again with --effort off."
            ),
        ),
        (
            "max_tokens*1",
            ("--max-tokens", "90"),
            "Give another with --max-tokens; it takes at most 16,384.",
        ),
    ],
)
def test_a_refused_value_is_told_with_what_is_taken_and_the_option_for_it(
    simulator, groqchat, fault, option, told
):
    simulator.arm(fault)
    done = groqchat("ask", "Hi", "-m", MODEL, *option)
    assert done.code == 9
    assert told in done.err


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        ("key_rejected", 4, ("key_rejected", 401)),
        ("blocked_org", 5, ("not_permitted", 403)),
        ("spend_limit", 5, ("not_permitted", 400)),
        ("org_restricted", 5, ("not_permitted", 400)),
        ("rate_limited", 6, ("rate_limited", 429)),
        ("too_large", 6, ("too_large", 413)),
        ("context_length", 6, ("too_large", 400)),
        ("output_too_large", 6, ("too_large", 429)),
        ("network_refused", 7, ("unreachable", 403)),
        ("cloudflare_html", 7, ("unreachable", 403)),
        ("html_200", 7, ("unreachable", 200)),
        ("flex_full", 8, ("tier_full", 498)),
        ("over_capacity", 8, ("service_error", 503)),
        ("cut", 8, ("stream_broken", None)),
        ("model_not_found", 9, ("model_gone", 404)),
        ("decommissioned", 9, ("model_gone", 400)),
        ("effort_unsupported", 9, ("invalid_request", 400)),
        ("unprocessable", 9, ("invalid_request", 422)),
    ],
)
def test_every_failure_has_its_code_and_its_json(simulator, groqchat, fault, code, told):
    simulator.arm(fault)
    done = groqchat("ask", "Why?", "-m", MODEL, "--max-wait", "0", "--json")
    assert done.code == code
    error = done.json["error"]
    assert (error["kind"], error.get("status")) == told
    assert error["message"]
    assert error["suggestion"]
    assert error["message"] in done.err


def test_what_the_model_said_in_vain_is_told_in_json(simulator, groqchat):
    simulator.arm("tool_use_failed")
    error = groqchat("ask", "Why?", "-m", MODEL, "--json").json["error"]
    assert error["kind"] == "invalid_request"
    assert error["failed_generation"]


def test_a_broken_stream_leaves_what_came_on_stdout(simulator, groqchat):
    simulator.arm("cut=5")
    done = groqchat("ask", "Why?")
    assert done.code == 8
    assert done.out.strip()
    partial = groqchat("ask", "Why?", "--json").json["error"]["partial"]
    assert partial.strip() == done.out.strip()


def test_of_a_broken_answer_that_is_not_saved_nothing_is_said_to_be_kept(simulator, groqchat):
    simulator.arm("cut")
    done = groqchat("ask", "Why?", "--no-save")
    assert done.code == 8
    assert "Answer cut off. Send it again for a whole answer." in done.err
    assert "kept" not in done.err
    assert "ask -c" not in done.err


def test_a_model_that_is_gone_names_one_that_is_not(simulator, groqchat):
    done = groqchat("ask", "Hi", "-m", "llama-3.1-8b-instant", "--json")
    assert done.code == 9
    assert done.json["error"]["replacement"] in done.json["error"]["suggestion"]


def test_a_limit_with_a_short_wait_is_slept_through(simulator, groqchat):
    simulator.arm("rate_limited=0.05*1")
    done = groqchat("ask", "Hi", "-m", MODEL, "--json")
    assert done.code == 0
    assert done.json["attempts"] == 2
    assert "Waiting" in done.err


def test_a_limit_with_a_long_wait_ends_at_once_and_says_when(simulator, groqchat):
    simulator.arm("rate_limited=300")
    done = groqchat("ask", "Hi", "-m", MODEL, "--json")
    assert done.code == 6
    error = done.json["error"]
    assert (error["kind"], error["bucket"]) == ("rate_limited", "TPM")
    assert error["retry_after_s"] >= 60
    assert "Send again in" in done.err


def test_too_large_is_a_limit_that_no_wait_helps(simulator, groqchat):
    done = groqchat("ask", "word " * 60_000, "-m", MODEL, "--json")
    assert done.code == 6
    assert done.json["error"]["kind"] == "too_large"


def test_a_spent_budget_stops_and_can_be_overridden(simulator, groqchat, groqchat_home):
    groqchat_home.mkdir(parents=True, exist_ok=True)
    (groqchat_home / "config.toml").write_text('[budget]\nmonthly_usd = "0.00"\n')
    done = groqchat("ask", "Hi", "--json")
    assert (done.code, done.json["error"]["kind"]) == (6, "over_budget")
    assert groqchat("ask", "Hi", "--over-budget").code == 0


def test_an_answer_that_crosses_a_part_of_a_budget_says_how_much_is_spent(
    simulator, groqchat, groqchat_home
):
    ask = ("ask", "Hi", "-m", MODEL, "--json", "--over-budget")
    first = Decimal(groqchat(*ask).json["cost_usd"])
    (groqchat_home / "config.toml").write_text(f'[budget]\nmonthly_usd = "{3 * first}"\n')
    second = groqchat(*ask)
    share = int((first + Decimal(second.json["cost_usd"])) * 100 / (3 * first))
    assert f"{share}% of your budget is spent" in second.err
    assert second.err.count("\n") == 1


def test_no_key_is_exit_3_with_what_to_do(groqchat):
    done = groqchat("ask", "Hi")
    assert (done.code, done.out) == (3, "")
    assert "groqchat key add" in done.err
    assert done.err.count("\n") == 1


def test_no_server_is_exit_7(groqchat, monkeypatch, free_port):
    monkeypatch.setenv("GROQ_API_KEY", "gsk_test_x")
    monkeypatch.setenv("GROQ_BASE_URL", f"http://127.0.0.1:{free_port}")
    done = groqchat("ask", "Hi", "--max-wait", "0", "--json")
    assert (done.code, done.json["error"]["kind"]) == (7, "unreachable")


def test_ctrl_c_stops_with_130_and_keeps_what_came(simulator, groqchat, process):
    simulator.arm("stall")
    child = process("ask", "Tell me", "-m", MODEL, cold=True)
    child.stdin.close()
    child.stdin = None
    first = child.stdout.read(1)
    child.send_signal(signal.SIGINT)
    rest, err = child.communicate(timeout=120)
    assert child.returncode == 130
    assert b"Traceback" not in err
    shown = groqchat("sessions", "show", latest(groqchat)).out
    assert "stopped" in shown
    assert (first + rest).decode().strip() in shown


@pytest.mark.parametrize("kept", [True, False])
def test_ctrl_c_says_where_what_came_is_kept(simulator, groqchat, process, kept):
    simulator.arm("stall")
    child = process("ask", "Tell me", "-m", MODEL, *([] if kept else ["--no-save"]))
    child.stdin.close()
    child.stdin = None
    child.stdout.read(1)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=120)
    assert child.returncode == 130
    if kept:
        assert f"What arrived is kept: `groqchat sessions show {latest(groqchat)}`." in err.decode()
    else:
        assert err.decode() == "groqchat: stopped.\n"


def arrived(home):
    """What is stored of the answer by now."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(home / "groqchat.db")) as db:
        rows = db.execute("SELECT content FROM messages WHERE role = 'assistant'").fetchall()
        return "".join(content for (content,) in rows)
    return ""


@pytest.mark.parametrize("kept", [True, False])
def test_ctrl_c_leaves_one_json_document(simulator, groqchat, process, groqchat_home, kept):
    simulator.arm("stall")
    untouched = simulator.state(MODEL)[LimitKind.RPD]
    child = process("ask", "Tell me", "-m", MODEL, "--json", *([] if kept else ["--no-save"]))
    child.stdin.close()
    child.stdin = None
    while (
        not arrived(groqchat_home) if kept else simulator.state(MODEL)[LimitKind.RPD] == untouched
    ):
        assert child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=120)
    assert child.returncode == 130
    document = json.loads(out)
    assert document["stopped"] is True
    if kept:
        assert arrived(groqchat_home).startswith(document["partial"].rstrip())
        assert document["session_id"] == latest(groqchat)
    else:
        assert document["session_id"] is None
        says_nothing_came = "stopped before the answer began." in err.decode()
        assert says_nothing_came == ("partial" not in document)


def test_ctrl_c_names_the_session_also_where_nothing_of_the_answer_came(
    simulator, groqchat, process
):
    simulator.arm("slow_first_token=600")
    untouched = simulator.state(MODEL)[LimitKind.RPD]
    child = process("ask", "Tell me", "-m", MODEL, "--json")
    child.stdin.close()
    child.stdin = None
    while simulator.state(MODEL)[LimitKind.RPD] == untouched:
        assert child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=120)
    assert (child.returncode, json.loads(out)) == (
        130,
        {"stopped": True, "session_id": latest(groqchat)},
    )
    said = f"The prompt is kept: `groqchat sessions show {latest(groqchat)}`."
    assert said in err.decode()


def test_a_reader_that_leaves_is_no_error(simulator, process):
    child = process("ask", "Tell me", "-m", MODEL)
    child.stdin.close()
    child.stdin = None
    child.stdout.close()
    child.stdout = None
    _, err = child.communicate(timeout=120)
    assert child.returncode == 0
    assert err == b""


def latest(groqchat):
    """The id of the session used last."""
    return groqchat("sessions", "list", "--json").json[0]["id"]


# -- a machine that is not in order -----------------------------------------------------------


def test_a_home_that_cannot_be_written_is_exit_10_unless_nothing_is_to_be_kept(
    simulator, groqchat, groqchat_home
):
    groqchat_home.write_text("a file where the folder should be")
    done = groqchat("ask", "Hi", "--json")
    assert (done.code, done.json["error"]["kind"]) == (10, "storage")
    done = groqchat("ask", "Hi", "--no-save")
    assert done.code == 0
    assert done.out.strip()
    assert "nothing of this run is kept" in done.err


def test_a_damaged_database_is_moved_aside_and_work_goes_on(simulator, groqchat, groqchat_home):
    groqchat_home.mkdir()
    (groqchat_home / "groqchat.db").write_bytes(b"not a database at all" * 1000)
    done = groqchat("ask", "Hi")
    assert done.code == 0
    assert done.out.strip()
    assert "moved to" in done.err
    assert len(groqchat("sessions", "list", "--json").json) == 1


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[[[", "line 1"),
        ('model = "a"\n\n[budget]\nmonthly_usd = "ten"\n', "line 4"),
        ("[budget]\nmonthly_usd = -1\n", "line 2"),
        ("[budget]\nmonthly_usd = [10]\n", "line 2"),
        ("[budget]\nmontly_usd = 10\n", "line 2"),
        ("budget = 10\n", "line 1"),
        ("[budgets]\nmonthly_usd = 10\n", "line 1"),
        ("monthly_usd = 10\n", "line 1"),
        ("[endpoints.other]\nmodel = 'x'\n", "line 1"),
    ],
)
def test_where_a_budget_or_an_endpoint_may_stand_unread_nothing_is_sent(
    simulator, groqchat, groqchat_home, written, told
):
    groqchat_home.mkdir()
    (groqchat_home / "config.toml").write_text(written)
    questions = groqchat_home / "q.txt"
    questions.write_text('{"prompt": "Why?"}\n')
    pair = ("-m", "openai/gpt-oss-120b", "-m", "openai/gpt-oss-20b")
    for command in (
        ("ask", "Hi"),
        ("compare", *pair, "Hi"),
        ("compare", *pair, "--file", questions),
    ):
        done = groqchat(*command, "--json")
        assert done.code == 10
        assert done.json["error"]["kind"] == "storage"
        assert told in done.json["error"]["message"]
    assert groqchat("usage", "--json").json["requests"] == 0
    assert done.err.count("\n") == 1


def test_the_users_own_prices_are_used(simulator, groqchat, groqchat_home):
    groqchat_home.mkdir()
    prices = '[prices."openai/gpt-oss-120b"]\ninput = "1000000"\noutput = "0"\n'
    (groqchat_home / "config.toml").write_text(prices)
    told = groqchat("ask", "Hi", "-m", MODEL, "--json").json
    assert told["cost_usd"] == f"{told['usage']['prompt_tokens']}.00"
    assert told["price"]["source"] == "config.toml"


def test_times_in_json_are_rounded(simulator, groqchat):
    told = groqchat("ask", "Hi", "-m", MODEL, "--json").json
    times = [told["timing"]["time_to_first_token_s"], told["timing"]["total_s"]]
    times += [bucket["resets_in_s"] for bucket in told["quota"].values()]
    assert all(time == round(time, 3) for time in times if time is not None)


def test_whether_the_server_counted_the_tokens_is_told(simulator, groqchat, monkeypatch):
    assert groqchat("ask", "Hi", "--json").json["usage"]["usage_estimated"] is False
    monkeypatch.setattr("groqchat.provider.answer_reader.fields.usage", lambda _: None)
    done = groqchat("ask", "Hi", "--json", "--usage")
    assert done.json["usage"]["usage_estimated"] is True
    assert done.json["usage"]["completion_tokens"] > 0
    assert "≈ " in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ask", "x", "--session", "zzz"], "there is no session 'zzz'"),
        (["ask", "x", "--tier", "vip"], "invalid choice"),
        (["sessions", "show", "zzz"], "there is no session 'zzz'"),
        (["sessions"], "required"),
        (["nonsense"], "invalid choice"),
    ],
)
def test_misuse_is_told_in_json_too_where_that_is_wanted(simulator, groqchat, words, said):
    done = groqchat(*words, "--json")
    assert done.code == 2
    error = done.json["error"]
    assert error["kind"] == "invalid_request"
    assert said in error["message"]
    assert said in done.err
    assert groqchat(*words).out == ""


def test_settings_that_only_the_screen_needs_are_judged_too(simulator, groqchat, groqchat_home):
    groqchat_home.mkdir()
    (groqchat_home / "config.toml").write_text('theme = "nope"\nnonsense = 1\n')
    done = groqchat("ask", "Hi")
    assert done.code == 0
    assert "There is no theme nope." in done.err
    assert "“nonsense” is no setting" in done.err
    (groqchat_home / "config.toml").write_text('theme = "midnight"\n')
    assert groqchat("ask", "Hi").err == ""


def test_a_profile_that_nobody_stored_is_not_booked(simulator, groqchat):
    done = groqchat("ask", "Hi", "--profile", "typo")
    assert done.code == 0
    assert "no key is stored under the name 'typo'; GROQ_API_KEY is used, as default." in done.err
    rows = groqchat("usage", "--by", "profile", "--json").json["rows"]
    assert [row["key"] for row in rows] == ["default"]


@pytest.mark.parametrize(
    ("fault", "suggestion"),
    [
        ("key_rejected", "Store another with `groqchat key add`"),
        ("cut", "`groqchat ask -c 'Go on'`"),
        ("too_large", "choose another --model"),
        ("flex_full", "use --tier on_demand"),
    ],
)
def test_advice_is_in_the_words_of_the_command_line(simulator, groqchat, fault, suggestion):
    simulator.arm(fault)
    done = groqchat("ask", "Hi", "-m", MODEL, "--max-wait", "0", "--json")
    assert suggestion in done.json["error"]["suggestion"]
    assert suggestion in done.err


def test_qwen_reasons_apart_from_its_answer(simulator, groqchat):
    told = groqchat("ask", "Why?", "-m", "qwen/qwen3.8-27b", "--effort", "low", "--json").json
    sent = simulator.answer(told["request_id"])
    assert (told["answer"], told["reasoning"]) == (sent.content, sent.reasoning)


@pytest.mark.parametrize("text", ["<think>\nHm.\n</think>\n\nTwo.", "Hm.\n</think>\n\nTwo."])
def test_reasoning_in_the_text_of_an_answer_is_not_printed(groqchat, monkeypatch, text):
    monkeypatch.setattr(Plain, "text", text)
    with serving(Plain) as url:
        monkeypatch.setenv("GROQ_BASE_URL", url)
        monkeypatch.setenv("GROQ_API_KEY", "gsk_test_0123456789abcdefghij")
        assert groqchat("ask", "1 + 1?", "-m", "some/model").out == "Two.\n"
        told = groqchat("ask", "1 + 1?", "-m", "some/model", "--json").json
    assert (told["answer"], told["reasoning"].strip()) == ("Two.", "Hm.")


@pytest.mark.parametrize(
    ("fault", "reason", "words"),
    [
        ("ends_filtered", "content_filter", "A content filter removed the whole"),
        ("ends_refused", "stop", "refused to answer: I'm sorry, but I can't help with that."),
        ("ends_in_a_call", "tool_calls", "wanted to call a tool"),
        ("ends_oddly", "insufficient_system_resource", "given is insufficient_system_resource."),
        ("only_reasons", "stop", "ended after its reasoning"),
        ("says_nothing", "stop", "sent an empty answer"),
    ],
)
def test_an_end_without_an_answer_is_exit_13(simulator, groqchat, fault, reason, words):
    done = groqchat("ask", f"Hi simulate: {fault}", "-m", MODEL)
    assert (done.code, words in done.err) == (13, True)
    told = groqchat("ask", f"Hi simulate: {fault}", "-m", MODEL, "--json").json["error"]
    assert (told["kind"], told["finish_reason"]) == ("no_answer", reason)


def test_reasoning_that_leaves_no_room_for_an_answer_is_none(simulator, groqchat):
    done = groqchat("ask", "Hi", "-m", MODEL, "--max-tokens", "3", "--json")
    assert (done.code, done.json["error"]["finish_reason"]) == (13, "length")
    assert "--max-tokens" in done.err


@pytest.mark.parametrize(
    ("fault", "reason", "words"),
    [
        ("ends_filtered=9", "content_filter", "cut off by the content filter"),
        ("ends_refused=9", "stop", "ended in a refusal"),
        ("ends_in_a_call=9", "tool_calls", "ended with a tool call"),
        ("ends_oddly=9", "insufficient_system_resource", "insufficient_system_resource"),
    ],
)
def test_a_part_of_an_answer_is_printed_and_told_as_such(simulator, groqchat, fault, reason, words):
    done = groqchat("ask", f"Hi simulate: {fault}", "-m", MODEL)
    assert (done.code, words in done.err, bool(done.out.strip())) == (0, True, True)
    told = groqchat("ask", f"Hi simulate: {fault}", "-m", MODEL, "--json").json
    assert (told["complete"], told["finish_reason"]) == (False, reason)
    shown = groqchat("sessions", "show", told["session_id"])
    assert words in shown.out


def test_content_in_parts_is_an_answer_like_others(simulator, groqchat):
    told = groqchat("ask", "Hi simulate: in_parts", "-m", MODEL, "--json").json
    assert told["answer"] == simulator.answer(told["request_id"]).content


def test_on_a_terminal_reasoning_that_was_printed_is_told_from_the_answer(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    stream = AnswerStream(Model, is_quiet=False)
    started = AnswerStarted(Message("a", "s", "p", Role.ASSISTANT, "", 0.0, model="some/model"))
    for event in (started, Delta("Hm."), TextWasReasoning(), Delta("Two.")):
        stream.take(event)
    stream.end()
    out, err = capsys.readouterr()
    assert out == "Hm.\nTwo.\n"
    assert "above was reasoning" in err


def test_what_was_held_back_of_a_broken_answer_is_printed_too(simulator, groqchat):
    simulator._state.models["some/model"] = Model("some/model")
    done = groqchat("ask", "Hi simulate: cut=9", "-m", "some/model")
    assert done.code == 8
    assert done.out.strip()


@pytest.mark.parametrize(
    ("words", "piped"),
    [
        (("ask", f"Is {LEAKED} mine?"), b""),
        (("ask", "Whose?"), LEAKED.encode()),
        (("compare", f"Is {LEAKED} mine?", "-m", "20b", "-m", "120b"), b""),
    ],
)
def test_of_a_key_in_a_prompt_is_warned(simulator, groqchat, words, piped):
    done = groqchat(*words, piped=piped)
    assert done.code == 0
    assert "the prompt contains an API key" in done.err
    assert "contains an API key" not in groqchat("ask", "Whose is gsk_x?").err


def test_of_a_private_key_in_a_file_is_warned(simulator, groqchat, tmp_path):
    dashes = "-" * 5
    key = "\n".join([f"{dashes}BEGIN PRIVATE KEY{dashes}", "MIIEvAIBADANBgkqhkiG9w0BAQE" * 9])
    (tmp_path / "id.pem").write_text(key)
    done = groqchat("ask", "What is it?", "-f", str(tmp_path / "id.pem"))
    assert done.code == 0
    assert "the prompt contains a private key; the server will read it" in done.err


def test_what_is_not_kept_has_no_ids_to_go_on_with(simulator, groqchat):
    assert groqchat("ask", "Hi", "--no-save", "--json").json["session_id"] is None
    kept = groqchat("ask", "Hi", "--json").json["session_id"]
    assert groqchat("ask", "More", "--session", kept).code == 0
    compared = groqchat("compare", "Hi", "-m", "20b", "-m", "120b", "--no-save", "--json").json
    for result in compared["results"]:
        assert (result["session_id"], result["message_id"]) == (None, None)


def test_a_prompt_that_fits_no_window_is_to_be_shortened(simulator, groqchat):
    simulator.arm("context_length")
    done = groqchat("ask", "Hi", "--json")
    assert done.code == 6
    assert "does not fit the context window" in done.json["error"]["message"]
    assert done.json["error"]["suggestion"].startswith("Shorten the prompt")


def test_where_no_model_is_named_the_one_used_last_is_asked(simulator, groqchat):
    assert groqchat("ask", "Hi", "--json").json["model"] == MODEL
    groqchat("ask", "Hi", "-m", "20b")
    for options in ((), ("--no-save",)):
        assert groqchat("ask", "Hi", "--json", *options).json["model"] == "openai/gpt-oss-20b"
