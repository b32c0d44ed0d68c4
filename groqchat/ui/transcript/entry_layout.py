"""One entry laid out at one width: label, reasoning, body, footer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size

from groqchat.domain.text.sanitize import sanitize
from groqchat.ui.markdown.blocks import Code
from groqchat.ui.markdown.document import Document
from groqchat.ui.markdown.lines import CHROME, Line, Span, cut
from groqchat.ui.transcript.entries import Entry, EntryKind, EntryState
from groqchat.ui.transcript.json_lines import JsonLines
from groqchat.ui.transcript.picture_lines import PictureLines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from groqchat.domain.images.image import Image
    from groqchat.domain.structured.tree import Node

FIGURES = " · "
"""What stands between the figures of a footer."""
NOTHING = Line(join="")
"""An empty row that is no text."""


class Row(NamedTuple):
    """A line and the palette it is painted with: ``text``, ``user`` or ``muted``."""

    line: Line
    look: str = "text"


class Place(NamedTuple):
    """A row by the part and the block it belongs to; outlives a change of width."""

    part: int
    block: int
    row: int


class Fixed:
    """A part of an entry layout with lines that need no layout."""

    def __init__(self, lines: list[Line], look: str = "text") -> None:
        self.lines = lines
        self.look = look

    @property
    def height(self) -> int:
        """The number of lines."""
        return len(self.lines)

    def between(self, top: int, bottom: int) -> Iterable[Line]:
        """The lines between two rows."""
        return self.lines[top:bottom]


class Text:
    """A part of an entry layout that shows a document."""

    def __init__(self, document: Document, look: str = "text") -> None:
        self.document = document
        self.look = look

    @property
    def height(self) -> int:
        """The number of lines, as far as known."""
        return self.document.height

    def between(self, top: int, bottom: int) -> Iterable[Line]:
        """The lines between two rows."""
        return self.document.between(top, bottom)


class EntryLayout:
    """The rows of one entry.

    Args:
        entry: What to lay out; a stub shows a line of dots.
        width: Cells a row may take.
    """

    def __init__(self, entry: Entry, width: int) -> None:
        self.entry = entry
        self.width = width
        self._body = Document(
            width,
            is_markup=entry.role in {EntryKind.ASSISTANT, EntryKind.TOOL},
            numbers_code=entry.numbers_code,
        )
        self._thoughts = Document(width, numbers_code=False)  # digits copy code of the body alone
        self._body.append("…" if entry.text is None else entry.text)
        self._thoughts.append(entry.reasoning)
        self._thought = len(entry.reasoning)
        self._json: JsonLines | None = None
        self._json_at = 0
        self._pictures: PictureLines | None = None
        self._pictures_at = 0
        self._parts = self._arranged()

    @property
    def height(self) -> int:
        """The number of rows, as far as known."""
        return sum([part.height for part in self._parts])

    @property
    def code_blocks(self) -> list[Code]:
        """The code blocks of the body, in order."""
        return [block for block in self._body.blocks if isinstance(block, Code)]

    def append(self, text: str) -> None:
        """Take more of the body."""
        self._body.append(text)

    def append_reasoning(self, text: str) -> None:
        """Take more of the reasoning."""
        self._thoughts.append(text)
        self._thought += len(text)
        self._parts = self._arranged()

    def update(self, entry: Entry) -> None:
        """Show other words around the same text."""
        self.entry = entry
        self._parts = self._arranged()

    def resize(self, width: int) -> None:
        """Lay out at another width."""
        self.width = width
        self._body.resize(width)
        self._thoughts.resize(width)
        self._parts = self._arranged()

    def lay_again(self) -> None:
        """See `Document.lay_again`."""
        self._body.lay_again()
        self._thoughts.lay_again()

    def settle(self, top: int, bottom: int, anchor: int = 0) -> int:
        """See `Document.settle`."""
        moved = 0
        for start, part in self._placed():
            if isinstance(part, Text) and part.height and start < bottom + moved:
                shift = moved - start
                moved += part.document.settle(max(0, top + shift), bottom + shift, anchor + shift)
        return moved

    def rows(self, top: int, bottom: int) -> Iterator[Row]:
        """The rows between two, as far as `settle` was asked for them."""
        for start, part in self._placed():
            for line in part.between(max(0, top - start), max(0, bottom - start)):
                yield Row(line, part.look)

    def locate(self, at: int) -> Place:
        """The place of a row, for `row_of`."""
        for number, (start, part) in enumerate(self._placed()):
            if at < start + part.height:
                if isinstance(part, Text):
                    return Place(number, *part.document.locate(at - start))
                return Place(number, 0, at - start)
        return Place(0, 0, 0)

    def row_of(self, place: Place) -> int:
        """The row of a place, also after a resize."""
        for number, (start, part) in enumerate(self._placed()):
            if number == place.part:
                if isinstance(part, Text):
                    return start + part.document.row_of(place.block, place.row)
                return start + min(place.row, max(0, part.height - 1))
        return 0

    def is_fold(self, at: int) -> bool:
        """Whether a row is the line that folds and unfolds the reasoning."""
        return bool(self._fold()) and at == (3 if self.entry.day else 1)

    def node_at(self, at: int) -> Node | None:
        """The part of an answer in JSON that a row folds, if it is one."""
        return self._json.node_at(at - self._json_at) if self._json else None

    def row_of_node(self, number: int) -> int:
        """The row on which a part of an answer in JSON begins."""
        return self._json_at + (self._json.row_of(number) if self._json else 0)

    def image_at(self, at: int, cell: int) -> Image | None:
        """The image whose small picture is under a cell."""
        if self._pictures is None:
            return None
        number = self._pictures.picture_at(at - self._pictures_at, cell)
        return None if number is None else self.entry.drawn_images[number]

    def _placed(self) -> Iterator[tuple[int, Fixed | Text]]:
        """The parts, each with its first row."""
        start = 0
        for part in self._parts:
            yield start, part
            start += part.height

    def _arranged(self) -> list[Fixed | Text]:
        entry = self.entry
        look = "user" if entry.role is EntryKind.USER else "text"
        parts: list[Fixed | Text] = []
        if entry.day:
            parts.append(Fixed([self._rule(entry.day), NOTHING]))
        parts.append(Fixed([self._heading()], look))
        if fold := self._fold():
            parts.append(Fixed([fold]))
            if not entry.is_folded:
                parts.append(Text(self._thoughts, "muted"))
            parts.append(Fixed([NOTHING]))
        self._json_at = sum([part.height for part in parts])
        if entry.json is not None:
            self._json = JsonLines(entry.json, self.width)
            parts.append(Fixed(self._json.lines))
        elif entry.role is not EntryKind.NOTICE:
            parts.append(Text(self._body, look))
        self._pictures = None
        if entry.drawn_images and entry.thumbnails is not None:
            self._pictures_at = sum([part.height for part in parts])
            self._pictures = PictureLines(entry.thumbnails.pixels or (), self.width)
            parts.append(Fixed(self._pictures.lines, look))
        if entry.footer:
            parts.append(Fixed([self._line(row, "faint") for row in self._footer_rows()]))
        parts.append(Fixed([NOTHING]))
        return parts

    def _footer_rows(self) -> list[str]:
        """The footer in as many rows as it takes, each figure whole."""
        rows = [""]
        for figure in self.entry.footer.split(FIGURES):
            longer = f"{rows[-1]}{FIGURES}{figure}" if rows[-1] else figure
            if rows[-1] and cell_len(_plain(longer)) > self.width:
                rows.append(figure)
            else:
                rows[-1] = longer
        return rows

    def _heading(self) -> Line:
        entry = self.entry
        if entry.role is EntryKind.NOTICE:
            return self._rule(entry.label)
        label = FIGURES.join(filter(None, (_plain(entry.label), entry.time)))
        spans = [Span(label, f"{CHROME} role.{entry.role.value}")]
        if entry.version:
            spans.append(Span(f"  ‹{_plain(entry.version)}›", f"{CHROME} faint"))
        if entry.state is not EntryState.DONE:
            token = "live" if entry.state is EntryState.STREAMING else "state"
            spans.append(Span(f"  {entry.state.value}", f"{CHROME} {token}"))
        return self._fitted(spans)

    def _rule(self, words: str) -> Line:
        """Words in the middle of a line across the column."""
        label = f" {_plain(words)} "
        words = set_cell_size(label, min(cell_len(label), self.width))
        dashes = max(0, self.width - cell_len(words))
        spans = [
            Span("─" * (dashes // 2), f"{CHROME} rule"),
            Span(words, f"{CHROME} role.notice"),
            Span("─" * (dashes - dashes // 2), f"{CHROME} rule"),
        ]
        return Line(tuple(spans), join="")

    def _fold(self) -> Line | None:
        """The line above the reasoning, if there is any."""
        entry = self.entry
        if not self._thought:
            return None
        arrow = "▸" if entry.is_folded else "▾"
        size = f"{self._thought:,} characters"
        label = _plain(entry.reasoning_label) or "thought"
        return self._line(f"{arrow} {label} ({size})", "faint")

    def _line(self, text: str, token: str) -> Line:
        return self._fitted([Span(_plain(text), f"{CHROME} {token}")])

    def _fitted(self, spans: list[Span]) -> Line:
        """A line of decoration cut to the width."""
        text = "".join([span.text for span in spans])
        if cell_len(text) > self.width:
            end = len(set_cell_size(text, max(0, self.width - 1)).rstrip())
            spans = [*cut(spans, 0, end), Span("…", f"{CHROME} faint")]
        return Line(tuple(spans), join="")


def _plain(text: str) -> str:
    """The text on one line."""
    return " ".join(sanitize(text).split())
