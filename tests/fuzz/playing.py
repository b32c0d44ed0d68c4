"""Plays random sequences at the real program in a pty, and looks for what was typed."""

import json
import os
import random
import signal
import sqlite3
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.end_to_end.emulator import Screen, Stream
from tests.end_to_end.terminal import Terminal, rows_of
from tests.fuzz.sequences import Sequences

KEY = "gsk_test_of_nobody_at_all"
# The longest that a letter may be on its way, in seconds: a slow machine, and a draft's delay.
PATIENCE_S = 20
# How often the screen is laid out and painted, in times a second, by the seed: as usual, or as a
# machine does that is much too slow. That costs less, and keys meet what is not laid out yet.
PACES = (60, 6, 6)


@dataclass(frozen=True)
class Fault:
    """What went wrong, in which sequence of which run; ``str`` says how to see it again."""

    seed: int
    number: int
    what: str
    steps: tuple[str, ...]
    screen: str
    trace: tuple[str, ...]
    habits: bool = False

    def __str__(self):
        steps = "\n  ".join(self.steps)
        again = f"python -m tests.fuzz {self.seed} --to {self.number}{' --habits' * self.habits}"
        happened = "\n  ".join(self.trace)
        return (
            f"{self.what}\n{again}\nsteps of sequence {self.number}:\n  {steps}\n{self.screen}\n"
            f"what happened last:\n  {happened}"
        )


class _Blind:
    """Reads nothing: an emulator that does costs more than the program."""

    def feed(self, _):
        pass


class Player:
    """One run of the program, for many sequences.

    Args:
        home: An empty folder.
        seed: Of all that happens in this run.
        habits: Whether the composer is edited as in Emacs or vi, and settings and keys are
            changed; it is not looked for letters then.
    """

    def __init__(self, home, seed, simulator, habits=False):
        self._home, self._seed = home, seed
        self._dice = random.Random(seed)
        self._habits = habits
        if habits:
            (home / "groqchat").mkdir()
            chosen = self._dice.choice(["vi", "vi", "emacs", "default"])
            settings = f'# mine\ncomposer_keys = "{chosen}"  # as I am used to\n'
            (home / "groqchat" / "config.toml").write_text(settings, encoding="utf-8")
        self._sequences = Sequences(self._dice, habits)
        self._size = self._sequences.size()
        self.windows = self._trace = ()
        self._terminal = self._start(simulator)

    def play(self, count):
        """Play so many sequences; returns the first Fault, or None."""
        try:
            self._open()
            for number in range(1, count + 1):
                if fault := self._sequence(number):
                    return fault
        finally:
            self._terminal.close()
        return None

    def _start(self, simulator):
        env = {**os.environ, "TERM": "xterm-256color", "HOME": str(self._home)}
        env["GROQCHAT_HOME"] = str(self._home / "groqchat")  # the suite's own is elsewhere
        env |= {"GROQ_API_KEY": KEY, "GROQ_BASE_URL": simulator.url, "EDITOR": "true"}
        env |= {"VISUAL": "true", "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
        env |= {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path[1:]])}
        pace = PACES[self._seed % len(PACES)]
        command = [sys.executable, "-m", "tests.fuzz.watched", str(self._home), str(pace)]
        return Terminal(env=env, columns=self._size[0], rows=self._size[1], command=command)

    def _open(self):
        self._terminal.wait_for("Ask anything", seconds=60)
        self._terminal._stream = _Blind()

    def _sequence(self, number):
        steps, typed = self._sequences.next()
        for step in steps:
            self._take(step)
        missing = self._missing(set() if self._habits else set(typed))
        if missing is not None:
            names = tuple(f"{step.name}  ({step.pause * 1000:.0f} ms)" for step in steps)
            seen = self._screen(), self._trace, self._habits
            return Fault(self._seed, number, missing, names, *seen)
        for _ in range(self._dice.randint(0, 3)):
            self._press("\x1b", 0.02)
        return None

    def _take(self, step):
        if step.size:
            self._size = step.size
            self._terminal.resize(*step.size)
        self._press(step.data, step.pause)

    def _press(self, data, pause):
        with suppress(OSError):
            self._terminal.press(data)
        self._terminal.read(pause)

    def _missing(self, letters):
        """Wait until all letters are found; returns what is wrong, or None."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            seen = self._seen()
            if seen is None:
                return f"The program ended ({self._exit_code()})\n{self._bug()}"
            letters = letters - set(seen)
            letters = letters and letters - set(self._stored())
            if not letters:
                return None
            self._terminal.read(0.05)
        return f"Lost: {''.join(sorted(letters))!r}"

    def _seen(self):
        """What the program tells; None once it has ended or answers no more."""
        told = self._home / "seen.json"
        told.unlink(missing_ok=True)
        with suppress(ProcessLookupError):
            self._terminal.kill(signal.SIGUSR1)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if not self._terminal.read(0.005):
                return None
            if told.exists():
                seen = json.loads(told.read_text(encoding="utf-8"))
                self.windows, self._trace = seen["windows"], tuple(seen["trace"])
                return seen["once"] + seen["now"]
        return None

    def _stored(self):
        """Every text in every database, and the names of exported files."""
        texts = [path.name for path in self._home.iterdir()]
        for path in self._home.rglob("*.db"):
            with suppress(sqlite3.Error), sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
                for query in (
                    "SELECT content FROM messages WHERE role = 'user'",
                    "SELECT text FROM drafts",
                    "SELECT title || system FROM sessions",
                    "SELECT text || tag FROM notes",
                    "SELECT text FROM prompt_queue",
                ):
                    texts += [str(text) for (text,) in db.execute(query)]
        return "".join(texts)

    def _exit_code(self):
        with suppress(AssertionError, ChildProcessError):
            return self._terminal.wait_exit(5)
        return "no answer"

    def _bug(self):
        """The traceback in the log, if a bug ended the program."""
        log = self._home / "groqchat" / "log.jsonl"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else ()
        return next((each["error"] for each in map(json.loads, lines) if "error" in each), "")

    def _screen(self):
        screen = Screen(*self._size)
        Stream(screen).feed(bytes(self._terminal.raw[-200_000:]))
        return "\n".join(line.rstrip() for line in rows_of(screen))


def play(home, seed, count, habits=False):
    """Run the program once for so many sequences.

    Returns:
        The first Fault, or None; and the names of the windows that were open.
    """
    home.mkdir()
    with BackgroundSimulator(load_catalog(), Options(rate=400.0)) as simulator:
        player = Player(home, seed, simulator, habits)
        return player.play(count), player.windows
