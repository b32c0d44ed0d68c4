"""A fresh venv with the built wheel, and the programs that stand in for those of others."""

from __future__ import annotations

import ast
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from tests.end_to_end.fork_server import ForkServer
from tests.in_memory import folder
from tests.manual.examples import ROOT

SOURCES = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "groqchat", "themes")
CLOCK_SERVER = Path(__file__).with_name("clock_server.py")
# `groqchat` of the quick tests: it hands its words, environment and streams to the fork server. It
# imports what is built in alone, since it starts hundreds of times.
_LAUNCHER = """\
#!{python} -IS
import _socket, posix, sys
door = _socket.socket(_socket.AF_UNIX)
door.connect({door!r})
asked = ascii((sys.argv[1:], posix.environ, posix.getcwd())).encode() + b"\\n"
streams = b"".join(each.to_bytes(4, sys.byteorder) for each in (0, 1, 2))
sent = door.sendmsg([asked], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
door.sendall(asked[sent:])
code = int(door.recv(16))
if code < 0:
    posix.kill(posix.getpid(), -code)
posix._exit(code)
"""
# Each stands in for a program of others that an example names.
_STAND_INS = {
    "pass": 'case "$1" in groq/*) echo gsk_test_of_the_store_0000;; *) echo secret-anna;; esac',
    "llm": 'echo "$HOME/.config/io.datasette.llm/logs.db"',
    "uvx": 'exec "{python}" -IS "{clock}"',
    "vi": "printf 'Review this {{{{language=Python}}}} code.\\n' > \"$1\"",
}
_KEYRING = """\
import json, os
from pathlib import Path
from keyring.backend import KeyringBackend

class FileKeyring(KeyringBackend):
    priority = 1
    name = "SecretService Keyring"
    file = property(lambda self: Path(os.environ["HOME"], "keyring.json"))

    def kept(self):
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def get_password(self, service, username):
        return self.kept().get(f"{service} {username}")

    def set_password(self, service, username, password):
        self.file.write_text(json.dumps({**self.kept(), f"{service} {username}": password}))

    def delete_password(self, service, username):
        kept = self.kept()
        del kept[f"{service} {username}"]
        self.file.write_text(json.dumps(kept))
"""


def build_wheel(folder):
    """The wheel, built without a network from a copy of what is needed to build it."""
    checkout = folder / "checkout"
    checkout.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            out = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, checkout / name, ignore=out)
        else:
            shutil.copy(ROOT / name, checkout / name)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=checkout)
    [built] = folder.glob("*.whl")
    return built


def run(*words, **options):
    """Run a program; what it says is the reason if it fails."""
    done = subprocess.run(
        list(map(str, words)), capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build_house(folder):
    """A venv with the wheel; the packages it depends on are those of this interpreter."""
    venv = folder / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    offline = ("--no-deps", "--no-index", "--disable-pip-version-check", "-q")
    wheel = build_wheel(folder)
    run(sys.executable, "-m", "pip", "--python", venv / "bin/python", "install", *offline, wheel)
    [packages] = venv.glob("lib/python*/site-packages")
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    furnish(venv, folder / "programs")
    return venv


def furnish(venv, programs):
    """Write the keyring into a venv, and the stand-ins into a folder."""
    [packages] = venv.glob("lib/python*/site-packages")
    (packages / "file_keyring.py").write_text(_KEYRING)
    programs.mkdir()
    python = venv / "bin/python"
    for name, script in _STAND_INS.items():
        put(
            programs / name, "#!/bin/sh\n" + script.format(python=python, clock=CLOCK_SERVER) + "\n"
        )


def put(file, script):
    """Write a program."""
    file.write_text(script)
    file.chmod(0o755)


class Door:
    """The fork server of a venv, and a folder with a ``groqchat`` that is forked from it."""

    def __init__(self, venv, place):
        self._server = ForkServer(venv / "bin/python", plain(), place)
        self._turn = threading.Lock()
        self.folder = Path(tempfile.mkdtemp(prefix="groqchat-door-", dir=folder()))
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(self.folder / "door"))
        self._socket.listen(16)
        script = _LAUNCHER.format(python=venv / "bin/python", door=str(self.folder / "door"))
        put(self.folder / "groqchat", script)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                guest, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._let_in, args=(guest,), daemon=True).start()

    def _let_in(self, guest):
        with guest:
            data, streams = _received(guest)
            words, env, folder = ast.literal_eval(data.decode())
            env = {os.fsdecode(name): os.fsdecode(value) for name, value in env.items()}
            with self._turn:
                pid = self._server.start("groqchat", words, env, streams, folder)
            for each in streams:
                os.close(each)
            code = None
            while code is None:
                with self._turn:
                    code = self._server.poll(pid)
                threading.Event().wait(0.004)
            with suppress(OSError):  # whoever asked has gone
                guest.sendall(f"{code}\n".encode())

    def close(self):
        """End the server."""
        self._socket.close()
        self._server.close()
        shutil.rmtree(self.folder)


def _received(guest):
    data, streams, *_ = socket.recv_fds(guest, 1 << 20, 3)
    while not data.endswith(b"\n"):
        data += guest.recv(1 << 20)
    return data, streams


def plain(**more):
    """The environment of a fresh user: what a login gives, and nothing of the tests'."""
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/", **more}
