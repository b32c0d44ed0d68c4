"""Advice about keyrings fits the machine."""

import pytest

from groqchat.cli.keyring_advice import advice, place
from groqchat.domain.causes import CAUSES

DOCKER = "/.dockerenv"


@pytest.mark.parametrize(
    ("platform", "environ", "paths", "where", "said"),
    [
        ("darwin", {}, (), "macOS", "security unlock-keychain"),
        ("win32", {}, (), "Windows", "Credential Manager"),
        ("linux", {"WSL_DISTRO_NAME": "Debian", "DISPLAY": ":0"}, (), "WSL", "WSL"),
        ("linux", {"SSH_CONNECTION": "a b"}, (DOCKER,), "container", "GROQ_API_KEY in"),
        ("linux", {"KUBERNETES_SERVICE_HOST": "h"}, (), "container", "secrets"),
        ("linux", {"SSH_CONNECTION": "a b", "DISPLAY": "x"}, (), "SSH", "over SSH"),
        ("linux", {}, (), "headless", "without a display"),
        ("linux", {"WAYLAND_DISPLAY": "w"}, (), "desktop", "seahorse"),
    ],
)
def test_each_place_has_its_own(platform, environ, paths, where, said):
    assert place(platform, environ, lambda path: path in paths) == where
    assert said in advice("keyring_locked", where)
    for cause in CAUSES:
        assert "GROQ_API_KEY" in advice(cause, where)


def test_doctor_gives_it(groqchat, monkeypatch):
    monkeypatch.setattr("groqchat.cli.doctor.place", lambda *_: "SSH")
    checks = groqchat("doctor", "--json").json["checks"]
    (keyring,) = (check for check in checks if check["name"] == "keyring")
    assert not keyring["ok"]
    assert keyring["detail"].endswith("(SSH)")
    assert "dbus-run-session" in keyring["suggestion"]
