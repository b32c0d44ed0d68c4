"""Keyrings that ask their user, as KeePassXC and KWallet do: waited for, and never half changed."""

import asyncio

import pytest

from groqchat.domain.errors.keyring_advice import QUESTION
from groqchat.domain.text.secret import Secret
from groqchat.storage.keys import keyring_dialog
from groqchat.storage.keys.system_keyring import SystemKeyring
from tests.storage.keys.pretend_secret_service import PretendSecretService, User
from tests.storage.keys.test_secret_service import bus, cause_of, home, pytestmark

__all__ = ["bus", "home", "pytestmark"]  # its fixtures are used here

KEY, OTHER = Secret("gsk_fake0123456789abcdef"), Secret("gsk_fake9876543210fedcba")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(keyring_dialog, "SHOWN_AFTER_S", 0)


@pytest.fixture
def user():
    return User()


@pytest.fixture
def service(bus, user):
    with PretendSecretService(user) as service:
        yield service


async def sees(user, what):
    """Wait until a dialog comes or goes."""
    while await asyncio.to_thread(user.seen.get, timeout=20) != what:
        pass


async def test_a_key_is_renewed_and_removed_where_each_entry_is_asked_for(service, user):
    await SystemKeyring().store_key("work", KEY)
    assert user.asked == []
    keyring = SystemKeyring()  # another connection, which has to be allowed
    assert await keyring.key("work") == KEY
    assert await keyring.key("work") == KEY
    assert user.asked == ["access"]
    await keyring.store_key("work", OTHER)
    assert service.secrets() == {"work": OTHER.reveal().encode()}
    assert await SystemKeyring().remove_key("work") is True
    assert user.asked == ["access", "replace", "access", "delete"]
    assert await SystemKeyring().key("work") is None
    assert service.secrets() == {}


@pytest.mark.parametrize(
    ("question", "call"),
    [
        ("access", lambda keyring: keyring.key("work")),
        ("access", lambda keyring: keyring.remove_key("work")),
        ("delete", lambda keyring: keyring.remove_key("work")),
        ("replace", lambda keyring: keyring.store_key("work", OTHER)),
    ],
)
async def test_a_no_is_told_as_one_and_changes_nothing(service, user, question, call):
    await SystemKeyring().store_key("work", KEY)
    user.answers[question] = False
    assert await cause_of(call(SystemKeyring())) == "keyring_refused"
    assert service.secrets() == {"work": KEY.reveal().encode()}


async def test_it_is_said_at_once_that_the_keyring_asks_and_it_is_waited_for(service, user):
    await SystemKeyring().store_key("work", KEY)
    user.answers["access"] = None
    told = []
    keyring = SystemKeyring(timeout_s=5, asking_s=0.5)
    keyring.on_question(told.append)
    assert await cause_of(keyring.key("work")) == "keyring_unanswered"
    assert told == [QUESTION, ""]
    await sees(user, "gone")
    user.answers["access"] = True
    assert await keyring.key("work") == KEY


async def test_whoever_gives_up_closes_the_dialog_and_nothing_happens_later(service, user):
    await SystemKeyring().store_key("work", KEY)
    user.answers["delete"] = None
    removing = asyncio.ensure_future(SystemKeyring().remove_key("work"))
    await sees(user, "delete")
    removing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await removing
    await sees(user, "gone")
    assert user.dismissed == ["delete"]
    assert service.secrets() == {"work": KEY.reveal().encode()}


async def test_a_locked_collection_is_unlocked_by_its_user(bus, user):
    with PretendSecretService(user, is_locked=True):
        user.answers["unlock"] = False
        assert await cause_of(SystemKeyring().key("work")) == "keyring_locked"
        user.answers["unlock"] = True
        assert await SystemKeyring().store_key("work", KEY) == "SecretService Keyring"


async def test_a_look_makes_no_collection_and_a_key_does(bus, user):
    with PretendSecretService(user, has_collection=False) as service:
        assert await cause_of(SystemKeyring().key("work")) == "keyring_closed"
        assert await SystemKeyring().remove_key("work") is False
        assert user.asked == []
        await SystemKeyring().store_key("work", KEY)
        assert (user.asked, list(service.secrets())) == (["create"], ["work"])


async def test_a_service_that_is_started_anew_is_found_again(bus, user):
    keyring = SystemKeyring()
    with PretendSecretService(user):
        await keyring.store_key("work", KEY)
    assert await cause_of(keyring.key("work")) == "keyring_missing"
    with PretendSecretService(user):
        assert await keyring.key("work") is None
