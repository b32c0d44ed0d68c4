"""The queued prompts of a session, above the composer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from groqchat.domain.sessions.prompt_queue import Pause
from groqchat.domain.text.humanize import count
from groqchat.ui.widgets.text import fitting, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size

# From this height of the screen on, in rows, prompts are listed below the first line.
HIGH = 18
# The most prompts that are listed, the next ones; the first line counts all.
MOST_LISTED = 3
# From this width on, in columns, the key that goes on is told in full.
_ROOM_FOR_WORDS = 66
_GAP = "  "


class Fit(Enum):
    """Whether a prompt fits what is left of the tokens per minute once those before it are sent."""

    NOW = auto()
    LATER = auto()
    COMPACTED = auto()
    NEVER = auto()


@dataclass(frozen=True, slots=True)
class QueuedRow:
    """A queued prompt, the estimated tokens of its request (None: unknown), and whether it fits."""

    text: str
    tokens: int | None = None
    fit: Fit = Fit.NOW


class PromptQueueView(Widget):
    """How many prompts are queued and what happens next; the next prompts with their sizes.

    Where the screen is low it is one line, and nothing where nothing is queued.
    """

    DEFAULT_CSS = """
    PromptQueueView { height: auto; padding: 0 1; color: $text-muted; display: none; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[QueuedRow] = ()
        self._pause: Pause | None = None
        self._room = ""

    def show(self, rows: Sequence[QueuedRow], pause: Pause | None, room: str) -> None:
        """Show a queue.

        Args:
            rows: The queued prompts, the next one first.
            pause: Why nothing is sent, if nothing is.
            room: What is left of the limit that the prompts are measured against.
        """
        if (rows, pause, room) == (self._rows, self._pause, self._room):
            return
        is_other_height = len(rows) != len(self._rows)
        self._rows, self._pause, self._room = rows, pause, room
        if is_other_height:
            self.display = bool(rows)
        if rows or is_other_height:  # what is left of a limit changes once a second
            self.refresh(layout=is_other_height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One row for the queue, and one for each listed prompt where the screen is high."""
        is_high = viewport.height >= HIGH
        return 1 + (min(len(self._rows), MOST_LISTED) if is_high else 0)

    def render(self) -> Content:
        """The queue in a line, then the next prompts."""
        width, height = self.content_size
        listed = [_row(row, width) for row in self._rows[: height - 1]]
        return Content("\n").join([fitting(self._words(width), width), *listed])

    def _words(self, width: int) -> list[Content]:
        """What is queued and what the keys do, the most important first."""
        queued = f"{count(len(self._rows))} queued"
        if self._pause is None:
            head, words = queued, ["↑ takes the last back", "Esc stops and pauses"]
        elif self._pause is Pause.EDITED:
            head, words = f"{queued}, held", ["Enter queues it again"]
        elif self._pause is Pause.TOO_LONG:
            enter = "Enter in the empty composer: choices"
            enter = enter if width >= _ROOM_FOR_WORDS else "Enter: choices"
            head, words = f"{queued}, too long", [enter, "↑ takes the last back"]
        else:
            enter = "Enter in the empty composer" if width >= _ROOM_FOR_WORDS else "Enter"
            head, words = f"{queued}, paused", [f"{enter} goes on", "↑ takes the last back"]
        style = "bold $text-warning" if self._pause else "bold"
        return [Content.styled(head, style), *map(Content, filter(None, (*words, self._room)))]


def _row(row: QueuedRow, width: int) -> Content:
    """A prompt on one line, with its size at the right."""
    size = _size(row)
    room = max(8, width - size.cell_length - len(_GAP))
    text = Content(line(row.text)).truncate(room, ellipsis=True, pad=True)
    return Content.assemble(text, _GAP, size) if size.cell_length < width // 2 else text


def _size(row: QueuedRow) -> Content:
    if row.tokens is None:
        return Content("")
    tokens = f"≈ {count(row.tokens)} tokens"
    match row.fit:
        case Fit.COMPACTED:
            return Content.styled(f"{tokens}, compacts first", "$text-warning")
        case Fit.LATER:
            return Content.styled(f"{tokens}, waits for TPM", "$text-warning")
        case Fit.NEVER:
            return Content.styled(f"{tokens}, never fits TPM", "$text-error")
    return Content(tokens)
