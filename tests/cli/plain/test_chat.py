"""The plain chat, driven as a person with a screen reader and as a script would drive it."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.main import main
from groqchat.ui.conversation.branch import BESIDE
from tests.cli.conftest import KEY
from tests.cli.plain.conftest import PROMPT

FORBIDDEN = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")


def clean(raw):
    """Fails where bytes hold anything that a terminal obeys, other than the end of a line."""
    found = FORBIDDEN.search(bytes(raw))
    assert not found, bytes(raw)[max(0, found.start() - 80) : found.end() + 20]


def piped(process, text, *arguments):
    """What the plain chat says to piped lines: exit code and text."""
    child = process("--plain", *arguments)
    child.stdin.write(text.encode())
    out, err = child.communicate()
    clean(out)
    clean(err)
    return child.returncode, out.decode(), err.decode()


@pytest.mark.pty
def test_a_chat_a_refusal_a_comparison_and_sessions_by_lines_alone(typist, simulator):
    chat = typist()
    chat.expect("/help lists the commands", "Model: openai/gpt-oss-120b", PROMPT)
    told = chat.ask("Say it in one word", "first token")
    assert re.search(r"^\[openai/gpt-oss-120b, on_demand, \d+ in.*\$0\.\d+\]$", told, re.MULTILINE)

    simulator.arm("rate_limited=300*1")
    told = chat.ask("And in two", "Error: 429", "r retry", "m ask ")
    assert "tokens per minute (TPM)" in told
    assert "d details" in told
    chat.ask("d", "rate_limited", "status: 429", "request: ")
    chat.ask("/errors", "1. ", "Type a number")
    told = chat.ask("/model 20b", "gpt-oss-20b")
    assert "Ctrl+" not in told
    chat.ask("/retry", "[openai/gpt-oss-20b")

    chat.ask("/compare 20b qwen", "Column 1: openai/gpt-oss-20b.", "Column 2:")
    told = chat.ask("Which is it?", "Answer 1, openai/gpt-oss-20b:", "2 votes for")
    assert told.index("Answer 1") < told.index("Answer 2") < told.index("The figures:")
    assert "(best)" in told
    chat.ask("2", "g go on")
    chat.ask("g", "goes on with the answer of qwen/")

    chat.ask("/sessions", "1. Which is it?", "2. Say it in one word", "Type a number")
    chat.ask("2", "Session “Say it in one word”", "Last prompt: And in two")
    chat.ask("/last", "Prompt: And in two", "[openai/gpt-oss-20b")
    chat.ask("/quota", "RPD, requests per day: ", "About ")
    chat.type("/quit")
    assert chat.wait_exit() == ExitCode.DONE
    clean(chat.raw)


@pytest.mark.pty
def test_what_is_typed_while_an_answer_comes_is_queued_and_ctrl_c_stops(typist, simulator):
    chat = typist()
    chat.expect(PROMPT)
    simulator.arm("rate_limited=2*1")
    chat.type("First", "Waiting 2s", "m ask another model")
    told = chat.ask("Second", "Queued as number 1.", "Next prompt: Second", "[openai")
    assert told.count("[openai/gpt-oss-120b") == 2
    simulator.arm("rate_limited=40*1")
    chat.type("Third", "Waiting 40s")
    chat.type("Fourth", "Queued")
    chat.press("\x03")
    chat.expect("The queue is paused", "Stopped.", PROMPT)
    chat.ask("/unqueue", "Taken back: 1 line not sent yet")
    chat.press("\x03")
    chat.expect("The unsent prompt is kept", "Ctrl+D or /quit ends groqchat")
    chat.close()
    clean(chat.raw)

    again = typist("--continue")
    again.expect("Session “First”", "An unsent prompt of 1 line is kept", PROMPT)
    again.ask("/model 20b", "gpt-oss-20b")  # the other one is refused for a while
    again.ask("", "[openai")
    again.ask("/last", "Prompt: Fourth")
    again.press("\x04")
    assert again.wait_exit() == ExitCode.DONE


@pytest.mark.pty
def test_several_lines_are_pasted_or_continued_and_a_cut_line_is_not_sent(typist, tmp_path):
    (tmp_path / "notes.md").write_text("Carol is who sings.\n\x1b[31mred\n")
    chat = typist()
    chat.expect(PROMPT)
    chat.ask("one\ntwo\nthree", "Pasted: 3 lines not sent yet.")
    chat.ask("four", "4 lines not sent yet.")
    chat.ask("", "[openai")
    chat.ask("/last", "Prompt: one\ntwo\nthree\nfour")
    chat.ask("begun\\")
    chat.ask("ended", "[openai")
    chat.ask("/last", "Prompt: begun\nended")
    told = chat.ask("x" * 5000, "the end of this may be missing", "/drop")
    assert "[openai" not in told
    chat.ask("/drop", "Forgotten.")
    told = chat.ask("read this:\n/delete\nexit", "Pasted: 3 lines not sent yet.")
    assert "bin" not in told
    chat.ask("/drop", "Forgotten.")
    chat.ask("exit", "did you mean /quit?", "Not sent.")
    chat.ask("/help tier", "/tier [TIER]: ")
    assert chat.ask("/news", "## 0.1.0", "Type m more").count("\n* ") < 8
    assert chat.ask("m", "Type m more").count("\n* ") == 8
    chat.ask(f"Who is in @{tmp_path}/notes.md ?", "Attached: notes.md.", "[openai")
    chat.ask(f"Who is in @{tmp_path}/none.md ?", "Not all can be attached", "no such file")
    chat.ask("/drop", "Forgotten.")
    chat.ask("/qota", "did you mean /quota", "An empty line sends it")
    chat.ask("Not that one", "[openai")  # it is in the place of the command
    chat.ask("/last", "Prompt: Not that one\n")
    chat.ask("/sessions", "1. one: open now", "Type a number")
    told = chat.ask("77", "The list ends at 1. 77 is not sent.")
    assert "[openai" not in told
    chat.ask("1", "Session “one”")
    chat.type("/exit")
    assert chat.wait_exit() == ExitCode.DONE
    clean(chat.raw)


@pytest.mark.pty
def test_without_a_key_it_is_typed_unseen_and_checked(typist):
    chat = typist(GROQ_API_KEY=None)
    chat.expect("No API key yet", "API key: ")
    chat.type("gsk_test_rejected", "does not know this API key", "API key: ")
    chat.press("\x03")
    chat.expect("No key. /keys enters one.\n", PROMPT)
    chat.ask("/keys", "a enter a key")
    chat.type("a", "No API key yet", "API key: ")
    chat.type(KEY, "The key is used for this run alone", PROMPT)
    assert KEY not in chat.raw.decode()
    chat.ask("/keys", "a enter a key")
    told = chat.type("a", "another API key", "API key: ")
    assert "No API key yet" not in told
    chat.press("\x03")
    chat.expect("No other key.\n", PROMPT)
    chat.ask("Hello", "Thinking. /reasoning", "[openai")
    told = chat.ask("Hello", "Thinking.\n", "[openai")
    assert "/reasoning" not in told
    clean(chat.raw)


def test_a_pipe_is_answered_line_by_line_and_its_end_is_the_end(simulator, process):
    code, out, err = piped(process, "Hello\n/cost\nAnd now\\\nthis\n")
    assert code == ExitCode.DONE
    assert err == ""
    at = [out.index(f"> {line}\n") for line in ("Hello", "/cost", "And now\\", "this")]
    assert at == sorted(at)
    assert "This session: $0." in out
    assert out.endswith("\n")
    assert out.count("[openai/gpt-oss-120b") == 2


@pytest.mark.parametrize(
    ("fault", "typed", "code"),
    [
        ("rate_limited=300*1", "Hello\n", ExitCode.LIMITED),
        ("rate_limited=300*1", "Hello\nm\n", ExitCode.DONE),
        ("key_rejected", "Hello\n", ExitCode.KEY_REJECTED),
        ("cut=5*1", "Hello\n", ExitCode.SERVICE),
        ("", "/qota\n", ExitCode.USAGE),
        ("", "Who is in @none.md ?\n", ExitCode.USAGE),
        ("", "/compare 120b 20b\nWho is in @none.md ?\n", ExitCode.USAGE),
        ("", "Who is in @none.md ?\nHello\n", ExitCode.DONE),
    ],
)
def test_the_exit_code_of_a_pipe_is_that_of_its_last_turn(simulator, process, fault, typed, code):
    if fault:
        simulator.arm(fault)
    assert piped(process, typed)[0] == code


def test_a_pipe_without_a_key_says_so(process, monkeypatch):
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    code, out, _ = piped(process, "Hello\n")
    assert code == ExitCode.NO_KEY
    assert "groqchat key add" in out


def test_a_comparison_reads_files_and_says_a_refusal_once(simulator, process, tmp_path):
    (tmp_path / "notes.md").write_text("Carol is who sings.\n")
    asked = f"/compare 120b 20b\nWho is in @{tmp_path}/notes.md ?\n"
    code, out, _ = piped(process, f"{asked}/sessions\n7\n")
    assert "Attached: notes.md." in out
    assert "The list ends at 1. 7 is not sent." in out
    simulator.arm("rate_limited=300*2")
    code, out, _ = piped(process, "/compare 120b 20b\nAnd now?\n")
    assert code == ExitCode.LIMITED
    assert out.count("Column 1, ") == 1
    assert "Answer 1" not in out


def test_a_wait_in_a_pipe_names_no_key(simulator, process):
    simulator.arm("over_capacity*2")
    code, out, _ = piped(process, "Hello\n")
    assert code == ExitCode.DONE
    assert "then it is sent." in out
    assert "Ctrl+C" not in out


def test_a_session_that_is_not_there_is_wrong_usage(simulator, process):
    code, _, err = piped(process, "", "--session", "nope")
    assert code == ExitCode.USAGE
    assert "there is no session 'nope'" in err


def test_of_a_file_that_is_too_long_the_first_part_is_sent(simulator, process, tmp_path):
    (tmp_path / "long.txt").write_text("A line of some words.\n" * 4_000)
    code, out, _ = piped(process, f"Hello\nSum up @{tmp_path}/long.txt\n1\n")
    assert code == ExitCode.DONE
    for told in (
        r"long.txt is too long for one request: ≈ [\d,]+ tokens, where 8,000 is the most\.",
        r"1\. The first part, lines 1 to \d[\d,]* of 4,000: ≈ ",
        r"2\. Part by part, in \d+ requests",
    ):
        assert re.search(f"^{told}", out, re.MULTILINE), told
    assert out.count("[openai/gpt-oss-120b, ") == 2


def test_what_the_server_alone_finds_too_long_is_sent_part_by_part(unlimited, process, tmp_path):
    (tmp_path / "long.txt").write_text("A line of some words.\n" * 4_000)
    unlimited.arm("context_length*1")
    typed = f"Sum up @{tmp_path}/long.txt\ns\n2\nAnd then?\n"
    _, out, _ = piped(process, typed, "--model", "nobody/knows-it")
    parts = int(re.search(r"^2\. Part by part, in (\d+) requests", out, re.MULTILINE)[1]) - 1
    asked = [f"Part {number} of {parts}." for number in range(1, parts + 1)]
    joined = "All are joined."
    assert [line for line in out.splitlines() if line in {*asked, joined}] == [*asked, joined]
    assert out.count("[nobody/knows-it, ") == parts + 2


def begun(home):
    """Whether the beginning of an answer is stored."""
    with closing(sqlite3.connect(home / "groqchat.db")) as database:
        found = database.execute("SELECT 1 FROM messages WHERE state = 'streaming'")
        return found.fetchone() is not None


def test_an_answer_that_another_program_writes_is_told_as_that(simulator, process, groqchat_home):
    simulator.arm("stall")
    other = process("ask", "Asked elsewhere", stdin=subprocess.DEVNULL)
    other.stdout.read(1)
    deadline = time.monotonic() + 60
    while not begun(groqchat_home) and time.monotonic() < deadline:
        time.sleep(0.02)
    _, out, _ = piped(process, "/last\n", "--continue")
    assert "Last prompt: Asked elsewhere\nIt is being answered in another program" in out
    assert "Prompt: Asked elsewhere\n" in out
    assert "\nThe rest is being written in another program; /last reads it again." in out
    assert other.poll() is None


@pytest.mark.pty
def test_a_prompt_beside_what_another_program_has_added_says_so(typist, process):
    chat = typist()
    chat.expect(PROMPT)
    chat.ask("Asked here", "[openai")
    other = process("ask", "-c", "Asked elsewhere", stdin=subprocess.DEVNULL)
    assert other.wait(60) == ExitCode.DONE
    assert BESIDE in chat.ask("Asked beside", "[openai")
    assert BESIDE not in chat.ask("Asked below", "[openai")
    chat.ask("/tree", "1. Asked elsewhere", "2. here now, Asked below")


def test_a_prompt_without_an_answer_is_told_as_that(simulator, process):
    simulator.arm("forbidden*1")
    piped(process, "Asked in vain\n")
    _, out, _ = piped(process, "", "--continue")
    assert "Last prompt: Asked in vain\nIt has no answer yet; /retry asks it again." in out


@pytest.mark.pty
def test_a_kill_loses_nothing(typist, simulator):
    chat = typist()
    chat.expect(PROMPT)
    simulator.arm("rate_limited=50*1")
    chat.type("Asked before the kill", "Waiting 50s")
    chat.type("Queued before it", "Queued as number 1.")
    chat.type("\n/write")
    chat.kill()
    chat.close()

    again = typist("--continue", "--model", "20b")
    again.expect("Last prompt: Asked before the kill", "1 prompt queued here, paused", PROMPT)
    again.ask("/retry", "[openai/gpt-oss-20b")
    again.ask("/queue", "Next prompt: Queued before it", "[openai/gpt-oss-20b")


def test_ctrl_c_ends_a_pipe_with_what_arrived(simulator, process):
    simulator.arm("rate_limited=50*1")
    child = process("--plain")
    child.stdin.write(b"Hello\n")
    child.stdin.flush()
    said = b""
    while b"Waiting 50s" not in said:
        said += child.stdout.read1(4096)
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate()
    assert child.returncode == ExitCode.INTERRUPTED
    assert b"Stopped." in said + out


def test_settings_that_cannot_be_read_hold_prompts_back(simulator, process):
    home = Path(os.environ["GROQCHAT_HOME"])
    home.mkdir()
    (home / "config.toml").write_text("budget = [")
    code, out, _ = piped(process, "Hello\n")
    assert code == ExitCode.MACHINE
    assert "o send anyway" in out
    code, out, _ = piped(process, "Hello\no\n")
    assert code == ExitCode.DONE
    assert "[openai" in out


def test_a_full_disk_is_no_bug(simulator, process):
    command = [sys.executable, "-m", "groqchat", "--plain"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, input=b"Hello\n", stdout=full, stderr=-1, check=False)
    assert done.returncode == ExitCode.MACHINE
    assert b"cannot write to stdout: No space left on device" in done.stderr
    assert b"bug" not in done.stderr


@pytest.mark.pty
def test_an_editor_that_is_not_there_leaves_the_unsent_prompt(typist):
    chat = typist(EDITOR="/none/editor", VISUAL=None)
    chat.expect(PROMPT)
    chat.ask("one\ntwo", "Pasted: 2 lines not sent yet.")
    told = chat.ask("/write", "Error: No editor.", "“/none/editor” could not be started", "EDITOR")
    assert "Free space" not in told
    chat.ask("three", "3 lines not sent yet.")
    clean(chat.raw)


def test_what_a_model_writes_controls_no_terminal(simulator, process):
    code, out, _ = piped(process, "simulate: hostile_text\n")
    assert code == ExitCode.DONE
    assert "[openai" in out


def test_accessible_is_the_same_as_plain(simulator, process, monkeypatch):
    monkeypatch.setenv("ACCESSIBLE", "1")
    child = process()
    child.stdin.write(b"Hello\n")
    out, _ = child.communicate()
    assert child.returncode == ExitCode.DONE
    assert b"> Hello\n" in out


def test_the_page_of_a_browser_stays_a_screen(monkeypatch):
    opened = []
    monkeypatch.setattr("groqchat.cli.tui.run", lambda _: opened.append("screen") or 0)
    monkeypatch.setenv("ACCESSIBLE", "1")
    monkeypatch.setenv("TEXTUAL_DRIVER", "groqchat.ui.terminal.browser_driver:Driver")
    assert main([]) == ExitCode.DONE
    assert opened == ["screen"]


def test_a_screen_on_a_dumb_terminal_names_plain(typist, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert main([]) == ExitCode.USAGE
    assert "groqchat --plain" in capsys.readouterr().err


def test_neither_textual_nor_rich_is_loaded():
    code = """
import sys
import groqchat.cli.plain.run
import groqchat.cli.plain.dispatch
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "groqchat" in loaded
    assert not loaded & {"textual", "rich", "groq", "markdown_it", "pygments"}
