"""TeX to Unicode: the rules for scripts, fractions, roots and rows on top of `pylatexenc`."""

from __future__ import annotations

import logging
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexSpecialsNode,
    LatexWalker,
    LatexWalkerError,
    get_default_latex_context_db,
)
from pylatexenc.macrospec import MacroSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pylatexenc.latexwalker import LatexNode
    from pylatexenc.macrospec import LatexContextDb

_LAYOUT = re.compile(
    r"\\(?:(?:left|right|middle)(?![A-Za-z])\s*\.?"
    r"|(?:[bB]igg?[lrm]?|displaystyle|textstyle|scriptstyle|limits|nolimits|nonumber|notag)"
    r"(?![A-Za-z])\s*)"
)
"""What only tells TeX how large or where something is drawn."""

_FRACTIONS: Final = frozenset({"frac", "dfrac", "tfrac", "cfrac", "nicefrac"})
_ROOTS: Final = {"": "√", "3": "∛", "4": "∜"}
_BRACKETS: Final = {
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "array": ("", ""),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
    "cases": ("{ ", ""),
}
_ABOVE: Final = {
    "overline": "\u0305",
    "underline": "\u0332",
    "widehat": "\u0302",
    "widetilde": "\u0303",
}
"""What stands above or below each letter of the argument."""
_TEXTS: Final = {
    "|": "‖",
    "\\": "\n",
    "binom": "({} choose {})",
    "dbinom": "({} choose {})",
    "tbinom": "({} choose {})",
    "boxed": "[{}]",
    "operatorname": "{}",
    "boldsymbol": "{}",
    "pmod": "(mod {})",
    "bmod": "mod",
    "mod": "mod",
    "arg": "arg",
    "argmax": "argmax",
    "argmin": "argmin",
    "implies": "⟹",
    "impliedby": "⟸",
    "iff": "⟺",
    "gets": "←",
    "tag": "({})",
    "xrightarrow": "—{}→",
    "xleftarrow": "←{}—",
    "underbrace": "({})",
    "overbrace": "({})",
    "stackrel": "{1}^({0})",
    "overset": "{1}^({0})",
    "underset": "{1}_({0})",
}
_ARGUMENTS: Final = {
    **dict.fromkeys(("dfrac", "tfrac", "cfrac", "nicefrac"), 2),
    **dict.fromkeys(("binom", "dbinom", "tbinom", "stackrel", "overset", "underset"), 2),
    **dict.fromkeys(("boxed", "operatorname", "boldsymbol", "pmod", "tag"), 1),
    **dict.fromkeys(("xrightarrow", "xleftarrow", "underbrace", "overbrace"), 1),
    **dict.fromkeys(("overline", "underline", "widehat", "widetilde"), 1),
}
"""Commands by how many arguments they have, where the library does not know that."""
_ROWS: Final = frozenset(
    {"align", "aligned", "gather", "gathered", "split", "equation", "eqnarray", "multline"}
)
_NO_FORMULA: Final = frozenset({"label", "ref", "input", "include"})
_FACTOR = re.compile(r"\d+|√?\w[\u2070-\u209f²³¹ᵀ]*")
_TERM = re.compile(r"√?\w+")
_SCRIPTS = (*range(0xB2, 0xBA), *range(0x2B0, 0x2B9), *range(0x1D2C, 0x1D6B), 0x2C7C)
_MORE_SCRIPTS = range(0x2070, 0x20A0)
_VULGAR = (*range(0xBC, 0xBF), *range(0x2150, 0x215F))


_FAILURES = (
    *(LatexWalkerError, RecursionError),
    # What the library raises for commands without the arguments that they need.
    *(LookupError, TypeError, AttributeError, ValueError),
)


class UnreadableError(ValueError):
    """TeX that is better shown as it is written."""


def text_of(tex: str) -> list[str]:
    """The rows of a formula, which is given without its marks.

    Raises:
        UnreadableError: It cannot be read, or needs a drawing.
    """
    # A bare percent sign begins a comment in TeX, but hardly in what a model writes.
    tex = re.sub(r"(?<!\\)%", r"\\%", _LAYOUT.sub("", tex))
    try:
        walker = LatexWalker(tex, latex_context=_commands(), tolerant_parsing=False)
        text = _reader().nodelist_to_text(walker.get_latex_nodes()[0])
    except _FAILURES as error:
        raise UnreadableError(tex) from error
    rows = (re.sub(r"\s+", " ", row).strip() for row in text.split("\n"))
    return [row for row in rows if row]


@cache
def _commands() -> LatexContextDb:
    """The library's commands, and more of those that have arguments."""
    known = get_default_latex_context_db()
    more = [MacroSpec(name, "{" * _ARGUMENTS[name]) for name in _ARGUMENTS]
    known.add_context_category("groqchat", prepend=True, macros=more)
    return known


@cache
def _reader() -> _Reader:
    # Its warnings would be written over the screen.
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    return _Reader(math_mode="text", strict_latex_spaces="macros")


class _Reader(LatexNodes2Text):  # type: ignore[misc]  # the library has no types
    """The library's texts of symbols and fonts, with rules for what is drawn above or below."""

    def nodelist_to_text(self, nodelist: Iterable[LatexNode | None] | None) -> str:
        """The text of some nodes; spaces stay as they are written."""
        shown, script = "", ""
        before: LatexNode | None = None
        for node in filter(None, nodelist or ()):
            for piece in self._pieces(node, before):
                if script and piece.strip():
                    shown, script = shown + _script(script, piece.strip()), ""
                elif piece in {"^", "_"} and isinstance(node, LatexCharsNode):
                    shown, script = shown.rstrip(), piece
                elif not script:
                    shown += _parted(shown, before, node, piece)
                before = node
        return shown + script

    def _pieces(self, node: LatexNode, before: LatexNode | None) -> Iterable[str]:
        """The characters of text, one by one, and the text of anything else."""
        if isinstance(node, LatexGroupNode) and self._is_unknown(before):
            return (str(node.latex_verbatim()),)
        if isinstance(node, LatexCharsNode):
            return str(node.chars.replace("\n", " ").replace("'", "′"))
        if isinstance(node, LatexSpecialsNode) and node.specials_chars == "&":
            return (" ",)
        text = str(self.node_to_text(node))
        if isinstance(node, LatexMacroNode) and node.macro_post_space and not _arguments(node):
            # The blank that ends a name is one that the reader of the text needs too.
            return (text, " ")
        return (text,)

    def macro_node_to_text(self, node: LatexMacroNode) -> str:
        """The text of a command; one that is not known keeps its name."""
        name = node.macroname
        parts = [self._part(part) for part in _arguments(node)]
        if name in _FRACTIONS:
            return _fraction(*parts)
        if name == "sqrt":
            return _root(parts[-1], parts[0] if len(parts) > 1 else "")
        if name in _ABOVE:
            return "".join([letter + _ABOVE[name] for letter in parts[0]])
        if name in _TEXTS:
            return _TEXTS[name].format(*parts)
        if self._is_unknown(node):
            return f"\\{name}" + "".join([f"{{{part}}}" for part in parts])
        return str(super().macro_node_to_text(node))

    def environment_node_to_text(self, node: LatexEnvironmentNode) -> str:
        """The rows of a matrix on one line, those of equations below each other."""
        name = str(node.environmentname).rstrip("*")
        if name in _ROWS:
            return f"\n{self.nodelist_to_text(node.nodelist)}\n"
        if name not in _BRACKETS:
            raise UnreadableError(name)
        left, right = _BRACKETS[name]
        rows = [
            ", ".join([self.nodelist_to_text(cell).strip() for cell in _split(row, "&")])
            for row in _split(node.nodelist, "\\")
        ]
        return left + "; ".join([row for row in rows if row]) + right

    def _is_unknown(self, node: LatexNode | None) -> bool:
        name = getattr(node, "macroname", "")
        known = name in _TEXTS or self.latex_context.get_macro_spec(name) is not None
        return bool(name) and (not known or name in _NO_FORMULA)

    def _part(self, node: LatexNode) -> str:
        return str(self._groupnodecontents_to_text(node)).strip()


def _split(nodes: Iterable[LatexNode], end: str) -> list[list[LatexNode]]:
    """The nodes between those of one command, which ends rows, or of one sign (``&``)."""
    parts: list[list[LatexNode]] = [[]]
    for node in nodes:
        if end in {getattr(node, "macroname", ""), getattr(node, "specials_chars", "")}:
            parts.append([])
        else:
            parts[-1].append(node)
    return parts


def _arguments(node: LatexMacroNode) -> Sequence[LatexNode]:
    found = node.nodeargd.argnlist if node.nodeargd else None
    return [each for each in found or () if each is not None]


def _parted(shown: str, before: LatexNode | None, node: LatexNode, text: str) -> str:
    """The text, parted from what stands before it where both would be read as one."""
    is_after_stroke = getattr(before, "macroname", "") in _FRACTIONS and "/" in shown
    is_name = isinstance(node, LatexMacroNode) and len(text) > 1 and text.isascii()
    is_joined = shown[-1:].isalnum() and text[:1].isalnum()
    return f" {text}" if is_joined and (is_after_stroke or is_name) else text


def _fraction(above: str, below: str) -> str:
    if vulgar := _vulgar().get(f"{above}/{below}"):
        return vulgar
    numerator = above if _TERM.fullmatch(above) else f"({above})"
    return f"{numerator}/{below if _FACTOR.fullmatch(below) else f'({below})'}"


def _root(of: str, index: str) -> str:
    sign = _ROOTS.get(index) or f"{_script('^', index)}√"
    return sign + (of if _FACTOR.fullmatch(of) else f"({of})")


def _script(mark: str, text: str) -> str:
    """Text above (``^``) or below (``_``) the line; in brackets where Unicode has no such form."""
    table = _raised() if mark == "^" else _lowered()
    if set(text) <= {"′"} or text in {"∘", "*"}:
        return "°" if text == "∘" else text
    packed = text.replace(" ", "")
    if all(character in table for character in packed):
        return "".join([table[character] for character in packed])
    return mark + (text if len(text) == 1 else f"({text})")


@cache
def _raised() -> dict[str, str]:
    return _forms("<super>")


@cache
def _lowered() -> dict[str, str]:
    return _forms("<sub>")


def _forms(kind: str) -> dict[str, str]:
    """Unicode's characters of one kind by what they stand for."""
    table: dict[str, str] = {}
    for code in (*_MORE_SCRIPTS, *_SCRIPTS):
        tag, _, of = unicodedata.decomposition(chr(code)).partition(" ")
        if tag == kind:
            table.setdefault(chr(int(of, 16)), chr(code))
    return table | {"-": table["−"]}


@cache
def _vulgar() -> dict[str, str]:
    """Unicode's fractions by how they are written with a stroke."""
    forms = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in _VULGAR}
    return {form.replace("⁄", "/"): sign for form, sign in forms.items()}
