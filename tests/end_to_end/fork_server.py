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
import socket
import subprocess
import sys
import threading
import time
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
# What begins so is looked at while Python starts or while modules are imported.
_READ_EARLY = ("PYTHON", "LC_", "LANG", "TEXTUAL")
_READ_LATE = {"PYTHON_KEYRING_BACKEND", "PYTHONPATH"}
_LEFT_OUT = ("groqchat.__main__", "groqchat.simulator.")
_LONGEST_REQUEST = 1 << 20


class ForkServer:
    """The process, as the tests see it.

    ``python`` is another interpreter, whose own groqchat is imported, with an ``env`` of its own.
    """

    def __init__(self, python=None, env=None):
        ours, its = socket.socketpair()
        command = [sys.executable, "-m", __name__] if python is None else [python, "-P", __file__]
        own = {name: value for name, value in os.environ.items() if not name.startswith("GROQ")}
        self._process = subprocess.Popen(
            [*command, str(its.fileno())],
            cwd=REPOSITORY,
            env=own if env is None else env,
            stdin=subprocess.DEVNULL,
            pass_fds=[its.fileno()],
            start_new_session=True,  # a Ctrl+C at pytest is for pytest
        )
        its.close()
        self._socket, self._replies = ours, ours.makefile()

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
        """End the server, not what it started."""
        self._socket.close()
        self._replies.close()
        self._process.wait()


@cache
def fork_server():
    """The server of this process, started where it is needed first."""
    server = ForkServer()
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

    load_transport()
    warm_up()
    for module in pkgutil.walk_packages(groqchat.__path__, "groqchat."):
        if not module.name.startswith(_LEFT_OUT):
            importlib.import_module(module.name)
    for name in ("groq", "textual.drivers.linux_driver"):
        importlib.import_module(name)


def _serve(channel):
    """Answer until the tests have ended; in each fork, return what it has to run."""
    _import_all()
    assert threading.active_count() == 1  # no fork has the others
    gc.collect()
    gc.freeze()
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
    chosen = _serve(socket.socket(fileno=int(sys.argv[1])))
    if chosen is not None:
        _run(chosen)
