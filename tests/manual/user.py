"""A fresh user: an empty home, a folder with files, and a shell to paste into."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from tests.end_to_end.terminal import PATIENCE_S, Terminal
from tests.manual.house import plain

KEY = "gsk_test_0123456789abcdefgh9fQ2"


class Outcome(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


@dataclass
class Ending:
    """How a server ended, once it has."""

    code: int | None = None
    out: str = ""
    err: str = ""


class User:
    """A home of its own in ``folder``, with a copy of ``files`` as the folder to work in.

    ``path`` are the folders where programs are searched before those of the system.
    """

    def __init__(self, folder, files, path, **environment):
        self.home, self.work = folder / "home", folder / "work"
        self.home.mkdir(parents=True)
        shutil.copytree(files, self.work)
        programs = os.pathsep.join([*map(str, path), plain()["PATH"]])
        self.environment = plain(
            HOME=str(self.home),
            PATH=programs,
            PYTHON_KEYRING_BACKEND="file_keyring.FileKeyring",
            **environment,
        )

    def _shell(self, command):
        return ["bash", "--noprofile", "--norc", "-c", command]

    def paste(self, command, seconds=PATIENCE_S):
        """Run a command in a shell, for so long at most; returns how it ended."""
        done = subprocess.run(
            self._shell(command),
            cwd=self.work,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def serving(self, command, line):
        """Run a command until Ctrl+C: what the line says that it prints, and how it will end."""
        ended = Ending()
        with subprocess.Popen(
            self._shell(f"exec {command}"),
            cwd=self.work,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as server:
            try:
                said = server.stdout.readline()
                found = re.search(line, said.strip())
                assert found, said or server.stderr.read()
                yield found[1], ended
            finally:
                server.send_signal(signal.SIGINT)
                ended.out, ended.err = server.communicate(timeout=PATIENCE_S)
                ended.code = server.returncode

    def sit_down(self, command):
        """Run a command in a shell at a terminal."""
        here = f"cd '{self.work}'; {command}"
        env = {**self.environment, "TERM": "xterm-256color"}
        return Terminal(env=env, command=self._shell(here))
