"""``groqchat key check``: each thing that can be wrong, all keys at once, probing, watching."""

import json
import os
import signal
import sys

import pytest

from groqchat.cli.keys import key_check
from groqchat.services.account.keys import MemoryKeyStore
from tests.cli.conftest import KEY

OTHER = "gsk_test_zyxwvutsrqponmlkjihgf"
REJECTED = "gsk_test_rejected_0000"
AFAR = {"GROQ_BASE_URL": "http://groq.invalid"}


@pytest.fixture
def keyring(monkeypatch):
    """A keyring in memory that outlives single commands."""
    key_store = MemoryKeyStore()
    monkeypatch.setattr("groqchat.bootstrap.SystemKeyring", lambda: key_store)
    return key_store


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"GROQ_BASE_URL": "http://127.0.0.1:{free}"}, "No connection to the server"),
        ({"GROQ_BASE_URL": "http://nobody.invalid"}, "name could not be resolved"),
        ({"GROQ_BASE_URL": "https://127.0.0.1:{server}"}, "secure connection failed"),
        ({"GROQ_BASE_URL": "ftp://127.0.0.1"}, "address cannot be used"),
        (AFAR | {"HTTP_PROXY": "http://127.0.0.1:{free}"}, "by way of HTTP_PROXY="),
        (AFAR | {"HTTP_PROXY": "nonsense://127.0.0.1"}, "HTTP_PROXY=nonsense://127.0.0.1"),
    ],
)
@pytest.mark.usefixtures("simulator")
def test_a_line_that_is_down_is_told_from_a_bad_key(
    groqchat, monkeypatch, free_port, variables, said
):
    server = port()
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(free=free_port, server=server))
    done = groqchat("key", "check", "--json")
    assert (done.code, done.json["status"]) == (7, "unreachable")
    assert said in done.json["message"]


def port():
    """The port of the simulator that the environment names."""
    return os.environ["GROQ_BASE_URL"].rsplit(":", 1)[1]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("html_200", "not the API"),
        ("network_refused", "network"),
        ("cloudflare_html", "Cloudflare"),
    ],
)
def test_what_stands_in_between_is_named(simulator, groqchat, fault, said):
    simulator.arm(f"{fault}@models")
    done = groqchat("key", "check", "--json")
    assert (done.code, done.json["status"]) == (7, "unreachable")
    assert said in done.json["message"]
    assert "<" not in done.out


def test_all_keys_are_checked_and_the_first_bad_one_decides(
    simulator, groqchat, keyring, monkeypatch, free_port
):
    url = os.environ["GROQ_BASE_URL"]
    monkeypatch.delenv("GROQ_API_KEY")
    groqchat("key", "add", "--stdin", piped=KEY.encode())
    monkeypatch.setenv("GROQ_BASE_URL", f"http://127.0.0.1:{free_port}")
    groqchat("key", "add", "--stdin", "--profile", "old", piped=REJECTED.encode())
    monkeypatch.setenv("GROQ_BASE_URL", url)
    done = groqchat("key", "check", "--all", "--json")
    assert done.code == 4
    told = [(each["profile"], each["key"], each["status"]) for each in done.json]
    assert told == [("default", "gsk_…ghij", "valid"), ("old", "gsk_…0000", "rejected")]
    groqchat("key", "remove", "old")
    assert groqchat("key", "check", "--all").code == 0
    monkeypatch.setenv("GROQ_API_KEY", OTHER)
    sources = [each["source"] for each in groqchat("key", "check", "--all", "--json").json]
    assert sources == ["env", "keyring"]


@pytest.mark.parametrize("words", [("key", "check"), ("key", "check", "--all"), ("models",)])
def test_the_environments_key_in_place_of_a_profiles_is_said(simulator, groqchat, keyring, words):
    done = groqchat(*words, "--profile", "nope")
    assert done.code == 0
    assert done.err.count("under the name 'nope'; GROQ_API_KEY is used, as default.") == 1


def test_all_of_no_keys_is_no_key(groqchat, keyring):
    done = groqchat("key", "check", "--all", "--json")
    assert (done.code, [each["status"] for each in done.json]) == (3, ["missing"])


def test_a_probe_reads_what_is_left(simulator, groqchat):
    assert "quota" not in groqchat("key", "check", "--json").json
    done = groqchat("key", "check", "--probe", "--json")
    assert (done.code, done.json["status"]) == (0, "valid")
    assert done.json["quota"]["RPD"] | {"resets_in_s": 0} == {
        "limit": 1000, "remaining": 999, "resets_in_s": 0, "source": "header",
    }  # fmt: skip
    assert done.json["quota"]["TPM"]["limit"] == 8000
    assert groqchat("usage", "--json").json["requests"] == 1
    assert groqchat("sessions", "list", "--json").json == []
    assert "TPM " in groqchat("key", "check", "--probe").out


def test_a_probe_that_is_limited_is_a_good_key(simulator, groqchat):
    simulator.arm("rate_limited=61@chat")
    done = groqchat("key", "check", "--probe", "--json")
    assert (done.code, done.json["status"]) == (0, "limited")
    assert done.json["models"] > 5


def test_a_probe_of_a_model_that_is_gone_says_nothing_against_the_key(
    simulator, groqchat, groqchat_home
):
    groqchat_home.mkdir()
    (groqchat_home / "config.toml").write_text('model = "nobody/knows-it"\n')
    done = groqchat("key", "check", "--probe", "--json")
    assert (done.code, done.json["status"]) == (0, "valid")
    assert "probe was refused" in done.json["message"]


def test_watching_ends_when_the_key_works(simulator, groqchat, monkeypatch):
    monkeypatch.setattr(key_check, "_PAUSES", (0,))
    simulator.arm("key_rejected*2@models")
    done = groqchat("key", "check", "--watch", "--json")
    assert (done.code, done.json["status"]) == (0, "valid")
    assert done.err.count("rejected: ") == done.err.count("Ctrl+C ends it") == 2


def test_watching_is_interrupted(simulator, groqchat, monkeypatch):
    async def interrupted(_, __):
        raise KeyboardInterrupt

    monkeypatch.setattr("groqchat.bootstrap.SystemClock.sleep", interrupted)
    simulator.arm("key_rejected@models")
    assert groqchat("key", "check", "--watch").code == 130


# -- keys that a command gives -------------------------------------------------------------------


@pytest.fixture
def command(groqchat_home, monkeypatch, tmp_path):
    """Write a key command into the settings: a program of these lines."""
    monkeypatch.delenv("GROQ_API_KEY", raising=False)

    def write(program, *words, seconds=20, interpreter=sys.executable):
        script = tmp_path / "give key.py"
        script.write_text(program)
        line = " ".join([interpreter, f"'{script}'", *words])
        groqchat_home.mkdir(exist_ok=True)
        config = f"key_command = {json.dumps(line)}\nkey_command_s = {seconds}\n"
        (groqchat_home / "config.toml").write_text(config)

    return write


def test_a_command_gives_the_key(simulator, groqchat, command, monkeypatch):
    command(f"print(); print(' {KEY} '); print('user: me')")
    done = groqchat("key", "check", "--json")
    python = sys.executable.rsplit("/", 1)[1]
    told = done.json
    assert (done.code, told["source"], told["store"]) == (0, "command", python)
    assert told["key"] == "gsk_…ghij"
    (listed,) = groqchat("key", "list", "--json").json
    assert (listed["name"], listed["source"], listed["store"]) == ("default", "command", python)
    assert python in groqchat("key", "list").out
    assert groqchat("key", "check", "--profile", "work").code == 3
    monkeypatch.setenv("GROQ_API_KEY", OTHER)
    assert groqchat("key", "check", "--json").json["source"] == "env"


def test_a_stored_key_beats_the_command(simulator, groqchat, command, keyring):
    command("raise SystemExit('was asked')")
    groqchat("key", "add", "--stdin", piped=OTHER.encode())
    assert groqchat("key", "check", "--json").json["source"] == "keyring"
    assert [each["source"] for each in groqchat("key", "list", "--json").json] == ["keyring"]


def test_a_command_is_told_the_profile_and_not_the_key(simulator, groqchat, command, monkeypatch):
    program = "import os, sys\nassert 'COPY' not in os.environ\nprint('gsk_test_1_' + sys.argv[1])"
    command(program, "{profile}")
    monkeypatch.setenv("COPY", "gsk_" + "0123456789" * 3)
    told = groqchat("key", "check", "--profile", "$HOME;work", "--json").json
    assert (told["profile"], told["key"], told["status"]) == ("$HOME;work", "gsk_…work", "valid")


@pytest.mark.parametrize(
    ("program", "seconds", "said"),
    [
        ("import sys; sys.exit('not signed in: gsk_test0123456789')", 20, "(not signed in: gsk_…)"),
        ("", 20, "it printed nothing"),
        ("print('gsk_test 1')", 20, "there is white space inside"),
        ("import time; time.sleep(60)", 0.2, "did not end within"),
        ("print('x' * 100_000)", 20, "it printed more than 16,384 bytes"),
        ("import os; os.abort()", 20, "it was ended by Aborted (signal 6)"),
    ],
)
def test_a_command_that_fails_says_why(groqchat, command, program, seconds, said):
    command(program, seconds=seconds)
    done = groqchat("key", "check", "--json")
    assert done.code == 10
    assert said in done.json["error"]["message"]


SHELL_COMMANDS = {
    # More than a pipe holds, from a program that never ends and does not want to.
    "trap '' TERM INT HUP; yes gsk_test_1 | head -c 1000000; sleep 60": "more than 16,384 bytes",
    "trap '' TERM; sleep 60 & sleep 60": "did not end within",
    "yes gsk_test0123456789 | head -c 1000000 >&2; exit 3": "exit code 3 (gsk_…)",
    "echo 'not signed in' >&2; echo 'details' >&2; exit 1": "exit code 1 (not signed in)",
}


@pytest.mark.parametrize("shell", SHELL_COMMANDS, ids=["flood", "silence", "complaint", "refusal"])
def test_a_command_that_says_too_much_or_nothing_ends(groqchat, command, shell):
    ends_by_itself = "exit" in shell
    command(shell, interpreter="/bin/sh", seconds=60 if ends_by_itself or "yes" in shell else 0.2)
    done = groqchat("key", "check", "--json")
    assert done.code == 10
    assert SHELL_COMMANDS[shell] in done.json["error"]["message"]
    assert done.json["error"]["suggestion"]


def test_a_child_that_keeps_the_output_open_hides_no_key(simulator, groqchat, command, tmp_path):
    command(f"sleep 60 & echo $! > '{tmp_path}/child'; echo {KEY}", interpreter="/bin/sh")
    told = groqchat("key", "check", "--json").json
    assert (told["status"], told["key"]) == ("valid", "gsk_…ghij")
    child = int((tmp_path / "child").read_text())
    os.kill(child, signal.SIGKILL)  # it was left alone: password managers start agents


@pytest.mark.parametrize("line", ["no-such-program-anywhere x", "unbalanced 'quote"])
def test_a_command_that_cannot_be_started_says_so(groqchat, groqchat_home, line):
    groqchat_home.mkdir()
    (groqchat_home / "config.toml").write_text(f'key_command = "{line}"\n')
    done = groqchat("ask", "Hi", "--json")
    assert (done.code, done.json["error"]["kind"]) == (10, "storage")
    assert "key_command" in done.json["error"]["message"]
