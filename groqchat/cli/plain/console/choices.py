"""Choices that are typed as one word at the prompt: the letters of an error, numbers of a list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from groqchat.cli.plain.console.lines import Lines

    Act = Callable[[], Awaitable[None]]
    Answer = Callable[[str], Awaitable[None]]


class Choice(NamedTuple):
    """Something that may be chosen: what is typed, what it is, and what is done then."""

    key: str
    label: str
    act: Act


class Choices:
    """The choices that the next line may take; any other line ends them.

    Args:
        lines: Where they are told.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._acts: dict[str, Act] = {}
        # How many there are of a list whose choices are numbers.
        self._most = 0
        self._question: Answer | None = None

    def ask(self, question: str, answer: Answer) -> None:
        """Ask something that the next line answers, whatever it is, unless it is a command."""
        self.forget()
        self._question = answer
        self._lines.say(question)

    @property
    def asks(self) -> bool:
        """Whether the next line answers a question, also an empty one."""
        return self._question is not None

    def offer(self, choices: Iterable[Choice], lead: str = "Type", *, is_told: bool = True) -> None:
        """Offer choices in one line, such as ``Type r retry, m switch model``.

        Args:
            choices: The choices.
            lead: What stands before them.
            is_told: Whether the line is written; it is not where it was heard already.
        """
        offered = list(choices)
        self._acts, self._most = {choice.key: choice.act for choice in offered}, 0
        if offered and is_told:
            told = ", ".join(f"{choice.key} {choice.label}" for choice in offered)
            self._lines.say(f"{lead} {told}.")

    def number(self, choices: Iterable[tuple[str, Act]], ask: str) -> None:
        """Offer choices by number, each on a line of its own, with a line that asks below."""
        offered = list(choices)
        self._acts = {str(place): act for place, (_, act) in enumerate(offered, 1)}
        self._most = len(offered)
        for place, (label, _) in enumerate(offered, 1):
            self._lines.say(f"{place}. {label}")
        if offered:
            self._lines.say(ask)

    def take(self, text: str) -> Act | None:
        """What a line chooses; None where it is no choice. The choices are over then."""
        if self._question is not None and not text.startswith("/"):
            return partial(self._question, text.strip())
        return self._acts.get(text.strip().lower())

    def beside(self, text: str) -> str:
        """What is said of a number that the list above does not have; empty for all else."""
        word = text.strip()
        if not self._most or not (word.isascii() and word.isdigit()):
            return ""
        return f"The list ends at {self._most}. {word} is not sent."

    def forget(self) -> None:
        """Offer nothing any more."""
        self._acts, self._question, self._most = {}, None, 0
