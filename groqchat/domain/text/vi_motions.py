"""The motions of vi over a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Text(NamedTuple):
    """A text and the place of the cursor in it, in characters."""

    text: str
    cursor: int

    @property
    def line_start(self) -> int:
        """The start of the cursor's line."""
        return self.text.rfind("\n", 0, self.cursor) + 1

    @property
    def line_end(self) -> int:
        """The end of the cursor's line, where its line break stands or the text ends."""
        found = self.text.find("\n", self.cursor)
        return len(self.text) if found < 0 else found

    @property
    def on_a_character(self) -> Text:
        """The cursor moved back onto the last character of its line where it stands behind it."""
        if self.cursor == self.line_end and self.cursor > self.line_start:
            return Text(self.text, self.cursor - 1)
        return self

    @property
    def first_letter(self) -> int:
        """The first character of the line that is not blank."""
        line = self.text[self.line_start : self.line_end]
        return self.line_start + len(line) - len(line.lstrip())


def _kind(character: str) -> int:
    """0 for a blank, 1 for a letter of a word, 2 for punctuation."""
    return 0 if character.isspace() else 1 if character.isalnum() or character == "_" else 2


def next_word(at: Text) -> int:
    """The start of the next word, or an empty line."""
    text, place = at
    if place < len(text) and not text[place].isspace():
        place = end_of_word(text, place) + 1
    while place < len(text) and text[place].isspace():
        if text[place : place + 2] == "\n\n" and place > at.cursor:
            return place + 1
        place += 1
    return place


def word_end(at: Text) -> int:
    """The end of this word, or of the next one where that is the cursor."""
    text, place = at.text, at.cursor + 1
    while place < len(text) and text[place].isspace():
        place += 1
    while place + 1 < len(text) and _kind(text[place + 1]) == _kind(text[place]):
        place += 1
    return max(at.cursor, min(place, len(text) - 1))


def _word_back(at: Text) -> int:
    text, place = at.text, at.cursor - 1
    while place > 0 and text[place].isspace():
        if text[place - 1 : place + 1] == "\n\n":  # an empty line is a word
            return place
        place -= 1
    while place > 0 and _kind(text[place - 1]) == _kind(text[place]):
        place -= 1
    return max(0, place)


def line_beside(at: Text, step: int) -> int:
    """The place in the line below (1) or above (-1), in the same column; the cursor if none."""
    column = at.cursor - at.line_start
    if step > 0:
        if at.line_end == len(at.text):
            return at.cursor
        other = Text(at.text, at.line_end + 1)
    elif at.line_start == 0:
        return at.cursor
    else:
        other = Text(at.text, at.line_start - 1)
    return min(other.line_start + column, other.line_end)


MOTIONS: dict[str, Callable[[Text], int]] = {
    "h": lambda at: max(at.line_start, at.cursor - 1),
    "l": lambda at: min(at.line_end, at.cursor + 1),
    " ": lambda at: min(at.line_end, at.cursor + 1),
    "j": lambda at: line_beside(at, 1),
    "k": lambda at: line_beside(at, -1),
    "w": next_word,
    "e": word_end,
    "b": _word_back,
    "0": lambda at: at.line_start,
    "^": lambda at: at.first_letter,
    "$": lambda at: at.line_end,
    "gg": lambda at: Text(at.text, 0).first_letter,
    "G": lambda at: Text(at.text, at.text.rfind("\n") + 1).first_letter,
}
OF_LINES = frozenset({"j", "k", "gg", "G"})


def end_of_word(text: str, place: int) -> int:
    """The end of the word at a place."""
    while place + 1 < len(text) and _kind(text[place + 1]) == _kind(text[place]):
        place += 1
    return place
