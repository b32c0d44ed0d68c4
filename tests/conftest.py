"""Every test: a home of its own, no key in the environment, no network but the loopback."""

import gc
import importlib
import os
import signal
import socket
import sys
import warnings
from contextlib import suppress
from ipaddress import ip_address
from itertools import count
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.internal.conjecture import providers

from tests.end_to_end.fork_server import share_forks
from tests.in_memory import forget, write_in_memory

# The suite says the same each time, and a failure of it costs no minutes: it is reported as it was
# found. `--hypothesis-profile shrunk` reports the same failure by its smallest example, and
# `--hypothesis-profile thorough` goes looking for more.
_STEADY = settings(max_examples=25, derandomize=True, deadline=None)
_AS_FOUND = (Phase.explicit, Phase.generate, Phase.target)
settings.register_profile("steady", _STEADY, phases=_AS_FOUND)
settings.register_profile("shrunk", _STEADY)
settings.register_profile("thorough", max_examples=2_000, deadline=None)
settings.load_profile("steady")
# Constants of whatever modules of ours a process has imported would be tried, too: each process
# would read a thousand files for them, and a test alone would be tried with others than the suite.
providers._get_local_constants = lambda: providers._local_constants

_OF_THE_MACHINE = ("NO_COLOR", "VISUAL", "EDITOR")
_OF_ITS_NETWORK = (
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR",
)  # fmt: skip
_LOCAL_NAMES = {None, "", "localhost", b"localhost"}


def pytest_configure(config):
    """Children start as from a person's shell, however the suite itself was started."""
    write_in_memory(config)
    if hasattr(config, "workerinput"):
        share_forks(Path(config.option.basetemp).parent)
    give_signals_back()
    # Without bytecode, each child that starts groqchat would compile it anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def pytest_sessionstart(session):
    """Where there is no bytecode yet, each process makes that of other modules first.

    Otherwise all processes of pytest-xdist would compile the same module at the same moment.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker is None:
        return
    gc.disable()  # until all is collected: next to nothing of it is garbage
    root = Path(__file__).parent
    names = [
        ".".join(("tests", *path.relative_to(root).with_suffix("").parts))
        for path in sorted(root.rglob("test_*.py"))
        if "long" not in path.parts
    ]
    own = len(names) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in names[own:] + names[:own]:
            with suppress(Exception):  # collecting it tells what is wrong
                importlib.import_module(name)


def pytest_sessionfinish(session, exitstatus):
    forget(session.config, passed=exitstatus == 0)


def pytest_collection_finish():
    """Look for garbage more seldom, and not among thousands of tests: a sixth of the time."""
    gc.freeze()
    gc.set_threshold(60_000, 20, 20)
    gc.enable()


def give_signals_back():
    """Go on ignoring what is ignored, as in the background, but by a handler.

    Children inherit that a signal is ignored, but not that it is handled.
    """
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.fixture(scope="session", autouse=True)
def _migrated(tmp_path_factory):
    """New databases are copies: to migrate each was a tenth of the suite's work."""
    from tests.migrated import copy_new_databases

    with pytest.MonkeyPatch.context() as patch:
        copy_new_databases(patch, tmp_path_factory.mktemp("template") / "groqchat.db")
        yield


@pytest.fixture(scope="session")
def _homes(tmp_path_factory):
    """A folder and numbers: pytest looks through all folders of its tests to number one more."""
    return tmp_path_factory.mktemp("homes"), count()


@pytest.fixture(autouse=True)
def groqchat_home(_homes, monkeypatch):
    """Where this test's groqchat writes; the environment is that of a machine without a key."""
    for name in list(os.environ):
        if name.startswith(("GROQ_", "GROQCHAT_")):
            monkeypatch.delenv(name)
    for name in (*_OF_THE_MACHINE, *_OF_ITS_NETWORK):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    folder, numbers = _homes
    own = folder / f"{next(numbers)}"
    own.mkdir()
    home = own / "groqchat-home"
    monkeypatch.setenv("GROQCHAT_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def _no_keyring(request, monkeypatch):
    """No test finds a keyring on the machine, except those that bring their own."""
    if request.node.get_closest_marker("keyring") is None:
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch):
    """A connection that would leave the machine fails the test; names do not resolve."""
    connect, connect_ex, resolve = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def guarded_connect(self, address):
        _refuse_foreign(self, address)
        return connect(self, address)

    def guarded_connect_ex(self, address):
        _refuse_foreign(self, address)
        return connect_ex(self, address)

    def guarded_resolve(host, *rest, **options):
        if not _is_local(host):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *rest, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_resolve)


@pytest.fixture
def asked(monkeypatch):
    """The body of each chat request that reaches a simulator of this process."""
    from groqchat.simulator import chat

    bodies = []
    read = chat.read_chat

    def noted(body, world):
        bodies.append(body)
        return read(body, world)

    monkeypatch.setattr(chat, "read_chat", noted)
    return bodies


def _refuse_foreign(sock, address):
    if sock.family in {socket.AF_INET, socket.AF_INET6} and not _is_local(address[0]):
        raise AssertionError(f"a test reached for the network: {address[0]}")


def _is_local(host):
    if host in _LOCAL_NAMES:
        return True
    try:
        return ip_address(host if isinstance(host, str) else host.decode()).is_loopback
    except ValueError:
        return False
