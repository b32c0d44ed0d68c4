"""``usage`` and ``doctor``."""

import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from groqchat.cli import doctor
from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.storage.catalog import ActiveCatalog, load_catalog
from groqchat.storage.database.connection import open_file
from groqchat.storage.database.entries import insert_entry
from groqchat.storage.database.transactions import transaction
from tests.cli.conftest import KEY
from tests.fakes import START
from tests.storage.conftest import entry

MODEL = "openai/gpt-oss-120b"


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


def record(home, number):
    """Record a request on each of so many days, each in a session of its own."""
    with closing(open_file(home / "groqchat.db")) as db, transaction(db):
        for day in range(number):
            insert_entry(db, entry(START + 86_400 * day, session_id=f"s{day}"))


@pytest.mark.parametrize("group", ["day", "session"])
def test_a_table_of_usage_has_the_newest_rows_and_data_has_all(groqchat, groqchat_home, group):
    record(groqchat_home, 60)
    table = groqchat("usage", "--by", group)
    assert len(table.out.splitlines()) == 52  # with the head and the sum of all
    assert table.out.splitlines()[-1].split()[:2] == ["all", "60"]
    assert f"These are the newest 50; -n 0 shows every {group}." in table.err
    rows = groqchat("usage", "--by", group, "--json").json["rows"]
    assert len(rows) == 60
    assert [row.split()[0] for row in table.out.splitlines()[1:-1]] == [
        row["key"] for row in rows[:50]
    ]
    every = groqchat("usage", "--by", group, "-n", "0")
    assert (len(every.out.splitlines()), every.err) == (62, "")
    assert len(groqchat("usage", "--by", group, "--json", "-n", "7").json["rows"]) == 7
    assert groqchat("usage", "--by", "model", "-n", "1").err == ""


def test_doctor_mends_sums_of_usage_that_differ_from_the_ledger(groqchat, groqchat_home):
    record(groqchat_home, 3)
    with closing(open_file(groqchat_home / "groqchat.db")) as db:
        db.execute("UPDATE usage_by_day SET requests = 7")
    assert "were added up anew" in findings(groqchat("doctor", "--json"))["database"]["detail"]
    assert "were added up anew" not in findings(groqchat("doctor", "--json"))["database"]["detail"]
    assert groqchat("usage", "--json").json["requests"] == 3


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
    for since in ("7d", "today", "yesterday", "2026"):
        assert groqchat("usage", "--since", since, "--json").json["requests"] == 1


def test_usage_refuses_two_forms_and_no_number_of_rows(groqchat):
    both = groqchat("usage", "--csv", "--json")
    assert (both.code, "not allowed with" in both.out + both.err) == (2, True)
    few = groqchat("usage", "-n", "-3")
    assert (few.code, "'-3' is no number of rows; 0 shows all" in few.err) == (2, True)


def test_usage_of_nothing(groqchat):
    told = groqchat("usage", "--json").json
    assert (told["requests"], told["cost_usd"], told["rows"]) == (0, "0.00", [])


def test_usage_forecasts_the_month_and_the_limits_of_the_day(simulator, groqchat):
    cost = groqchat("ask", "Hi", "-m", MODEL, "--json").json["cost_usd"]
    told = groqchat("usage", "--json").json["forecast"]
    assert float(told["month_end_usd"]) >= float(cost)
    limits = {each["bucket"]: each for each in told["limits"]}
    assert limits["RPD"]["limit"] == 1_000
    assert limits["RPD"]["runs_out_at"] is None
    said = groqchat("usage").err
    assert "At the pace of the last day, this month costs ≈ $" in said
    assert f"{MODEL}: 999 of 1,000 RPD left" in said or f"{MODEL}: 1,000 of 1,000 RPD left" in said


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


def test_it_says_where_every_file_is(simulator, groqchat, monkeypatch, tmp_path):
    monkeypatch.delenv("GROQCHAT_HOME")
    places = {name: tmp_path / name for name in ("config", "data", "state")}
    for name, place in places.items():
        monkeypatch.setenv(f"XDG_{name.upper()}_HOME", str(place))
    found = findings(groqchat("doctor", "--json"))
    assert {name: found[name]["detail"] for name in ("settings", "database", "log")} == {
        "settings": str(places["config"] / "groqchat/config.toml"),
        "database": str(places["data"] / "groqchat/groqchat.db"),
        "log": str(places["state"] / "groqchat/log.jsonl"),
    }


def test_servers_of_tools_need_a_package(groqchat, groqchat_home, monkeypatch):
    groqchat_home.mkdir()
    (groqchat_home / "config.toml").write_text('[mcp.time]\ncommand = ["uvx", "x"]\n')
    there = findings(groqchat("doctor", "--json"))["mcp"]
    assert (there["ok"], there["detail"]) == (None, "1 MCP server: time")
    monkeypatch.setitem(sys.modules, "mcp", None)
    missing = findings(groqchat("doctor", "--json"))["mcp"]
    assert missing["ok"] is False
    assert "install 'mcp>=2.3,<3'" in missing["suggestion"]


def test_a_namesake_in_the_same_environment_is_seen(groqchat, monkeypatch, tmp_path):
    information = tmp_path / "groqchat-0.0.17.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Name: groqchat\nVersion: 0.0.17\n")
    monkeypatch.syspath_prepend(tmp_path)
    done = groqchat("doctor", "--json")
    found = findings(done)["package"]
    assert (done.code, found["ok"]) == (3, False)
    assert found["detail"].startswith("groqchat 0.0.17 is in ")
    assert "uninstall groqchat)" in found["suggestion"]


def test_where_ours_is_alone_its_place_is_told(groqchat, monkeypatch):
    monkeypatch.setattr(doctor, "_NAMESAKE", "nobody-s")
    found = findings(groqchat("doctor", "--json"))["package"]
    assert (found["ok"], found["detail"]) == (True, f"groqchat-tui in {sys.prefix}")


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
    (groqchat_home / "config.toml").write_text("theme = [\n")
    detail = findings(groqchat("doctor", "--json"))["settings"]["detail"]
    assert detail.count("config.toml") == 1


def test_what_is_no_terminal_is_not_ticked(simulator, groqchat, monkeypatch):
    terminal = SimpleNamespace(isatty=lambda: True)
    for name in ("stdin", "stderr"):
        monkeypatch.setattr(sys, name, terminal)
    found = doctor._terminal()
    assert (found.ok, found.detail) == (None, "not checked: stdout is not a terminal")
    monkeypatch.undo()
    (line,) = (line for line in groqchat("doctor").out.splitlines() if " terminal " in line)
    assert line.startswith("– terminal ")


def test_the_terminal_is_told_with_its_colours_and_what_could_be_better(monkeypatch):
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, SimpleNamespace(isatty=lambda: True))
    for name in ("TMUX", "COLORTERM", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STY", "1.pts")
    monkeypatch.setenv("TERM", "screen.xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    found = doctor._terminal()
    assert (found.ok, found.detail) == (
        True,
        "GNU screen, screen.xterm-256color, 256 colours, 80×24",
    )
    assert "term screen-256color" in found.suggestion


def test_own_keys_that_cannot_act_or_are_rarely_sent_are_named(simulator, groqchat, groqchat_home):
    groqchat_home.mkdir()
    (groqchat_home / "config.toml").write_text('[keys]\nmodel = "a"\nnew = "ctrl+shift+n"\n')
    found = findings(groqchat("doctor", "--json"))["keys"]
    assert not found["ok"]
    assert found["detail"].startswith("[keys] model: “a” writes a character")
    assert "ctrl+shift+n" in found["suggestion"]


def test_a_home_that_cannot_be_written(simulator, groqchat, groqchat_home):
    groqchat_home.write_text("a file where the folder should be")
    done = groqchat("doctor")
    assert done.code == 10
    assert "✗ database" in done.out


def test_a_rejected_key_is_its_exit_code(simulator, groqchat):
    simulator.arm("key_rejected@models")
    assert groqchat("doctor").code == 4


def test_it_says_what_sound_is_read_and_recorded_with(simulator, groqchat, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("groqchat.media.tools.find_spec", lambda _: None)
    done = groqchat("doctor", "--json")
    found = findings(done)
    assert (done.code, found["sound"]["ok"], found["recorder"]["ok"]) == (0, False, False)
    assert "Install FFmpeg with ffprobe, or PyAV: " in found["sound"]["suggestion"]
    assert "'av>=18,<19'" in found["sound"]["suggestion"]
    assert "arecord (package alsa-utils), SoX or FFmpeg" in found["recorder"]["suggestion"]
    for name in ("ffmpeg", "ffprobe", "rec"):
        (tmp_path / name).touch(0o755)
    found = findings(groqchat("doctor", "--json"))
    assert found["sound"]["detail"] == "sound files are read with ffmpeg"
    assert found["recorder"]["detail"] == "/talk records with rec"


def test_limits_that_differ_from_the_catalogue_are_told_with_both_figures(
    groqchat, simulator, groqchat_home
):
    groqchat("ask", "Hi", "-m", MODEL)  # its headers have the limits of the free plan
    assert "limits" not in findings(groqchat("doctor", "--json"))
    now = time.time()
    buckets = tuple(
        LeakyBucket(kind, limit, 0.0, now, Source.HEADER)
        for kind, limit in ((LimitKind.RPD, 1_000), (LimitKind.TPM, 6_000))
    )
    with closing(open_file(groqchat_home / "groqchat.db")) as db, transaction(db):
        insert_entry(db, entry(now, model=MODEL, buckets=buckets))
    found = findings(groqchat("doctor", "--json"))["limits"]["detail"]
    today = datetime.now().astimezone().date().isoformat()
    assert found.startswith(f"TPM of {MODEL}: 6,000 in a header of {today}, in the catalogue ")
    assert "free 8,000, developer 250,000" in found
    assert "2026-10-01" in found
    assert "RPD" not in found


def test_an_announced_shutdown_of_a_model_in_use_is_told(groqchat, simulator, monkeypatch):
    groqchat("ask", "Hi", "-m", MODEL)
    assert "models" not in findings(groqchat("doctor", "--json"))
    day = (datetime.now().astimezone().date() + timedelta(days=12)).isoformat()
    catalog = load_catalog()
    model = replace(catalog.get(MODEL), retired_on=day, replacement="openai/gpt-oss-20b")
    changed = replace(catalog, models={**catalog.models, MODEL: model})
    monkeypatch.setattr(ActiveCatalog, "by", lambda *_: changed)
    done = groqchat("doctor", "--json")
    found = findings(done)["models"]
    assert done.code == 0
    assert f"{MODEL} is announced to be shut down on {day}, in 12 days" in found["detail"]
    assert "Use openai/gpt-oss-20b instead." in found["detail"]
