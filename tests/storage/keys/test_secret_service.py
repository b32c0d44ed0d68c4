"""A real Secret Service: gnome-keyring on a message bus of its own."""

import asyncio
import gc
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.text.secret import Secret
from groqchat.storage.keys.secret_owner import secret_owner
from groqchat.storage.keys.system_keyring import SystemKeyring

pytestmark = [
    pytest.mark.keyring,
    # The keyring library leaves its connection to the garbage collector when a call fails.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

KEY, OTHER = Secret("gsk_fake0123456789abcdef"), Secret("gsk_fake9876543210fedcba")
PASSWORD = b"a password"

# No service directories: nothing is started behind the test's back.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@contextmanager
def running(command, **options):
    """A process for as long as the block lasts."""
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def home(monkeypatch):
    """A home with a short path, since sockets are made in it; no display, no other keyring."""
    for program in ("dbus-daemon", "gnome-keyring-daemon"):
        if shutil.which(program) is None:
            reason = f"{program} is not installed"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="gc-") as folder:
        for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            monkeypatch.setenv(name, folder)
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "PYTHON_KEYRING_BACKEND"):
            monkeypatch.delenv(name, raising=False)
        yield Path(folder)
        gc.collect()


@pytest.fixture
def bus(home, monkeypatch):
    """A message bus."""
    config = home / "bus.conf"
    config.write_text(BUS.format(folder=home))
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"]
    with running(command, stdout=subprocess.PIPE, text=True) as daemon:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.stdout.readline().strip())
        yield daemon


@contextmanager
def serving():
    """An unlocked keyring; the process that serves it."""
    command = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with running(command, **pipe) as daemon:
        daemon.stdin.write(PASSWORD)
        daemon.stdin.close()
        wait_for_service()
        yield daemon


@pytest.fixture
def service(bus):
    """See `serving`."""
    with serving() as daemon:
        yield daemon


@pytest.fixture
def keyring(service):
    return SystemKeyring()


def collection():
    import secretstorage

    return secretstorage.get_default_collection(secretstorage.dbus_init())


def unlock():
    """As the user does in the keyring's dialog."""
    from secretstorage.util import DBusAddressWrapper, format_secret, open_session

    private = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
    with closing(collection().connection) as connection:
        service = DBusAddressWrapper("/org/freedesktop/secrets", private, connection)
        secret = format_secret(open_session(connection), PASSWORD, "text/plain")
        path = collection().collection_path
        service.call("UnlockWithMasterPassword", "o(oayays)", path, secret)


def wait_for_service(patience_s=20):
    from secretstorage.exceptions import SecretStorageException

    deadline = time.monotonic() + patience_s
    while True:
        try:
            with closing(collection().connection):
                return
        except SecretStorageException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


async def cause_of(call):
    with pytest.raises(StorageError) as caught:
        await call
    assert KEY.reveal() not in str(caught.value)
    return caught.value.cause.name


async def test_keys_are_added_read_replaced_and_removed(keyring, home):
    assert await keyring.name() == "SecretService Keyring"
    assert await keyring.key("work") is None
    assert await keyring.store_key("work", KEY) == "SecretService Keyring"
    await keyring.store_key("home", OTHER)
    assert [await keyring.key("work"), await keyring.key("home")] == [KEY, OTHER]
    await keyring.store_key("work", OTHER)
    assert await keyring.key("work") == OTHER
    assert await keyring.remove_key("work") is True
    assert [await keyring.key("work"), await keyring.key("home")] == [None, OTHER]
    assert await keyring.remove_key("work") is False
    written = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert len(written) >= 2
    assert not any(OTHER.reveal().encode() in found for found in written)


async def test_keys_are_found_by_other_programs_under_our_name(keyring):
    await keyring.store_key("work", KEY)
    with closing(collection().connection) as connection:
        import secretstorage

        wanted = {"service": "groqchat", "username": "work"}
        (item,) = secretstorage.search_items(connection, wanted)
        assert item.get_secret() == KEY.reveal().encode()


async def test_a_locked_keyring_is_called_that_and_works_once_unlocked(keyring):
    await keyring.store_key("work", KEY)
    with closing(collection().connection):
        collection().lock()
    assert await cause_of(keyring.key("work")) == "keyring_locked"
    assert await cause_of(keyring.store_key("work", OTHER)) == "keyring_locked"
    unlock()
    assert await keyring.key("work") == KEY


async def test_a_keyring_that_has_gone_is_missed(keyring, service):
    await keyring.store_key("work", KEY)
    service.kill()
    service.wait()
    assert await cause_of(keyring.key("work")) == "keyring_missing"


async def test_a_keyring_that_stops_answering_is_given_up_on_and_may_die_in_mid_call(service):
    service.send_signal(signal.SIGSTOP)
    assert await cause_of(SystemKeyring(timeout_s=0.3).key("work")) == "keyring_silent"
    waiting = asyncio.ensure_future(SystemKeyring().key("work"))
    await asyncio.sleep(0)
    service.kill()
    assert await cause_of(waiting) in {"keyring_missing", "keyring_refused"}


@pytest.mark.usefixtures("bus")
def test_the_program_behind_the_service_is_named_without_starting_one(bus):
    assert secret_owner() == ""
    with serving():
        assert secret_owner() == "GNOME Keyring"


async def test_a_bus_without_a_keyring_is_told_apart():
    assert await cause_of(SystemKeyring().key("work")) == "keyring_missing"


async def test_a_bus_that_never_answers_is_given_up_on(home, monkeypatch):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(home / "bus"))
        silent.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={home}/bus")
        assert await cause_of(SystemKeyring(timeout_s=0.3).key("work")) == "keyring_silent"


USER = """
import asyncio, sys
from groqchat.domain.text.secret import Secret
from groqchat.storage.keys.system_keyring import SystemKeyring

async def main():
    keyring = SystemKeyring(timeout_s=30)
    for number in range(5):
        name, key = f"{sys.argv[1]}-{number}", Secret(f"gsk_fake{sys.argv[1]}{number}")
        await keyring.store_key(name, key)
        await keyring.store_key("shared", Secret("gsk_fakeshared"))
        assert await keyring.key(name) == key

asyncio.run(main())
"""


async def test_two_processes_can_use_it_at_once(bus):
    command = (sys.executable, "-c", USER)
    for _ in range(5):
        with serving() as daemon:
            # Of two that want a first collection at once gnome-keyring refuses one.
            await SystemKeyring().store_key("first", Secret("gsk_fakefirst"))
            users = [await asyncio.create_subprocess_exec(*command, name) for name in ("a", "b")]
            ends = [await user.wait() for user in users]
            # gnome-keyring itself falls over, now and then, where two store at once.
            if ends != [0, 0]:
                with suppress(subprocess.TimeoutExpired):
                    daemon.wait(2)
            if daemon.poll() is not None:
                continue
            assert ends == [0, 0]
            keyring = SystemKeyring()
            assert await keyring.key("a-4") == Secret("gsk_fakea4")
            assert await keyring.key("b-4") == Secret("gsk_fakeb4")
            assert await keyring.key("shared") == Secret("gsk_fakeshared")
            return
    pytest.fail("gnome-keyring fell over each time")
