"""Everything a measurement needs: source, subjects, and a clean place for them."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import random
import resource
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.seat import COLUMNS, ROWS, Seat
from tests.benchmarks.source import first_word, last_word

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[2]
_PYTHON = [sys.executable, "-m"]
SUBJECTS = {
    "bare": ["tests.benchmarks.subjects.bare"],
    "stream": ["tests.benchmarks.subjects.stream"],
    "reader": ["tests.benchmarks.subjects.reader"],
    "loaded": ["tests.benchmarks.subjects.loaded"],
    "script": ["tests.benchmarks.subjects.script"],
    "parts": ["tests.benchmarks.subjects.parts"],
    "many": ["tests.benchmarks.subjects.many"],
    "team": ["tests.team.scale.simulation"],
    "paced": ["tests.benchmarks.subjects.paced"],
    "plain": ["tests.benchmarks.subjects.plain"],
    "sdk": ["tests.benchmarks.subjects.sdk"],
    "groqchat": ["groqchat"],
}
# One cell wide, and in no answer: Cyrillic, Armenian, Georgian.
_LETTERS = "".join(map(chr, (*range(0x410, 0x482), *range(0x561, 0x587), *range(0x10D0, 0x10F1))))
_KEY_GAP_S = (0.05, 0.12)
_ALTERNATE_SCREEN = "\x1b[?1049h"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer on its way from Enter to a screen (monotonic seconds).

    ``sent`` is when Enter was pressed, ``came`` when the source had the whole request.
    """

    sent: float
    came: float
    first: float
    last: float
    first_seen: float
    last_seen: float

    @property
    def to_wire(self) -> float:
        """From Enter to the source."""
        return self.came - self.sent

    @property
    def to_first_text(self) -> float:
        """From Enter to the first token on the screen."""
        return self.first_seen - self.sent

    @property
    def first_latency(self) -> float:
        """From the socket to the screen, the first token."""
        return self.first_seen - self.first

    @property
    def lag(self) -> float:
        """The same of the last."""
        return self.last_seen - self.last


class Lab:
    """Starts subjects, all alike: same terminal, same source, compiled, each with its own home.

    Args:
        folder: Where they may write.
        is_quick: Fewer repeats and shorter answers: to see that it works, not to know.
    """

    def __init__(self, folder: Path, *, is_quick: bool = False) -> None:
        self.folder = folder
        self.is_quick = is_quick
        self._numbers = itertools.count(1)
        self._told: queue.SimpleQueue[dict] = queue.SimpleQueue()
        self._env = _environment(folder)
        self._source = subprocess.Popen(
            [*_PYTHON, "tests.benchmarks.source"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self._env,
            cwd=REPOSITORY,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self._env["GROQ_BASE_URL"] = self._told.get(timeout=20)["url"]

    def close(self) -> None:
        """End the source."""
        self._source.kill()
        self._source.wait()

    def repeats(self, whole: int, quick: int) -> range:
        """How often to measure."""
        return range(quick if self.is_quick else whole)

    def counts(self, turn: int) -> bool:
        """Whether what a repeat took is told: the first one compiles, and is all of a quick run."""
        return turn > 0 or self.is_quick

    def home(self, name: str) -> Path:
        """A place for a groqchat's database; the same name is the same place."""
        return self.folder / "homes" / name

    def launch(
        self,
        subject: str,
        *arguments: str,
        home: str = "",
        pulse: Path | None = None,
        size: tuple[int, int] = (COLUMNS, ROWS),
    ) -> Seat:
        """Start a subject.

        Args:
            subject: One of `SUBJECTS`.
            arguments: For its command line.
            home: The name of a home to keep; without it the subject gets a new one.
            pulse: Where pauses of its event loop are to be written.
            size: Of its terminal, columns and rows.
        """
        env = dict(self._env, GROQCHAT_HOME=str(self.home(home or f"new-{next(self._numbers)}")))
        command = [*SUBJECTS[subject], *arguments]
        if pulse is not None:
            env["PULSE_FILE"] = str(pulse)
            command = ["tests.benchmarks.subjects.pulse", *command]
        return Seat([*_PYTHON, *command], env, REPOSITORY, size)

    def run(self, subject: str, *arguments: str, home: str) -> float:
        """Run a subject without a terminal to its end; returns its seconds of processor time.

        Raises:
            LookupError: It failed, or printed no answer.
        """
        cost, output = self.cost(subject, *arguments, home=home)
        if "Omega" not in output:
            raise LookupError(f"{subject} gave no answer: {output[-200:]}")
        return cost

    def cost(self, subject: str, *arguments: str, home: str) -> tuple[float, str]:
        """Run a subject like `output`; returns its seconds of processor time and its output."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        output = self.output(subject, *arguments, home=home)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, output

    def output(self, subject: str, *arguments: str, home: str, timeout: float = 60.0) -> str:
        """Run a subject without a terminal to its end; returns what it printed.

        Args:
            subject: One of `SUBJECTS`.
            arguments: For its command line.
            home: The name of its home.
            timeout: The most seconds that it may take.

        Raises:
            LookupError: It failed; its own words stand in the message.
        """
        env = dict(self._env, GROQCHAT_HOME=str(self.home(home)))
        command = [*_PYTHON, *SUBJECTS[subject], *arguments]
        ran = subprocess.run(
            command, env=env, cwd=REPOSITORY, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=timeout, check=False,
        )  # fmt: skip
        if ran.returncode:
            raise LookupError(f"{subject} failed: {ran.stderr[-800:]}")
        return ran.stdout

    @contextlib.contextmanager
    def ready(self, subject: str, *arguments: str, **options: object) -> Iterator[Seat]:
        """A subject that has started and come to rest."""
        with self.launch(subject, *arguments, **options) as seat:
            seat.wait("ready" if subject == "reader" else _ALTERNATE_SCREEN)
            vitals.busy_until_quiet(seat.pid, windows=2)
            yield seat

    def prompt(self, tokens: int, rate: int = 0) -> str:
        """A prompt with a new number for so long an answer, by default as fast as it is taken."""
        return _prompt(next(self._numbers), tokens, rate)

    def ask(self, seat: Seat, tokens: int, rate: int = 0) -> int:
        """Type a prompt and send it once the program has digested it; returns its number."""
        number = next(self._numbers)
        seat.press(_prompt(number, tokens, rate))
        # Long enough for whatever follows typing after a while, such as keeping the draft.
        vitals.busy_until_quiet(seat.pid, windows=3)
        return number

    def answer(self, seat: Seat, tokens: int, rate: int = 0, *, timeout: float = 60.0) -> Answer:
        """Ask and wait for all of the answer on the screen.

        Raises:
            TimeoutError: It did not come.
        """
        number = self.ask(seat, tokens, rate)
        return self.send(seat, number, timeout=timeout)

    def send(self, seat: Seat, number: int, *, timeout: float = 60.0) -> Answer:
        """Press Enter on a prompt that `ask` has typed; see `answer`."""
        since = seat.here
        sent = seat.press("\r")
        last_seen = seat.wait(last_word(number), since, timeout=timeout)
        # What comes and scrolls away within a frame is never painted.
        first_seen = seat.when(first_word(number), since) or last_seen
        told = self.told(number)
        return Answer(
            sent, *(told[each] for each in ("came", "first", "last")), first_seen, last_seen
        )

    def told(self, number: int) -> dict:
        """What the source says of an answer, once it is out."""
        while (told := self._told.get(timeout=20))["answer"] != number:
            pass
        return told

    def _listen(self) -> None:
        for line in self._source.stdout:
            self._told.put(json.loads(line))


def _prompt(number: int, tokens: int, rate: int = 0) -> str:
    return f"answer {number}: {tokens} tokens" + (f" at {rate}" if rate else "")


def first_key(seat: Seat) -> float:
    """Type from the first sign of life until a key shows; returns when the first did.

    Raises:
        TimeoutError: None ever did.
    """
    seat.wait(_ALTERNATE_SCREEN)
    for letter in _LETTERS:
        seat.press(letter)
        end = time.monotonic() + 0.02
        while time.monotonic() < end:
            seen = [at for other in _LETTERS if (at := seat.when(other)) is not None]
            if seen:
                return min(seen)
            time.sleep(0.002)
    raise TimeoutError("no key was ever shown")


def type_keys(seat: Seat, count: int) -> tuple[list[float], int]:
    """Type letters with human pauses; returns the delays of their echoes, and how many got lost."""
    chance = random.Random(7)
    since = seat.here
    pressed: dict[str, float] = {}
    for letter in _LETTERS[:count]:
        pressed[letter] = seat.press(letter)
        time.sleep(chance.uniform(*_KEY_GAP_S))
    with contextlib.suppress(TimeoutError):
        seat.wait(_LETTERS[count - 1], since, timeout=5)
    delays = [
        seen - at
        for letter, at in pressed.items()
        if (seen := seat.when(letter, since)) is not None
    ]
    return delays, count - len(delays)


def p95(values: list[float]) -> float:
    """Below this lie 95 of 100."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


median = statistics.median


def _environment(folder: Path) -> dict[str, str]:
    """Where all subjects live.

    Python compiles what it imports once and keeps it: some machines turn that off, and then each
    start would compile all of Textual again. All subjects keep it in one new place.
    """
    dropped = ("GROQ", "PYTHONDONTWRITEBYTECODE", "NO_COLOR", "TMUX")
    env = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return env | {
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "GROQ_API_KEY": "gsk_fake_key_for_benchmarks",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }
