"""A prompt that is not sent yet, and which parts of it are shown as chips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class ChipMark(NamedTuple):
    """A part of a text that is shown as a chip: what kind it is, its name, and its characters."""

    kind: str
    name: str
    start: int
    end: int

    def moved(self, by: int) -> ChipMark:
        """The mark in a text that has so many more characters before it."""
        return self._replace(start=self.start + by, end=self.end + by)


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """The whole text of a draft, and its chips in their order; an empty text is no draft."""

    text: str = ""
    chips: tuple[ChipMark, ...] = ()

    def __add__(self, other: KeptDraft) -> KeptDraft:
        """One draft behind another."""
        moved = (chip.moved(len(self.text)) for chip in other.chips)
        return KeptDraft(self.text + other.text, (*self.chips, *moved))

    def behind(self, start: int) -> KeptDraft:
        """What follows the first characters, without empty lines before it."""
        rest = self.text[start:].lstrip("\n")
        cut = len(self.text) - len(rest)
        return KeptDraft(rest, tuple(chip.moved(-cut) for chip in self.chips if chip.start >= cut))
