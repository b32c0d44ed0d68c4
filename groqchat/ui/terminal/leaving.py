"""The screen that the chat leaves behind where the terminal has no second one.

GNU screen as it comes and the Linux console ignore the alternate screen (mode 1049): the chat's
last picture would stay, with the shell's prompt in the middle of it. Seen with GNU screen 4.9.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver

# Without colours, from the top.
CLEAR = "\x1b[0m\x1b[H\x1b[2J"


def clearing(driver: type[Driver]) -> type[Driver]:
    """Let a driver clear what it has drawn, before it ends or pauses."""

    class Clearing(driver):  # type: ignore[misc, valid-type]  # known when it runs
        """A driver that leaves an empty screen."""

        def stop_application_mode(self) -> None:
            """End, or pause for an editor or a shell."""
            self.write(CLEAR)
            super().stop_application_mode()

    return Clearing
