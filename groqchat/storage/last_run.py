"""What the program remembers from one start to the next, beside settings and sessions.

A few lines of a name and a value, since the first frame reads them without a parser.
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.last_run import LastRun
from groqchat.storage.settings.paths import PRIVATE, make_private_folder

if TYPE_CHECKING:
    from pathlib import Path

_FILE = "last-run"
_LOG = logging.getLogger("groqchat.storage")


def read_last_run(state: Path) -> LastRun:
    """The facts of the last run; those of no run where there is none, or no file to read.

    Args:
        state: The folder of the state.
    """
    with suppress(OSError, ValueError):
        lines = (state / _FILE).read_text(encoding="utf-8").splitlines()
        facts = dict(line.split(" ", 1) for line in lines if " " in line)
        return LastRun(
            facts.get("version", ""), facts.get("tour") == "seen", facts.get("light") == "yes"
        )
    return LastRun()


class LastRunFile:
    """The file with the facts; what cannot be written is forgotten, and harms nothing.

    Args:
        state: The folder of the state.
        is_kept: Whether anything is written.

    Attributes:
        before: The facts of the run before this one.
        known: The facts now.
    """

    def __init__(self, state: Path, *, is_kept: bool) -> None:
        self._state = state
        self._is_kept = is_kept
        self.before = self.known = read_last_run(state)

    def note(
        self,
        *,
        version: str | None = None,
        has_seen_tour: bool | None = None,
        is_light: bool | None = None,
    ) -> None:
        """Remember the facts that are told, if they are other ones."""
        before, told = self.known, (version, has_seen_tour, is_light)
        facts = (old if new is None else new for old, new in zip(before, told, strict=True))
        self.known = LastRun._make(facts)
        if self._is_kept and self.known != before:
            try:
                self._write()
            except (OSError, StorageError) as error:
                _LOG.info("the facts of this run are not remembered: %s", error)

    def _write(self) -> None:
        make_private_folder(self._state)
        lines = [f"version {self.known.version}"] * bool(self.known.version)
        lines += ["tour seen"] * self.known.has_seen_tour
        lines += ["light yes"] * self.known.is_light
        new = self._state / f"{_FILE}.{os.getpid()}"
        new.touch(mode=PRIVATE)
        new.write_text("\n".join(lines) + "\n", encoding="utf-8")
        new.replace(self._state / _FILE)
