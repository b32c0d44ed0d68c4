"""The settings for the first frame, read without importing the rules of all settings."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class FirstFrameSettings(NamedTuple):
    """Theme, keys and sides, named as in :class:`~groqchat.domain.settings.Settings`."""

    theme: str
    keys: Mapping[str, str]
    send_with_enter: bool
    show_panel: bool
    show_sessions: bool
    composer_keys: str
    motion: str


def read_first_frame_settings(settings_file: Path) -> FirstFrameSettings:
    """Read the settings for the first frame.

    Invalid values count as missing; they are reported when all settings are read.
    """
    table: dict[str, object] = {}
    with suppress(OSError, ValueError):
        text = settings_file.read_text(encoding="utf-8-sig")
        # Without a file the parser is not needed.
        import tomllib

        table = tomllib.loads(text)
    theme, keys, composer_keys = (table.get(name) for name in ("theme", "keys", "composer_keys"))
    motion = table.get("motion")
    return FirstFrameSettings(
        theme if isinstance(theme, str) else "",
        {name: str(key) for name, key in keys.items()} if isinstance(keys, dict) else {},
        table.get("send_with_enter") is not False,
        table.get("show_panel") is not False,
        table.get("show_sessions") is not False,
        composer_keys if isinstance(composer_keys, str) else "default",
        motion if isinstance(motion, str) else "full",
    )
