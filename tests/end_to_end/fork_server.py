"""A process that has imported groqchat, and forks for each start: most of a start is importing.

The fork becomes what a new process would be: with its terminal or pipes, environment, folder,
arguments and streams.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
# What begins so is looked at while Python starts or while modules are imported.
_READ_EARLY = ("PYTHON", "LC_", "LANG", "TEXTUAL")
_READ_LATE = {"PYTHON_KEYRING_BACKEND", "PYTHONPATH"}
_LEFT_OUT = ("groqchat.__main__", "groqchat.simulator.")
_LONGEST_REQUEST = 1 << 20
# What the path of a socket may have, in bytes, with a reserve.
_LONGEST_PLACE = 100


class ForkServer:
    """The process, as the tests see it.

    ``python`` is another interpreter, whose own groqchat is imported, with an ``env`` of its own.
    Those who name the same ``place``, a path, get forks of one process: to import all of groqchat
    takes a second.
    """

    def __init__(self, python=None, env=None, place=None):
        self._command = [python, "-P", __file__] if python else [sys.executable, "-m", __name__]
        own = {name: value for name, value in os.environ.items() if not name.startswith("GROQ")}
        self._env = own if env is None else env
        self._process = None
        if place is None or len(str(place)) > _LONGEST_PLACE:
            self._socket, its = socket.socketpair()
            self._run(its)
        else:
            with _one_at_a_time(place):
                self._socket = _connected(place) or self._founded(place)
        self._replies = self._socket.makefile()

    def _run(self, its, *words):
        """Start the process; ``its`` is what it listens to, and is closed here."""
        with its:
            self._process = subprocess.Popen(
                [*self._command, str(its.fileno()), *words],
                cwd=REPOSITORY,
                env=self._env,
                stdin=subprocess.DEVNULL,
                pass_fds=[its.fileno()],
                start_new_session=True,  # a Ctrl+C at pytest is for pytest
            )

    def _founded(self, place):
        """A connection to a new process at this place, which ends with the last of its guests."""
        place.unlink(missing_ok=True)  # left by one that was killed
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(place))
        listening.listen()
        self._run(listening, str(place))
        return _connected(place)

    def start(self, module, arguments, env, streams, folder=REPOSITORY):
        """Run a module as ``python -m`` does; returns the id of the process.

        ``streams`` are open files: one terminal, or what becomes stdin, stdout and stderr.
        """
        asked = {"module": module, "arguments": arguments, "env": env, "folder": str(folder)}
        socket.send_fds(self._socket, [json.dumps(asked).encode() + b"\n"], streams)
        return json.loads(self._replies.readline())

    def poll(self, pid):
        """The exit code of such a process, once; None while it runs."""
        self._socket.sendall(json.dumps({"pid": pid}).encode() + b"\n")
        return json.loads(self._replies.readline())

    def close(self):
        """End the server, not what it started; one that others use as well ends with them."""
        self._socket.close()
        self._replies.close()
        if self._process:
            self._process.wait()


@contextmanager
def _one_at_a_time(place):
    import fcntl

    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _connected(place):
    """A connection to the process that listens at a place; None where there is none."""
    ours = socket.socket(socket.AF_UNIX)
    try:
        ours.connect(str(place))
    except OSError:
        ours.close()
        return None
    return ours


_shared = {}


def share_forks(folder):
    """Let the fork server of this process be that of all who name the same folder."""
    _shared["place"] = folder / "forks"


@cache
def fork_server():
    """The server of this process, started where it is needed first."""
    server = ForkServer(**_shared)
    atexit.register(server.close)
    return server


def can_fork(env):
    """Whether a process with this environment is what the server would have become with it."""
    return sys.platform == "linux" and _read_early(env) == _read_early(os.environ)


def _read_early(env):
    return {
        (name, value)
        for name, value in env.items()
        if name.startswith(_READ_EARLY) and name not in _READ_LATE
    }


def _import_all():
    """Import what the chat and the commands do, by their own ways where they have them."""
    import groqchat
    from groqchat.provider.transport import load_transport
    from groqchat.ui.markdown.warm_up import warm_up

    gc.disable()  # next to nothing of it is garbage
    load_transport()
    warm_up()
    for module in pkgutil.walk_packages(groqchat.__path__, "groqchat."):
        if not module.name.startswith(_LEFT_OUT):
            importlib.import_module(module.name)
    for name in ("groq", "textual.drivers.linux_driver"):
        importlib.import_module(name)
    assert threading.active_count() == 1  # no fork has the others
    gc.collect()
    gc.freeze()
    gc.enable()


def _fork_for_each(listening, place):
    """Fork for whoever connects; in the fork, return the connection, and None after the last."""
    running = {}
    while place or running or _ready(0, listening):
        for one in _ready(None, listening, *running):
            if one is listening:
                connection, _ = listening.accept()
                child = os.fork()
                if child == 0:
                    _close(listening, *running)
                    return connection
                connection.close()
                running[os.fdopen(os.pidfd_open(child), "rb", 0)] = child
            else:
                os.waitpid(running.pop(one), 0)
                one.close()
        if place and not running:
            Path(place).unlink()  # whoever comes now finds nobody, and founds another
            place = None
    return None


def _ready(seconds, *waited_for):
    return select.select(waited_for, [], [], seconds)[0]


def _close(*files):
    for each in files:
        each.close()


def _serve(channel):
    """Answer until the tests have ended; in each fork, return what it has to run."""
    while True:
        data, fds, *_ = socket.recv_fds(channel, _LONGEST_REQUEST, 3)
        while data and not data.endswith(b"\n"):
            data += channel.recv(_LONGEST_REQUEST)
        if not data:
            return None
        asked = json.loads(data)
        reply = _exit_code(asked["pid"]) if "pid" in asked else os.fork()
        if reply == 0 and fds:
            channel.close()
            os.chdir(asked["folder"])
            _take_over(fds, asked["env"])
            sys.argv[1:] = asked["arguments"]
            return asked["module"]
        for each in fds:
            os.close(each)
        channel.sendall(json.dumps(reply).encode() + b"\n")


def _exit_code(pid):
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _take_over(fds, env):
    import fcntl  # these two are POSIX's alone; the rest is imported everywhere
    import termios

    os.setsid()
    has_terminal = len(fds) == 1
    if has_terminal:
        fcntl.ioctl(fds[0], termios.TIOCSCTTY, 0)
        fds *= 3
    for number, each in enumerate(fds):
        os.dup2(each, number)
    os.closerange(3, max(fds) + 1)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        old = getattr(sys, name)
        by_lines = has_terminal or name == "stderr"
        stream = open(  # noqa: SIM115
            number, "w" if number else "r", 1 if by_lines else -1, old.encoding, old.errors,
            closefd=False,
        )  # fmt: skip
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _run(module):
    """Run a module, and end as Python does, but for taking the memory apart.

    That is three quarters of the work of a short command: each page of it is copied for that.
    """
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as stop:
        if not isinstance(stop.code, int | None):
            raise
        threading._shutdown()
        atexit._run_exitfuncs()
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError):
            raise stop from None  # for Python to tell
        os._exit(stop.code or 0)


if __name__ == "__main__":
    _import_all()
    asking = socket.socket(fileno=int(sys.argv[1]))
    if sys.argv[2:]:
        asking = _fork_for_each(asking, sys.argv[2])
    chosen = asking and _serve(asking)
    if chosen is not None:
        _run(chosen)
