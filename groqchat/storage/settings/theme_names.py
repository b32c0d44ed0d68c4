"""Which themes there are, by name alone: what a theme looks like is read where it is shown."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def has_theme(name: str, user_dir: Path) -> bool:
    """Whether there is a theme of that name, shipped or the user's own."""
    return any(
        name in {file.stem, told}
        for folder in (_shipped(), user_dir)
        for file in folder.glob("*.toml")
        for told in _names(file)
    )


def _names(file: Path) -> Iterator[object]:
    """The name that the file itself gives, else its own."""
    try:
        yield tomllib.loads(file.read_text("utf-8")).get("name", file.stem)
    except (OSError, ValueError):
        return  # one that cannot be read is no theme


def _shipped() -> Path:
    """In the wheel the themes lie inside the package, in a checkout beside it."""
    package = Path(__file__).parents[2]
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"
