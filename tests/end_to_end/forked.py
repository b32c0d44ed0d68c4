"""A command line as a process of its own, forked from one that has imported groqchat."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.end_to_end.fork_server import can_fork, fork_server

_BETWEEN_LOOKS_S = 0.005


def start_groqchat(*arguments, env=None, cold=False, stdin=subprocess.PIPE):
    """Start ``groqchat`` with these arguments, forked unless it is to start ``cold``."""
    words = [str(word) for word in arguments]
    env = dict(os.environ if env is None else env)
    streams = {"stdin": stdin, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    if can_fork(env) and not cold:
        return Forked(words, env, **streams)
    return subprocess.Popen([sys.executable, "-m", "groqchat", *words], env=env, **streams)


class Forked:
    """``groqchat`` with these arguments; what the tests use of ``subprocess.Popen``."""

    def __init__(self, arguments, env, **streams):
        ends = {name: _ends(streams[name], name) for name in ("stdin", "stdout", "stderr")}
        self.returncode = None
        its = [end for end, _ in ends.values()]
        self.pid = fork_server().start("groqchat", list(arguments), env, its, Path.cwd())
        for end in its:
            os.close(end)
        self.stdin, self.stdout, self.stderr = (ours for _, ours in ends.values())

    def poll(self):
        """The exit code, or None while it runs."""
        if self.returncode is None:
            self.returncode = fork_server().poll(self.pid)
        return self.returncode

    def wait(self, timeout=None):
        """Wait for its end; returns the exit code."""
        end = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("groqchat", timeout)
            time.sleep(_BETWEEN_LOOKS_S)
        return self.returncode

    def communicate(self, timeout=None):
        """Close its stdin, read what it says, and wait for its end."""
        if self.stdin and not self.stdin.closed:
            self.stdin.close()
        said = {}
        readers = [
            threading.Thread(target=lambda each=each: said.update({each: each.read()}), daemon=True)
            for each in (self.stdout, self.stderr)
            if each and not each.closed
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(timeout)
            if reader.is_alive():
                raise subprocess.TimeoutExpired("groqchat", timeout)
        self.wait(timeout)
        for each in said:
            each.close()
        return said.get(self.stdout), said.get(self.stderr)

    def send_signal(self, number):
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def _ends(wanted, name):
    """Its end of a stream, and ours: None where it is nobody's."""
    if wanted == subprocess.DEVNULL:
        return os.open(os.devnull, os.O_RDWR), None
    read, write = os.pipe()
    return (read, os.fdopen(write, "wb", 0)) if name == "stdin" else (write, os.fdopen(read, "rb"))
