"""KeePassXC and KWallet as they are, on a display of their own, with a user who presses keys."""

import base64
import os
import shutil
import subprocess
import threading
import time
import uuid
from contextlib import closing, contextmanager, suppress

import secretstorage
from secretstorage.collection import DEFAULT_COLLECTION
from secretstorage.exceptions import SecretStorageException

PASSWORD = "pw"
AGAIN_S = 4
GROUP = uuid.UUID(int=1)
PROGRAMS = ("Xvfb", "xdotool", "keepassxc", "keepassxc-cli", "kwalletd5")
DATABASE = f"""<?xml version="1.0" encoding="UTF-8"?>
<KeePassFile>
<Meta><DatabaseName>Ours</DatabaseName><RecycleBinEnabled>False</RecycleBinEnabled><CustomData>
<Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{{{GROUP}}}</Value></Item></CustomData></Meta>
<Root><Group><UUID>{base64.b64encode(GROUP.bytes).decode()}</UUID><Name>Root</Name></Group></Root>
</KeePassFile>"""
SETTINGS = """[General]
ConfigVersion=2
SingleInstance=false
UpdateCheckMessageShown=true
[FdoSecrets]
Enabled=true
"""


def missing():
    """Those of the programs that are not installed."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


@contextmanager
def started(*command, piped=None):
    """A program for as long as the block lasts."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **pipes) as process:
        process.stdin.write((piped or "").encode())
        process.stdin.close()
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def display(monkeypatch):
    """An X server."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        with os.fdopen(read) as told:
            os.close(write)
            monkeypatch.setenv("DISPLAY", f":{told.readline().strip()}")
        try:
            yield
        finally:
            server.kill()


class User:
    """Answers windows as they appear: each by what was told for its title, in that order.

    An answer is words: ``^Return`` a key, ``@10,20`` a click at that place of the window, any
    other is typed. The last answer for a title stays.
    """

    def __init__(self):
        self.seen = []
        self._answers = {}
        self._is_done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def answers(self, title, *answers):
        """How windows are answered whose title holds this; an empty answer leaves them open."""
        self._answers[title] = [answer.split() for answer in answers]

    def close(self):
        self._is_done.set()
        self._thread.join()

    def _watch(self):
        chosen, again = {}, {}
        while not self._is_done.wait(0.1):
            windows = dict(_windows())
            chosen = {window: chosen[window] for window in chosen.keys() & windows.keys()}
            for window, title in windows.items():
                answers = next((a for part, a in self._answers.items() if part in title), None)
                if answers and window not in chosen:
                    self.seen.append(title)
                    chosen[window] = answers[0] if len(answers) == 1 else answers.pop(0)
                    again[window] = 0
                # A window may be there before it listens.
                if window in chosen and again[window] <= time.monotonic():
                    again[window] = time.monotonic() + AGAIN_S
                    subprocess.run(["xdotool", "windowfocus", "--sync", window], check=False)
                    time.sleep(0.2)
                    for word in chosen[window]:
                        _do(window, word)


def _do(window, word):
    if window not in dict(_windows()):
        return
    if word.startswith("@"):
        place = ["mousemove", "--window", window, *word[1:].split(",")]
        subprocess.run(["xdotool", *place, "click", "1"], check=False)
        time.sleep(0.2)
    else:
        deed = ["key", word[1:]] if word.startswith("^") else ["type", word]
        subprocess.run(["xdotool", *deed], check=False)


def _windows():
    command = ["xdotool", "search", "--onlyvisible", "--name", ".*"]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    for window in found:
        name = subprocess.run(
            ["xdotool", "getwindowname", window], capture_output=True, text=True, check=False
        )
        yield window, name.stdout.strip()


def _wait_for(path):
    """Until something on the bus answers for a path of the Secret Service."""
    for _ in range(600):
        with closing(secretstorage.dbus_init()) as connection, suppress(SecretStorageException):
            if secretstorage.check_service_availability(connection):
                secretstorage.Collection(connection, path) if path else None
                return
        time.sleep(0.05)
    raise AssertionError("the keyring did not start")


@contextmanager
def keepassxc(home):
    """KeePassXC with one open database, of which a group is shared; all else as it comes."""
    (home / "keepassxc").mkdir()
    (home / "keepassxc" / "keepassxc.ini").write_text(SETTINGS)
    (home / "ours.xml").write_text(DATABASE)
    place = home / "ours.kdbx"
    command = ["keepassxc-cli", "import", "-p", str(home / "ours.xml"), str(place)]
    subprocess.run(command, input=f"{PASSWORD}\n" * 2, text=True, check=True, capture_output=True)
    with started("keepassxc", "--pw-stdin", str(place), piped=f"{PASSWORD}\n") as process:
        _wait_for(DEFAULT_COLLECTION)
        yield process


@contextmanager
def kwallet(home):
    """KWallet, with no wallet yet."""
    with started("kwalletd5") as process:
        _wait_for(None)
        yield process
