"""Themes: the shipped ones and the user's own, read from TOML and tried before they are used."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from groqchat.domain.schema import Schema
from groqchat.ui.workspace.theme_files import shipped_themes, theme_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from textual.theme import Theme

DEFAULT_THEME, LIGHT_THEME = "groq-dark", "groq-light"
# What the other themes become in sixteen colours nobody has chosen: red borders, grey on grey.
THEME_OF_FEW_COLOURS = "ansi"
# The setting, also when it is left out, by which the background of the terminal decides.
AUTO = "auto"

_NAME = re.compile(r"[\w-]{1,40}")
_VARIABLE = re.compile(r"[a-z][a-z0-9-]*")
_ALPHA = re.compile(r"\s+\d{1,3}%$")
# Where the parser of TOML says that a mistake is, and what our sentences and Textual's name.
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_ABOUT = re.compile(r"“([^”]+)”|'([^']+)'")
_TEXT_STYLES = frozenset({"none", "not", "bold", "dim", "italic", "underline", "strike", "reverse"})

# Textual's stylesheets use these, but its generator for terminal colours leaves them out.
_ANSI_DEFAULTS = {
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "foreground-disabled": "ansi_bright_black",
    "surface-active": "ansi_default",
}


class ThemeMistake(NamedTuple):
    """A theme that cannot be used: its name, its file and line (0: of no line), what is wrong."""

    theme: str
    file: str
    line: int
    words: str


def left_out(mistakes: Sequence[ThemeMistake]) -> str:
    """One sentence about all themes that cannot be used."""
    places = (f"{each.file}, line {each.line}" if each.line else each.file for each in mistakes)
    told = "; ".join(f"{at}: {each.words}" for at, each in zip(places, mistakes, strict=True))
    what = "A theme is" if len(mistakes) == 1 else f"{len(mistakes)} themes are"
    return f"{what} left out until the file is corrected. {told}"


def load_themes(user_dir: Path | None = None) -> tuple[list[Theme], list[ThemeMistake]]:
    """Read every theme; one of the user's replaces a shipped one of the same name.

    Args:
        user_dir: The folder with the user's own ``*.toml`` files; it need not exist.

    Returns:
        The themes that can be used, and a mistake for each file that cannot.
    """
    themes: dict[str, Theme] = {}
    mistakes: list[ThemeMistake] = []
    for file in theme_files(user_dir):
        toml = ""
        try:
            toml = file.read_text(encoding="utf-8")
            theme = read_theme(toml, file.stem)
        except (OSError, ValueError) as mistake:
            words, line = _words(mistake, toml)
            mistakes.append(ThemeMistake(file.stem, file.name, line, words))
        else:
            themes[theme.name] = theme
    return list(themes.values()), mistakes


def load_theme(name: str, user_dir: Path | None = None) -> Theme:
    """Read one theme, for the first frame; the default one where it cannot be used.

    Args:
        name: The theme's name.
        user_dir: As for :func:`load_themes`.
    """
    for folder in (user_dir, shipped_themes()):
        file = folder / f"{name}.toml" if folder and _NAME.fullmatch(name) else None
        if file is not None and file.is_file():
            with suppress(OSError, ValueError):
                theme = read_theme(file.read_text(encoding="utf-8"), name)
                if theme.name == name:
                    return theme
    themes = {theme.name: theme for theme in load_themes(user_dir)[0]}
    return themes.get(name, themes[DEFAULT_THEME])


def read_theme(toml: str, default_name: str) -> Theme:
    """Read one theme and generate its colours once, so that it cannot fail when it is chosen.

    Args:
        toml: The file's text: fields of :class:`textual.theme.Theme`, ``[variables]`` among them.
        default_name: Its name where the text gives none.

    Raises:
        ValueError: With a sentence saying what is wrong.
    """
    import tomllib

    from textual.color import ColorParseError
    from textual.theme import Theme

    table: dict[str, Any] = {"name": default_name, **tomllib.loads(toml)}
    schema = Schema.of(Theme, "field of a theme")
    table = {name: schema.read(name, value) for name, value in table.items()}
    _check(table)
    if table.get("ansi"):
        table["variables"] = {**_ANSI_DEFAULTS, **table.get("variables", {})}
    theme = Theme(**table)
    try:
        theme.to_color_system().generate()
        for name, value in theme.variables.items():
            _check_variable(name, value)
    except ColorParseError as mistake:
        raise ValueError(str(mistake)) from mistake
    return theme


def _check(table: Mapping[str, Any]) -> None:
    if "primary" not in table:
        raise ValueError("“primary” is missing, the one colour every theme must give")
    if not _NAME.fullmatch(table["name"]):
        raise ValueError("“name” may hold letters, digits, - and _ only")


def _check_variable(name: str, value: object) -> None:
    """Try a variable: a bad one would end the program once a stylesheet uses it."""
    from textual.color import Color

    if not _VARIABLE.fullmatch(name) or not isinstance(value, str):
        raise ValueError(f"the variable “{name}” must be a lower-case name with text in quotes")
    if name.endswith(("text-style", "link-style", "link-style-hover")):
        if not _TEXT_STYLES.issuperset(value.split()):
            raise ValueError(f"“{name}” must be words such as bold or underline")
        return
    colour = _ALPHA.sub("", value)
    if colour not in {"auto", "transparent"}:
        Color.parse(colour)


def _words(mistake: Exception, toml: str) -> tuple[str, int]:
    """The mistake in one line of words, and the line of the file that it is about, or 0."""
    if isinstance(mistake, OSError):
        return mistake.strerror or "not readable", 0
    words = next(iter(str(mistake).splitlines()), "not readable")
    if place := _PLACE.search(words):  # as the parser tells it
        return words[: place.start()], int(place[1] or len(toml.splitlines()))
    about = _ABOUT.search(words)
    wanted = next(filter(None, about.groups())) if about else ""
    lines = enumerate(toml.splitlines(), 1)
    return words, next((number for number, line in lines if wanted and wanted in line), 0)
