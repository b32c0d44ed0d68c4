"""Advice about a keyring is the same wherever it is given."""

import pytest

from groqchat.storage.keys import errors


@pytest.fixture(autouse=True)
def over_ssh(monkeypatch):
    monkeypatch.setattr(errors, "place", lambda *_: "SSH")


def test_doctor_gives_it(groqchat, monkeypatch):
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setattr("groqchat.storage.keys.keyrings._TRUSTED", ())
    checks = groqchat("doctor", "--json").json["checks"]
    (keyring,) = (check for check in checks if check["name"] == "keyring")
    assert not keyring["ok"]
    assert keyring["detail"].endswith("(SSH)")
    assert "dbus-run-session" in keyring["suggestion"]


@pytest.mark.usefixtures("simulator")
def test_so_does_whatever_needs_the_keyring(groqchat, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.storage.keys.fake_keyrings.LockedKeyring")
    added = groqchat("key", "add", "--from-env", "--json")
    assert added.code == 10
    assert "over SSH" in added.json["error"]["suggestion"]
    assert "key_command" in added.err


def test_one_that_the_user_named_is_a_matter_of_the_name(groqchat, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "nowhere.Keyring")
    checks = groqchat("doctor", "--json").json["checks"]
    (keyring,) = (check for check in checks if check["name"] == "keyring")
    assert keyring["suggestion"].startswith("Correct PYTHON_KEYRING_BACKEND")


@pytest.mark.parametrize(
    ("owner", "advice"),
    [
        ("KeePassXC", "always when a key is replaced"),
        ("KWallet", "while the wallet is closed"),
        ("GNOME Keyring", ""),
        ("", ""),
    ],
)
def test_doctor_names_the_program_that_keeps_keys(groqchat, monkeypatch, owner, advice):
    async def name(_):
        return "SecretService Keyring"

    monkeypatch.setattr("groqchat.storage.keys.system_keyring.SystemKeyring.name", name)
    monkeypatch.setattr("groqchat.storage.keys.secret_owner.secret_owner", lambda: owner)
    checks = groqchat("doctor", "--json").json["checks"]
    (keyring,) = (check for check in checks if check["name"] == "keyring")
    named = f"SecretService Keyring ({owner})" if owner else "SecretService Keyring"
    assert (keyring["ok"], keyring["detail"]) == (True, named)
    assert advice in keyring["suggestion"]
    assert bool(advice) == bool(keyring["suggestion"])
