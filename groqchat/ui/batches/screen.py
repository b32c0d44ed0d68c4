"""The batches of this machine in a table that follows them."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key, Paste
from textual.widgets import Static
from textual.widgets.option_list import Option

from groqchat.ui.batches.rows import facts, submission_rows
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.terminal.option_list import PagedOptionList
from groqchat.ui.widgets.lone_letter import LoneLetter
from groqchat.ui.widgets.text import KeyHint, block

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from textual.widget import Widget

    from groqchat.domain.batch.submission import Submission
    from groqchat.domain.errors.tree import GroqchatError

# The server is asked so often while the window is open, in seconds.
REFRESH_S = 5.0
# Cells of the frame, its padding and the list's own.
_AROUND = 6
_NONE = (
    "No batch was submitted from this machine. `groqchat batch submit FILE -m MODEL` submits one, "
    "at half the price."
)


class BatchAction(Enum):
    """The actions on a batch."""

    RESUBMIT = "resubmit"
    CANCEL = "cancel"
    SAVE = "save"


BatchWish = tuple[BatchAction, "Submission"]


class BatchScreen(Dialog[BatchWish]):
    """The list of batches; returns the chosen action and its batch, or None when it is closed.

    Args:
        submissions: The batches as they stood last.
        refreshed: Gives them as the server tells them now, and an error if there was one.
        said: The result of the last action.
        last: The id of the batch of that action.
    """

    DEFAULT_CSS = """
    BatchScreen > #frame { max-width: 120; }
    BatchScreen #batches {
        height: auto; max-height: 60%; min-height: 1; border: none; padding: 0;
        background: $surface; text-wrap: nowrap; text-overflow: ellipsis;
        scrollbar-size-vertical: 1;
    }
    BatchScreen #batches:focus { background-tint: transparent; }
    BatchScreen #batches > .option-list--option-highlighted {
        background: $block-cursor-background; color: $block-cursor-foreground;
        text-style: $block-cursor-text-style;
    }
    BatchScreen #heads { height: 1; text-wrap: nowrap; }
    BatchScreen.-short #heads, BatchScreen.-low #heads { display: none; }
    BatchScreen #said { margin: 1 0 0 0; }
    BatchScreen.-short #said { margin: 0; max-height: 5; }
    BatchScreen.-short #batches { max-height: 4; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (8, "-short"), (20, "-high")]  # noqa: RUF012  # as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "wish('r')", show=False),
        Binding("x", "wish('x')", show=False),
        Binding("s", "wish('s')", show=False),
    ]
    heading = "Batches"
    purpose = (
        "The batches that were submitted from this machine: how far they are, and what they cost."
    )
    guide = "batch"
    _wishes: ClassVar = {
        "r": BatchAction.RESUBMIT,
        "x": BatchAction.CANCEL,
        "s": BatchAction.SAVE,
    }

    def __init__(
        self,
        submissions: Sequence[Submission],
        refreshed: Callable[
            [Sequence[Submission]], Awaitable[tuple[Sequence[Submission], GroqchatError | None]]
        ],
        said: str = "",
        last: str = "",
    ) -> None:
        self._submissions = list(submissions)
        super().__init__()
        self._refreshed = refreshed
        self._words = said
        self._last = last
        self._problem = ""
        self._is_asking = False
        self._lone = LoneLetter(self, self.action_wish, lambda text: self._write_below(Paste(text)))

    def content(self) -> Iterable[Widget]:
        """The list, and below it what is known of the selected row."""
        self._heads = Static(id="heads", markup=False)
        self._list = PagedOptionList(id="batches", markup=False)
        self._said = Static(id="said", markup=False)
        return (self._heads, self._list, self._said)

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the list."""
        if not self._submissions:
            return (CLOSE,)
        return (
            KeyHint("s", "save results", "s"),
            KeyHint("r", "resubmit failed", "r"),
            KeyHint("x", "cancel", "x"),
            CLOSE,
        )

    def on_mount(self) -> None:
        """Show what is known, then ask the server again and again."""
        self._list.focus()
        self._show()
        places = [
            place
            for place, submission in enumerate(self._submissions)
            if submission.id == self._last
        ]
        self._list.highlighted = next(iter(places), 0) if self._submissions else None
        self._describe()
        self._ask()
        self.set_interval(REFRESH_S, self._ask)

    def on_resize(self) -> None:
        """Lay the rows out anew."""
        if self.is_mounted:
            self._show()

    def on_option_list_option_highlighted(self, event: PagedOptionList.OptionHighlighted) -> None:
        """Say all that is known of it."""
        event.stop()
        self._describe()

    def on_key(self, event: Key) -> None:
        """A letter acts where it stays alone; a text that was meant for the chat goes there."""
        if event.character in self._wishes or self._lone.is_waiting:
            self._lone.take(event, self._wishes)

    def action_wish(self, letter: str) -> None:
        """Leave it to the chat to do something with the highlighted batch."""
        if (submission := self._submission) is not None:
            self.finish((self._wishes[letter], submission))

    # -- following ----------------------------------------------------------------------------

    def _ask(self) -> None:
        """Ask the server in a worker, unless it is being asked or nothing is under way."""
        if not self._is_asking and any(not submission.is_over for submission in self._submissions):
            self._is_asking = True
            self.run_worker(self._follow(), group="follow")

    async def _follow(self) -> None:
        try:
            submissions, error = await self._refreshed(self._submissions)
        finally:
            self._is_asking = False
        self._submissions = list(submissions)
        self._problem = f"{error.message} {error.suggestion}" if error else ""
        self._show()
        self._describe()

    # -- words --------------------------------------------------------------------------------

    @property
    def _submission(self) -> Submission | None:
        place = self._list.highlighted
        return (
            None if place is None or place >= len(self._submissions) else self._submissions[place]
        )

    @property
    def _width(self) -> int:
        width = self.app.size.width
        frame = width if self.has_class("-narrow") else min(120, width * 9 // 10)
        return max(1, frame - _AROUND)

    def _show(self) -> None:
        """Show the rows, and keep the place."""
        heads, *rows = submission_rows(self._submissions, self._width)
        self._heads.update(heads if rows else "")
        if self._list.option_count != len(rows):
            self._list.clear_options()
            self._list.add_options(Option(row) for row in rows)
            return
        for place, row in enumerate(rows):
            self._list.replace_option_prompt_at_index(place, row)

    def _describe(self) -> None:
        """The facts about the highlighted batch, and what was said last."""
        submission = self._submission
        lines = [] if submission else [Content(_NONE)]
        if submission is not None:
            lines = [
                Content.assemble((f"{name:<13}", "$text-muted"), words)
                for name, words in facts(submission)
            ]
        news = [
            Content.styled(block(words, 600), colour)
            for words, colour in (
                (self._words, "$text-accent"),
                (self._problem, "$text-warning"),
            )
            if words
        ]
        is_short = self.has_class("-short")  # the last lines do not fit there
        self._said.update(Content("\n").join([*news, *lines] if is_short else [*lines, *news]))
