"""The front door: help, versions, unknown words, and what happens to failures of every kind."""

import json

import pytest

from groqchat import __version__
from groqchat.cli import tui
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError, error_document, exit_code_of, guarded
from groqchat.cli.main import COMMANDS
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.table import CAUSES, failure
from groqchat.domain.limits.quota import LimitKind

SUBCOMMANDS = {
    "key": ("add", "check", "list", "use", "remove", "rename"),
    "plan": ("limits", "cost", "audio"),
    "sessions": ("list", "search", "show", "export", "import", "delete"),
}
WORDS = [
    *([name] for name in COMMANDS),
    *([name, below] for name, names in SUBCOMMANDS.items() for below in names),
]


class Args:
    """What a command was told, as far as failures care."""

    json = False
    jsonl = False


@pytest.mark.parametrize("words", [[], *WORDS], ids=" ".join)
def test_help_everywhere_has_an_example(groqchat, words):
    done = groqchat(*words, "--help")
    assert (done.code, done.err) == (0, "")
    assert "examples:\n" in done.out
    assert " ".join(["groqchat", *words]) in done.out.split("examples:")[1]


def test_the_help_lists_every_command(groqchat):
    listed = groqchat("-h").out.split("commands:")[1]
    assert all(f"\n  {name} " in listed for name in COMMANDS)


def test_version(groqchat):
    assert groqchat("--version").out == f"groqchat {__version__}\n"


@pytest.mark.parametrize("words", [["brew"], ["ask", "--frobnicate"], ["key"], ["key", "brew"]])
def test_what_makes_no_sense_is_exit_2(groqchat, words):
    done = groqchat(*words)
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["--demo", "ask", "hi"], "`groqchat simulate` serves commands"),
        (["-m", "20b", "ask", "hi"], "`groqchat ask -h`"),
        (["--profile=work", "usage"], "`groqchat usage -h`"),
        (["--continue", "compare", "hi"], "`groqchat compare -h`"),
    ],
)
def test_options_of_the_chat_are_not_ignored_before_a_command(groqchat, words, advice):
    done = groqchat(*words)
    assert (done.code, done.out) == (2, "")
    assert advice in done.err
    refused = groqchat(*words, "--json")
    assert (refused.code, advice in refused.json["error"]["message"]) == (2, True)


@pytest.mark.parametrize("missing", ["stdin", "stdout", "stderr"])
def test_the_chat_needs_a_terminal_on_every_stream(monkeypatch, missing):
    for name in tui.STREAMS:
        monkeypatch.setattr(tui.sys, name, FakeStream(is_terminal=name != missing))
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(MisuseError, match=missing):
        tui._require_terminal()


@pytest.mark.parametrize("term", ["dumb", ""])
def test_the_chat_needs_a_terminal_that_draws(monkeypatch, term):
    for name in tui.STREAMS:
        monkeypatch.setattr(tui.sys, name, FakeStream(is_terminal=True))
    monkeypatch.setenv("TERM", term)
    with pytest.raises(MisuseError, match="TERM"):
        tui._require_terminal()


class FakeStream:
    """A stream that is a terminal or not."""

    def __init__(self, *, is_terminal):
        self.isatty = lambda: is_terminal


def test_the_chat_without_a_terminal_is_one_sentence_and_exit_2(groqchat):
    done = groqchat()
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "groqchat ask" in done.err


# -- failures ---------------------------------------------------------------------------------


def test_every_kind_of_error_has_an_exit_code():
    kinds = {failure(name).kind: exit_code_of(failure(name)) for name in CAUSES}
    assert set(kinds) == set(ErrorKind)
    assert set(kinds.values()) == {code for code in ExitCode if code in {*range(3, 11), 13}}


def test_the_json_of_an_error_leaves_out_what_is_not_known():
    error = failure(
        "rate_limited", status=429, limit_kind=LimitKind.TPM, limit=8000, retry_after_s=7.66
    )
    assert error_document(error) == {
        "error": {
            "kind": "rate_limited",
            "status": 429,
            "bucket": "TPM",
            "limit": 8000,
            "retry_after_s": 7.66,
            "message": error.message,
            "suggestion": error.command_suggestion,
        }
    }


def raising(error):
    def run(args):
        raise error

    return run


def test_an_error_is_words_on_stderr_and_with_json_a_document_on_stdout(capsys):
    error = failure("key_rejected", status=401)
    assert guarded(raising(error), Args()) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"groqchat: {error.message} {error.command_suggestion}\n"
    args = Args()
    args.json = True
    assert guarded(raising(error), args) == 4
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "key_rejected"


def test_foreign_text_cannot_drive_the_terminal(capsys):
    guarded(raising(failure("invalid_request", detail="\x1b]52;c;x\x07\x1b[2J")), Args())
    assert "\x1b" not in capsys.readouterr().err


def test_interrupted_is_130_and_silent(capsys):
    assert guarded(raising(KeyboardInterrupt()), Args()) == 130
    assert capsys.readouterr() == ("", "")


def test_a_bug_is_one_sentence_and_the_rest_is_in_the_log(capsys, groqchat_home):
    key = "gsk_test_0123456789abcdef"

    def buggy(args):
        raise ZeroDivisionError(f"with {key} in it")

    assert guarded(buggy, Args()) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    log = groqchat_home / "log.jsonl"
    assert str(log) in err
    written = log.read_text()
    assert "ZeroDivisionError" in written
    assert "buggy" in written
    assert key not in written + err


def test_a_bug_that_cannot_be_written_down_is_still_said(capsys, groqchat_home):
    groqchat_home.write_text("a file where the folder should be")
    assert guarded(raising(ZeroDivisionError()), Args()) == 1
    assert "could not be written" in capsys.readouterr().err


def test_the_help_of_commands_with_commands_describes_them_alone(groqchat):
    done = groqchat("sets", "-h")
    assert done.code == 0
    assert "export" in done.out
    assert "None" not in done.out
