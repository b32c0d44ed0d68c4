from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from groqchat.ui import clipboard
from groqchat.ui.clipboard import LONGEST_OSC52, copy

if TYPE_CHECKING:
    from pathlib import Path


class Terminal:
    """Keeps what an app would write to the terminal."""

    def __init__(self) -> None:
        self.texts = []

    def copy_to_clipboard(self, text) -> None:
        self.texts.append(text)


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A machine without any tool, and a way to give it some."""
    for name in ("TMUX", "WAYLAND_DISPLAY", "DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))

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
    assert await copy(terminal, "text") == "terminal"
    assert terminal.texts == ["text"]


async def test_a_text_too_long_for_the_terminal_says_so(bench):
    assert "may cut" in await copy(Terminal(), "x" * (LONGEST_OSC52 + 1))


async def test_tmux_hands_it_on_to_the_terminal_outside(bench, tmp_path, monkeypatch):
    monkeypatch.setenv("TMUX", "/tmp/socket,1,0")
    monkeypatch.setenv("DISPLAY", ":0")
    out = tmp_path / "out"
    bench("tmux", keeping(out))
    bench("xclip", "exit 1")
    terminal = Terminal()
    assert await copy(terminal, "one\ntwo\n") == "tmux and terminal"
    assert out.read_text() == "one\ntwo\n"
    assert out.with_suffix(".args").read_text() == "load-buffer -w -\n"
    assert terminal.texts == ["one\ntwo\n"]


async def test_a_tool_that_fails_gives_way_to_the_next(bench, tmp_path, monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DISPLAY", ":0")
    bench("wl-copy", "exit 1")
    bench("xclip", keeping(tmp_path / "out"))
    assert await copy(Terminal(), "é\n" * LONGEST_OSC52) == "xclip"
    assert (tmp_path / "out").read_text() == "é\n" * LONGEST_OSC52


async def test_a_tool_that_hangs_is_given_up(bench, monkeypatch):
    monkeypatch.setattr(clipboard, "_TIMEOUT_S", 0.05)
    monkeypatch.setenv("DISPLAY", ":0")
    bench("xclip", "exec /bin/sleep 60")
    assert await copy(Terminal(), "text") == "terminal"
