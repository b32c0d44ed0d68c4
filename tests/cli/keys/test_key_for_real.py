"""``groqchat key`` with a real Secret Service: the key goes there and nowhere else."""

import base64
import os

import pytest

from groqchat.cli import arguments
from groqchat.domain.errors.keyring_advice import QUESTION
from groqchat.storage.keys import keyring_dialog
from tests.cli.conftest import KEY
from tests.storage.keys.pretend_secret_service import PretendSecretService, User
from tests.storage.keys.test_secret_service import (
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


@pytest.mark.usefixtures("simulator", "service")
def test_keys_outlive_the_database(groqchat, monkeypatch, groqchat_home):
    monkeypatch.delenv("GROQ_API_KEY")
    for name in ("default", "work"):
        assert groqchat("key", "add", "--stdin", "--profile", name, piped=KEY.encode()).code == 0
    for file in groqchat_home.glob("groqchat.db*"):
        file.unlink()
    assert "looks for one in the keyring" in groqchat("key", "list").err
    assert groqchat("key", "check").code == 0
    assert groqchat("key", "use", "work").code == 0
    assert [each["name"] for each in groqchat("key", "list", "--json").json] == ["default", "work"]
    assert groqchat("key", "rename", "work", "office").code == 0


@pytest.mark.usefixtures("simulator", "service")
def test_the_environments_key_does_not_stand_in_for_an_endpoints(groqchat, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    (groqchat_home / "config.toml").write_text(
        f'[endpoints.router]\nbase_url = "{os.environ["GROQ_BASE_URL"]}/openai/v1"\nmodel = "m"\n'
    )
    added = groqchat("key", "add", "--stdin", "--profile", "router", piped=KEY.encode())
    assert (added.code, added.err) == (0, "")
    assert "instead of it" in groqchat("key", "add", "--stdin", piped=KEY.encode()).err
    assert groqchat("key", "check", "--profile", "router", "--json").json["source"] == "keyring"


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


@pytest.mark.usefixtures("simulator", "bus")
def test_where_the_keyring_asks_for_each_entry_that_is_said_and_keys_are_renamed_and_removed(
    groqchat, monkeypatch
):
    monkeypatch.delenv("GROQ_API_KEY")
    monkeypatch.setattr(keyring_dialog, "SHOWN_AFTER_S", 0)
    user, narrate = User(), arguments.narrate

    def narrated(text):
        narrate(text)
        user.is_there.set()

    monkeypatch.setattr(arguments, "narrate", narrated)
    with PretendSecretService(user) as service:
        assert groqchat("key", "add", "--stdin", piped=KEY.encode()).code == 0
        user.is_there.clear()
        checked = groqchat("key", "check")
        assert (checked.code, checked.err) == (0, f"groqchat: {QUESTION}\n")
        user.answers["delete"] = False
        renamed = groqchat("key", "rename", "default", "mine")
        assert (renamed.code, "groqchat key remove" in renamed.err) == (10, True)
        assert sorted(service.secrets()) == ["default", "mine"]
        assert groqchat("key", "check", "--json").json["profile"] == "mine"
        user.answers["delete"] = True
        assert groqchat("key", "remove", "default").code == 0
        assert groqchat("key", "rename", "mine", "work").code == 0
        assert list(service.secrets()) == ["work"]
        assert groqchat("key", "remove", "work").code == 0
        assert service.secrets() == {}


@pytest.mark.usefixtures("simulator", "bus")
def test_a_keyring_whose_dialog_is_closed_is_no_missing_key(groqchat, monkeypatch):
    monkeypatch.delenv("GROQ_API_KEY")
    user = User()
    user.answers["unlock"] = False
    with PretendSecretService(user, is_locked=True):
        assert groqchat("key", "check").code == 10
    with PretendSecretService(user, has_collection=False):
        assert groqchat("key", "check").code == 3
        assert user.asked == ["unlock"]
