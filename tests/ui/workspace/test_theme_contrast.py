"""Contrast of the shipped themes, by WCAG 2.1 (https://www.w3.org/TR/WCAG21/).

Success criterion 1.4.3 asks 4.5:1 for text, 1.4.6 asks 7:1, and 1.4.11 asks 3:1 for marks.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from groqchat.ui.markdown.palette import LOOKS, Palette
from groqchat.ui.workspace.themes import load_themes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.theme import Theme

COLOURED = {theme.name: theme for theme in load_themes()[0] if not theme.ansi}
SHARP = {"high-contrast", "high-contrast-light"}
GROUNDS = ("background", "surface", "panel")
WORDS = (
    "foreground", "text-muted", "text-disabled", "text-accent", "text-primary",
    "text-secondary", "text-success", "text-warning", "text-error", "accent", "secondary",
    "success", "warning", "error", "link-color", "markdown-h1-color", "markdown-h2-color",
    "markdown-h3-color",
)  # fmt: skip
ROWS = ("block-cursor-background", "block-cursor-blurred-background", "block-hover-background")
ON_ROWS = ("text-muted", "text-accent", "text-success", "text-warning", "text-error")
MARKS = ("primary", "border", "border-blurred")
BARS_IN_ROWS = ("accent", "success")
# In sixteen colours these are bars and borders alone, and headings are written in other colours.
BARS = {"secondary", "success"}
UNUSED = {"markdown-h1-color", "markdown-h2-color", "markdown-h3-color"}
# The colours of xterm, from its XTerm-col.ad.
XTERM = {
    "ansi_red": "#CD0000", "ansi_green": "#00CD00", "ansi_yellow": "#CDCD00",
    "ansi_blue": "#0000EE", "ansi_magenta": "#CD00CD", "ansi_cyan": "#00CDCD",
    "ansi_bright_black": "#7F7F7F",
}  # fmt: skip
DECORATION = {"rule", "border"}  # lines between words that stand apart anyway

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", 2009, https://doi.org/10.1109/TVCG.2009.113, severity 1.0; for linear RGB.
SIMULATIONS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}


@pytest.mark.parametrize("name", COLOURED)
def test_words_can_be_read_on_every_ground(name):
    colours = colours_of(COLOURED[name])
    needed = 7.0 if name in SHARP else 4.5
    assert list(too_faint(colours, WORDS, GROUNDS, needed)) == []


@pytest.mark.parametrize("name", COLOURED)
def test_words_can_be_read_in_highlighted_rows_which_have_more_than_a_colour(name):
    colours = colours_of(COLOURED[name])
    assert "bold" in colours["block-cursor-text-style"]
    assert list(too_faint(colours, ON_ROWS, ROWS, 4.5)) == []
    assert list(too_faint(colours, ["foreground"], ROWS[1:], 4.5)) == []
    for kind in ("", "blurred-"):
        row = f"block-cursor-{kind}"
        assert contrast(colours[f"{row}foreground"], colours[f"{row}background"]) >= 4.5


@pytest.mark.parametrize("name", COLOURED)
def test_selected_words_can_be_read(name):
    colours = colours_of(COLOURED[name])
    for ground in GROUNDS:
        marked = over(colours["input-selection-background"], colours[ground])
        assert contrast(colours["input-selection-foreground"], marked) >= 4.5, ground
    words = over(colours["input-cursor-foreground"], colours["input-cursor-background"])
    assert contrast(words, colours["input-cursor-background"]) >= 4.5


@pytest.mark.parametrize("name", COLOURED)
def test_everything_in_messages_can_be_read(name):
    palette = Palette(colours_of(COLOURED[name]))
    faint = {}
    for token in sorted(LOOKS.keys() - DECORATION):
        style = palette[token]
        front, ground = (colour.get_truecolor().hex for colour in (style.color, style.bgcolor))
        if (ratio := contrast(front, ground)) < 4.5:
            faint[token] = round(ratio, 2)
    assert faint == {}


@pytest.mark.parametrize("name", COLOURED)
def test_marks_and_borders_can_be_seen(name):
    colours = colours_of(COLOURED[name])
    assert list(too_faint(colours, MARKS, GROUNDS, 3.0)) == []
    assert list(too_faint(colours, BARS_IN_ROWS, ROWS, 3.0)) == []
    for thumb in ("scrollbar", "scrollbar-hover", "scrollbar-active"):
        assert contrast(colours[thumb], colours["scrollbar-background"]) >= 3.0, thumb


def test_words_in_sixteen_colours_can_be_read_on_white_and_on_black():
    (ansi,) = (theme for theme in load_themes()[0] if theme.ansi)
    colours, words = colours_of(ansi), {*WORDS, "border", "border-blurred"} - UNUSED - BARS
    shown = {word: XTERM.get(colours[word], colours[word]) for word in words}
    on_default = {word for word, colour in shown.items() if colour == "ansi_default"}
    seen = {word: shown[word] for word in words - on_default}
    grounds = {"white": "#FFFFFF", "black": "#000000"}
    assert list(too_faint({**seen, **grounds}, seen, grounds, 3.0)) == []


@pytest.mark.parametrize("vision", SIMULATIONS)
@pytest.mark.parametrize("family", ["", "text-"])
def test_good_warning_and_bad_differ_for_colour_blind_eyes(vision, family):
    colours = colours_of(COLOURED["blue-orange"])
    assert nearest(colours, family, vision) >= 25


@pytest.mark.parametrize("vision", SIMULATIONS)
def test_the_simulation_confuses_red_with_green(vision):
    red_and_green = {"success": "#7FA83C", "warning": "#0000FF", "error": "#D08040"}
    assert nearest(red_and_green, "", vision) < 25
    assert nearest(red_and_green, "", None) > 50


def test_the_formula_gives_the_published_ends():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


def colours_of(theme: Theme) -> dict[str, str]:
    return theme.to_color_system().generate() | theme.variables


def too_faint(
    colours: dict[str, str], words: Iterable[str], grounds: Iterable[str], needed: float
) -> Iterator[str]:
    """The pairs with too little contrast, such as ``accent on panel 2.9``."""
    grounds = list(grounds)
    for word in words:
        for ground in grounds:
            ratio = contrast(colours[word], colours[ground])
            if ratio < needed:
                yield f"{word} on {ground} {ratio:.2f}"


def contrast(words: str, ground: str) -> float:
    """The contrast ratio of https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio, 1 to 21."""
    lights = sorted((luminance(over(words, ground)), luminance(ground)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of https://www.w3.org/TR/WCAG21/#dfn-relative-luminance, 0 to 1."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(colour: str) -> list[float]:
    return [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in Color.parse(colour).normalized
    ]


def over(colour: str, ground: str) -> str:
    """A colour, such as ``#F55036 40%``, made opaque on a ground."""
    name, _, percent = colour.partition(" ")
    front = Color.parse(name)
    if percent:
        front = front.multiply_alpha(int(percent.removesuffix("%")) / 100)
    return (Color.parse(ground) + front).hex


def nearest(colours: dict[str, str], family: str, vision: str | None) -> float:
    """The smallest distance in CIELAB (CIE76) between success, warning and error."""
    seen = [
        lab(seen_as(colours[family + name], vision)) for name in ("success", "warning", "error")
    ]
    return min(
        sum((left - right) ** 2 for left, right in zip(*pair, strict=True)) ** 0.5
        for pair in combinations(seen, 2)
    )


def seen_as(colour: str, vision: str | None) -> list[float]:
    parts = linear(colour)
    if vision is None:
        return parts
    rows = SIMULATIONS[vision]
    mixed = [sum(a * b for a, b in zip(row, parts, strict=True)) for row in rows]
    return [min(max(part, 0.0), 1.0) for part in mixed]


def lab(parts: list[float]) -> tuple[float, float, float]:
    """CIELAB of linear sRGB, for the white point D65 (IEC 61966-2-1, CIE 15)."""
    red, green, blue = parts
    x, y, z = (
        part ** (1 / 3) if part > (6 / 29) ** 3 else part / (3 * (6 / 29) ** 2) + 4 / 29
        for part in (
            (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
            0.2126 * red + 0.7152 * green + 0.0722 * blue,
            (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
