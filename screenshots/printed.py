"""What commands print, as pictures of a terminal."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLOURS = TerminalTheme(
    (14, 14, 16),
    (232, 230, 227),
    [
        *((20, 20, 22), (224, 108, 117), (126, 200, 120), (240, 180, 80)),
        *((110, 160, 240), (200, 140, 220), (90, 190, 200), (200, 198, 194)),
    ],
)
PRINTED = {
    "key": (92, ("groqchat key check --probe", "groqchat quota -m 120b")),
    "plan": (
        92,
        (
            "groqchat plan limits --model 120b --tokens 2000",
            "groqchat plan cost --model 120b --input 100M --output 20M --cached 50%",
        ),
    ),
}
"""By picture: its columns, and the commands one after another."""


def printed(name: str) -> str:
    """Run the commands of a picture at a pretend Groq; what the terminal shows then, as SVG."""
    width, commands = PRINTED[name]
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    with BackgroundSimulator(load_catalog(), Options(rate=None)) as running:
        own = {"GROQ_BASE_URL": running.url, "GROQ_API_KEY": "gsk_pictures_0123456789abcdef9fQ2"}
        for command in commands:
            console.print(Text.assemble(("$ ", "bold"), (command, "bold")))
            words = command.removeprefix("groqchat ").split()
            text = _at_a_terminal([sys.executable, "-m", "groqchat", *words], own, width)
            console.print(Text.from_ansi(text.replace("\r\n", "\n").rstrip("\n")))
            console.print()
    return console.export_svg(title="groqchat", theme=_COLOURS)


def _at_a_terminal(command: Sequence[str], own: dict[str, str], width: int) -> str:
    """What a command writes to a terminal of a width."""
    ours, its = pty.openpty()
    env = {**os.environ, **own, "COLUMNS": str(width), "LINES": "60"}
    with subprocess.Popen(command, env=env, stdin=its, stdout=its, stderr=its):
        os.close(its)
        said = b""
        with suppress(OSError):  # so Linux tells the end
            while part := os.read(ours, 65_536):
                said += part
    os.close(ours)
    return said.decode()
