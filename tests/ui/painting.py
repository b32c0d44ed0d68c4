"""Less work for apps that nobody sees: fewer paintings, and rules of style that are parsed once."""

from __future__ import annotations

from functools import cache
from weakref import WeakSet

from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.screen import Screen

from groqchat.ui.workspace import themes


class Painting:
    """Paints a screen where a test pauses, and not up to sixty times a second.

    Layout, messages and callbacks go on as they do in a terminal. ``seen`` renders all that a test
    looks at, painted or not.
    """

    def __init__(self) -> None:
        self._changed: WeakSet[Screen[object]] = WeakSet()

    def watch(self, patch) -> None:
        """Stand between the screens' timers and their compositors."""
        paint, pause = Screen._compositor_refresh, Pilot.pause

        def changed(screen: Screen[object]) -> None:
            if screen.app.is_inline or screen is not screen.app.screen:
                paint(screen)  # hands the change on to the screen above it
                return
            screen._dirty_widgets.clear()
            screen._compositor._dirty_regions.clear()
            self._changed.add(screen)
            screen.app._update_mouse_over(screen)

        async def paused(pilot: Pilot[object], delay: float | None = None) -> None:
            await pause(pilot, delay)
            screen = pilot.app.screen
            if screen in self._changed:
                self._changed.discard(screen)
                screen._compositor._dirty_regions.add(screen.size.region)
                paint(screen)

        patch.setattr(Screen, "_compositor_refresh", changed)
        patch.setattr(Pilot, "pause", paused)


def share_parsed_rules(patch) -> None:
    """Let all stylesheets with the same variables and sources share the rules that they parsed."""
    sheets: dict[object, object] = {}
    sources: dict[object, object] = {}
    parse, parse_rules = Stylesheet.parse, Stylesheet._parse_rules
    variables = _Numbers()

    def parse_once(sheet):
        key = (variables.of(sheet), *sheet.source.items())
        if key not in sheets:
            parse(sheet)
            sheets[key] = sheet._rules, sheet.rules_map
        sheet._rules, sheet._rules_map = sheets[key]
        sheet._require_parse = False

    def parse_source_once(sheet, *source, **named):
        key = (variables.of(sheet), source, *named.items())
        if key not in sources:
            sources[key] = parse_rules(sheet, *source, **named)
        return sources[key]

    patch.setattr(Stylesheet, "parse", parse_once)
    patch.setattr(Stylesheet, "_parse_rules", parse_source_once)


class _Numbers:
    """A number for each set of variables: hundreds of them would be compared for each source."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}

    def of(self, sheet) -> int:
        known, number = getattr(sheet, "_numbered", (None, 0))
        if known is not sheet._variables:  # which is replaced as a whole
            number = self._numbers.setdefault((*sheet._variables.items(),), len(self._numbers))
            sheet._numbered = sheet._variables, number
        return number


def share_themes(patch) -> None:
    """Read each theme once, and generate its colours once."""
    patch.setattr(themes, "read_theme", cache(themes.read_theme))
