"""Where output goes: to a full disk, to nobody, from sources without end."""

import json
import subprocess
import sys

import pytest

import groqchat.cli.main as front_door
from groqchat.cli.output import table

PLAN = ("plan", "limits", "--model", "openai/gpt-oss-20b", "--tokens", "2000")


def shell(redirection, *argv):
    """Run a command line in a process of its own, its streams redirected by a shell."""
    return subprocess.run(
        ["sh", "-c", f'"$@" {redirection}', "sh", sys.executable, "-m", "groqchat", *argv],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"])
@pytest.mark.parametrize("argv", [PLAN, (*PLAN, "--json"), ("sessions", "show", "x", "--json")])
def test_output_that_cannot_be_written_is_trouble_of_this_machine(redirection, argv):
    done = shell(redirection, *argv)
    assert done.returncode == 10
    assert "cannot write to stdout" in done.stderr
    assert "bug" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-"])
def test_narration_that_cannot_be_written_stops_nothing(redirection):
    done = shell(redirection, "sessions", "list", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    silent = shell(redirection, "sessions", "list")
    assert (silent.returncode, silent.stdout) == (0, "")


def test_a_file_without_end_is_refused(groqchat, simulator):
    endless = groqchat("ask", "x", "-f", "/dev/zero")
    assert endless.code == 2
    assert "/dev/zero is larger than" in endless.err


def test_a_number_beyond_the_database_is_wrong_usage(groqchat):
    assert groqchat("sessions", "list", "-n", "9" * 20).code == 2
    assert groqchat("sessions", "list", "-n", "9" * 18).code == 0


def test_a_time_outside_the_calendar_is_not_imported(groqchat, tmp_path):
    file = tmp_path / "far.jsonl"
    for created in (1e30, -1e30):
        said = [{"role": "user", "content": "x", "created": created}]
        file.write_text(json.dumps(said))
        imported = groqchat("sessions", "import", file)
        assert (imported.code, "Left out, line 1, message 1: its time" in imported.err) == (0, True)
    assert groqchat("sessions", "list").code == 0


def test_line_separators_inside_a_text_end_no_line_of_a_file(groqchat, tmp_path):
    file = tmp_path / "lines.jsonl"
    said = [{"role": "user", "content": "one\u2028two\x85three"}]
    file.write_text(json.dumps({"id": "sep", "messages": said}, ensure_ascii=False), "utf-8")
    assert groqchat("sessions", "import", file, "--json").json["added"] == 1
    exported = groqchat("sessions", "export", "sep", "--format", "jsonl").out
    file.write_text(exported, "utf-8")
    again = groqchat("sessions", "import", file, "--json").json
    assert (again["added"], again["known"]) == (0, 1)


def test_an_interruption_while_the_command_line_is_read_is_one_too(groqchat, monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(front_door, "build_parser", interrupted)
    assert groqchat("sessions", "list").code == 130


def test_decimal_points_stand_under_each_other(capsys):
    table(("what", "cost.>", "n>"), [("a", "$1,234.50", "1"), ("b", "$0.0123", "22")])
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["what         cost   n", "a     $1,234.50     1", "b         $0.0123  22"]
