"""Keyrings that misbehave: each told apart, none able to hang or to keep a key in the clear."""

import gc
import subprocess
import sys
import threading

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.text.secret import Secret
from groqchat.storage.keys.system_keyring import SystemKeyring
from tests.storage.keys import fake_keyrings

KEY = Secret("gsk_fake0123456789abcdef")


@pytest.fixture
def use(monkeypatch):
    """Name a keyring to Python's keyring library."""

    def use(name):
        place = name if "." in name else f"tests.storage.keys.fake_keyrings.{name}"
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", place)
        return SystemKeyring()

    return use


@pytest.fixture(autouse=True)
def _empty(monkeypatch):
    monkeypatch.setattr(fake_keyrings.MemoryKeyring, "kept", {})


async def test_a_keyring_that_the_user_names_is_used(use):
    keyring = use("MemoryKeyring")
    assert await keyring.key("work") is None
    assert await keyring.store_key("work", KEY) == "fake keyrings MemoryKeyring"
    assert await keyring.key("work") == KEY
    assert await keyring.key("home") is None
    assert fake_keyrings.MemoryKeyring.kept == {("groqchat", "work"): KEY.reveal()}
    assert await keyring.remove_key("work") is True
    assert await keyring.remove_key("work") is False
    assert await keyring.name() == "fake keyrings MemoryKeyring"


async def test_a_keyring_named_in_its_own_file_is_used(monkeypatch, tmp_path):
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("keyring.util.platform_.config_root", lambda: tmp_path)
    (tmp_path / "keyringrc.cfg").write_text(
        "[backend]\ndefault-keyring=tests.storage.keys.fake_keyrings.MemoryKeyring\n"
    )
    assert await SystemKeyring().name() == "fake keyrings MemoryKeyring"


@pytest.mark.parametrize(
    ("name", "cause", "told"),
    [
        ("keyring.backends.fail.Keyring", "keyring_missing", "keeps nothing"),
        ("keyring.backends.null.Keyring", "keyring_missing", "keeps nothing"),
        ("PlaintextKeyring", "keyring_missing", "in the clear"),
        ("nowhere.Keyring", "keyring_missing", "nowhere"),
        ("tests.storage.keys.fake_keyrings.Nothing", "keyring_missing", "Nothing"),
        ("AbsentKeyring", "keyring_missing", "No recommended backend"),
        ("LockedKeyring", "keyring_locked", "unlock"),
        ("DismissedKeyring", "keyring_locked", "dismissed"),
        ("DenyingKeyring", "keyring_refused", "denied"),
        ("BrokenKeyring", "keyring_refused", "nothing"),
    ],
)
async def test_every_trouble_has_its_own_name(use, name, cause, told):
    with pytest.raises(StorageError, match=told) as caught:
        await use(name).key("work")
    assert caught.value.cause.name == cause
    assert KEY.reveal() not in str(caught.value)
    assert caught.value.suggestion


async def test_a_key_that_was_taken_but_may_not_be_read_now_is_stored(use, monkeypatch):
    keyring = use("LockedKeyring")
    monkeypatch.setattr(
        fake_keyrings.LockedKeyring, "set_password", fake_keyrings.MemoryKeyring.set_password
    )
    assert await keyring.store_key("work", KEY) == "fake keyrings LockedKeyring"


async def test_a_keyring_that_keeps_nothing_is_found_out(use):
    with pytest.raises(StorageError, match="did not keep") as caught:
        await use("ForgetfulKeyring").store_key("work", KEY)
    assert caught.value.cause.name == "keyring_refused"


async def test_without_any_keyring_that_is_said(monkeypatch, tmp_path):
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setattr("keyring.util.platform_.config_root", lambda: tmp_path)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    with pytest.raises(StorageError, match="no keyring service") as caught:
        await SystemKeyring().key("work")
    assert caught.value.cause.name == "keyring_missing"


async def test_a_keyring_that_hangs_is_given_up_on(use, monkeypatch):
    monkeypatch.setattr(fake_keyrings.HangingKeyring, "let_go", threading.Event())
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.storage.keys.fake_keyrings.HangingKeyring")
    with pytest.raises(StorageError, match="not answered within 50ms") as caught:
        await SystemKeyring(asking_s=0.05).key("work")
    assert caught.value.cause.name == "keyring_unanswered"
    assert (await use("MemoryKeyring").key("work")) is None
    fake_keyrings.HangingKeyring.let_go.set()


async def test_an_error_holds_no_frame_that_knows_the_key(use, monkeypatch):
    class DenyingStore(fake_keyrings.MemoryKeyring):
        def set_password(self, service, username, password):
            raise RuntimeError("no")

    monkeypatch.setattr(fake_keyrings, "DenyingStore", DenyingStore, raising=False)
    with pytest.raises(StorageError) as caught:
        await use("DenyingStore").store_key("work", KEY)
    frames = []
    step = caught.value.__traceback__
    while step:
        frames.append(step.tb_frame)
        step = step.tb_next
    shown = [
        repr(frame.f_locals)
        for frame in frames
        if "storage/keys/system_keyring" in frame.f_code.co_filename
    ]
    assert shown
    assert KEY.reveal() not in "".join(shown)
    assert caught.value.__context__ is None
    gc.collect()


HANGS_AT_EXIT = """
import asyncio
from groqchat.domain.errors.tree import StorageError
from groqchat.storage.keys.system_keyring import SystemKeyring

try:
    asyncio.run(SystemKeyring(asking_s=0.05).key("work"))
except StorageError as error:
    print(error.cause.name)
"""


def test_a_keyring_that_hangs_does_not_hold_up_the_exit(use):
    use("HangingKeyring")
    ended = subprocess.run(
        [sys.executable, "-c", HANGS_AT_EXIT],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert ended.stdout == "keyring_unanswered\n"


def test_the_library_is_loaded_only_when_a_key_is_asked_for():
    probe = (
        "import sys, groqchat.storage.keys.system_keyring\n"
        "import groqchat.storage.database.database, groqchat.storage.database.sessions\n"
        "print({'keyring', 'sqlite3', 'tomlkit'} & set(sys.modules))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, timeout=20, check=True
    )
    assert ended.stdout == "set()\n"
