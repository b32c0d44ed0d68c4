"""Running text to styled spans: emphasis, code, links, images, formulas."""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from groqchat.domain.text.sanitize import sanitize
from groqchat.ui.markdown import maths
from groqchat.ui.markdown.lines import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_PLAIN = re.compile(r"[^\\`*_~\[\]!<&$:]*(?::(?!//)[^\\`*_~\[\]!<&$:]*)*")
"""Text in which nothing can mean anything."""

# No formula has a mark of another one in it, or code: what was read as such stays.
_TEX = r"(?:\\[^()\[\]]|[^\\$`])+?"
_MATH = re.compile(
    rf"\\\({_TEX}\\\)|\\\[{_TEX}\\\]|\$\${_TEX}\$\$"
    r"|\$(?![\s$])(?:\\[^()\[\]\n]|[^\\$`\n])+?(?<!\s)\$"
)
_MARKS = frozenset({"\\(", "\\)", "\\[", "\\]", "$$"})
_CLICKABLE = ("http://", "https://", "mailto:")
_STYLES = {"strong": "strong", "em": "em", "s": "strike"}

_MAKING = threading.Lock()

# So many pieces of text are remembered as they were read: those near the viewport.
_KEPT = 256
_LONG = 1_000
_LONGER = 3_000
_LONGEST = 4_000
_PAUSE = re.compile(r"\n|(?<=[.!?:;]) ")


def spans(text: str, style: str = "") -> list[Span]:
    """Read the markup of one piece of text.

    Args:
        text: Any text; its line breaks are kept.
        style: What the text is by itself (``"heading.1"``), put before all other tokens.

    Returns:
        Spans without controls or tabs.
    """
    text = text.replace("\t", " ")
    if _PLAIN.fullmatch(text):
        return [Span(text, style)] if text else []
    return list(_read(text, style))


@lru_cache(maxsize=_KEPT)
def _read(text: str, style: str) -> Sequence[Span]:
    """The spans of a text with markup; every width asks for them anew."""
    (inline,) = _markdown().parseInline(text)
    return _Reader(style).read(inline.children or [])


def pieces(text: str, start: int = 0) -> list[int]:
    """The ascending offsets after `start` at which a long text is cut into pieces for reading.

    A cut depends on what stands before it and one character behind it, so text that is
    appended moves none. No piece is longer than some thousand characters.
    """
    cuts: list[int] = []
    while len(text) - start > _LONG and (end := _cut(text, start)):
        cuts.append(end)
        start = end
    return cuts


def _cut(text: str, start: int) -> int:
    """The end of the piece that begins at `start`; 0 if it has none yet."""
    for match in _PAUSE.finditer(text, start + _LONG, min(len(text) - 1, start + _LONGER)):
        if _is_balanced(text[start : match.end()]):
            return match.end()
    if len(text) > start + _LONGER:
        blank = text.find(" ", start + _LONGER, start + _LONGEST)
        if blank != -1:
            return blank + 1
    return start + _LONGEST if len(text) > start + _LONGEST else 0


def _is_balanced(piece: str) -> bool:
    """Whether a piece of text closes all its markup, as far as can be seen."""
    return (
        piece.count("`") % 2 == 0
        and piece.count("*") % 2 == 0
        and piece.count("[") == piece.count("]")
        and piece.count("\\(") == piece.count("\\)")
        and piece.count("$$") % 2 == 0
    )


class _Reader:
    """Turns markdown-it's inline tokens into spans; remembers what is open."""

    def __init__(self, style: str) -> None:
        self._spans: list[Span] = []
        self._styles = [style] if style else []
        self._link = ""
        self._link_start = 0

    def read(self, tokens: list[Token]) -> list[Span]:
        """The spans of all tokens."""
        for token in tokens:
            self._take(token)
        return self._spans

    def _take(self, token: Token) -> None:
        match token.type:
            case "softbreak" | "hardbreak":
                self._say("\n")
            case "code_inline":
                self._say(token.content, "code")
            case "math":
                self._say(maths.readable(token.content), "math", tex=token.content)
            case "link_open":
                self._link = str(token.attrGet("href") or "")
                self._link_start = len(self._spans)
                self._styles.append("link")
            case "link_close":
                self._close_link(is_literal=bool(token.info == "auto"))
            case "image":
                self._image(token)
            case _ if token.nesting == 1:
                self._styles.append(_STYLES.get(token.tag, token.tag))
            case _ if token.nesting == -1:
                self._styles.pop()
            case _:
                self._say(token.content)

    def _say(self, text: str, *more: str, tex: str = "") -> None:
        if text := sanitize(text).replace("\t", " "):
            href = self._link if self._link.startswith(_CLICKABLE) else ""
            self._spans.append(Span(text, " ".join([*self._styles, *more]), href, tex))

    def _close_link(self, *, is_literal: bool) -> None:
        """End a link; say where it leads unless the text has said just that."""
        self._styles.pop()
        shown = "".join([span.text for span in self._spans[self._link_start :]])
        is_shown = self._link in {shown, f"mailto:{shown}"}
        if not is_shown and not (is_literal and shown.isascii()):
            self._address(" ")
        self._link = ""

    def _image(self, token: Token) -> None:
        outer, self._link = self._link, str(token.attrGet("src") or "")
        self._styles.append("link")
        self._say(f"image: {token.content}" if token.content else "image")
        self._styles.pop()
        self._address(" ")
        self._link = outer

    def _address(self, before: str) -> None:
        self._say(f"{before}({self._link})", "link.address")


@cache
def _markdown() -> MarkdownIt:
    """The inline parser: GitHub's dialect, no definitions, HTML and formulas left as they are."""
    # The tables of its libraries are filled at their first use, by the warm-up's thread mostly;
    # another one that comes meanwhile must not find them half filled.
    with _MAKING:
        markdown = _new_markdown()
        markdown.parseInline("[a](<https://example.org/%C3%A4 b>) www.example.org")
        return markdown


def _new_markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # HTML is known to it, so that what stands in a tag is no markup, and shown like any text.
    markdown = MarkdownIt("gfm-like", {"html": True})
    # The core rule would make links of file names such as setup.py; the inline rule of the same
    # name finds whatever has a scheme.
    markdown.core.ruler.disable("linkify")
    markdown.inline.ruler.before("escape", "math", _math)
    return markdown


def _math(state: StateInline, silent: bool) -> bool:
    r"""Keep formulas whole, and stray marks such as ``\(`` as they are written.

    While an answer grows, none turns back unless a letter or digit follows it at once.
    """
    if state.src[state.pos] not in "\\$":
        return False
    match = _MATH.match(state.src, state.pos)
    if match:
        before, after = (
            state.src[max(0, state.pos - 1) : state.pos],
            state.src[match.end() : match.end() + 1],
        )
        if not maths.is_formula(match[0], before, after):
            match = None
    length = len(match[0]) if match else 2
    if match is None and state.src[state.pos : state.pos + 2] not in _MARKS:
        return False
    if not silent:
        token = state.push("math" if match else "text", "", 0)
        token.content = state.src[state.pos : state.pos + length]
    state.pos += length
    return True
