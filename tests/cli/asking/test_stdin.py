"""What is piped into ``ask``, in all its shapes, and ``--quiet``."""

import io
import os
import sys
import threading

import pytest

from groqchat.cli import prompts
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.main import main
from tests.cli.test_room import spoken

BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("piped", "words", "sent"),
    [
        (b"", ["Hi"], "Hi"),
        (b" \n\n", ["Hi"], "Hi"),
        (b"Only piped", [], "Only piped"),
        (b"a\r\nb\n", ["Hi"], "a\r\nb\n\n\nHi"),
        (BOM + "Füße".encode(), ["Hi"], "Füße\n\nHi"),
    ],
)
@pytest.mark.usefixtures("simulator")
def test_the_shapes_of_piped_input(groqchat, asked, piped, words, sent):
    assert groqchat("ask", *words, piped=piped).code == ExitCode.DONE
    assert spoken(asked[-1]) == [sent]


def test_a_closed_stdin_is_none(simulator, asked, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["ask", "Hi"]) == ExitCode.DONE
    assert spoken(asked[-1]) == ["Hi"]
    sys.stdin.close()
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["ask"]) == ExitCode.USAGE
    sys.stdin.close()
    assert "there is no prompt" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["key", "add", "--stdin"]) == ExitCode.USAGE
    sys.stdin.close()


def test_a_stdin_that_cannot_be_read_is_told(simulator, tmp_path, monkeypatch, capsys):
    fd = os.open(tmp_path / "out", os.O_WRONLY | os.O_CREAT)
    with os.fdopen(fd, "rb") as unreadable:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(unreadable))
        assert main(["ask", "Hi"]) == ExitCode.USAGE
    assert "cannot read the piped input: Bad file descriptor" in capsys.readouterr().err


def test_input_beyond_all_bounds_is_refused_before_it_is_read_whole(
    simulator, groqchat, asked, monkeypatch
):
    monkeypatch.setattr(prompts, "MOST_BYTES", 2**20)
    refused = groqchat("ask", "Hi", piped=b"word " * 2**18)
    assert (refused.code, refused.out, asked) == (ExitCode.USAGE, "", [])
    assert "the piped input is larger than 1 MB" in refused.err


class Late(io.BytesIO):
    """Ends once the program has said that it waits."""

    def __init__(self, told):
        super().__init__(b"late")
        self.told = told

    def read(self, *size):
        assert self.told.wait(60)
        return super().read(*size)


def test_input_that_does_not_end_is_told(simulator, asked, monkeypatch, capsys):
    told = threading.Event()

    def narrate(*_):
        told.set()

    monkeypatch.setattr(prompts, "narrate", narrate)
    monkeypatch.setattr(prompts, "_LATE_S", 0.0)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Late(told)))
    assert main(["ask", "Hi"]) == ExitCode.DONE
    assert spoken(asked[-1]) == ["late\n\nHi"]


# -- --quiet -----------------------------------------------------------------------------------


def test_quiet_leaves_errors_alone_on_stderr(simulator, groqchat):
    talkative = (
        "ask",
        "my key is sk-ant-api03-0123456789abcdefghijABCDEFGHIJ",
        "--compact",
        "oldest",
    )
    assert "counts once the session is continued" in groqchat(*talkative).err
    quiet = groqchat(*talkative, "--quiet")
    assert (quiet.code, quiet.err) == (ExitCode.DONE, "")
    assert quiet.out
    assert groqchat(*talkative).err  # the next command narrates again
    refused = groqchat("ask", ["Hi"], "-q", "--session", "zzz")
    assert refused.code == ExitCode.USAGE
    assert refused.err.startswith("groqchat: there is no session 'zzz'")
    assert groqchat("ask", ["Hi"], "--quiet", "--usage").code == ExitCode.USAGE


def test_quiet_tells_that_an_answer_is_incomplete(simulator, groqchat):
    done = groqchat("ask", "Hi simulate: ends_filtered=9", "-q")
    assert (done.code, len(done.err.splitlines())) == (ExitCode.DONE, 1)
    assert done.err.startswith("groqchat: the answer is incomplete: ")
