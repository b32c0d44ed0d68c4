"""The texts in a prompt that may be too long for one request, whether or not they are chips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.prompts.subject import subject_of
from groqchat.ui.widgets.attaching.chips import ChipKind, is_long, paste_chip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.ui.widgets.attaching.chip_area import ChipArea
    from groqchat.ui.widgets.attaching.chips import Chip


def long_texts(area: ChipArea, text: str) -> list[Chip]:
    """The chips of a prompt, and what was written at length, as chips that would stand for it.

    Args:
        area: Where the prompt stands.
        text: The prompt, of which the area may hold more.
    """
    return [chip for chip in _all(area) if chip.content in text]


def _all(area: ChipArea) -> Iterator[Chip]:
    at, shown = 0, area.shown
    for start, end, chip in area.chips.places(shown):
        yield from _written(shown[at:start])
        if chip.kind is not ChipKind.IMAGE:
            yield chip
        at = end
    yield from _written(shown[at:])


def _written(words: str) -> Iterator[Chip]:
    if is_long(words) and is_long(subject := subject_of(words)):
        yield paste_chip(subject)
