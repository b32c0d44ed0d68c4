"""The few settings that the first frame needs, read without importing all the others' rules."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class FirstFrameSettings(NamedTuple):
    """Theme, keys and sides; the names are those of :class:`~groqchat.domain.settings.Settings`."""

    theme: str
    keys: Mapping[str, str]
    send_with_enter: bool
    show_panel: bool
    show_sessions: bool


def read_first_frame_settings(settings_file: Path) -> FirstFrameSettings:
    """What the settings say about the first frame.

    Whatever is wrong counts as not written: the mistake is told when all settings are read.
    """
    table: dict[str, object] = {}
    with suppress(OSError, ValueError):
        text = settings_file.read_text(encoding="utf-8-sig")
        # For a file that is not there, the parser need not be loaded.
        import tomllib

        table = tomllib.loads(text)
    theme, keys = table.get("theme"), table.get("keys")
    return FirstFrameSettings(
        theme if isinstance(theme, str) else "",
        {name: str(key) for name, key in keys.items()} if isinstance(keys, dict) else {},
        *(
            table.get(name) is not False
            for name in ("send_with_enter", "show_panel", "show_sessions")
        ),
    )
