"""``doctor`` finds faults that are really there, and says what mends them."""

import os
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from groqchat.cli.examining import machine
from groqchat.cli.examining.machine import file_system
from tests.cli.conftest import KEY
from tests.cli.test_others import findings
from tests.end_to_end.plain_server import serving

MODEL = "openai/gpt-oss-120b"


def test_a_page_of_the_database_is_garbage(simulator, groqchat, groqchat_home):
    for _ in range(3):
        groqchat("ask", "Hi", "-m", MODEL)
    assert findings(groqchat("doctor", "--json"))["database"]["ok"]
    file = groqchat_home / "groqchat.db"
    with file.open("r+b") as pages:
        pages.seek(file.stat().st_size // 2 // 4096 * 4096)
        pages.write(b"\xff" * 8192)
    found = findings(groqchat("doctor", "--json"))["database"]
    assert (found["ok"], "damaged: " in found["detail"]) == (False, True)
    assert "groqchat restore FILE" in found["suggestion"]


def test_the_folder_is_a_file(simulator, groqchat, groqchat_home):
    groqchat_home.write_text("a file")
    found = findings(groqchat("doctor", "--json"))["disk"]
    assert (found["ok"], found["detail"]) == (False, f"{groqchat_home} cannot be written to")
    assert "GROQCHAT_HOME names another folder" in found["suggestion"]


def test_the_disk_is_nearly_full(simulator, groqchat, monkeypatch):
    there = findings(groqchat("doctor", "--json"))["disk"]
    assert (there["ok"], " MB free" in there["detail"]) == (True, True)
    monkeypatch.setattr(machine, "LEAST_FREE", 10**18)
    full = findings(groqchat("doctor", "--json"))["disk"]
    assert not full["ok"]
    assert full["suggestion"].startswith("Free space there")


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("/home/me/x", "nfs4"), ("/home", "ext4"), ("/mnt/a b/c", "fuse.sshfs"), ("/homely", "ext4")],
)
def test_the_file_system_is_that_of_the_nearest_mount(folder, kind):
    mounts = [
        "/dev/sda1 / ext4 rw 0 0",
        "server:/home /home/me nfs4 rw 0 0",
        r"me@host: /mnt/a\040b fuse.sshfs rw 0 0",
    ]
    assert file_system(Path(folder), mounts) == kind
    assert file_system(Path(folder), []) == ""


def test_a_network_file_system_is_warned_of(simulator, groqchat, groqchat_home, monkeypatch):
    monkeypatch.setattr(machine, "_mounts", lambda: ["server:/ / nfs4 rw 0 0"])
    found = findings(groqchat("doctor", "--json"))["disk"]
    assert (found["ok"], found["detail"].endswith(", nfs4")) == (False, True)
    assert "locks may fail over a network" in found["suggestion"]


def test_a_proxy_that_nobody_answers_at(groqchat, monkeypatch, free_port):
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    monkeypatch.setenv("GROQ_BASE_URL", "http://groq.invalid")
    monkeypatch.setenv("HTTP_PROXY", f"http://me:secret@127.0.0.1:{free_port}")
    done = groqchat("doctor", "--json")
    found = findings(done)["proxy"]
    assert not found["ok"]
    assert found["detail"].startswith(f"HTTP_PROXY=http://127.0.0.1:{free_port} is not reached: ")
    assert found["suggestion"] == "Correct or unset HTTP_PROXY, or name groq.invalid in NO_PROXY."
    assert "secret" not in done.out


def test_a_proxy_that_is_there_or_none_or_nonsense(groqchat, monkeypatch):
    assert findings(groqchat("doctor", "--json"))["proxy"]["detail"].startswith("none: ")
    monkeypatch.setenv("GROQ_BASE_URL", "http://groq.invalid")
    with socket.create_server(("127.0.0.1", 0)) as there:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{there.getsockname()[1]}")
        assert findings(groqchat("doctor", "--json"))["proxy"]["ok"]
    monkeypatch.setenv("HTTP_PROXY", "ftp://127.0.0.1")
    found = findings(groqchat("doctor", "--json"))["proxy"]
    assert not found["ok"]
    assert "HTTP_PROXY" in found["detail"] + found["suggestion"]


class WrongClock(BaseHTTPRequestHandler):
    """A list of models, answered by a server whose clock differs by ``ahead`` seconds."""

    ahead = 0

    def date_time_string(self, timestamp=None):

        return super().date_time_string(time.time() + self.ahead)

    def do_GET(self):
        body = b'{"object": "list", "data": [{"id": "openai/gpt-oss-20b"}]}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.mark.parametrize(
    ("ahead", "ok", "detail"),
    [
        (0, True, "right, by the server's"),
        (3_600, False, "behind the server's"),
        (-90_000, False, "ahead of the server's"),
    ],
)
def test_the_clocks_differ(groqchat, monkeypatch, ahead, ok, detail):
    monkeypatch.setattr(WrongClock, "ahead", ahead)
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    with serving(WrongClock) as url:
        monkeypatch.setenv("GROQ_BASE_URL", url)
        done = groqchat("doctor", "--json")
    found = findings(done)["clock"]
    assert (done.code, found["ok"]) == (0, ok)
    assert found["detail"].endswith(detail)
    assert ok or "timedatectl" in found["suggestion"]


def test_a_key_of_another_project_is_metered_as_free(simulator, groqchat, groqchat_home):
    assert "plan" not in findings(groqchat("doctor", "--json"))
    groqchat("ask", "Hi", "-m", MODEL)
    told = findings(groqchat("doctor", "--json"))["plan"]
    assert told["ok"]
    assert told["detail"].startswith("this key is metered as free: ")
    assert "If the console says Developer" in told["suggestion"]
    (groqchat_home / "config.toml").write_text('plan = "developer"\n')
    found = findings(groqchat("doctor", "--json"))
    assert not found["plan"]["ok"]
    assert found["plan"]["detail"].startswith(
        "config.toml says developer, but this key is metered as free: "
    )
    assert "make a key in a project" in found["plan"]["suggestion"]
    assert "limits" not in found  # told once


def test_the_checks_of_the_terminal_are_left_out_where_there_is_none(simulator, groqchat):
    if not sys.stdout.isatty():
        assert not {"keyboard", "clipboard"} & findings(groqchat("doctor", "--json")).keys()


def test_a_fallback_that_nobody_is_called_is_named(simulator, groqchat, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    settings = groqchat_home / "config.toml"
    endpoint = '[endpoints.router]\nbase_url = "https://example.org/v1"\nmodel = "m"\n'
    settings.write_text(f'fallback = ["router", "20b", "{MODEL}"]\n{endpoint}')
    assert "fallback" not in findings(groqchat("doctor", "--json"))
    settings.write_text(f'fallback = ["ruoter", "20bx", "{MODEL}"]\n{endpoint}')
    found = findings(groqchat("doctor", "--json"))["fallback"]
    assert (found["ok"], found["detail"].partition(":")[0]) == (False, "ruoter, 20bx")
    assert "Correct fallback in config.toml" in found["suggestion"]


def test_a_password_in_the_address_is_refused_and_not_printed(simulator, groqchat, monkeypatch):
    address = os.environ["GROQ_BASE_URL"].replace("://", "://me:secret@")
    monkeypatch.setenv("GROQ_BASE_URL", address)
    done = groqchat("doctor", "--json")
    found = findings(done)["network"]
    assert (found["ok"], done.code) == (False, 7)
    assert "leave out what stands before the @" in found["detail"]
    assert "secret" not in done.out + done.err
