"""The widget of one column of a comparison: messages, error and figures."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from groqchat.domain.compare.compare import MEASURES
from groqchat.domain.text.humanize import BEST
from groqchat.ui.compare.column_error import ColumnError, error_words
from groqchat.ui.dialogs.image_viewer import first_named, show_images
from groqchat.ui.transcript.view import Transcript
from groqchat.ui.widgets.rows import Rows
from groqchat.ui.widgets.text import fitting, line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.events import Click, Key

    from groqchat.domain.compare.compare import Figures, Measure
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.images.ports import ImageStore
    from groqchat.ui.transcript.frame_pacer import FramePacer

LABEL_WIDTH = 13
# The cells that a border takes beside its words: a corner, a line and a space on either side.
FRAME = 6
# The number of rows of figures, by the least height of the screen.
ROWS_BY_HEIGHT = ((36, 10), (28, 5), (18, 3), (0, 1))


class Phase(StrEnum):
    """The phase of a column's turn; the value is its mark on the screen."""

    READY = "○"
    WAITING = "◌"
    ANSWERING = "●"
    ANSWERED = "✓"
    STOPPED = "■"
    FAILED = "✗"


class ColumnFigures(Rows):
    """The figures below the messages."""

    def __init__(self, *, id: str | None = None) -> None:
        self._given: list[Content] = []
        super().__init__(id=id)

    def show(self, rows: list[Content]) -> None:
        """Show these rows."""
        self._given = rows
        self.renew()

    def made_rows(self) -> list[Content]:
        """The rows that are shown."""
        return self._given


class CompareColumn(Vertical, can_focus=True):
    """A column. Letters without a meaning here are handed on to the prompt.

    Args:
        number: The place of the column, from 0.
        pacer: Decides when new text is shown; all columns share one.
        write_on: Takes the keys that belong to the prompt.
    """

    DEFAULT_CSS = """
    CompareColumn {
        width: 1fr; height: 1fr; padding: 0; background: $background;
        border: round $border-blurred;
        border-title-color: $text-muted; border-subtitle-color: $text-muted;
    }
    CompareColumn:focus { border: heavy $accent; }
    CompareColumn.-winner { border: round $success; }
    CompareColumn.-winner:focus { border: heavy $success; }
    CompareColumn > Transcript { height: 1fr; }
    CompareColumn.-failed > ColumnError { display: block; }
    CompareColumn > #figures {
        height: auto; padding: 0 1; border-top: hkey $border-blurred; display: none;
    }
    CompareColumn.-measured > #figures { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_text('up')", show=False),
        Binding("down,j", "scroll_text('down')", show=False),
        Binding("pageup", "scroll_text('page_up')", show=False),
        Binding("pagedown", "scroll_text('page_down')", show=False),
        Binding("home", "scroll_text('home')", show=False),
        Binding("end", "scroll_text('end')", show=False),
        # The scrolling container around the columns would take these keys otherwise.
        Binding("left", "screen.go(-1)", show=False),
        Binding("right", "screen.go(1)", show=False),
    ]

    def __init__(
        self, number: int, pacer: FramePacer, write_on: Callable[[Key], None] = lambda _: None
    ) -> None:
        super().__init__()
        self.number = number
        self._write_on = write_on
        self.images: ImageStore | None = None
        """Where the images of prompts are kept."""
        self.phase, self.words = Phase.READY, ""
        self.transcript = Transcript()
        self.transcript.can_focus = False
        self.transcript.pacer = pacer
        self._error = ColumnError(id="error")
        self._figures = ColumnFigures(id="figures")

    def compose(self) -> ComposeResult:
        """Messages, error, figures."""
        yield self.transcript
        yield self._error
        yield self._figures

    def show_name(self, name: str, *, is_winner: bool = False, details: str = "") -> None:
        """Write the name above the column, with the key that votes for it and its options."""
        crown = f" {BEST} winner" if is_winner else ""
        self.border_title = Content.assemble(
            (str(self.number + 1), "bold $accent"),
            f" {line(name, 60)}",
            (crown, "bold $text-success"),
            f" · {line(details, 60)}" if details else "",
        )
        self.set_class(is_winner, "-winner")

    def show_phase(self, phase: Phase, words: str = "") -> None:
        """Write the phase below the column."""
        self.phase, self.words = phase, words
        self.border_subtitle = Content(f"{phase} {line(words, 80)}".rstrip())

    def show_forecast(self, figures: Sequence[str], *, fits: bool) -> None:
        """Write below the column what the next prompt would take; the phase is kept for later."""
        mark = Phase.READY if fits else Phase.WAITING
        first, *rest = [Content(line(figure, 80)) for figure in figures]
        room = self.size.width - FRAME
        words = fitting([Content(f"{mark} ") + first, *rest], room)
        self.border_subtitle = words if fits else words.stylize("$text-warning")

    def show_error(
        self,
        error: GroqchatError | None,
        advice: str = "",
        *,
        replacement: str | None = None,
        hides_names: bool = False,
    ) -> None:
        """Show an error with advice and the keys that help; None removes it."""
        self.set_class(error is not None, "-failed")
        if error is None:
            return
        self._error.show(
            error_words(error, advice, replacement=replacement, hides_names=hides_names)
        )

    def show_figures(self, figures: Figures, best: Sequence[Measure], *, is_rough: bool) -> None:
        """Write the figures, those in ``best`` marked; those of a growing answer are rough."""
        self.add_class("-measured")
        rows = next(rows for height, rows in ROWS_BY_HEIGHT if self.app.size.height >= height)
        measures = [measure for measure in MEASURES if not is_rough or measure.of(figures)][:rows]
        lines = []
        for measure in measures:
            text = measure.text(figures)
            is_marked = text.startswith("≈") or measure.label == "first token"
            written = f"≈ {text}" if is_rough and not is_marked else text
            label = Content.styled(f"{measure.label:<{LABEL_WIDTH}}", "$text-muted")
            value = (
                Content.styled(f"{written} {BEST}", "bold $text-success")
                if measure in best
                else Content(written)
            )
            lines.append(label + value)
        lines += [Content()] * (rows - len(lines))
        self._figures.show(lines)

    def clear_figures(self) -> None:
        """Empty the rows of figures, which keep their room."""
        self._figures.show([Content()] * len(self._figures.made_rows()))

    def hide_figures(self) -> None:
        """Hide the figures, which would reveal the model."""
        self.remove_class("-measured")

    def action_scroll_text(self, where: str) -> None:
        """Scroll the messages."""
        transcript = self.transcript
        page = max(1, transcript.window.height - 2)
        match where:
            case "up" | "down":
                transcript.scroll_relative(y=-1 if where == "up" else 1, animate=False)
            case "page_up" | "page_down":
                transcript.scroll_relative(y=-page if where == "page_up" else page, animate=False)
            case "home":
                transcript.action_home()
            case _:
                transcript.follow()

    def on_transcript_images_asked(self, event: Transcript.ImagesAsked) -> None:
        """Show the image that was clicked."""
        event.stop()
        small = self.transcript.entry(event.entry_id).thumbnails
        if small is not None:
            first = first_named(small.images, event.words)
            shown = show_images(small.images, self.images, self.app.push_screen_wait, first=first)
            self.run_worker(shown)

    def on_click(self, event: Click) -> None:
        """Focus the column."""
        self.focus(scroll_visible=False)

    def on_key(self, event: Key) -> None:
        """Hand a letter without a meaning here on to the prompt.

        Keys that come in the same moment as such a letter, and behind it, are handed on too.
        """
        is_writing = self.screen.focused is not self
        is_text = event.is_printable and event.character
        if is_writing or (is_text and event.key not in self.screen.active_bindings):
            event.stop()
            self._write_on(event)
