"""Kills the program in the middle of turns, and looks at what is left each time.

``python -m tests.end_to_end.kills --times 100 --seed 1`` prints what was found, and exits with 1
if a prompt that had been sent was lost, if text was lost that had come more than a second before,
if the database was damaged, or if the next start did not show that the answer broke off.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.end_to_end.plain_server import Plain, serving
from tests.end_to_end.terminal import Terminal

KEY = "gsk_test_of_nobody_at_all"
WORDS = 400
# Seconds between two pieces: a flood, a stream, a stutter, and silences that a checkpoint has to
# outlast.
GAPS_S = (0.0, 0.0, 0.005, 0.02, 0.02, 0.1, 0.4, 1.3)
LONGEST_LIFE_S = 3.0
# How many of the kills wait for the server to be asked; the others come at any time after Enter.
ANSWERING = 0.7
OLDEST_LOSS_S = 1.0
EMPTY = "What each answer uses"
BROKEN_OFF = "✗ broken off"


@dataclass
class UsageWindow:
    """What was left after each kill."""

    kills: int = 0
    stored: int = 0
    drafts: int = 0
    answers: int = 0
    oldest_loss_s: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self):
        prompts = f"{self.stored} prompts were stored, {self.drafts} stood in the composer still"
        return "\n".join(
            (
                f"{self.kills} kills: {prompts}; {self.answers} answers had begun",
                f"the oldest text that was lost had come {self.oldest_loss_s:.2f} s before",
                f"{len(self.faults)} faults",
                *self.faults,
            )
        )


@dataclass
class Left:
    """What one kill has left: when it was (monotonic seconds), and what the disk has of it."""

    prompt: str = ""
    entered: float = 0.0
    killed: float = 0.0
    is_stored: bool = False
    is_draft: bool = False
    partial: str = ""


def unsteady(dice):
    """A server whose answers come at any pace, and who remembers when it sent what."""

    class Unsteady(Plain):
        sent = {}  # noqa: RUF012  # shared: a handler lives for one connection

        def do_POST(self):  # noqa: N802  # the name that http.server asks for
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            history = self.sent.setdefault(request["messages"][-1]["content"], [])
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            self.close_connection = True
            text = ""
            try:
                for number in range(WORDS):
                    text += f"w{number} "
                    chunk = self._chunk({"content": f"w{number} "})
                    self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                    history.append((time.monotonic(), text))
                    time.sleep(dice.choice(GAPS_S))
            except OSError:
                pass  # killed

    return Unsteady


class Killer:
    """Starts, asks, kills, and looks; each start shows first what the kill before it left."""

    def __init__(self, home: Path, url: str, sent: dict, dice: random.Random) -> None:
        self.tally = UsageWindow()
        self._home = home
        self._sent = sent
        self._dice = dice
        self._env = {
            **os.environ,
            "TERM": "xterm-256color",
            "HOME": str(home.parent),
            "GROQCHAT_HOME": str(home),
            "GROQ_API_KEY": KEY,
            "GROQ_BASE_URL": url,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }

    def run(self, times: int) -> UsageWindow:
        """Kill so many times."""
        left = Left()
        for number in range(times):
            with Terminal("--continue", env=self._env) as terminal:
                self._look_at_screen(terminal, left)
                left = self._ask_and_kill(terminal, f"question {number} of {times}")
            self._look_at_disk(left)
        with Terminal("--continue", env=self._env) as terminal:
            self._look_at_screen(terminal, left)
        return self.tally

    def _ask_and_kill(self, terminal: Terminal, prompt: str) -> Left:
        if EMPTY not in terminal.text:
            terminal.press("\x0e")
            terminal.wait_for(EMPTY)
        terminal.press(prompt)
        terminal.wait_for(f"│ {prompt} ")
        entered = time.monotonic()
        terminal.press("\r")
        if self._dice.random() < ANSWERING:
            while prompt not in self._sent:
                terminal.read(0.01)
        terminal.read(self._dice.uniform(0.0, LONGEST_LIFE_S))
        killed = time.monotonic()
        terminal.kill(signal.SIGKILL)
        terminal.wait_exit()
        self.tally.kills += 1
        return Left(prompt, entered, killed)

    def _look_at_screen(self, terminal: Terminal, left: Left) -> None:
        """The next start shows the answer as broken, or the unsent prompt in the composer."""
        terminal.wait_for("Enter send" if not left.is_stored else left.prompt)
        if left.partial:
            terminal.wait_for(BROKEN_OFF, left.partial.rsplit(maxsplit=1)[-1])
        if left.is_draft:
            if EMPTY not in terminal.text:
                terminal.press("\x0e")
            terminal.wait_for(f"│ {left.prompt} ")
            terminal.press("\x03")
            terminal.wait_for("│ Ask anything")

    def _look_at_disk(self, left: Left) -> None:
        """A copy is looked at, so that the next start finds what the kill has left."""
        with tempfile.TemporaryDirectory() as folder:
            for path in self._home.glob("groqchat.db*"):
                if not path.name.endswith("-shm"):
                    shutil.copy(path, folder)
            with closing(sqlite3.connect(Path(folder) / "groqchat.db")) as database:
                [(health,)] = database.execute("PRAGMA integrity_check(1)").fetchall()
                query = "SELECT id FROM messages WHERE role = 'user' AND content = ?"
                found = database.execute(query, (left.prompt,)).fetchone()
                query = "SELECT content FROM messages WHERE parent_id = ?"
                answer = database.execute(query, found).fetchone() if found else None
                query = "SELECT 1 FROM drafts WHERE text = ?"
                draft = database.execute(query, (left.prompt,)).fetchone()
        left.is_stored = found is not None
        left.is_draft = draft is not None and not found
        left.partial = answer[0] if answer else ""
        if health != "ok":
            self.tally.faults.append(f"{left.prompt}: damaged, {health}")
        self._judge(left)

    def _judge(self, left: Left) -> None:
        tally, history = self.tally, self._sent.get(left.prompt, [])
        lost = [left.killed - when for when, text in history if len(text) > len(left.partial)]
        loss = max(lost, default=0.0)
        tally.oldest_loss_s = max(tally.oldest_loss_s, loss)
        tally.stored += left.is_stored
        tally.drafts += left.is_draft
        tally.answers += bool(left.partial)
        lived = left.killed - left.entered
        is_kept = left.is_stored or (left.is_draft and not history)
        if not is_kept and (history or lived > OLDEST_LOSS_S):
            tally.faults.append(f"{left.prompt}: lost, {lived:.2f} s after Enter")
        if loss > OLDEST_LOSS_S:
            tally.faults.append(f"{left.prompt}: text is lost that had come {loss:.2f} s before")
        if left.partial and not any(text == left.partial for _, text in history):
            tally.faults.append(f"{left.prompt}: {left.partial[-40:]!r} was never sent")


def kill(times: int, seed: int, home: Path) -> UsageWindow:
    """Kill a program that lives in this folder."""
    dice = random.Random(seed)  # a test's dice
    handler = unsteady(random.Random(seed))  # likewise
    with serving(handler) as url:
        return Killer(home, url, handler.sent, dice).run(times)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = kill(args.times, args.seed, Path(folder) / "home")
    print(tally)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
