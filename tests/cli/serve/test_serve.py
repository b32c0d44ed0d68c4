"""``groqchat serve`` from outside."""

import re
import signal
import sys
import urllib.request

import pytest


def test_one_line_with_the_address_until_it_is_ended(process):
    serving = process("serve", "--demo")
    address = serving.stdout.readline().decode().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{40,}", address)
    with urllib.request.urlopen(address) as page:  # our own server
        assert b"groqchat" in page.read()
    serving.send_signal(signal.SIGINT)
    out, err = serving.communicate(timeout=30)
    assert (serving.returncode, out) == (0, b"")
    assert b"Ctrl+C ends the server" in err


def test_a_missing_package_is_named_with_the_line_that_installs_it(groqchat, monkeypatch):
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    monkeypatch.delitem(sys.modules, "groqchat.web.server", raising=False)
    told = groqchat("serve")
    assert told.code == 10
    assert "textual-serve>=1.1.3,<1.2" in told.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--port", "70000"), 2, "'70000' is no port"),
        (("--host", "192.0.2.1"), 10, "Nothing can be served at 192.0.2.1"),
    ],
)
def test_what_cannot_be_served(groqchat, words, code, said):
    told = groqchat("serve", *words)
    assert told.code == code
    assert said in told.err
