"""Vi's normal mode as a state machine over a text: keys in, a new text and a new mode out.

Motions, operators and counts as POSIX describes vi, and Vim's words. What is not in ``_COMMANDS``,
``MOTIONS`` or ``_OPERATORS`` does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.text.vi_motions import (
    MOTIONS,
    OF_LINES,
    Text,
    end_of_word,
    line_beside,
    next_word,
    word_end,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST = 10_000  # times that a command is repeated
# The characters that copies may fill a text up to: yG and 9999p would fill the memory. One copy
# is always put.
_LONGEST = 100_000


class Mode(StrEnum):
    """The mode, as it is shown."""

    INSERT = "INSERT"
    NORMAL = "NORMAL"


class Wish(StrEnum):
    """Something that only the field with the text can do."""

    UNDO = "undo"
    REDO = "redo"
    OLDER = "older"
    NEWER = "newer"
    PALETTE = "palette"


@dataclass(frozen=True, slots=True)
class ViState:
    """The state between two keys.

    Attributes:
        mode: The mode.
        typed: The keys of a command that is not complete: a count, an operator.
        register: The text that was deleted or yanked last.
        has_lines: Whether the register holds whole lines.
    """

    mode: Mode = Mode.INSERT
    typed: str = ""
    register: str = ""
    has_lines: bool = False


class Step(NamedTuple):
    """The result of a key: the state, the text, and what the field has to do."""

    state: ViState
    after: Text
    wish: Wish | None = None


def press(state: ViState, key: str, before: Text) -> Step:
    """What a key does in normal mode.

    >>> press(ViState(Mode.NORMAL, typed="d"), "w", Text("one two", 0)).after
    Text(text='two', cursor=0)

    Args:
        state: The state before it, in normal mode.
        key: The character, or ``escape``, ``ctrl+r``, ``backspace``.
        before: The text.
    """
    idle = replace(state, typed="")
    if key in {"escape", "ctrl+r"}:
        return Step(idle, before, Wish.REDO if key == "ctrl+r" else None)
    typed = state.typed + ("h" if key == "backspace" else key)
    count, operator, command = _parts(typed)
    if command in {"", "g"} or (command == "r" and not operator):  # there is more to come
        return Step(replace(state, typed=typed), before)
    if operator:
        return _operate(idle, operator, command, count, before)
    if command in MOTIONS:
        return _moved(idle, command, count, before)
    if command[0] == "r":
        return Step(idle, _replaced(command, count or 1, before))
    run = _COMMANDS.get(command)
    return run(idle, count or 1, before) if run else Step(idle, before)


def _parts(typed: str) -> tuple[int | None, str, str]:
    """Count, operator and the rest of a command; the counts before and after are multiplied."""
    first, rest = _number(typed)
    operator = rest[:1] if rest[:1] in _OPERATORS else ""
    second, command = _number(rest[1:]) if operator else (None, rest)
    if first is None and second is None:
        return None, operator, command
    return min(_MOST, (first or 1) * (second or 1)), operator, command


def _number(typed: str) -> tuple[int | None, str]:
    digits = 0
    while digits < len(typed) and typed[digits] in "0123456789" and (digits or typed[0] != "0"):
        digits += 1
    return int(typed[:digits][:6]) if digits else None, typed[digits:]


# -- motions --------------------------------------------------------------------------------------


def _target(command: str, count: int | None, at: Text) -> int:
    if command in {"gg", "G"} and count is not None:
        starts = [0, *(place + 1 for place, each in enumerate(at.text) if each == "\n")]
        return Text(at.text, starts[min(count, len(starts)) - 1]).first_letter
    for _ in range(count or 1):
        there = MOTIONS[command](at)
        if there == at.cursor:
            break
        at = Text(at.text, there)
    return at.cursor


def _moved(state: ViState, command: str, count: int | None, before: Text) -> Step:
    there = _target(command, count, before)
    if command in {"j", "k"} and there == before.cursor:  # there is no such line
        return Step(state, before, Wish.OLDER if command == "k" else Wish.NEWER)
    return Step(state, Text(before.text, there).on_a_character)


# -- operators ------------------------------------------------------------------------------------

_OPERATORS = frozenset("dcy")


def _operate(state: ViState, operator: str, command: str, count: int | None, before: Text) -> Step:
    if command == operator:
        return _on_counted_lines(state, operator, count or 1, before)
    there = _target(command, count, before) if command in MOTIONS else before.cursor
    if command not in MOTIONS or (command in {"j", "k"} and there == before.cursor):
        return Step(state, before)
    start, end = sorted((before.cursor, there))
    if command in OF_LINES:
        return _on_lines(state, operator, Text(before.text, start), Text(before.text, end))
    if command == "w":
        end = _end_of_words(operator, count or 1, before)
    elif command == "e":
        end = min(end + 1, len(before.text))
    elif command == "b" and end == before.line_start and start < end:
        # Up to the start of a line is up to the end of the line before; from its start, all of it.
        first, end = Text(before.text, start), end - 1
        if start <= first.first_letter:
            return _on_lines(state, operator, first, Text(before.text, end))
    return _on_span(state, operator, start, end, before)


def _on_counted_lines(state: ViState, operator: str, count: int, before: Text) -> Step:
    """An operator on so many lines from the cursor's on; nothing where there are not so many."""
    last = before
    for _ in range(count - 1):
        if last.line_end == len(before.text):
            return Step(state, before)
        last = Text(before.text, line_beside(last, 1))
    return _on_lines(state, operator, before, last)


def _end_of_words(operator: str, count: int, before: Text) -> int:
    """The end of what ``dw`` and ``cw`` take: no blanks for ``cw``, and no line break."""
    on_blank = before.text[before.cursor : before.cursor + 1].isspace()
    if operator == "c" and before.cursor == before.line_end:
        return before.cursor
    if operator == "c" and not on_blank:
        last = end_of_word(before.text, before.cursor)
        for _ in range(count - 1):
            last = word_end(Text(before.text, last))
        return min(last + 1, len(before.text))
    last_start = Text(before.text, _target("w", count - 1, before) if count > 1 else before.cursor)
    end = next_word(last_start)
    line_end = last_start.line_end
    return min(end, line_end) if line_end > before.cursor else end


def _on_span(state: ViState, operator: str, start: int, end: int, before: Text) -> Step:
    taken = before.text[start:end]
    if not taken and operator != "c":
        return Step(state, before)
    state = replace(state, register=taken or state.register, has_lines=False)
    if operator == "y":
        return Step(state, Text(before.text, start).on_a_character)
    left = Text(before.text[:start] + before.text[end:], start)
    if operator == "c":
        return Step(replace(state, mode=Mode.INSERT), left)
    return Step(state, left.on_a_character)


def _on_lines(state: ViState, operator: str, first: Text, last: Text) -> Step:
    text, start, end = first.text, first.line_start, last.line_end
    state = replace(state, register=text[start:end], has_lines=True)
    if operator == "y":
        return Step(
            state, Text(text, start if first.line_start != last.line_start else first.cursor)
        )
    if operator == "c":
        return Step(replace(state, mode=Mode.INSERT), Text(text[:start] + text[end:], start))
    if end < len(text):
        left = Text(text[:start] + text[end + 1 :], start)
    else:
        left = Text(text[: max(0, start - 1)], max(0, start - 1))
    return Step(state, Text(left.text, left.first_letter).on_a_character)


# -- commands -------------------------------------------------------------------------------------


def _insert(state: ViState, text: str, cursor: int) -> Step:
    return Step(replace(state, mode=Mode.INSERT), Text(text, cursor))


def _open(state: ViState, at: Text, *, is_below: bool) -> Step:
    place = at.line_end if is_below else at.line_start
    return _insert(state, f"{at.text[:place]}\n{at.text[place:]}", place + 1 if is_below else place)


def _put(state: ViState, count: int, at: Text, *, is_behind: bool) -> Step:
    if not (state.register or state.has_lines):
        return Step(state, at)
    room = (_LONGEST - len(at.text)) // (len(state.register) + 1)
    count = max(1, min(count, room))
    if state.has_lines:
        lines = "\n".join([state.register] * count)
        place = at.line_end if is_behind else at.line_start
        put = f"\n{lines}" if is_behind else f"{lines}\n"
        after = at.text[:place] + put + at.text[place:]
        there = Text(after, place + 1 if is_behind else place)
        return Step(state, Text(after, there.first_letter))
    place = min(at.cursor + 1, at.line_end) if is_behind else at.cursor
    put = state.register * count
    after = at.text[:place] + put + at.text[place:]
    return Step(state, Text(after, place + len(put) - 1))


def _replaced(command: str, count: int, at: Text) -> Text:
    """The next characters replaced by one; nothing where there are not so many."""
    end = at.cursor + count
    if end > at.line_end:
        return at
    return Text(at.text[: at.cursor] + command[1] * count + at.text[end:], end - 1)


def _swap_case(state: ViState, count: int, at: Text) -> Step:
    end = min(at.cursor + count, at.line_end)
    swapped = at.text[: at.cursor] + at.text[at.cursor : end].swapcase() + at.text[end:]
    return Step(state, Text(swapped, end).on_a_character)


def _join(state: ViState, count: int, at: Text) -> Step:
    text, place = at
    for _ in range(max(1, count - 1)):
        end = Text(text, place).line_end
        if end == len(text):
            break
        rest = text[end + 1 :].lstrip(" \t")
        is_apart = not text[:end] or text[end - 1] in " \t\n"
        gap = "" if not rest or rest[0] == "\n" or is_apart else " "
        text, place = f"{text[:end]}{gap}{rest}", end
    return Step(state, Text(text, place).on_a_character)


def _as(typed: str) -> Callable[[ViState, int, Text], Step]:
    """A command that is short for an operator and a motion."""
    return lambda state, count, at: _operate(state, typed[0], typed[1:], count, at)


_COMMANDS: dict[str, Callable[[ViState, int, Text], Step]] = {
    "i": lambda state, _, at: _insert(state, *at),
    "a": lambda state, _, at: _insert(state, at.text, min(at.cursor + 1, at.line_end)),
    "I": lambda state, _, at: _insert(state, at.text, at.first_letter),
    "A": lambda state, _, at: _insert(state, at.text, at.line_end),
    "o": lambda state, _, at: _open(state, at, is_below=True),
    "O": lambda state, _, at: _open(state, at, is_below=False),
    "x": _as("dl"),
    "X": _as("dh"),
    "s": _as("cl"),
    "D": _as("d$"),
    "C": _as("c$"),
    "S": _as("cc"),
    "Y": _as("yy"),
    "p": lambda state, count, at: _put(state, count, at, is_behind=True),
    "P": lambda state, count, at: _put(state, count, at, is_behind=False),
    "~": _swap_case,
    "J": _join,
    "u": lambda state, _, at: Step(state, at, Wish.UNDO),
    ":": lambda state, _, at: Step(state, at, Wish.PALETTE),
}
