"""The files of themes: the shipped ones and the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def shipped_themes() -> Path:
    """The folder of the shipped themes: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parents[2]
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def theme_files(user_dir: Path | None) -> Sequence[Path]:
    """The shipped files, then those of the user's folder, which need not exist."""
    folders = [shipped_themes(), *([user_dir] if user_dir else [])]
    return [file for folder in folders for file in sorted(folder.glob("*.toml"))]


def has_theme(name: str, user_dir: Path) -> bool:
    """True if a theme has the name, by its file or by the field in it."""
    return any(name in _names(file) for file in theme_files(user_dir))


def _names(file: Path) -> Iterator[object]:
    """The names of a theme; none if its file cannot be read."""
    import tomllib  # not before the first frame

    try:
        own = tomllib.loads(file.read_text("utf-8")).get("name", file.stem)
    except (OSError, ValueError):
        return
    yield from (file.stem, own)
