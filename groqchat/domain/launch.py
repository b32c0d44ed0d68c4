"""What the command line asked for, before anything is opened."""

from __future__ import annotations

from dataclasses import dataclass

from groqchat.domain.text.secret import Secret

DEMO_PROFILE = "demo"
DEMO_KEY = Secret("gsk_demo_key_of_the_built_in_simulator")


@dataclass(frozen=True, slots=True)
class Launch:
    """What the command line asked for.

    ``keep`` is False when conversations are to live in memory only. ``may_forget`` is True when
    it only reads, so that it is of use even where nothing can be written. ``demo`` answers from
    the simulator and touches neither keyring nor settings; it keeps nothing.
    """

    profile: str | None = None
    demo: bool = False
    keep: bool = True
    may_forget: bool = False
