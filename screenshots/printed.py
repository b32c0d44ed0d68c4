"""What commands print, as pictures of a terminal."""

from __future__ import annotations

import asyncio
import io
from contextlib import redirect_stderr, redirect_stdout

import pytest
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from groqchat.cli.main import main as run_command
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from screenshots.standing_time import same_each_time

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
# The way to a server that is not on this machine.
_FAULTS = ("slow_first_byte=0.042*9@models",)


class _Terminal(io.StringIO):
    """What commands write to a terminal."""

    def isatty(self) -> bool:
        """So that there are colours."""
        return True


class _Narration(io.StringIO):
    """What commands say beside it, without the bars that a terminal would show for a moment."""

    def __init__(self, terminal: _Terminal) -> None:
        super().__init__()
        self.write = terminal.write


def printed(name: str) -> str:
    """Run the commands of a picture at a pretend Groq; what the terminal shows then, as SVG."""
    width, commands = PRINTED[name]
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    with (
        pytest.MonkeyPatch.context() as patch,
        same_each_time() as loop,
        BackgroundSimulator(load_catalog(), Options(faults=_FAULTS)) as running,
    ):
        patch.setattr(asyncio, "run", loop.run_until_complete)
        for variable, value in (
            ("GROQ_BASE_URL", running.url),
            ("GROQ_API_KEY", "gsk_pictures_0123456789abcdef9fQ2"),
            ("COLUMNS", str(width)),
        ):
            patch.setenv(variable, value)
        for command in commands:
            console.print(Text.assemble(("$ ", "bold"), (command, "bold")))
            text = _at_a_terminal(command.removeprefix("groqchat ").split())
            console.print(Text.from_ansi(text.rstrip("\n")))
            console.print()
    return console.export_svg(title="groqchat", theme=_COLOURS)


def _at_a_terminal(words: list[str]) -> str:
    """What a command writes to a terminal."""
    terminal = _Terminal()
    with redirect_stdout(terminal), redirect_stderr(_Narration(terminal)):
        run_command(words)
    return terminal.getvalue()
