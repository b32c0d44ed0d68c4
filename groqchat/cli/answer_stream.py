"""Prints an answer on stdout as it arrives."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from groqchat.cli.output import DIM, narrate, write
from groqchat.domain.models.catalog import Status
from groqchat.domain.turns.chat import AnswerStarted, Delta, TextWasReasoning

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import TurnEvent


class AnswerStream:
    """The printed text of one turn.

    The reasoning of an unknown model may look like an answer until its end. On a terminal a line
    below says so; a pipe gets such an answer only as a whole, since reasoning would be taken for
    data.

    Args:
        model_of: Gives the facts about a model.
        is_quiet: Whether nothing is to be printed.
    """

    def __init__(self, model_of: Callable[[str], Model], *, is_quiet: bool) -> None:
        self._model_of = model_of
        self._is_quiet = is_quiet
        self._is_held = False
        self._held: list[str] = []
        self._printed = ""
        self.text = ""
        """What has arrived of the answer."""

    def take(self, event: TurnEvent) -> None:
        """Print the part of the answer in an event."""
        match event:
            case AnswerStarted(message):
                known = not message.provider and self._model_of(message.model or "")
                is_known = known and known.status is not Status.UNLISTED
                self._is_held = not is_known and not sys.stdout.isatty()
            case Delta(text):
                self.text += text
                self._held.append(text)
                if not self._is_held:
                    self._print()
            case TextWasReasoning():
                self._held.clear()
                self.text = ""
                if self._printed:
                    self.end()
                    narrate("groqchat: what stands above was reasoning; the answer follows.", DIM)

    def end(self) -> None:
        """Print the text that was held back, and end the line."""
        self._print()
        if self._printed and not self._printed.endswith("\n"):
            write("\n")
            self._printed = ""

    def _print(self) -> None:
        text = "".join(self._held)
        self._held.clear()
        if text and not self._is_quiet:
            write(text)
            self._printed = text
