from __future__ import annotations

import re
import sys
from base64 import b64decode
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from groqchat.domain import terminals
from groqchat.services import clipboard_tools
from groqchat.ui.terminal.clipboard import LONGEST_OSC52, copy, sequence
from groqchat.ui.terminal.copying import Copying
from tests.ui.stage import until

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    "TMUX", "STY", "WAYLAND_DISPLAY", "DISPLAY", "WSL_DISTRO_NAME", "XTERM_VERSION",
    "VTE_VERSION", "KONSOLE_VERSION", "TERM_PROGRAM",
)  # fmt: skip
OSC52 = re.compile(r"\x1b\]52;c;([^\x07]*)\x07")


class Terminal:
    """An app as far as copying needs one; keeps what it would write to the terminal."""

    def __init__(self) -> None:
        self.written = ""
        self._driver = self

    def write(self, text) -> None:
        self.written += text

    @property
    def texts(self):
        return [b64decode(carried).decode() for carried in OSC52.findall(self.written)]


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A machine without any tool, and a way to give it some."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("TERM", "xterm-kitty")

    def tool(name: str, script: str) -> Path:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return tmp_path / f"{name}.out"

    return tool


def keeping(path: Path) -> str:
    return f'echo "$@" > {path}.args; while IFS= read -r line; do echo "$line"; done > {path}'


async def test_without_tools_the_terminal_is_asked(bench):
    terminal = Terminal()
    assert await copy(terminal, "text") == "Copied 4 characters (sent to the terminal)."
    assert terminal.texts == ["text"]


async def test_a_text_too_long_for_the_terminal_says_so(bench):
    assert "may cut" in await copy(Terminal(), "x" * (LONGEST_OSC52 + 1))


@pytest.mark.parametrize(
    ("name", "value", "doubt"),
    [
        ("XTERM_VERSION", "XTerm(379)", "refuses copies by default"),
        ("TERM", "xterm-256color", "may not take them"),
    ],
)
async def test_a_terminal_that_may_not_obey_is_not_said_to_have_copied(
    bench, monkeypatch, name, value, doubt
):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    told = await copy(Terminal(), "text")
    assert told.startswith(f"4 characters sent to the terminal, which {doubt}; xclip")


async def test_what_would_be_printed_is_not_sent(bench, monkeypatch):
    monkeypatch.setenv("TERM", "linux")
    terminal = Terminal()
    assert (await copy(terminal, "text")).startswith("Nothing here takes a copy")
    assert terminal.written == ""


async def test_in_tmux_its_buffer_and_the_desktop_are_both_asked(bench, tmp_path, monkeypatch):
    monkeypatch.setenv("TMUX", "/tmp/socket,1,0")
    monkeypatch.setenv("DISPLAY", ":0")
    out, screen = tmp_path / "out", tmp_path / "screen"
    bench("tmux", keeping(out))
    bench("xclip", keeping(screen))
    terminal = Terminal()
    told = await copy(terminal, "one\ntwo\n")
    assert told == "Copied 8 characters (xclip, in tmux's buffer)."
    assert out.read_text() == screen.read_text() == "one\ntwo\n"
    assert out.with_suffix(".args").read_text() == "load-buffer -w -\n"
    assert terminal.texts == []  # tmux hands it on to the terminal


async def test_an_older_tmux_keeps_it_in_its_buffer(bench, tmp_path, monkeypatch):
    monkeypatch.setenv("TMUX", "/tmp/socket,1,0")
    bench("tmux", f'[ "$2" = -w ] && exit 1; {keeping(tmp_path / "out")}')
    assert await copy(Terminal(), "one\n") == "Copied 4 characters (in tmux's buffer)."
    assert (tmp_path / "out").read_text() == "one\n"


@pytest.mark.parametrize("environ", [{"STY": "1.pts", "TERM": "screen"}, {"TERM": "screen.xterm"}])
def test_screen_is_given_pieces_that_it_hands_on_and_prints_nothing_of(environ):
    text = "long enough for many pieces " * 200
    pieces = sequence(text, environ)
    handed_on = re.findall(r"\x1bP(.*?)\x1b\\", pieces, re.DOTALL)
    assert "".join(f"\x1bP{piece}\x1b\\" for piece in handed_on) == pieces
    assert max(map(len, handed_on)) <= 255
    (carried,) = OSC52.findall("".join(handed_on))
    assert b64decode(carried).decode() == text


async def test_a_tool_that_fails_gives_way_to_the_next(bench, tmp_path, monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DISPLAY", ":0")
    bench("wl-copy", "exit 1")
    bench("xclip", keeping(tmp_path / "out"))
    told = await copy(Terminal(), "é\n" * LONGEST_OSC52)
    assert told.startswith(f"Copied {2 * LONGEST_OSC52:,} characters (xclip, sent to")
    assert (tmp_path / "out").read_text() == "é\n" * LONGEST_OSC52


async def test_a_tool_that_hangs_is_given_up(bench, monkeypatch):
    monkeypatch.setattr(clipboard_tools, "_TIMEOUT_S", 0.05)
    monkeypatch.setenv("DISPLAY", ":0")
    bench("xclip", "exec /bin/sleep 60")
    assert await copy(Terminal(), "text") == "Copied 4 characters (sent to the terminal)."


async def test_what_is_cut_in_a_field_goes_every_way_too(bench, tmp_path, monkeypatch):
    class Field(Copying):
        def compose(self):
            yield Input("words")

    monkeypatch.setenv("DISPLAY", ":0")
    bench("xclip", keeping(tmp_path / "out"))
    app = Field()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+shift+a", "ctrl+x")
        await until(pilot, lambda: app.clipboard == "words")
        await until(pilot, (tmp_path / "out").exists)


@pytest.mark.parametrize(
    ("environ", "multiplexer", "clipboard"),
    [
        ({"TERM": "xterm", "XTERM_VERSION": "XTerm(379)"}, "", "REFUSES"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7006"}, "", "REFUSES"),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "221203"}, "", "REFUSES"),
        ({"TERM": "st-256color"}, "", "REFUSES"),
        ({"TERM": "alacritty"}, "", "TAKES"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "", "TAKES"),
        ({"TERM": "rxvt-unicode-256color"}, "", "PRINTS"),
        ({"TERM": "linux"}, "", "PRINTS"),
        ({"TERM": "tmux-256color", "TMUX": "x", "XTERM_VERSION": "XTerm(379)"}, "tmux", "UNKNOWN"),
        ({"TERM": "screen-256color", "TMUX": "x"}, "tmux", "UNKNOWN"),
        ({"TERM": "screen", "TMUX": "x", "STY": "y"}, "GNU screen", "UNKNOWN"),
        ({"TERM": "screen"}, "GNU screen", "UNKNOWN"),
        ({"TERM": "xterm-256color"}, "", "UNKNOWN"),
    ],
)
def test_what_is_known_of_terminals(environ, multiplexer, clipboard):
    assert terminals.multiplexer(environ) == multiplexer
    assert terminals.clipboard(environ) is terminals.Clipboard[clipboard]
