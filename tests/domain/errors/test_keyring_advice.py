"""Advice about keyrings fits the machine."""

import pytest

from groqchat.domain.errors.keyring_advice import advice, place
from groqchat.domain.errors.table import CAUSES

DOCKER = "/.dockerenv"


@pytest.mark.parametrize(
    ("platform", "environ", "paths", "where", "said"),
    [
        ("darwin", {}, (), "macOS", "security unlock-keychain"),
        ("win32", {}, (), "Windows", "Credential Manager"),
        ("linux", {"WSL_DISTRO_NAME": "Debian", "DISPLAY": ":0"}, (), "WSL", "WSL"),
        ("linux", {"SSH_CONNECTION": "a b"}, (DOCKER,), "container", "GROQ_API_KEY from"),
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


@pytest.mark.parametrize("where", ["macOS", "Windows", "WSL", "container", "SSH", "headless"])
def test_nothing_is_said_twice(where):
    assert advice("keyring_missing", where).count("GROQ_API_KEY") == 1


@pytest.mark.parametrize("where", ["container", "SSH", "headless", "WSL", "desktop"])
def test_where_a_dialog_was_refused_nobody_is_told_that_there_can_be_none(where):
    assert advice("keyring_refused", where).startswith("Allow it in the keyring's dialog")
