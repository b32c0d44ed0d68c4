"""The pictures of the settings and of the key map."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.pilot import Pilot

_WRITTEN = """\
# What I changed, and why.
service_tier = "auto"        # flex where it is free
attempts = 6
longest_wait_s = 90.0

[budget]
monthly_usd = "10.00"        # not more than that

[keys]
usage = "ctrl+o"
model = "ctrl+shift+m,ctrl+l"
"""


@contextmanager
def own_settings() -> Iterator[None]:
    """A settings file with a few lines in it, and a pretend Groq."""
    file = Path(os.environ["GROQCHAT_HOME"]) / "config.toml"
    file.write_text(_WRITTEN, "utf-8")
    with BackgroundSimulator(load_catalog(), Options()) as running:
        os.environ |= {"GROQ_BASE_URL": running.url, "GROQ_API_KEY": "gsk_test_0123456789abcdef"}
        try:
            yield
        finally:
            file.unlink()
            del os.environ["GROQ_BASE_URL"], os.environ["GROQ_API_KEY"]


async def settings(pilot: Pilot[str]) -> None:
    """The list, with a setting whose value is being written."""
    await _open(pilot, "/settings", "SettingsScreen")
    await _highlight(pilot, lambda setting: setting.name == "longest_wait_s")
    await pilot.press("enter")
    await pilot.pause(0.5)


async def keymap(pilot: Pilot[str]) -> None:
    """The keys of commands, one of which this terminal does not send."""
    await _open(pilot, "/keymap", "KeyMapScreen")
    await _highlight(pilot, lambda command: command.id == "model")


async def _highlight(pilot: Pilot[str], is_it: Callable[[Any], bool]) -> None:
    while not is_it(pilot.app.screen.highlighted):
        await pilot.press("down")
    await pilot.pause(0.5)


async def _open(pilot: Pilot[str], command: str, window: str) -> None:
    pilot.app.screen.composer.text = command
    await pilot.press("enter")
    while type(pilot.app.screen).__name__ != window:
        await pilot.pause(0.05)
    await pilot.pause(0.5)
