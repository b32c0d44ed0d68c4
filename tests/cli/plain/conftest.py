"""The plain chat as a process: typed into at a terminal of one line, or piped into."""

import os
import termios

import pytest

from tests.end_to_end.terminal import Terminal

PROMPT = "\n> "


class Typist(Terminal):
    """Somebody at a terminal that knows no cursor; ``told`` is every byte that was written."""

    def __init__(self, *arguments, env):
        super().__init__("--plain", *arguments, env=env)
        modes = termios.tcgetattr(self._fd)
        modes[1] &= ~termios.OPOST  # else the kernel puts a CR before each LF
        termios.tcsetattr(self._fd, termios.TCSANOW, modes)
        self._read = 0

    @property
    def told(self):
        """What was written since the last line was typed."""
        return self.raw[self._read :].decode()

    def expect(self, *wanted):
        """Wait until all of this was written since the last line; returns what was.

        A prompt among it has to be the last that was written: answers quote with the same sign.
        """

        def is_there():
            told = self.told
            is_asked = PROMPT not in wanted or told.endswith(PROMPT)
            return is_asked and all(text in told for text in wanted)

        self.read_until(is_there, 60)
        missing = [text for text in wanted if text not in self.told]
        assert not missing, f"{missing} is missing in:\n{self.raw.decode()}"
        return self.told

    def type(self, line, *wanted):
        """Type a line, and wait for what is said then, and for the prompt."""
        self._read = len(self.raw)
        self.press(f"{line}\n")
        return self.expect(*wanted)

    def ask(self, line, *wanted):
        """Type a line, and wait for what is said and the prompt behind it."""
        return self.type(line, *wanted, PROMPT)


@pytest.fixture
def typist(simulator, tmp_path):
    """Starts the plain chat at a dumb terminal."""
    started = []

    def start(*arguments, **changes):
        env = {**os.environ, "TERM": "dumb", "HOME": str(tmp_path), **changes}
        terminal = Typist(*arguments, env={k: v for k, v in env.items() if v is not None})
        started.append(terminal)
        return terminal

    yield start
    for terminal in started:
        terminal.close()
