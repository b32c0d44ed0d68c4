"""A prompt that got no answer and is in the composer again, with commands written over it."""

from __future__ import annotations

from typing import Protocol


class Field(Protocol):
    """The text area in which the prompt stands."""

    text: str

    def write(self, text: str) -> None:
        """Put a text in the place of what is there."""


class GivenBackPrompt:
    """The prompt that was given back, if there is one.

    A command that is typed takes its place, and the prompt comes back behind the command.

    Args:
        field: The text area.
    """

    def __init__(self, field: Field) -> None:
        self._field = field
        self.text = ""
        """The prompt as it stands in the field; empty where there is none."""
        self._beneath = ""
        self._is_slash_alone = True

    def put(self, text: str) -> None:
        """Put a prompt into the field; a command can be written before the prompt is changed."""
        self._field.write(text)
        self.text = text

    def make_way(self) -> None:
        """Take an unchanged prompt out of the field while a command is written."""
        if self.text and self._field.text == self.text:
            self._beneath, self.text = self.text, ""
            self._is_slash_alone = True
            self._field.write("")

    def come_back(self) -> None:
        """Put the prompt back that made way for a command, once the field is empty.

        Whoever took back a slash with nothing behind it means the letter; it is written next time.
        """
        if self._field.text:
            self._is_slash_alone = self._is_slash_alone and self._field.text == "/"
        elif self._beneath:
            text, self._beneath = self._beneath, ""
            (self._field.write if self._is_slash_alone else self.put)(text)

    def forget(self) -> None:
        """Take the field's text for one that has nothing to do with a prompt."""
        self.text = self._beneath = ""
