"""Real KeePassXC and real KWallet: a key's whole life in each, and what a user's no does."""

import pytest

from groqchat.domain.text.secret import Secret
from groqchat.storage.keys.system_keyring import SystemKeyring
from tests.storage.keys.desktop_keyrings import PASSWORD, User, display, keepassxc, kwallet, missing
from tests.storage.keys.test_secret_service import (
    bus,
    cause_of,
    closing,
    collection,
    home,
    pytestmark,
)

__all__ = ["bus", "home", "pytestmark"]  # its fixtures and its mark are used here

KEY, OTHER = Secret("gsk_fake0123456789abcdef"), Secret("gsk_fake9876543210fedcba")


@pytest.fixture(autouse=True, scope="module")
def programs_are_there():
    assert not missing(), f"not installed: {' '.join(missing())}"


@pytest.fixture
def user(bus, monkeypatch):
    with display(monkeypatch):
        user = User()
        yield user
        user.close()


async def test_keepassxc(user, home):
    user.answers("Access Request", "^Return")
    user.answers("Delete entry", "^Escape", "^Tab ^Return")
    with keepassxc(home):
        keyring = SystemKeyring()
        assert await keyring.store_key("work", KEY) == "SecretService Keyring"
        assert user.seen == []
        keyring = SystemKeyring()  # another program, as far as KeePassXC knows
        assert await keyring.key("work") == KEY
        await keyring.store_key("work", OTHER)
        assert await keyring.key("work") == OTHER
        assert len(user.seen) == 1
        assert await cause_of(keyring.remove_key("work")) == "keyring_refused"
        assert await keyring.key("work") == OTHER
        assert await SystemKeyring().remove_key("work") is True
        assert await keyring.key("work") is None
        user.answers("Access Request", "^Escape")
        await keyring.store_key("home", KEY)
        assert await cause_of(SystemKeyring().key("home")) == "keyring_refused"
        user.answers("Access Request", "")
        assert await cause_of(SystemKeyring(asking_s=1).key("home")) == "keyring_unanswered"


async def test_kwallet(user, home):
    new = f"^ctrl+a {PASSWORD} ^Tab ^ctrl+a {PASSWORD} ^Return"
    opened = f"^ctrl+a {PASSWORD} ^Return"
    user.answers("KDE Wallet Service", "@110,167 @362,336", new, "^Escape", opened)
    with kwallet(home):
        keyring = SystemKeyring()
        assert await cause_of(keyring.key("work")) == "keyring_closed"
        assert await keyring.store_key("work", KEY) == "SecretService Keyring"
        await keyring.store_key("work", OTHER)
        assert await keyring.key("work") == OTHER
        await keyring.store_key("home", KEY)
        assert await keyring.remove_key("work") is True
        assert await keyring.key("work") is None
        with closing(collection().connection):
            collection().lock()
        assert await cause_of(SystemKeyring().key("home")) == "keyring_locked"
        assert await SystemKeyring().key("home") == KEY
