"""Less work for apps that nobody sees: fewer paintings, and rules of style that are parsed once."""

from __future__ import annotations

from weakref import WeakSet

from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.screen import Screen


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
    """Let all stylesheets with the same variables share the rules that they parsed."""
    parsed: dict[object, object] = {}
    parse = Stylesheet._parse_rules

    def parse_once(sheet, *source, **named):
        key = (source, *named.items(), *sheet._variables.items())
        if key not in parsed:
            parsed[key] = parse(sheet, *source, **named)
        return parsed[key]

    patch.setattr(Stylesheet, "_parse_rules", parse_once)
