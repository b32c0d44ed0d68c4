"""The ranges of a text that came from files, followed through every edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.text.fences import code_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Span(NamedTuple):
    """From one place in a text up to another."""

    start: int
    end: int


class ForeignText:
    """Remembers where files stand in a text, whatever is written before, behind or within them.

    Args:
        replaced: Called when another text stands in the place of the one that was followed.
    """

    def __init__(self, replaced: Callable[[], object] = lambda: None) -> None:
        self._replaced = replaced
        self._text = ""
        self._spans: list[Span] = []
        self._files: list[str] = []

    def add(self, text: str, length: int, start: int) -> None:
        """Mark so many characters of the text, from a place on, as a file."""
        self._text = text
        self._spans.append(Span(start, start + length))
        self._files.append(text[start : start + length])

    @property
    def is_there(self) -> bool:
        """Whether the text contains files whose ranges are followed."""
        return bool(self._spans)

    def follow(self, text: str) -> None:
        """Move the ranges by the one edit that made this text."""
        if self._spans and text != self._text:
            edited = _edited(self._text, text)
            delta = len(text) - len(self._text)
            self._spans = [moved for span in self._spans for moved in _moved(span, edited, delta)]
        self._text = text

    def forget(self) -> None:
        """Forget the ranges, since another text stands there; the same files are found again."""
        self._spans.clear()
        self._replaced()

    def spans(self, text: str) -> Sequence[Span]:
        """The ranges of a text that are not the user's own words: files, and blocks of code."""
        self.follow(text)
        code = (Span(*place) for place in code_blocks(text))
        return [*self._spans, *self._brought_back(text), *code]

    def _brought_back(self, text: str) -> Iterator[Span]:
        """Files that an undo took away and a redo, or an earlier prompt, brought back."""
        for file in self._files:
            at = text.find(file)
            if at != -1:
                yield Span(at, at + len(file))


def _edited(before: str, after: str) -> Span:
    """The part of a text that an edit has replaced."""
    most = min(len(before), len(after))
    start = _alike(before, after, most)
    end = _alike(before[::-1], after[::-1], most - start)
    return Span(start, len(before) - end)


def _alike(one: str, other: str, most: int) -> int:
    """With how many characters two texts begin alike; halves are compared, which is fast."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _moved(span: Span, edited: Span, delta: int) -> Iterator[Span]:
    """The range of a file after an edit; none when all of it was replaced."""
    if span.end <= edited.start:
        yield span
    elif edited.end <= span.start:
        yield Span(span.start + delta, span.end + delta)
    elif span.start < edited.start and edited.end < span.end:
        yield Span(span.start, span.end + delta)
    elif span.start < edited.start:
        yield Span(span.start, edited.start)
    elif edited.end < span.end:
        yield Span(edited.end + delta, span.end + delta)
