"""xterm and kitty on an X server: the chat is as light as they are, and leaves them as found."""

import os
import shlex
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pyte
import pytest

from groqchat.ui.terminal.colour_scheme import FOLLOW, UNFOLLOW
from tests.end_to_end.fork_server import REPOSITORY
from tests.end_to_end.terminal import PATIENCE_S, rows_of
from tests.long.programs import needs
from tests.storage.keys.desktop_keyrings import display

programs_are_there = needs(
    "xterm kitty xvfb xdotool bsdutils", "xterm", "kitty", "Xvfb", "xdotool", "script"
)
SIZE = (100, 30)
LIGHT, DARK = "#ffffff", "#101010"
PAPER, INK = "fcfbf9", "101011"
STARTS = {
    "xterm": ["xterm", "-geometry", "100x30", "-xrm", "XTerm*background: {}", "-e"],
    "kitty": [
        *("kitty", "--config", "NONE", "-o", "background={}", "-o", "remember_window_size=no"),
        *("-o", "initial_window_width=100c", "-o", "initial_window_height=30c"),
    ],
}
# What runs in the terminal: the chat, all bytes of which are kept, and then a line of a shell.
INSIDE = """
tty > tty; stty -a > before
script -qef -I typed -O drawn -c {chat}; echo $? > code
stty -a > after
IFS= read -r line; printf %s "$line" > line.new; mv line.new line
"""


class Window:
    """A terminal's window, whose files are in a folder."""

    def __init__(self, folder):
        self._folder = folder
        self._id = until(lambda: xdotool("search", "--onlyvisible", "--name", ".").split())[-1]
        self.focus()

    def focus(self):
        xdotool("windowfocus", "--sync", self._id)

    def lose_focus(self):
        xdotool("windowfocus", xdotool("search", "--maxdepth", "0", "--name", "").split()[0])

    def bytes_of(self, name):
        path = self._folder / name
        return path.read_bytes() if path.exists() else b""

    def screen(self):
        screen = pyte.Screen(*SIZE)
        pyte.ByteStream(screen).feed(self.bytes_of("drawn"))
        return screen

    def has(self, text, background):
        """Whether a text is drawn, and the middle of the screen has a colour."""
        screen = self.screen()
        return text in "\n".join(rows_of(screen)) and screen.buffer[10][10].bg == background


def xdotool(*words):
    result = subprocess.run(
        ["xdotool", *words], capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )
    return result.stdout


def until(condition):
    """What a condition returns, once it is true."""
    end = time.monotonic() + PATIENCE_S
    while not (value := condition()):
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.1)
    return value


@contextmanager
def terminal(name, background, folder):
    chat = shlex.quote(f"cd {shlex.quote(str(REPOSITORY))} && {sys.executable} -m groqchat --demo")
    inside = ["bash", "-c", INSIDE.format(chat=chat)]
    command = [word.format(background) for word in STARTS[name]]
    env = {**os.environ, "LIBGL_ALWAYS_SOFTWARE": "1", "HOME": str(folder)}
    env["XDG_RUNTIME_DIR"] = str(folder)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([*command, *inside], cwd=folder, env=env, **quiet) as process:
        try:
            yield Window(folder)
        finally:
            process.kill()


@pytest.mark.parametrize("name", STARTS)
@pytest.mark.parametrize(("background", "theme"), [(LIGHT, PAPER), (DARK, INK)])
def test_the_chat_is_as_light_as_the_terminal_and_leaves_it_as_it_was(
    monkeypatch, tmp_path, name, background, theme
):
    with display(monkeypatch), terminal(name, background, tmp_path) as window:
        until(lambda: b"\x1b]11;?" in window.bytes_of("drawn"))
        xdotool("type", "--delay", "5", "typed while it answers")
        until(lambda: window.has("typed while it answers", theme))
        assert b"\x1b]11;rgb:" in window.bytes_of("typed")
        # The colours change without a word, and the window is in front again.
        other, other_theme = (DARK, INK) if background == LIGHT else (LIGHT, PAPER)
        Path(window.bytes_of("tty").decode().strip()).write_text(f"\x1b]11;{other}\x07")
        window.lose_focus()
        window.focus()
        until(lambda: window.has("typed while it answers", other_theme))
        xdotool("key", "ctrl+q")
        until(lambda: window.bytes_of("after"))
        xdotool("type", "a line")
        xdotool("key", "Return")
        assert until(lambda: window.bytes_of("line")) == b"a line"
        drawn = window.bytes_of("drawn")
    assert (tmp_path / "code").read_text() == "0\n"
    assert (tmp_path / "before").read_text() == (tmp_path / "after").read_text()
    assert drawn.count(FOLLOW.encode()) == drawn.count(UNFOLLOW.encode()) == 1
