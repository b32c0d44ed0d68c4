"""The real program in a real pseudo-terminal, read by a terminal emulator."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

from tests.end_to_end.emulator import Screen, Stream
from tests.end_to_end.fork_server import REPOSITORY, can_fork, fork_server

# How long anything may take on the slowest machine, in seconds: a guard against never.
# Parts of what the program says where it asks before it is left.
ASKS = ("Still answering", "run is kept; /export")
PATIENCE_S = 60.0


def rows_of(screen):
    """The rows of a terminal of pyte.

    Its own ``display`` raises IndexError where half of a wide character was painted over (0.8.2).
    """
    cells = (screen.buffer[y] for y in range(screen.lines))
    places = range(screen.columns)
    return ["".join([row[x].data for x in places]) if row else " " * len(places) for row in cells]


class Terminal:
    """Runs a command in a pty and shows what it draws.

    ``raw`` keeps every byte the program sent, for tests of what may never be sent. Commands of the
    form ``python -m …`` are forked from a process that has imported groqchat, unless ``cold``.
    """

    def __init__(self, *arguments, env=None, columns=120, rows=40, command=None, cold=False):
        self.screen = Screen(columns, rows)
        self._stream = Stream(self.screen)
        self.raw = bytearray()
        self._shown = None, ""  # when it was read, and what it was
        command = [*(command or [sys.executable, "-m", "groqchat"]), *arguments]
        env = dict(env or os.environ)
        for name in ("COLUMNS", "LINES"):  # would be believed more than the terminal
            env.pop(name, None)
        size = struct.pack("HHHH", rows, columns, 0, 0)
        self._is_forked = not cold and command[:2] == [sys.executable, "-m"] and can_fork(env)
        if self._is_forked:
            self._fd, terminal = os.openpty()
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, size)
            self.pid = fork_server().start(command[2], command[3:], env, [terminal])
            os.close(terminal)
        else:
            self.pid, self._fd = pty.fork()
            if self.pid == 0:
                fcntl.ioctl(0, termios.TIOCSWINSZ, size)
                os.chdir(REPOSITORY)
                os.execvpe(command[0], command, env)
        self.returncode = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def text(self):
        """What a person would read now."""
        now = len(self.raw), self.screen.columns, self.screen.lines
        if self._shown[0] != now:  # it is put together from thousands of cells
            self._shown = now, "\n".join(line.rstrip() for line in rows_of(self.screen))
        return self._shown[1]

    def press(self, keys):
        """Type keys, as the terminal would send them."""
        os.write(self._fd, keys.encode() if isinstance(keys, str) else keys)

    def paste(self, text):
        """Paste a text, marked as one as terminals do; in pieces, as a pty takes them."""
        data = b"\x1b[200~" + text.encode() + b"\x1b[201~"
        for start in range(0, len(data), 4096):
            os.write(self._fd, data[start : start + 4096])
            self.read(0.01)

    def resize(self, columns, rows):
        """Change the size of the window."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def hang_up(self):
        """Close the window: there is nothing left to read from or to write to."""
        os.close(self._fd)
        self._fd = None

    def read(self, seconds):
        """Take in what is drawn for so long; returns whether the program still runs."""
        if self._fd is None:
            time.sleep(seconds)
            return False
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self._fd], [], [], left)[0]:
                return True
            try:
                data = os.read(self._fd, 65536)
            except OSError:
                data = b""
            if not data:
                return False
            self.raw += data
            self._stream.feed(data)
        return True

    def read_until(self, condition, seconds):
        """Take in what is drawn until something is true, or for so long."""
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end and self.read(0.02):
            pass

    def wait_for(self, *wanted, seconds=PATIENCE_S, gone=False):
        """Wait until all of these texts stand on the screen (or are gone); fails with it."""
        end = time.monotonic() + seconds
        runs = True
        while missing := self._missing(wanted, gone):
            if not runs or time.monotonic() >= end:
                break
            runs = self.read(0.05)  # the last words of a program that ends count, too
        if not missing:
            return self.text
        state = "still there" if gone else "missing"
        raise AssertionError(f"{state}: {missing}\n{self.text}")

    def _missing(self, wanted, gone):
        """Those of these texts that are not on the screen (or still are)."""
        return [text for text in wanted if (text in self.text) == gone]

    def wait_exit(self, seconds=PATIENCE_S, *, answer=""):
        """Wait for the program's end; returns its exit code.

        ``answer`` is pressed once where the program asks: answers still come, or nothing is kept.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.02)
            if answer and any(words in self.text for words in ASKS):
                self.press(answer)
                answer = ""
            self.returncode = self._poll()
            if self.returncode is not None:
                self.read(2)  # its last words may still be on their way
                return self.returncode
        raise AssertionError(f"still running\n{self.text}")

    def quit(self):
        """Leave as a user does, also where the program asks once; returns the exit code."""
        self.press("\x11")
        return self.wait_exit(answer="\x11")

    def kill(self, number=signal.SIGKILL):
        """Send the program a signal."""
        os.kill(self.pid, number)

    def _poll(self):
        """The exit code, once: the program is forgotten then."""
        if self._is_forked:
            return fork_server().poll(self.pid)
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None

    def _reap(self):
        """Wait for the end of a program that was killed."""
        with contextlib.suppress(ChildProcessError):
            while self.returncode is None:
                self.returncode = self._poll()
                time.sleep(0.002)

    def close(self):
        """End the program, if it still runs."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._reap()
        if self._fd is not None:
            with contextlib.suppress(OSError):
                os.close(self._fd)
