"""``groqchat compare --file``: mistakes, resuming after a kill, reports in every form."""

import csv
import io
import json
import re
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from groqchat.domain.limits.quota import LimitKind
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.cli.conftest import KEY

A, B, GONE = "openai/gpt-oss-120b", "openai/gpt-oss-20b", "nobody/knows-it"
MODELS = ["-m", A, "-m", B]
ROWS = (
    {"id": "one", "task": "end", "prompt": "write 12 tokens, end with P1", "contains": "P1"},
    {"id": "two", "task": "end", "prompt": "write 12 tokens, end with P2", "contains": "P1"},
    {"id": "<b>three</b>", "prompt": "write 12 tokens & <script>x</script>, end with P3"},
)


@pytest.fixture
def prompts(tmp_path):
    return written(tmp_path, ROWS)


def written(folder, rows):
    """A file of prompts."""
    path = folder / "prompts.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def asked(simulator):
    """How often each prompt was really sent to each model: the answers end with its number."""
    answers = simulator._state.answers.values()
    return Counter((each.model, each.content.split()[-1]) for each in answers)


def test_a_set_is_asked_once_and_reported(simulator, groqchat, prompts):
    done = groqchat("compare", "--file", prompts, *MODELS)
    assert done.code == 0
    assert "3 prompts × 2 models: 6 answers." in done.err
    assert "Estimated cost" in done.err
    assert f"[6/6] {A} · " in done.err or f"[6/6] {B} · " in done.err
    head, *rows = done.out.splitlines()
    assert head.split() == ["gpt-oss-120b", "gpt-oss-20b"]
    shown = {row[:16].strip(): row[16:].split() for row in rows}
    assert shown["checks passed"] == ["1/2", "1/2"]
    assert "★" not in done.out  # three prompts show nothing
    assert "Fewer than 6 prompts show no difference between models." in done.out
    assert re.search(r"^end +1/2 +1/2$", done.out, re.MULTILINE)
    again = groqchat("compare", "--file", prompts, *MODELS)
    assert again.out == done.out
    assert "6 of them there already" in again.err
    assert set(asked(simulator).values()) == {1}
    (session,) = groqchat("sessions", "list", "--json").json
    assert (session["title"], session["turns"]) == ("Prompts of prompts.jsonl", 3)
    assert session["kind"] == "set"
    assert re.search(r" set +Prompts of", groqchat("sessions", "list").out)
    assert groqchat("compare", "Hi", *MODELS).code == groqchat("ask", "Hi").code == 0
    kinds = [each["kind"] for each in groqchat("sessions", "list", "--json").json]
    assert sorted(kinds) == ["chat", "comparison", "set"]


def test_json_holds_every_outcome(simulator, groqchat, prompts):
    report = groqchat("compare", "--file", prompts, *MODELS, "--json").json
    assert (report["complete"], report["missing"]) == (True, 0)
    assert [each["id"] for each in report["results"]] == [
        row["id"] for row in ROWS for _ in range(2)
    ]
    first = report["results"][0]
    assert first["answer"].endswith("P1")
    assert first["checks"] == [{"check": "contains: P1", "passed": True, "note": None}]
    for model in report["models"]:
        costs = [Decimal(r["cost_usd"]) for r in report["results"] if r["model"] == model["model"]]
        assert Decimal(model["cost_usd"]) == sum(costs)
        assert Decimal(model["cost_per_1000_usd"]) == pytest.approx(sum(costs) * 1000 / 3)
    assert report["tasks"][0]["models"][1] == {
        "model": B, "variant": None, "checks_passed": 1, "checks_undecided": 0, "checks": 2,
    }  # fmt: skip


def test_csv_in_and_out(simulator, groqchat, tmp_path):
    path = tmp_path / "prompts.csv"
    path.write_text('prompt,contains\n"write 5 tokens, end with P7",P7\n')
    done = groqchat("compare", "--file", path, *MODELS, "--csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [(row["model"], row["checks_passed"], row["answers"]) for row in rows] == [
        (A, "1", "1"), (B, "1", "1"),
    ]  # fmt: skip


def test_markdown_escapes_what_would_be_a_column(simulator, groqchat, tmp_path):
    path = written(tmp_path, [{"prompt": "write 5 tokens", "task": "a|b", "json": True}])
    out = groqchat("compare", "--file", path, *MODELS, "--markdown").out
    assert out.startswith(f"# prompts.jsonl\n\n|  | {A} | {B} |\n| --- | ---: | ---: |\n")
    assert "\n| a\\|b | 0/1 | 0/1 |" in out


def test_a_report_alone_asks_nobody(simulator, groqchat, prompts, monkeypatch):
    assert groqchat("compare", "--file", prompts, "--report").code == 2
    groqchat("compare", "--file", prompts, *MODELS)
    monkeypatch.delenv("GROQ_API_KEY")
    done = groqchat("compare", "--file", prompts, "--report", "--json")
    assert done.code == 0
    assert [model["model"] for model in done.json["models"]] == [A, B]
    assert sum(asked(simulator).values()) == 6


def test_what_changed_is_asked_and_what_is_checked_anew_is_not(simulator, groqchat, prompts):
    groqchat("compare", "--file", prompts, *MODELS)
    rows = [dict(row) for row in ROWS]
    rows[1]["contains"] = "P2"
    rows[2]["prompt"] = "write 12 tokens, end with P4"
    report = groqchat("compare", "--file", written(prompts.parent, rows), *MODELS, "--json").json
    assert [model["checks_passed"] for model in report["models"]] == [2, 2]
    assert asked(simulator) == {(m, f"P{n}"): 1 for m in (A, B) for n in (1, 2, 3, 4)}


def test_a_set_goes_with_its_session(simulator, groqchat, prompts):
    report = groqchat("compare", "--file", prompts, *MODELS, "--json").json
    groqchat("sessions", "delete", report["session_id"], "--yes")
    assert groqchat("compare", "--file", prompts, "--report").code == 2
    assert groqchat("compare", "--file", prompts, *MODELS).code == 0
    assert set(asked(simulator).values()) == {2}


def test_a_page_of_nothing_says_what_is_missing(simulator, groqchat, prompts, tmp_path):
    page = tmp_path / "report.html"
    done = groqchat("compare", "--file", prompts, *MODELS, "--budget", "0", "--html", page)
    assert done.code == 6
    assert "6 answers are still missing." in page.read_text()
    assert "Not asked yet." in page.read_text()


def test_again_asks_everything_anew(simulator, groqchat, prompts):
    first = groqchat("compare", "--file", prompts, *MODELS, "--json").json
    again = groqchat("compare", "--file", prompts, *MODELS, "--json", "--again").json
    assert first["session_id"] != again["session_id"]
    assert set(asked(simulator).values()) == {2}


class Tags(HTMLParser):
    """The names and attributes of all tags of a page, and its text."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = Counter(), [], ""

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def test_the_page_holds_all_and_runs_nothing(simulator, groqchat, prompts, tmp_path):
    page = tmp_path / "report.html"
    done = groqchat("compare", "--file", prompts, *MODELS, "--html", page)
    assert f"The report is in {page}." in done.err
    html = page.read_text()
    tags = Tags()
    tags.feed(html)
    assert not tags.tags.keys() & {"script", "img", "link", "iframe", "object", "b3"}
    assert tags.tags["svg"] == 6
    assert not [name for name, _ in tags.attributes if name in {"src", "href"} or name[:2] == "on"]
    for row in ROWS:
        assert row["id"] in tags.text
        assert row["prompt"] in tags.text
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"https?://", html)
    again = groqchat("compare", "--file", prompts, *MODELS, "--report", "--html", page)
    assert (again.code, page.read_text()) == (0, html)


def test_a_page_goes_to_stdout_alone(simulator, groqchat, prompts, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asking = ("compare", "--file", prompts, *MODELS, "--html")
    refused = groqchat(*asking, "-", "--csv")
    assert (refused.code, refused.out) == (2, "")
    assert "leave out --json, --csv" in refused.err
    assert not asked(simulator)
    groqchat(*asking, "page.html")
    printed = groqchat(*asking, "-", "--report")
    assert (printed.code, printed.out) == (0, (tmp_path / "page.html").read_text())
    assert not (tmp_path / "-").exists()


def test_a_page_that_cannot_be_written_is_told_before_anything_is_asked(
    simulator, groqchat, prompts, tmp_path
):
    for page in (tmp_path, tmp_path / "no folder" / "page.html"):
        done = groqchat("compare", "--file", prompts, *MODELS, "--html", page)
        assert done.code == 2
        assert f"cannot write {page}" in done.err
    mine = tmp_path / "index.html"
    mine.write_text("<p>Mine</p>")
    done = groqchat("compare", "--file", prompts, *MODELS, "--html", mine)
    assert (done.code, mine.read_text()) == (2, "<p>Mine</p>")
    assert f"{mine} is there already" in done.err
    assert not asked(simulator)


@pytest.mark.parametrize(
    "bad",
    [
        ("a.jsonl", '{"prompt": "a"}\n{"prompt": ', "a.jsonl: line 2: this is no JSON"),
        ("a.jsonl", '{"prompt": "a", "expect": 1}', "line 1: 'expect' is no field and no check"),
        ("a.jsonl", "", "a.jsonl: there are no prompts in it"),
        ("a.csv", "text\na\n", "line 1: 'text' is no field"),
        ("a.csv", "id,task\na,b\n", "line 1: there is no column 'prompt'"),
        ("a.jsonl", b"\xff\xfe", "a.jsonl is not text in UTF-8"),
    ],
)
def test_a_bad_file_is_exit_2_and_nothing_is_asked(simulator, groqchat, tmp_path, bad):
    name, text, said = bad
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = groqchat("compare", "--file", path, *MODELS)
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert not asked(simulator)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--file", "gone.jsonl", *MODELS], "cannot read gone.jsonl: No such file"),
        (["--file", "/", *MODELS], "cannot read /: Is a directory"),
        (["Hi", *MODELS, "--budget", "0"], "--budget is for a set of prompts"),
        (["Hi", *MODELS, "--report"], "--report is for a set of prompts"),
        (["Hi", *MODELS, "--csv"], "--csv is for a set of prompts"),
        (["--file", "SET"], "a set of prompts takes 1 to 8 models, each as -m ID; 0 given"),
        (["Hi", "-m", A], "a comparison takes 2 to 8 models, each as -m ID; 1 given"),
        (["Hi", *MODELS, "--jobs", "3"], "--jobs is for a set of prompts"),
        (["--file", "SET", *MODELS, "--jobs", "0"], "'0' is no whole number above zero"),
        (["--file", "SET", *MODELS, "--jobs", "101"], "'101' is more than 100 requests at once"),
        (["Hi", "--file", "SET", *MODELS], "either a prompt or --file"),
        (["--file", "SET", *MODELS, "--no-save"], "--no-save is not for a set"),
        (["--file", "SET", *MODELS, "--gap", "1"], "--gap is for a single prompt"),
        (
            ["--file", "SET", *MODELS, "--again", "--report"],
            "either --report (sends nothing) or --again",
        ),
        (["--file", "SET", *MODELS, "--budget", "much"], "no amount in US dollars"),
        (["--file", "SET", "-m", A, "-m", GONE, "--budget", "1"], f"the price of {GONE}"),
    ],
)
def test_what_makes_no_sense_is_exit_2(simulator, groqchat, prompts, words, said):
    done = groqchat("compare", *(prompts if word == "SET" else word for word in words))
    assert done.code == 2
    assert said in done.err
    assert not asked(simulator)


def test_a_set_may_have_a_single_model_and_a_number_of_requests_at_once(
    simulator, groqchat, prompts
):
    done = groqchat("compare", "--file", prompts, "-m", A, "--jobs", "1", "--json")
    assert done.code == 0
    assert [(model["model"], model["answers"]) for model in done.json["models"]] == [(A, 3)]
    told = [line.partition(" · ")[2].split(":")[0] for line in done.err.splitlines()[-3:]]
    assert told == [result["id"] for result in done.json["results"]]  # one after the other


def test_a_model_that_is_gone_stops_alone(simulator, groqchat, prompts):
    done = groqchat("compare", "--file", prompts, "-m", GONE, "-m", B, "--json")
    assert done.code == 9
    assert f"{GONE} stopped: " in done.err
    assert f"3 of 6 answers are missing: 3 of {GONE}. The same command goes on" in done.err
    assert [model["answers"] for model in done.json["models"]] == [0, 3]
    (stopped,) = done.json["stopped"]
    assert (stopped["model"], stopped["error"]["kind"]) == (GONE, "model_gone")
    later = groqchat("compare", "--file", prompts, "--report")
    assert re.search(r"^failures +1 model gone +0$", later.out, re.MULTILINE)
    assert re.search(r"^not answered yet +2 +0$", later.out, re.MULTILINE)
    assert re.search(r"^cost +\$0.00 +\$0.0", later.out, re.MULTILINE)
    report = groqchat("compare", "--file", prompts, "--report", "--json").json
    assert (
        report["models"][0] | {"missing": 3, "failures": {"model_gone": 1}} == report["models"][0]
    )
    assert (report["complete"], report["missing"]) == (False, 3)
    assert report["results"][0]["error"]["kind"] == "model_gone"
    page = prompts.with_name("report.html")
    groqchat("compare", "--file", prompts, "--report", "--html", page)
    assert page.read_text().count(f'title="{GONE.partition("/")[2]}: failed"') == 1
    assert page.read_text().count(f'title="{GONE.partition("/")[2]}: not answered yet"') == 2
    assert groqchat("compare", "--file", prompts, "-m", GONE, "-m", B).code == 9  # asked again


def test_budgets_end_it_with_exit_6_and_say_what_is_missing(
    simulator, groqchat, prompts, groqchat_home
):
    done = groqchat("compare", "--file", prompts, *MODELS, "--budget", "0")
    assert done.code == 6
    assert "--budget $0.00 is spent; what is left will probably not last" in done.err
    assert f"6 of 6 answers are missing: 3 of {A}, 3 of {B}." in done.err
    assert "too little for the next request" in done.err
    assert "$0.00 of $0.00 is spent on this set, and the next request may cost $0.0" in done.err
    limited = groqchat("compare", "--file", prompts, *MODELS, "--budget", "0", "--json").json
    assert "higher --budget" in limited["stopped"][0]["error"]["suggestion"]
    groqchat_home.mkdir(exist_ok=True)
    (groqchat_home / "config.toml").write_text('[budget]\nmonthly_usd = "0.00"\n')
    done = groqchat("compare", "--file", prompts, *MODELS)
    assert done.code == 6
    assert "Your budget ($0.00 of $0.00 this month) will probably not last" in done.err
    assert not asked(simulator)
    assert groqchat("compare", "--file", prompts, *MODELS, "--over-budget").code == 0


def test_a_day_used_up_is_exit_6_and_says_when_there_is_room(simulator, groqchat, prompts):
    simulator.spend(A, LimitKind.RPD, 999)
    done = groqchat("compare", "--file", prompts, *MODELS)
    assert done.code == 6
    assert f"{A} stopped: " in done.err
    assert re.search(
        r"It refills little by little: the next request fits in 1m \d\ds, "
        r"and all 1,000 requests are free in (23h|1d)",
        done.err,
    )
    assert f"2 of 6 answers are missing: 2 of {A}." in done.err


def test_what_is_said_of_a_limit_agrees_with_its_own_numbers(simulator, groqchat, prompts):
    simulator.arm("rate_limited_tpd")  # 199,637 of 200,000 are used, it says; we saw nothing of it
    done = groqchat("compare", "--file", prompts, *MODELS, "--json")
    whole = 199_637 / 200_000 * 24 * 60
    assert (
        "used 199,637, requested 900. It refills little by little: the next request fits in "
        f"3m 52s, and all 200,000 tokens are free in 23h {whole - 23 * 60:.0f}m."
    ) in done.err


def test_a_successor_that_takes_part_is_not_advised(simulator, groqchat, prompts):
    done = groqchat("compare", "--file", prompts, "-m", "llama-3.1-8b-instant", "-m", B)
    assert f". {B}, which would be asked instead, takes part already." in done.err
    assert "--model" not in done.err


def test_without_a_key_it_is_exit_3(groqchat, prompts):
    assert groqchat("compare", "--file", prompts, *MODELS).code == 3


def test_killed_and_run_again_it_asks_nothing_twice(monkeypatch, process, groqchat_home, tmp_path):
    """kill -9 in the middle; what had been answered by then is asked exactly once in all."""
    path = written(tmp_path, [{"prompt": f"write 12 tokens, end with P{n}"} for n in range(12)])
    with BackgroundSimulator(load_catalog(), Options(rate=None, first_token_s=0.1)) as groq:
        monkeypatch.setenv("GROQ_BASE_URL", groq.url)
        monkeypatch.setenv("GROQ_API_KEY", KEY)
        child = process("compare", "--file", str(path), *MODELS, cold=True)
        heard = [child.stderr.readline() for _ in range(12)]
        assert b"answered in" in heard[-1]
        child.send_signal(signal.SIGKILL)
        assert child.wait(30) == -signal.SIGKILL
        saved = answers_in(groqchat_home)
        assert 8 <= len(saved) < 24
        child = process("compare", "--file", str(path), *MODELS, "--json")
        out, err = child.communicate(timeout=50)
        assert child.returncode == 0, err
        assert f"{len(saved)} of them there already".encode() in err
        report, times = json.loads(out), asked(groq.simulator)
    assert report["complete"]
    assert set(times) == {(model, f"P{n}") for model in (A, B) for n in range(12)}
    assert {times[pair] for pair in saved} == {1}
    assert sum(times.values()) <= 24 + 2  # one in flight for each model
    assert len(answers_in(groqchat_home)) == 24
    with closing(sqlite3.connect(groqchat_home / "groqchat.db")) as db:
        for model in report["models"]:
            booked = db.execute(
                "SELECT outcome, cost, prompt_tokens + completion_tokens FROM ledger"
                " WHERE model = ?",
                (model["model"],),
            ).fetchall()
            # What the killed process had just sent is known to the server alone, which may refuse
            # the next request for it once: that is booked, with no tokens and no cost.
            refused = [row for row in booked if row[0] == "rate_limited"]
            assert all(row[1:] == (None, 0) for row in refused)
            assert len(refused) <= 1
            # What it had under way is booked as it is estimated, beside the answers of the report.
            broken = [row for row in booked if row[0] == "stream_broken"]
            assert len(broken) <= 12 - len(saved) // 2
            whole = [row for row in booked if row not in refused + broken]
            assert Decimal(model["cost_usd"]) == sum(Decimal(cost) for _, cost, _ in whole)
            assert len(whole) == 12


def answers_in(home):
    """Whole answers in the database: model and last word."""
    with closing(sqlite3.connect(home / "groqchat.db")) as db:
        rows = db.execute(
            "SELECT model, content FROM messages WHERE role = 'assistant' AND state = 'complete'"
        ).fetchall()
    return [(model, content.split()[-1]) for model, content in rows]


def test_ends_without_an_answer_are_failures_of_one_prompt_and_parts_are_marked(
    simulator, groqchat, tmp_path
):
    rows = [
        {"id": "none", "prompt": "Hi simulate: ends_filtered"},
        {"id": "part", "prompt": "Hi simulate: ends_filtered=9"},
        {"id": "nothing", "prompt": "Hi simulate: says_nothing*2"},
    ]
    asking = ["compare", "--file", written(tmp_path, rows), "-m", A, "-m", B, "--json"]
    page = tmp_path / "report.html"
    done = groqchat(*asking, "--html", page)
    assert done.code == 0
    assert "may succeed" in done.err
    kinds = {each["id"]: each["error"] and each["error"]["kind"] for each in done.json["results"]}
    assert kinds == {"none": "no_answer", "part": None, "nothing": "no_answer"}
    assert [e["complete"] for e in done.json["results"] if e["id"] == "part"] == [False, False]
    assert page.read_text().count("cut off by the content filter") == 2
    later = groqchat(*asking)
    there = "3 prompts × 2 models: 6 answers, 2 of them there already; 2 failed and will not be"
    assert there in " ".join(later.err.split())
    again = {each["id"]: each["error"] for each in later.json["results"]}
    assert again["none"]  # asked again, a filter would say the same
    assert not again["nothing"]


def test_each_result_has_prompt_usage_timing_and_what_had_arrived(simulator, groqchat, tmp_path):
    rows = [{"prompt": "write 12 tokens"}, {"prompt": "write 90 tokens simulate: cut=20*9"}]
    done = groqchat("compare", "--file", written(tmp_path, rows), *MODELS, "--json")
    whole, _, broken, _ = done.json["results"]
    assert (whole["prompt"], broken["prompt"]) == tuple(row["prompt"] for row in rows)
    assert whole["usage"]["completion_tokens"] > 0
    assert whole["timing"]["total_s"] > 0
    assert "partial" not in whole
    assert broken["error"]["kind"] == "stream_broken"
    assert broken["partial"]
    assert broken["usage"]["usage_estimated"]
    assert (done.json["stopped"], done.json["interrupted"]) == ([], False)


# -- variants -----------------------------------------------------------------------------------

VARIANTS = ["-m", B, "-m", f"{B} effort=low", "-m", "gpt-oss-20b effort=high system='Be brief.'"]
NAMED = [None, "effort=low", "effort=high system='Be brief.'"]


def test_variants_of_a_model_are_asked_once_and_reported_apart(simulator, groqchat, prompts):
    report = groqchat("compare", "--file", prompts, *VARIANTS, "--json").json
    assert [(each["model"], each["variant"]) for each in report["models"]] == [
        (B, written) for written in NAMED
    ]
    assert [model["answers"] for model in report["models"]] == [3, 3, 3]
    assert len({each["message_id"] for each in report["results"]}) == 9
    assert {each["variant"] for each in report["results"]} == set(NAMED)
    again = groqchat("compare", "--file", prompts, *VARIANTS, "--json")
    assert again.json == report
    assert "9 of them there already" in again.err
    assert set(asked(simulator).values()) == {3}


def test_a_report_alone_finds_variants_and_one_more_is_asked(simulator, groqchat, prompts):
    first = groqchat("compare", "--file", prompts, *VARIANTS[2:], "--json").json
    shown = groqchat("compare", "--file", prompts, "--report", "--json").json
    assert shown["models"] == first["models"]
    one = groqchat("compare", "--file", prompts, "--report", *VARIANTS[2:4], "--json").json
    assert one["models"] == first["models"][:1]
    groqchat("compare", "--file", prompts, "-m", f"{B} effort=low", "-m", f"{B} seed=7")
    assert set(asked(simulator).values()) == {3}
    names = [each["variant"] for each in groqchat(
        "compare", "--file", prompts, "--report", "--json"
    ).json["models"]]  # fmt: skip
    assert names == ["effort=low", "seed=7", NAMED[2]]


def test_tables_and_pages_name_variants(simulator, groqchat, prompts, tmp_path):
    page = tmp_path / "report.html"
    done = groqchat("compare", "--file", prompts, *VARIANTS[2:], "--html", page)
    head = done.out.splitlines()[0]
    assert re.search(r"gpt-oss-20b effort=low +gpt-oss-20b effort=high system='Be brief.'$", head)
    assert "gpt-oss-20b effort=low" in page.read_text()
    said = groqchat("compare", "--file", prompts, *VARIANTS[2:], "--csv").out
    assert [row["variant"] for row in csv.DictReader(io.StringIO(said))] == NAMED[1:]


def test_a_set_is_asked_by_a_schema(simulator, groqchat, prompts):
    command = ["compare", "--file", prompts, "-m", B]
    report = groqchat(*command, "--schema", "name str", "--json").json
    assert {tuple(json.loads(each["answer"])) for each in report["results"]} == {("name",)}
    shown = groqchat("compare", "--file", prompts, "--report", "--json").json
    assert shown["models"] == report["models"]
    other = groqchat("compare", "--file", prompts, "-m", f"{B} schema='age int'", "--json").json
    assert {tuple(json.loads(each["answer"])) for each in other["results"]} == {("age",)}
