"""The colours of style tokens in a theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.style import Style
from textual.color import Color, ColorParseError

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOKS: Final = {
    "strong": "bold",
    "em": "italic",
    "strike": "strike foreground/72",
    "code": "text-accent on surface",
    "math": "italic text-success",
    "link": "underline text-primary",
    "link.address": "not-underline foreground/72",
    "heading.1": "bold underline text-primary",
    "heading.2": "bold text-primary",
    "heading.3": "bold text-accent",
    "heading.4": "bold text-accent",
    "heading.5": "bold",
    "heading.6": "bold",
    "quote": "primary",
    "marker": "text-primary",
    "rule": "foreground/30",
    "border": "foreground/30",
    "table.head": "bold text-primary",
    "code.label": "foreground/72 on panel",
    "code.text": "foreground on surface",
    "code.broken": "foreground/72 on surface",
    "code.comment": "italic foreground/72 on surface",
    "code.keyword": "text-primary on surface",
    "code.string": "text-success on surface",
    "code.number": "text-warning on surface",
    "code.constant": "text-error on surface",
    "code.function": "bold foreground on surface",
    "code.builtin": "text-accent on surface",
    "code.type": "text-accent on surface",
    "code.meta": "text-secondary on surface",
    "code.inserted": "text-success on surface",
    "code.deleted": "text-error on surface",
    "json.key": "text-primary",
    "json.string": "text-success",
    "json.number": "text-warning",
    "json.constant": "text-error",
    "role.user": "bold text-success",
    "role.assistant": "bold text-primary",
    "role.notice": "foreground/72",
    "role.tool": "bold text-accent",
    "state": "text-warning",
    "faint": "foreground/72",
    "live": "text-success",
    "cursor": "accent",
    "chip": "bold background on accent",
    "hit": "background on warning",
    "hit.current": "bold background on accent",
    "selected": "background on primary",
}
"""What each token adds: attributes, a theme colour (with how many percent of it) and a ground."""

_ATTRIBUTES: Final = {
    "bold": Style(bold=True),
    "italic": Style(italic=True),
    "underline": Style(underline=True),
    "not-underline": Style(underline=False),
    "strike": Style(strike=True),
}


class Palette(dict[str, Style]):
    """Rich styles by space-separated tokens, made when first asked for; later tokens win.

    Args:
        colours: The variables of a Textual theme (`App.theme_variables`).
        base: The look of text without any token, as in the table of looks.
        is_muted: Whether tokens give attributes only, so that all has the base's colour.
    """

    def __init__(
        self, colours: Mapping[str, str], base: str = "foreground", *, is_muted: bool = False
    ) -> None:
        super().__init__()
        self._colours = colours
        self._base = self._look("foreground on background") + self._look(base)
        self._is_muted = is_muted

    def __missing__(self, tokens: str) -> Style:
        style = self._base
        for token in tokens.split():
            look = self._look(LOOKS.get(token, ""))
            if self._is_muted and token not in {"selected", "hit", "hit.current"}:
                look = look.without_color
            style += look
        self[tokens] = style
        return style

    def _look(self, look: str) -> Style:
        style = Style.null()
        front, _, ground = look.partition("on ")
        for word in front.split():
            style += _ATTRIBUTES.get(word) or self._front(word)
        return style + Style(bgcolor=self._solid(ground).rich_color) if ground else style

    def _front(self, word: str) -> Style:
        """A colour, blended into the background if it has a percentage; ANSI colours are dimmed."""
        name, _, percent = word.partition("/")
        colour, ground = self._solid(name), self._solid("background")
        if not percent:
            return Style(color=colour.rich_color)
        if colour.ansi is not None or ground.ansi is not None:
            return Style(color=colour.rich_color, dim=True)
        return Style(color=ground.blend(colour, int(percent) / 100).rich_color)

    def _solid(self, name: str) -> Color:
        colour, ground = self._parse(name), self._parse("background")
        if colour.ansi is not None or colour.a == 1:
            return colour
        return ground + colour if colour.a else ground

    def _parse(self, name: str) -> Color:
        try:
            return Color.parse(self._colours.get(name, "ansi_default"))
        except ColorParseError:  # "auto 60%" and the like depend on what is behind them
            return Color.parse(self._colours.get("foreground", "ansi_default"))
