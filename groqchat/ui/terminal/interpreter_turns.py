"""How long one thread of Python keeps the others waiting."""

from __future__ import annotations

import sys

TURN_S = 0.0005
"""Seconds after which a thread that works hands the interpreter on to one that waits for it."""


def shorten() -> None:
    """From now on the threads of the database and of the terminal wait no longer than a moment.

    A prompt passes through the one, and each frame through the other. Python's own turns are ten
    times as long: whatever the event loop has to do next would come before the prompt or the frame.
    """
    sys.setswitchinterval(TURN_S)
