"""Chips: a long part of a prompt, such as a file, stands in the text area as one short label.

A label is ordinary text there, so that undo and redo know nothing of chips. What is sent, saved
and estimated is the whole text, in which each label is replaced by its content; a draft remembers
which parts of it were chips.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.images.image import cost_words, images_in
from groqchat.domain.sessions.draft import ChipMark, KeptDraft
from groqchat.domain.text.fences import attached, attached_blocks
from groqchat.domain.text.humanize import counted, size
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from groqchat.domain.images.image import Image

LONG_LINES, LONG_CHARACTERS = 20, 2_000
"""A text with more lines or characters is long: it becomes a chip when it is pasted."""
_LONGEST_NAME = 28
# The characters of all contents that are remembered for texts which come back.
_MOST_REMEMBERED = 32 * 2**20


class ChipKind(StrEnum):
    """Where the content of a chip came from."""

    FILE = "file"
    PASTE = "paste"
    PAGE = "page"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of a prompt that is shown as a label.

    Attributes:
        kind: Where it came from.
        name: The file's name, or other words for it.
        content: The text that stands for it in the whole prompt, in drafts and in the history,
            never empty. What is no text has a line here that refers to it.
        inner: The part of it that a reader wants to see: the file without the fence around it.
    """

    kind: ChipKind
    name: str
    content: str
    inner: str

    def measure(self, tokens_of: Callable[[str], int] | None = None) -> str:
        """The size and the estimated tokens of the content.

        Args:
            tokens_of: Estimates the tokens of a text; None: nothing is known of the model.
        """
        if self.kind is ChipKind.IMAGE:
            return f"{self.inner} · {cost_words(1)}"
        if tokens_of is None:
            from groqchat.domain.turns.token_estimate import estimate_tokens  # not at first

            tokens = round(estimate_tokens(self.content))
        else:
            tokens = tokens_of(self.content)
        return f"{size(len(self.inner.encode(errors='replace')))} · ≈ {counted(tokens, 'token')}"


class Place(NamedTuple):
    """A chip in a text: from one character up to another."""

    start: int
    end: int
    chip: Chip


def file_chip(name: str, text: str) -> Chip:
    """The chip of a text with a name; it is sent as a block of code below that name."""
    inner = "\n".join(text.splitlines())
    return Chip(ChipKind.FILE, name, attached(name, inner), inner)


def paste_chip(text: str) -> Chip:
    """The chip of a text that was pasted; it is sent as it is."""
    return Chip(ChipKind.PASTE, "pasted text", text, text)


def image_chip(image: Image) -> Chip:
    """The chip of an image, whose mark stands in the text."""
    return Chip(ChipKind.IMAGE, image.name, image.mark, f"{image.width}×{image.height}")


def _kept_chip(kind: ChipKind, name: str, content: str) -> Chip:
    """The chip that has this content; what a reader wants to see is read from that."""
    if kind is ChipKind.IMAGE and (images := list(images_in(content))):
        return image_chip(images[0])
    blocks = list(attached_blocks(content)) if kind in {ChipKind.FILE, ChipKind.PAGE} else []
    is_one = len(blocks) == 1 and blocks[0][:2] == (0, len(content))
    return Chip(kind, name, content, blocks[0][3] if is_one else content)


def is_long(text: str) -> bool:
    """Whether a text is so long that it is shown as a chip."""
    return len(text) > LONG_CHARACTERS or text.count("\n") >= LONG_LINES


class Chips:
    """The chips of one text area, known by their labels.

    ``tokens_of`` estimates the tokens of a text for the model that is asked, once that is known.
    """

    def __init__(self) -> None:
        self.tokens_of: Callable[[str], int] | None = None
        self._by_label: dict[str, Chip] = {}
        self._labels: dict[str, str] = {}
        self._last = "", ""

    def label(self, chip: Chip) -> str:
        """The label of a chip, which is remembered with it: ``[report.csv · 12 kB · …]``."""
        if chip.content not in self._labels:
            own, measure, number = line(chip.name, _LONGEST_NAME), chip.measure(self.tokens_of), 1
            label = f"[{own} · {measure}]"
            while label in self._by_label:
                number += 1
                label = f"[{own} {number} · {measure}]"
            self._by_label[label], self._labels[chip.content] = chip, label
            self._last = "", ""
        return self._labels[chip.content]

    def places(self, shown: str) -> list[Place]:
        """The chips in a text with labels, in their order."""
        if "[" not in shown:
            return []
        found = [
            Place(start, start + len(label), chip)
            for label, chip in self._by_label.items()
            for start in _all(label, shown)
        ]
        return sorted(found, key=lambda place: place.start)

    def without_last(self, shown: str) -> str:
        """A text with labels, without those at its end and the blanks before them."""
        end = len(shown.rstrip())
        for place in reversed(self.places(shown)):
            if shown[place.end : end].strip():
                break
            end = len(shown[: place.start].rstrip())
        return shown[:end]

    def whole(self, shown: str) -> str:
        """A text with the contents in place of the labels."""
        if shown != self._last[0]:
            parts, at = [], 0
            for place in self.places(shown):
                parts += [shown[at : place.start], place.chip.content]
                at = place.end
            self._last = shown, "".join([*parts, shown[at:]])
        return self._last[1]

    def kept(self, shown: str) -> KeptDraft:
        """The whole of a text with labels, and where its chips are in it."""
        marks, longer = [], 0
        for start, end, chip in self.places(shown):
            at = start + longer
            longer += len(chip.content) - (end - start)
            marks.append(ChipMark(chip.kind, chip.name, at, at + len(chip.content)))
        return KeptDraft(self.whole(shown), tuple(marks))

    def remember(self, draft: KeptDraft) -> None:
        """Know the chips of a draft, so that its text is shown with their labels."""
        for kind, name, start, end in draft.chips:
            if content := draft.text[start:end]:
                self.label(_kept_chip(ChipKind(kind), name, content))

    def shown(self, whole: str) -> str:
        """A text with labels in place of contents that are known here, of images and long files."""
        for image in images_in(whole):
            self.label(image_chip(image))
        blocks = [block for block in attached_blocks(whole) if is_long(block[3])]
        for content in sorted(self._labels, key=len, reverse=True):
            at = whole.find(content)
            within = (start < at and at + len(content) < end for start, end, *_ in blocks)
            if at != -1 and not any(within):
                parts = whole[:at], whole[at + len(content) :]
                return self._labels[content].join(map(self.shown, parts))
        if not blocks:
            return whole
        start, end, name, inner = blocks[0]
        label = self.label(Chip(ChipKind.FILE, name, whole[start:end], inner))
        return f"{whole[:start]}{label}{self.shown(whole[end:])}"

    def forget_others(self, shown: str) -> None:
        """Forget the oldest chips that are not in a text, where all of them are very long."""
        kept = {place.chip.content for place in self.places(shown)}
        room = _MOST_REMEMBERED
        for content, label in reversed(list(self._labels.items())):
            room -= len(content)
            if room < 0 and content not in kept:
                del self._labels[content], self._by_label[label]


def _all(label: str, text: str) -> Iterator[int]:
    at = text.find(label)
    while at != -1:
        yield at
        at = text.find(label, at + len(label))
