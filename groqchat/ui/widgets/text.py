"""Foreign text made fit for the screen: harmless, bounded, never read as markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.content import Content
from textual.style import Style

from groqchat.domain.images.shown import LONGEST_BLOCK, LONGEST_LINE, block, line
from groqchat.ui.commands import BY_ID, COMMANDS
from groqchat.ui.terminal.textual_internals import keymap_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.events import Click
    from textual.screen import Screen

# What does not need Textual is the domain's.
__all__ = [
    "LONGEST_BLOCK", "LONGEST_LINE", "KeyHint", "block", "bound_key", "cut", "cut_before_the_end",
    "first_sentence", "fitting", "key_line", "key_lines", "key_name", "line", "pressed_key",
    "way_to", "whole_clauses",
]  # fmt: skip

_GAP, _BETWEEN = "  ", " · "


_CLAUSE_END = re.compile(r"[,;] ")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def first_sentence(text: str) -> str:
    """Foreign text up to the end of its first sentence."""
    return _SENTENCE_END.split(block(text), maxsplit=1)[0]


def cut(rows: list[Content], most: int) -> list[Content]:
    """The first rows, the last of them with a sign where others follow."""
    if len(rows) <= most:
        return rows
    kept = rows[:most]
    return [*kept[:-1], *(last[: len(last.plain.rstrip()) - 1] + "…" for last in kept[-1:])]


def whole_clauses(sentence: str, width: int, most: int) -> str:
    """The first clauses of advice that fit; the keys below it name the other ways.

    Args:
        sentence: The advice; its clauses end with a comma or a semicolon.
        width: The width of a row in cells.
        most: How many rows there may be.

    Returns:
        The sentence where it fits, or where not even its first clause does.
    """
    ends = [len(sentence), *(each.start() for each in _CLAUSE_END.finditer(sentence))]
    for end in sorted(ends, reverse=True):
        shorter = sentence if end == len(sentence) else f"{sentence[:end]}."
        if len(Content(shorter).wrap(width)) <= most:
            return shorter
    return sentence


def cut_before_the_end(text: str, width: int, most: int) -> list[Content]:
    """Wrapped text that keeps its last sentence, which says what to do, where rows are few.

    Args:
        text: Foreign text.
        width: The width of a row in cells.
        most: How many rows there may be.
    """
    rows = Content(text).wrap(width)
    if len(rows) <= most:
        return rows
    *others, last = _SENTENCE_END.split(text)
    end = Content(last).wrap(width)
    if not others or len(end) >= most:  # one long sentence: what happened, and what to do
        kept = most // 2
        return [*cut(end, most - kept), *end[len(end) - kept :]]
    return [*cut(Content(" ".join(others)).wrap(width), most - len(end)), *end]


_KEY_NAMES = {"escape": "Esc", "pageup": "PgUp", "pagedown": "PgDn", "up": "↑", "down": "↓"}


def key_name(keys: str) -> str:
    """A key as people write it; of several the first: ``ctrl+n,f5`` reads ``Ctrl+N``."""
    parts = keys.split(",", maxsplit=1)[0].strip().split("+")
    return "+".join(_KEY_NAMES.get(part, part.capitalize()) for part in parts)


def bound_key(screen: Screen[Any], command_id: str, default: str) -> str:
    """The key that runs a command on a screen now, as the user has bound it; empty for none."""
    for active in screen.active_bindings.values():
        if active.binding.id == command_id:
            return key_name(active.binding.key)
    return key_name(keymap_of(screen.app).get(command_id, default))


def way_to(screen: Screen[Any], command_id: str, words: str) -> KeyHint:
    """The key of a command as the user has bound it, with words about it.

    Where it has none, what is written for it stands there alone, or a click where nothing is.
    """
    command = BY_ID[command_id]
    if key := bound_key(screen, command_id, command.keys):
        return KeyHint(key, words)
    return KeyHint(f"/{command.slash}", "") if command.slash else KeyHint("click", words)


# A text of the user's or a model's stands in quotes, and stays as it is.
_NAMED = re.compile(r"“[^”]*”|(?<![\w+])(?:Ctrl\+[A-Z]|F8)(?![\w+])")
_BY_KEY = {key_name(command.keys): command for command in COMMANDS if command.keys}


def in_own_keys(screen: Screen[Any], words: str) -> str:
    """A sentence that names default keys of commands, such as Ctrl+L, with the keys there are now.

    Args:
        screen: The screen that has the keys.
        words: The sentence.
    """

    def now(found: re.Match[str]) -> str:
        command = _BY_KEY.get(found[0])
        if command is None:
            return found[0]
        return bound_key(screen, command.id, command.keys) or command.usage or command.title

    return _NAMED.sub(now, words)


class KeyHint(NamedTuple):
    """A key as it is written and what it does.

    ``press`` is the key's name, for clicks on it, where it does not follow from what is written.
    """

    key: str
    words: str
    press: str = ""


def key_lines(hints: Iterable[KeyHint], width: int) -> list[Content]:
    """Keys and what they do as every footer and toast writes them: ``r retry  Esc close``.

    Args:
        hints: What to write.
        width: The width of a line in cells; a key and its words stay together.
    """
    lines: list[list[Content]] = [[]]
    used = 0
    for hint in hints:
        piece = _hint(hint).truncate(max(1, width), ellipsis=True)
        if lines[-1] and used + len(_GAP) + piece.cell_length > width:
            lines.append([])
            used = 0
        used += piece.cell_length + (len(_GAP) if lines[-1] else 0)
        lines[-1].append(piece)
    return [Content(_GAP).join(pieces) for pieces in lines if pieces]


def key_line(hints: Sequence[KeyHint], width: int, others: KeyHint) -> Content:
    """One line of keys, the first ones; where some are left out it ends with the key to them.

    Args:
        hints: What to write, the most needed keys first.
        width: The width of the line in cells.
        others: The key that shows all keys.
    """
    lines = key_lines(hints, width)
    if len(lines) < 2:
        return lines[0] if lines else Content()
    room = width - len(_GAP) - _hint(others).cell_length
    return Content(_GAP).join([key_lines(hints, room)[0], _hint(others)])


def fitting(parts: Iterable[Content], width: int) -> Content:
    """The first figures, as many as there is room for: ``≈ 11 turns · $0.0003``.

    Args:
        parts: What to write; each but the first is left out or written in full.
        width: The width of the line in cells.
    """
    shown: list[Content] = []
    used = 0
    for part in parts:
        needed = part.cell_length + (len(_BETWEEN) if shown else 0)
        if not shown or used + needed <= width:
            shown.append(part)
            used += needed
    return Content(_BETWEEN).join(shown)


def pressed_key(event: Click) -> str:
    """The key whose hint was clicked, or an empty string."""
    return str(event.style.meta.get("press", ""))


def _hint(hint: KeyHint) -> Content:
    content = Content.assemble((hint.key, "bold $text-accent"), f" {hint.words}".rstrip())
    return content.stylize(Style.from_meta({"press": hint.press or _pressed(hint.key)}))


_KEYS_BY_NAME = {name: key for key, name in _KEY_NAMES.items()} | {"Del": "delete"}
_CHORD = re.compile(r"(?:(?:Ctrl|Alt|Shift)\+)*(?:[A-Z]|F\d+|Enter|Tab|Home|End)")


def _pressed(written: str) -> str:
    """The key that a written one is, for clicks on it; empty for several: ``[ ]``, ``1–9``."""
    if len(written) == 1:
        return _KEYS_BY_NAME.get(written, written)
    return _KEYS_BY_NAME.get(written) or (written.lower() if _CHORD.fullmatch(written) else "")
