"""``groqchat key`` with a real Secret Service: the key goes there and nowhere else."""

import base64

import pytest

from tests.cli.conftest import KEY
from tests.storage.test_secret_service import (
    bus,
    closing,
    collection,
    home,
    pytestmark,
    service,
    unlock,
)

__all__ = ["bus", "home", "pytestmark", "service"]  # its fixtures are used here


@pytest.mark.usefixtures("simulator", "service")
def test_a_keys_life(groqchat, monkeypatch, groqchat_home):
    monkeypatch.delenv("GROQ_API_KEY")
    added = groqchat("key", "add", "--stdin", "--profile", "work", piped=KEY.encode())
    assert (added.code, added.err) == (0, "")
    assert added.out == "Stored gsk_…ghij as profile work in SecretService Keyring.\n"
    told = groqchat("key", "check", "--profile", "work", "--json").json
    assert (told["source"], told["store"], told["status"]) == (
        "keyring",
        "SecretService Keyring",
        "valid",
    )
    assert groqchat("key", "check").code == 3
    assert groqchat("key", "use", "work").code == 0
    assert groqchat("ask", "Hi").code == 0
    assert groqchat("key", "rename", "work", "office").code == 0
    assert groqchat("doctor").code == 0
    assert groqchat("key", "list", "--json").json[0]["name"] == "office"
    assert_not_written(groqchat_home)
    assert groqchat("key", "remove", "office").code == 0
    assert groqchat("key", "check").code == 3


def assert_not_written(folder):
    """Neither the key nor its base64 nor its tail stand in any file."""
    traces = [KEY.encode(), base64.b64encode(KEY.encode())[:-4], KEY[-8:].encode()]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert not [trace for trace in traces if trace in path.read_bytes()]


@pytest.mark.usefixtures("bus", "simulator")
def test_without_a_service_the_key_is_kept_nowhere(groqchat):
    done = groqchat("key", "add", "--stdin", "--json", piped=KEY.encode())
    assert (done.code, done.json["error"]["kind"]) == (10, "storage")
    assert groqchat("key", "list", "--json").json == []


@pytest.mark.usefixtures("simulator")
def test_a_locked_a_dead_and_an_unlocked_keyring_are_told_apart(groqchat, monkeypatch, service):
    monkeypatch.delenv("GROQ_API_KEY")
    for name in ("default", "work"):
        assert groqchat("key", "add", "--stdin", "--profile", name, piped=KEY.encode()).code == 0
    assert groqchat("key", "check", "--all").code == 0
    with closing(collection().connection):
        collection().lock()
    locked = groqchat("key", "check", "--json")
    assert (locked.code, "locked" in locked.json["error"]["message"]) == (10, True)
    assert [each["key"] for each in groqchat("key", "list", "--json").json] == ["gsk_…ghij"] * 2
    unlock()
    assert groqchat("key", "check", "--profile", "work").code == 0
    service.kill()
    service.wait()
    gone = groqchat("key", "check", "--all", "--json")
    assert gone.code == 10
    assert all("No system keyring" in each["message"] for each in gone.json)
