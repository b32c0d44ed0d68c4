"""The background of the terminal: asked for, told, and told again when it changes.

Asked by xterm's OSC 11; changes are reported by mode 2031, which contour, kitty, foot, Ghostty and
VTE know. Nothing waits for an answer: a terminal that does not know the question drops it.
"""

from __future__ import annotations

import re
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual.events import Event

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.driver import Driver

ASK = "\x1b]11;?\x1b\\"
FOLLOW, UNFOLLOW = "\x1b[?2031h", "\x1b[?2031l"
_HEX = r"([0-9a-fA-F]{1,4})"
_TOLD = re.compile(
    rf"\x1b\]11;rgba?:{_HEX}/{_HEX}/{_HEX}(?:/{_HEX})?(?:\x07|\x1b\\)|\x1b\[\?997;([12])n"
)
# An answer whose end is not there yet; nobody types its beginning.
_BEGUN = re.compile(r"\x1b\]11;[rgba:/0-9A-F]{0,30}\x1b?$", re.IGNORECASE)
# So long the rest of an answer is waited for, in seconds.
_PAUSE_S = 0.5
_HALF = 0.5
_LIGHT = "2"
# The parts of red, green and blue in brightness, as of television (Rec. 601).
_PARTS = (0.299, 0.587, 0.114)


class BackgroundTold(Event):
    """The terminal has told its background, or that its colours change.

    Args:
        is_light: Whether it is light.
        is_change: Whether only a change was told, so that the colour itself may be asked for.
    """

    def __init__(self, *, is_light: bool, is_change: bool) -> None:
        super().__init__()
        self.is_light, self.is_change = is_light, is_change


class BackgroundReports:
    """Takes the terminal's answers out of what is typed, however they are cut into pieces."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._held, self._until = "", 0.0

    def taken(self, typed: str) -> tuple[str, list[BackgroundTold]]:
        """What is typed without the answers in it, and the answers."""
        if self._clock() < self._until:
            typed = self._held + typed
        self._held = ""
        told = [_event(found) for found in _TOLD.finditer(typed)]
        typed = _TOLD.sub("", typed)
        if begun := _BEGUN.search(typed):
            typed, self._held = typed[: begun.start()], begun[0]
            self._until = self._clock() + _PAUSE_S
        return typed, told


def _event(found: re.Match[str]) -> BackgroundTold:
    *channels, _, change = found.groups()
    if change:
        return BackgroundTold(is_light=change == _LIGHT, is_change=True)
    shares = (int(digits, 16) / (16 ** len(digits) - 1) for digits in channels)
    brightness = sum(part * share for part, share in zip(_PARTS, shares, strict=True))
    return BackgroundTold(is_light=brightness > _HALF, is_change=False)


def telling_background(driver: type[Driver], is_wanted: Callable[[], bool]) -> type[Driver]:
    """Let a driver ask for the background whenever it begins to draw, and end what it asked for.

    Args:
        driver: The driver; its input has to be read by a parser that knows the answers.
        is_wanted: Whether the answers are wanted.
    """

    class Telling(driver):  # type: ignore[misc, valid-type]  # known when it runs
        """A driver that asks for the background."""

        _is_following = False

        def start_application_mode(self) -> None:
            """Begin to draw, also after a pause in which the colours may have changed."""
            super().start_application_mode()
            if is_wanted():
                self.follow_background()

        def follow_background(self) -> None:
            """Ask now, and be told of changes."""
            self._is_following = True
            self.write(ASK + FOLLOW)

        def stop_application_mode(self) -> None:
            """End, or pause for an editor or a shell, which must not be told anything."""
            if self._is_following:
                self._is_following = False
                self.write(UNFOLLOW)
            super().stop_application_mode()

    return Telling


def ask_for_background(driver: Any) -> None:  # noqa: ANN401 - drivers differ
    """Ask a driver to follow the background, where it can."""
    if ask := getattr(driver, "follow_background", None):
        ask()
