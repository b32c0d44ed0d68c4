"""The names of the themes, read without the themes themselves."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def has_theme(name: str, user_dir: Path) -> bool:
    """Whether a theme has a name, among groqchat's and the user's."""
    return any(
        name in {file.stem, told}
        for folder in (_shipped(), user_dir)
        for file in folder.glob("*.toml")
        for told in _names(file)
    )


def _names(file: Path) -> Iterator[object]:
    """The name in a theme file, else the name of the file; nothing for an invalid file."""
    try:
        yield tomllib.loads(file.read_text("utf-8")).get("name", file.stem)
    except (OSError, ValueError):
        return  # an unreadable file is not a theme


def _shipped() -> Path:
    """The folder of groqchat's themes: within the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parents[2]
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"
