"""Foreign text inside our Markdown: its blocks end with it, and it has no heading of ours.

Fences and blocks of HTML as CommonMark 0.31 has them (4.5, 4.6).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_RUNS = re.compile("`+")
_ATTACHED = re.compile(r"(?:^|(?<=\n))([^\n]{1,300}):\n(`{3,})\n")
_FENCE = re.compile(r"([ \t]*)(`{3,}(?=[^`]*$)|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$")
_TAG = re.compile(r"\s*</?[A-Za-z]")
_CLOSING = re.compile(r"</(script|pre|style|textarea)>", re.IGNORECASE)
# A block that begins behind the mark of a list.
_WITHIN = re.compile(
    r"\s*(?:[-*+]|\d{1,9}[.)])\s+(?:`{3}|~{3}|<[!?]|<(?:script|pre|style|textarea))"
)
# A line that is indented more than this is code.
_FARTHEST = 3
# What begins a block of HTML that blank lines do not end, and what ends it.
_HTML = (
    (re.compile(r" {0,3}<(script|pre|style|textarea)(?=[\s>]|$)", re.IGNORECASE), "</{}>"),
    (re.compile(r" {0,3}<!--"), "-->"),
    (re.compile(r" {0,3}<\?"), "?>"),
    (re.compile(r" {0,3}<!\[CDATA\["), "]]>"),
    (re.compile(r" {0,3}<![A-Za-z]"), ">"),
)


def fenced(text: str, language: str = "") -> str:
    """A text as a block of code; the fence is longer than any in the text.

    >>> fenced("```").splitlines()
    ['````', '```', '````']
    """
    longest = max(map(len, _RUNS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def attached(name: str, text: str) -> str:
    """A file as part of a prompt: its name, and its text as a block of code."""
    return f"{' '.join(name.split())}:\n{fenced(text.rstrip())}"


def attached_blocks(text: str) -> Iterator[tuple[int, int, str, str]]:
    """The files in a prompt as `attached` writes them: start, end, name and text of each."""
    at = 0
    while block := _ATTACHED.search(text, at):
        at = block.end()
        last = text.find(f"\n{block[2]}", at - 1)
        end = last + 1 + len(block[2])
        if last != -1 and text[end : end + 1] in {"", "\n"}:  # else it is open, or not ours
            yield block.start(), end, block[1], text[at:last]
            at = end


def framed(text: str, headings: Container[str]) -> str:
    """A text between headings of ours.

    Args:
        text: Any Markdown; its open blocks are closed.
        headings: The first words of our headings. A text with one of them is shown as code; so is
            a text whose ends of blocks only a parser could find.
    """
    end = ""
    is_html = False  # until the next blank line, which a parser alone can tell
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if end:
            if _is_unclear(line, indent, end):
                return fenced(text)
            end = "" if _ends(line, indent, end) else end
            continue
        heading = _HEADING.match(line)
        if _WITHIN.match(line) or (heading and heading[1].partition(" (")[0] in headings):
            return fenced(text)
        end = _begun(line)
        if end and is_html:
            return fenced(text)
        is_html = bool(line.strip()) and (is_html or bool(_TAG.match(line)))
    return f"{text}\n{end}" if end else text


def code_blocks(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the blocks of code between fences; the last one may be open."""
    end, begun, at = "", 0, 0
    for line in text.splitlines(keepends=True):
        fence = None if end else _FENCE.match(line.rstrip("\r\n"))
        if fence:
            end, begun = fence[0], at
        at += len(line)
        if end and not fence and _is_fence(line, end):
            yield begun, at
            end = ""
    if end:
        yield begun, at


def _begun(line: str) -> str:
    """The end of the block that a line begins, indented like the line; empty if there is none."""
    fence = _FENCE.match(line)
    if fence:
        return fence[1] + fence[2]
    for start, end in _HTML:
        tag = start.match(line)
        if tag:
            last = end.format(*tag.groups())
            is_over = _closes(line[tag.end() :], last)
            return "" if is_over else line[: len(line) - len(line.lstrip())] + last
    return ""


def _is_unclear(line: str, indent: int, end: str) -> bool:
    """True if only the list around a line decides whether the line ends the block."""
    begun = len(end) - len(end.lstrip())
    leaves_a_list = indent < begun and bool(line.strip())
    is_too_far_in = indent > max(begun, _FARTHEST) and _is_fence(line, end)
    return leaves_a_list or (is_too_far_in and begun > 0)


def _ends(line: str, indent: int, end: str) -> bool:
    if end.lstrip()[0] in "`~":
        begun = len(end) - len(end.lstrip())
        return _is_fence(line, end) and indent <= max(begun, _FARTHEST)
    return _closes(line, end.strip())


def _closes(line: str, end: str) -> bool:
    """True if a line has the end of a block of HTML; each of several tags ends all of them."""
    return bool(_CLOSING.search(line)) if end.startswith("</") else end in line


def _is_fence(line: str, end: str) -> bool:
    fence, closing = end.strip(), line.strip()
    return closing.startswith(fence) and not closing.strip(fence[0])
