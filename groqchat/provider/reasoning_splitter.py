"""Separates ``<think>`` reasoning from the text of an answer while it streams."""

from __future__ import annotations

from enum import Enum, auto

from groqchat.domain.turns.chat import Delta, ReasoningDelta, TextWasReasoning
from groqchat.domain.turns.thoughts import BEGIN, END, ends_thoughts

Piece = Delta | ReasoningDelta | TextWasReasoning


class _Position(Enum):
    """The part of an answer to which the next character belongs."""

    START = auto()
    REASONING = auto()
    GAP = auto()
    UNDECIDED = auto()
    ANSWER = auto()


class ReasoningSplitter:
    """Splits the text of one answer; undecided text is held back."""

    def __init__(self) -> None:
        self._position = _Position.START
        self._held = ""
        self._said: list[str] = []
        self._is_separate = False

    def mark_separate(self) -> None:
        """Note that the server sends reasoning separately, so a lone ``</think>`` is plain text."""
        self._is_separate = True
        if self._position is _Position.UNDECIDED:
            self._position = _Position.ANSWER

    def split_off(self, text: str, *, is_last: bool = False) -> list[Piece]:
        """The pieces that are decided after the next text.

        Args:
            text: The text that has arrived since the last call.
            is_last: Whether the answer has ended.
        """
        self._held += text
        pieces: list[Piece] = []
        while True:
            place = self._position
            pieces += self._step(is_last)
            if self._position is place:
                return pieces

    def _step(self, is_last: bool) -> list[Piece]:  # passed on
        match self._position:
            case _Position.START:
                return self._at_start(is_last)
            case _Position.REASONING:
                return self._reasoning(is_last)
            case _Position.GAP:
                return self._in_gap()
            case _Position.UNDECIDED:
                return self._while_undecided(is_last)
            case _Position.ANSWER:
                return self._answer()

    def _at_start(self, is_last: bool) -> list[Piece]:
        begun = self._held.lstrip()
        if begun.startswith(BEGIN):
            self._position, self._held = _Position.REASONING, begun[len(BEGIN) :].lstrip()
        elif is_last or not BEGIN.startswith(begun):
            self._position = _Position.ANSWER if self._is_separate else _Position.UNDECIDED
        return []

    def _reasoning(self, is_last: bool) -> list[Piece]:
        before, end, after = self._held.partition(END)
        if end:
            self._position, self._held = _Position.GAP, after
            return _pieces(ReasoningDelta, before.rstrip())
        clear = len(self._held) if is_last else _clear_of(END, self._held)
        return _pieces(ReasoningDelta, self._taken(len(self._held[:clear].rstrip())))

    def _in_gap(self) -> list[Piece]:
        self._held = self._held.lstrip()
        if self._held:
            self._position = _Position.ANSWER
        return []

    def _while_undecided(self, is_last: bool) -> list[Piece]:
        """Text counts as the answer until a lone ``</think>`` shows that it was reasoning."""
        before, end, after = self._held.partition(END)
        if not end:
            return self._as_answer(len(before) if is_last else _clear_of(END, before))
        if not (after or is_last):
            return self._as_answer(len(before))
        if not ends_thoughts("".join(self._said) + before, after):
            self._position = _Position.ANSWER
            return []
        self._position, self._held = _Position.GAP, after
        marker: list[Piece] = [TextWasReasoning()] if any(self._said) else []
        return marker + _pieces(ReasoningDelta, before.rstrip())

    def _as_answer(self, length: int) -> list[Piece]:
        text = self._taken(length)
        self._said.append(text)
        return _pieces(Delta, text)

    def _answer(self) -> list[Piece]:
        return _pieces(Delta, self._taken(len(self._held)))

    def _taken(self, length: int) -> str:
        text, self._held = self._held[:length], self._held[length:]
        return text


def _clear_of(mark: str, text: str) -> int:
    """The length of the text before a possible beginning of ``mark`` at its end."""
    for length in range(min(len(mark) - 1, len(text)), 0, -1):
        if mark.startswith(text[-length:]):
            return len(text) - length
    return len(text)


def _pieces(kind: type[Delta | ReasoningDelta], text: str) -> list[Piece]:
    return [kind(text)] if text else []
