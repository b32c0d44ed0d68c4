"""The launch options, known before anything is opened."""

from __future__ import annotations

from dataclasses import dataclass

from groqchat.domain.text.secret import Secret

DEMO_PROFILE = "demo"
DEMO_KEY = Secret("gsk_demo_key_of_the_built_in_simulator")


@dataclass(frozen=True, slots=True)
class Launch:
    """The options of the command line that decide what is opened.

    ``keep`` is False when conversations are kept in memory only. ``may_forget`` is True for a
    command that only reads, which works where nothing can be written too. ``demo`` answers from
    the simulator and touches neither keyring nor settings; it keeps nothing. ``incognito`` is True
    for a chat of which only the ledger keeps anything: tokens, cost and model.
    """

    profile: str | None = None
    demo: bool = False
    keep: bool = True
    may_forget: bool = False
    incognito: bool = False
