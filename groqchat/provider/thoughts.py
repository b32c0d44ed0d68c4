"""Parts reasoning from the text of an answer while it arrives, however it is cut into pieces."""

from __future__ import annotations

from enum import Enum, auto

from groqchat.domain.turns.chat import Delta, ReasoningDelta, ThoughtAloud
from groqchat.domain.turns.thoughts import BEGIN, END, ends_thoughts

Piece = Delta | ReasoningDelta | ThoughtAloud


class _Place(Enum):
    """Where in an answer the next character stands."""

    FRONT = auto()
    THOUGHTS = auto()
    GAP = auto()
    DOUBT = auto()
    ANSWER = auto()


class Thoughts:
    """Takes the text of one answer; what cannot be told yet is held back."""

    def __init__(self) -> None:
        self._place = _Place.FRONT
        self._held = ""
        self._said: list[str] = []
        self._is_told_apart = False

    def told_apart(self) -> None:
        """The server has named reasoning itself, so that a lone end means nothing."""
        self._is_told_apart = True
        if self._place is _Place.DOUBT:
            self._place = _Place.ANSWER

    def parted(self, text: str, *, is_last: bool = False) -> list[Piece]:
        """What can be told by now.

        Args:
            text: What has arrived since the last time.
            is_last: Whether nothing more will.
        """
        self._held += text
        pieces: list[Piece] = []
        while True:
            place = self._place
            pieces += self._step(is_last)
            if self._place is place:
                return pieces

    def _step(self, is_last: bool) -> list[Piece]:  # passed on
        match self._place:
            case _Place.FRONT:
                return self._front(is_last)
            case _Place.THOUGHTS:
                return self._thoughts(is_last)
            case _Place.GAP:
                return self._gap()
            case _Place.DOUBT:
                return self._doubt(is_last)
            case _Place.ANSWER:
                return self._answer()

    def _front(self, is_last: bool) -> list[Piece]:
        begun = self._held.lstrip()
        if begun.startswith(BEGIN):
            self._place, self._held = _Place.THOUGHTS, begun[len(BEGIN) :].lstrip()
        elif is_last or not BEGIN.startswith(begun):
            self._place = _Place.ANSWER if self._is_told_apart else _Place.DOUBT
        return []

    def _thoughts(self, is_last: bool) -> list[Piece]:
        before, end, after = self._held.partition(END)
        if end:
            self._place, self._held = _Place.GAP, after
            return _pieces(ReasoningDelta, before.rstrip())
        clear = len(self._held) if is_last else _clear_of(END, self._held)
        return _pieces(ReasoningDelta, self._taken(len(self._held[:clear].rstrip())))

    def _gap(self) -> list[Piece]:
        self._held = self._held.lstrip()
        if self._held:
            self._place = _Place.ANSWER
        return []

    def _doubt(self, is_last: bool) -> list[Piece]:
        """It reads like an answer, until an end shows that it was none."""
        before, end, after = self._held.partition(END)
        if not end:
            return self._spoken(len(before) if is_last else _clear_of(END, before))
        if not (after or is_last):
            return self._spoken(len(before))
        if not ends_thoughts("".join(self._said) + before, after):
            self._place = _Place.ANSWER
            return []
        self._place, self._held = _Place.GAP, after
        aloud: list[Piece] = [ThoughtAloud()] if any(self._said) else []
        return aloud + _pieces(ReasoningDelta, before.rstrip())

    def _spoken(self, length: int) -> list[Piece]:
        text = self._taken(length)
        self._said.append(text)
        return _pieces(Delta, text)

    def _answer(self) -> list[Piece]:
        return _pieces(Delta, self._taken(len(self._held)))

    def _taken(self, length: int) -> str:
        text, self._held = self._held[:length], self._held[length:]
        return text


def _clear_of(mark: str, text: str) -> int:
    """How much of a text cannot be the beginning of a mark that is still to come."""
    for length in range(min(len(mark) - 1, len(text)), 0, -1):
        if mark.startswith(text[-length:]):
            return len(text) - length
    return len(text)


def _pieces(kind: type[Delta | ReasoningDelta], text: str) -> list[Piece]:
    return [kind(text)] if text else []
