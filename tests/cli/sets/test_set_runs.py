"""Runs of one file: which one counts, how it is found again, and that one process asks it."""

import json
import re
import signal
import time
from subprocess import DEVNULL

import pytest

from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.cli.conftest import KEY
from tests.cli.sets.test_compare_set import MODELS, ROWS, A, B, asked, written

C = "allam-2-7b"


@pytest.fixture
def prompts(tmp_path):
    return written(tmp_path, ROWS)


@pytest.fixture
def slow(monkeypatch):
    """A server that takes a moment to begin an answer."""
    with BackgroundSimulator(load_catalog(), Options(rate=None, first_token_s=0.3)) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        monkeypatch.setenv("GROQ_API_KEY", KEY)
        yield running.simulator


# -- how it was asked --------------------------------------------------------------------------


def test_a_report_remembers_how_the_last_run_was_asked(simulator, groqchat, prompts):
    briefly = ["--file", prompts, *MODELS, "-s", "Be brief.", "--max-tokens", "400"]
    first = groqchat("compare", *briefly, "--json").json
    for given in ([], ["-s", "Be brief."], ["--max-tokens", "400"]):
        report = groqchat("compare", "--file", prompts, "--report", "--json", *given).json
        assert report["results"] == first["results"]
    # The same file goes on in the same session, asked in another way; the last way counts.
    groqchat("compare", "--file", prompts, *MODELS)
    report = groqchat("compare", "--file", prompts, "--report", "--json").json
    assert report["session_id"] == first["session_id"]
    assert report["results"][0]["message_id"] != first["results"][0]["message_id"]
    # What is there already is remembered too, though nothing is sent for it.
    groqchat("compare", *briefly)
    report = groqchat("compare", "--file", prompts, "--report", "--json").json
    assert report["results"] == first["results"]
    assert set(asked(simulator).values()) == {2}


def test_parameters_are_part_of_what_is_asked_and_the_report_remembers_them(
    simulator, groqchat, prompts, asked
):
    given = ("--file", prompts, *MODELS, "--temperature", "0.2", "--stop", "END")
    plain = groqchat("compare", "--file", prompts, *MODELS, "--json").json
    warm = groqchat("compare", *given, "--json").json
    assert warm["results"][0]["message_id"] != plain["results"][0]["message_id"]
    assert (asked[-1]["temperature"], asked[-1]["stop"]) == (0.2, ["END"])
    count = len(asked)
    groqchat("compare", *given)
    assert len(asked) == count
    report = groqchat("compare", "--file", prompts, "--report", "--json").json
    assert report["results"] == warm["results"]
    report = groqchat(
        "compare", "--file", prompts, "--report", "--json", "--temperature", "off", "--stop", "off"
    ).json
    assert report["results"] == plain["results"]
    refused = groqchat("compare", "--file", prompts, "-m", A, "--reasoning-format", "raw")
    assert (refused.code, "takes parsed, hidden" in refused.err) == (2, True)


def test_a_run_that_asks_nothing_does_not_change_how_the_last_one_was_asked(
    simulator, groqchat, prompts
):
    first = groqchat("compare", "--file", prompts, *MODELS, "--json").json
    groqchat("compare", "--file", prompts, *MODELS, "-s", "Be brief.", "--budget", "0")
    report = groqchat("compare", "--file", prompts, "--report", "--json").json
    assert report["results"] == first["results"]


def test_a_report_has_the_models_in_the_order_of_the_run(simulator, groqchat, prompts):
    def order(*given):
        report = groqchat("compare", "--file", prompts, "--report", "--json", *given).json
        return [model["model"] for model in report["models"]]

    groqchat("compare", "--file", prompts, "-m", B, "-m", A)
    assert order() == [B, A]
    assert order("-m", A, "-m", B) == [A, B]
    groqchat("compare", "--file", prompts, "-m", C, "-m", B)
    assert order() == [C, B, A]


def test_over_budget_lifts_no_budget_of_the_set(simulator, groqchat, prompts):
    assert "--budget of a set still holds" in " ".join(groqchat("compare", "-h").out.split())
    done = groqchat("compare", "--file", prompts, *MODELS, "--budget", "0", "--over-budget")
    assert done.code == 6
    assert "--over-budget lifts the budgets of your settings, not --budget." in done.err


def test_a_report_of_nothing_says_why(simulator, groqchat, prompts):
    assert "was sent yet" in groqchat("compare", "--file", prompts, "--report").err
    groqchat("compare", "--file", prompts, *MODELS)
    for changed, words in ((False, ["-s", "Be brief."]), (True, [])):
        if changed:
            written(prompts.parent, [{"prompt": "Something else"}])
        done = groqchat("compare", "--file", prompts, "--report", *words)
        assert (done.code, done.out) == (2, "")
        assert "has none of these prompts: they changed, or -s/--max-tokens differ" in done.err
        assert len(done.err.splitlines()) == 1
    written(prompts.parent, ROWS)
    done = groqchat("compare", "--file", prompts, "--report", "-m", "a/a", "-m", "b/b")
    assert done.code == 2
    assert f"asked {A}, {B}" in done.err
    assert groqchat("compare", "--file", prompts, "--report", "-m", A, "-m", "b/b").code == 0


# -- which one counts --------------------------------------------------------------------------


def test_asking_anew_counts_only_when_something_comes_of_it(simulator, groqchat, prompts):
    first = groqchat("compare", "--file", prompts, *MODELS, "--json").json
    done = groqchat("compare", "--file", prompts, *MODELS, "--again", "--budget", "0", "--json")
    assert done.code == 6
    assert (done.json["session_id"], done.json["missing"]) == (None, 6)
    assert "the previous run still counts: --report shows it." in done.err
    assert "missing" not in done.err
    assert len(groqchat("sessions", "list", "--json").json) == 1
    report = groqchat("compare", "--file", prompts, "--report", "--json").json
    assert report["results"] == first["results"]
    again = groqchat("compare", "--file", prompts, *MODELS, "--json").json
    assert again["session_id"] == first["session_id"]
    assert set(asked(simulator).values()) == {1}


def test_asking_anew_goes_on_without_the_option(simulator, groqchat, prompts):
    groqchat("compare", "--file", prompts, *MODELS)
    anew = ["--file", prompts, *MODELS, "--again"]
    simulator.arm("key_rejected*2")
    assert groqchat("compare", *anew).code == 4
    done = groqchat("compare", *anew, "--budget", "0.0005")
    assert done.code == 6
    assert "The same command without --again goes on from here." in done.err
    done = groqchat("compare", "--file", prompts, *MODELS)
    assert re.search(r"[1-5] of them there already", done.err)
    assert set(asked(simulator).values()) == {2}


# -- one at a time -----------------------------------------------------------------------------


def test_two_processes_do_not_ask_the_same_twice(slow, process, groqchat, groqchat_home, tmp_path):
    path = written(tmp_path, [{"prompt": f"write 12 tokens, end with P{n}"} for n in range(6)])
    words = ["compare", "--file", str(path), *MODELS]
    first = process(*words, stdin=DEVNULL)
    while b"answered in" not in (line := first.stderr.readline()):
        assert line
    first.send_signal(signal.SIGSTOP)  # however slow the machine, it has not asked everything
    second = process(*words, "--json", stdin=DEVNULL)
    out, err = second.communicate(timeout=120)
    assert second.returncode == 10
    told = json.loads(out)["error"]
    assert told["message"] == (
        f"Another groqchat is asking the prompts of {path} right now, so nothing was sent."
    )
    assert "--report" in told["suggestion"]
    assert told["message"] in err.decode()
    report = groqchat("compare", "--file", path, "--report")
    assert report.code == 0
    assert re.search(r"^not answered yet", report.out, re.MULTILINE)
    first.send_signal(signal.SIGCONT)
    first.communicate(timeout=120)
    assert first.returncode == 0
    assert set(asked(slow).values()) == {1}
    assert sum(asked(slow).values()) == 12
    assert not list(groqchat_home.glob("*.lock"))
    assert not list(groqchat_home.glob(".*"))


def test_the_lock_dies_with_its_holder(slow, process, groqchat, groqchat_home, prompts):
    child = process("compare", "--file", str(prompts), *MODELS, stdin=DEVNULL)
    while b"answered in" not in (line := child.stderr.readline()):
        assert line
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=120)
    assert groqchat("compare", "--file", prompts, *MODELS).code == 0
    assert not list(groqchat_home.glob(".*"))


def test_asking_anew_that_is_stopped_at_once_leaves_the_last_run(
    slow, process, groqchat, groqchat_home, prompts
):
    first = groqchat("compare", "--file", prompts, *MODELS, "--json").json
    slow.arm("slow_first_byte=20*2")
    child = process("compare", "--file", str(prompts), *MODELS, "--again", stdin=DEVNULL)
    while slow._state.faults.describe():  # until both requests are there
        assert child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=120)
    assert child.returncode == 130
    assert err.decode().splitlines()[-2:] == [
        "Stopped.",
        "The new run produced no answers; the previous run still counts: --report shows it.",
    ]
    assert len(groqchat("sessions", "list", "--json").json) == 1
    report = groqchat("compare", "--file", prompts, "--report", "--json").json
    assert report["results"] == first["results"]


def test_ctrl_c_lets_go_reports_and_says_how_to_go_on(
    slow, process, groqchat, groqchat_home, prompts
):
    for again, words in ((["--again"], b" without --again"), ([], b"")):
        child = process("compare", "--file", str(prompts), *MODELS, *again, "--json", stdin=DEVNULL)
        while b"answered in" not in (line := child.stderr.readline()):
            assert line
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=120)
        assert child.returncode == 130
        assert b"Stopped." in err.splitlines()
        assert err.endswith(b"The same command%s goes on from here.\n" % words)
        report = json.loads(out)
        assert not report["complete"]
        assert any(result["answer"] for result in report["results"])
        assert not list(groqchat_home.glob(".*"))
    assert groqchat("compare", "--file", prompts, *MODELS).code == 0
