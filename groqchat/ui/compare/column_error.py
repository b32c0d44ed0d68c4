"""The error of a column of a comparison, laid out anew whenever the column changes its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from groqchat.ui.widgets.text import KeyHint, block, cut, cut_before_the_end, key_lines, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size

    from groqchat.domain.errors.tree import GroqchatError

LONGEST_WORDS = 600


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """The words of an error, and the keys that help. The keys are never cut.

    Attributes:
        title: A few words with the status code.
        said: What happened, and the advice.
        hints: The keys.
    """

    title: str = ""
    said: str = ""
    hints: Sequence[KeyHint] = ()

    def lines(self, width: int, room: int) -> list[Content]:
        """Lay the words out: the keys whole, then as much of title and words as there is room for.

        Args:
            width: The width of a line in cells.
            room: How many lines there may be.
        """
        keys = key_lines(self.hints, width)
        title = Content.styled(line(self.title, 200), "bold").wrap(width)
        left = max(0, room - len(keys))
        title = cut(title, max(1, left - 1)) if left else []
        left -= len(title)
        said = cut_before_the_end(self.said, width, left) if left else []
        return [*title, *said, *keys][: max(1, room)]


def error_words(
    error: GroqchatError, advice: str, *, replacement: str | None, hides_names: bool
) -> ErrorWords:
    """The words of an error in a column.

    Args:
        error: The error.
        advice: The advice in words.
        replacement: The model that may answer instead; None where there is none.
        hides_names: Whether names are hidden, so that only the title may be shown.
    """
    hints = [KeyHint("r", "retry", "r")]
    if replacement and not hides_names:
        hints.append(KeyHint("m", f"take {line(replacement, 60)}", "m"))
    said = block(f"{error.message} {advice}", LONGEST_WORDS)
    hidden = "Vote first: the rest would reveal the name."
    return ErrorWords(error.title, hidden if hides_names else said, hints)


class ColumnError(Widget):
    """The error of a column: its title, what happened, and the keys that help."""

    DEFAULT_CSS = """
    ColumnError {
        height: auto; max-height: 50%; display: none; padding: 0 1; color: $text-error;
    }
    """
    _words = ErrorWords()

    def show(self, words: ErrorWords) -> None:
        """Show these words from now on."""
        self._words = words
        self.refresh(layout=True)

    def render(self) -> Content:
        """The words in the room that there is."""
        width, room = max(1, self.content_size.width), self.content_size.height
        return Content("\n").join(self._words.lines(width, room))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The number of lines that all words take."""
        return len(self._words.lines(max(1, width), LONGEST_WORDS))
