"""Code to coloured spans, in sections that can be read one by one."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from groqchat.ui.markdown.lexers import LEXERS
from groqchat.ui.markdown.lines import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pygments.lexer import Lexer

PLAIN_STYLE: Final = "code.text"

_STYLES: Final = {
    "Comment": "code.comment",
    "Comment.Preproc": "code.meta",
    "Keyword": "code.keyword",
    "Keyword.Constant": "code.constant",
    "Keyword.Type": "code.type",
    "Operator.Word": "code.keyword",
    "Name.Builtin": "code.builtin",
    "Name.Class": "code.type",
    "Name.Constant": "code.constant",
    "Name.Decorator": "code.meta",
    "Name.Exception": "code.type",
    "Name.Function": "code.function",
    "Name.Tag": "code.keyword",
    "Name.Attribute": "code.function",
    "Name.Variable": "code.builtin",
    "Literal.Number": "code.number",
    "Literal.String": "code.string",
    "Literal.String.Escape": "code.constant",
    "Literal.String.Interpol": "code.constant",
    "Generic.Deleted": "code.deleted",
    "Generic.Inserted": "code.inserted",
    "Generic.Heading": "code.meta",
    "Generic.Subheading": "code.meta",
    "Generic.Prompt": "code.comment",
}

_QUOTES: Final = ('"""', "'''", "`")
_PAIRS: Final = (
    ("/*", "*/"),
    ("<!--", "-->"),
    ("<script", "</script"),
    ("<style", "</style"),
)

_TALL: Final = 16
_TALLER: Final = 32
_TALLEST: Final = 120
_WIDE: Final = 1_000
_BIG: Final = 16_000
# So many sections are remembered with their colours: those near the viewport.
_KEPT: Final = 64


def language(info: str) -> str:
    """The language a fence names: its first word without braces, dots or a file's name."""
    return info.partition(" ")[0].strip("{}.").partition(":")[0].partition(",")[0].lower()


def colour(lines: Sequence[str], name: str) -> list[list[Span]]:
    """Colour one section of code.

    Args:
        lines: The code; tabs are kept.
        name: A language as Pygments knows it; of any other the code stays plain, as it does
            until its lexer is loaded.

    Returns:
        The spans of each line; always the exact text.
    """
    lexer = LEXERS.get(name)
    if lexer is None or any(len(line) > _WIDE for line in lines) or sum(map(len, lines)) > _BIG:
        return [[Span(line, PLAIN_STYLE)] if line else [] for line in lines]
    return _coloured("\n".join(lines), lexer)[: len(lines)]


@lru_cache(maxsize=_KEPT)
def _coloured(code: str, lexer: Lexer) -> list[list[Span]]:
    """The spans of each line of code; every width asks for them anew."""
    rows: list[list[Span]] = [[]]
    for kind, text in lexer.get_tokens(code):
        style = _style(kind)
        first, *others = text.split("\n")
        if first:
            rows[-1].append(Span(first, style))
        rows.extend([Span(part, style)] if part else [] for part in others)
    return rows


def sections(lines: Sequence[str], start: int = 0) -> list[int]:
    """The line numbers after `start` at which long code is cut into sections for colouring.

    Made outside of any string or comment, as far as one can tell, after a blank line if there
    is one soon, and where a section grows too big. Decided by the lines above, so lines that are
    appended move none.
    """
    cuts: list[int] = []
    while end := _cut(lines, start):
        cuts.append(end)
        start = end
    return cuts


def _cut(lines: Sequence[str], start: int) -> int:
    """The end of the section that begins at line `start`; 0 if it has none yet."""
    size = 0
    for end in range(start + 1, len(lines)):
        last, tall = lines[end - 1], end - start
        size += len(last)
        if len(last) > _WIDE or len(lines[end]) > _WIDE or size > _BIG or tall >= _TALLEST:
            return end
        may_end = tall >= _TALLER or (tall >= _TALL and not last.strip())
        if may_end and _is_balanced("\n".join(lines[start:end])):
            return end
    return 0


def _is_balanced(section: str) -> bool:
    """Whether a section seems to leave no string, comment or other language open."""
    return all(section.count(mark) % 2 == 0 for mark in _QUOTES) and all(
        section.count(opening) <= section.count(closing) for opening, closing in _PAIRS
    )


@cache
def _style(kind: object) -> str:
    """The style of a Pygments token: that of its nearest ancestor that has one."""
    name = str(kind).removeprefix("Token.")
    while name not in _STYLES and "." in name:
        name = name.rpartition(".")[0]
    return _STYLES.get(name, PLAIN_STYLE)
