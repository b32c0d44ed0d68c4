"""Reads escape sequences that Textual does not know, so that nothing of them is typed.

Textual's parser hands an unknown sequence on letter by letter, its escape as a circumflex. Whole
sequences come from terminals: keys without a name, and late answers to other programs. An escape
with a letter behind it was pressed by a person, and is Alt and that letter.
"""

from __future__ import annotations

import re
from time import monotonic
from typing import TYPE_CHECKING

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import _MAX_SEQUENCE_SEARCH_THRESHOLD, XTermParser
from textual.events import Key
from textual.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_ESCAPE, _BELL, _STRING_END = "\x1b", "\x07", "\x1b\\"
# What whole sequences begin with behind the escape; any other character is one of Alt.
_INTRODUCERS = frozenset("[O]P_")
_WHOLE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[0-9;]+[@-~])")
# Textual asks whether a sequence is a key before it reads the mouse and the reports it asked for.
_NO_KEY = re.compile(r"\x1b\[(?:\[|M|<?[-\d;]+[mM]|\?\d+;\d\$y)")
# Colours (OSC), names and abilities (DCS), pictures (APC): no person types these in one breath.
_STRING = re.compile(r"\x1b(?:\]\d+;|P(?:[>!]\||[01][+$]r)|_G[a-zA-Z]=)")
_LONG = re.compile(r"\x1b\[[0-?]*[ -/]*")
_LAST_OF_LONG = re.compile(r"[@-~]")
# The pause behind which what comes no longer belongs to a report, in seconds.
_PAUSE_S = 0.5


class Report:
    """A report of a terminal that is too long for Textual's parser, while it comes in."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._is_open = self._is_string = False
        self._until = 0.0

    def takes(self, sequence: str) -> bool:
        """Whether a character or sequence belongs to the report, or begins one."""
        if self._is_open and self._clock() < self._until and self._goes_on(sequence):
            self._until = self._clock() + _PAUSE_S
            return True
        self._is_string = _STRING.fullmatch(sequence) is not None
        is_long = len(sequence) == _MAX_SEQUENCE_SEARCH_THRESHOLD and _LONG.fullmatch(sequence)
        self._is_open = self._is_string or bool(is_long)
        self._until = self._clock() + _PAUSE_S
        return self._is_open

    def _goes_on(self, sequence: str) -> bool:
        if self._is_string and sequence in {_BELL, _STRING_END}:
            self._is_open = False
            return True
        if not self._is_string and _LAST_OF_LONG.fullmatch(sequence):
            self._is_open = False
        return len(sequence) == 1 and sequence >= " "


class SequenceParser(XTermParser):
    """Textual's parser; sequences that it does not know are no keys."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._report = Report()

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        if self._report.takes(sequence):
            return [] if len(sequence) == 1 else _ignored(sequence)
        if sequence == _ESCAPE:  # asked only to write it as a circumflex
            return []
        if _is_with_alt(sequence):
            return super()._sequence_to_key_events(sequence[1], alt=True)
        keys = list(super()._sequence_to_key_events(sequence, alt))
        is_unknown = not keys and _WHOLE.fullmatch(sequence) and not _NO_KEY.fullmatch(sequence)
        return _ignored(sequence) if is_unknown else keys


def _is_with_alt(sequence: str) -> bool:
    """Whether a sequence is Alt and a character, and none of the keys that Textual knows.

    Textual's table also makes of Alt and a digit what a Mac writes with it.
    """
    is_pair = len(sequence) == len("\x1bx") and sequence[1] not in _INTRODUCERS
    return is_pair and not isinstance(ANSI_SEQUENCES_KEYS.get(sequence), tuple)


def _ignored(sequence: str) -> list[Key]:
    return [Key(Keys.Ignore, sequence)]
