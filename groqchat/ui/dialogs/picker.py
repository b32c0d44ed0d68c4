"""Choosing one of many: a line to type in, the rows that match, and words about one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.sessions.queries import QueryError
from groqchat.ui.dialogs.dialog import CLOSE, Dialog, T
from groqchat.ui.terminal.option_list import PagedOptionList
from groqchat.ui.terminal.textual_internals import call_after
from groqchat.ui.widgets.text import KeyHint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.timer import Timer
    from textual.widget import Widget

Row = tuple[Content, T]

DEBOUNCE_S = 0.15


class Picker(Dialog[T], Generic[T]):
    """A list that follows what is typed; the arrows move in it while one types.

    Args:
        query: What stands in the line at first.
    """

    DEFAULT_CSS = """
    Picker > #frame { height: 85%; }
    Picker.-narrow > #frame { height: 100%; }
    Picker #rows {
        height: 1fr; min-width: 12; min-height: 1; border: none; padding: 0; margin-top: 1;
        background: $surface; text-wrap: nowrap; text-overflow: ellipsis;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
    }
    Picker #rows > .option-list--option { padding: 0 1; }
    Picker #rows > .option-list--option-highlighted {
        background: $block-cursor-background; color: $block-cursor-foreground;
        text-style: $block-cursor-text-style;
    }
    Picker #said { max-height: 9; padding: 0 1; margin: 1 0; }
    Picker.-short #rows { margin: 0; }
    Picker.-short #said { margin: 0; max-height: 2; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (8, "-short"), (20, "-high")]  # noqa: RUF012  # as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move('cursor_up')", show=False),
        Binding("down", "move('cursor_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
    ]

    asks = ""
    nothing = "Nothing matches."

    def __init__(self, query: str = "") -> None:
        super().__init__()
        self._first_query = query
        self._rows: Sequence[Row[T]] = ()

    def content(self) -> Iterable[Widget]:
        """The line, the rows, the words."""
        self.line = Input(self._first_query, placeholder=self.asks, id="query")
        self.rows = PagedOptionList(id="rows", markup=False)
        self.rows.can_focus = False
        self.said = Static(id="said", markup=False)
        return (self.line, self.rows, self.said)

    def hints(self) -> Sequence[KeyHint]:
        """The keys: Enter takes the highlighted row."""
        return (KeyHint("Enter", "choose", "enter"), KeyHint("↑↓", "move"), CLOSE)

    def on_mount(self) -> None:
        """Ready to type, or to choose."""
        self._give_focus()
        self.narrow(self._first_query)

    def _give_focus(self) -> None:
        self.line.focus()

    # -- for subclasses -----------------------------------------------------------------------

    def narrow(self, query: str) -> None:
        """Show the rows for what was typed."""
        raise NotImplementedError

    def describe(self, value: T) -> Content:
        """Words about the highlighted row."""
        raise NotImplementedError

    def choose(self, value: T) -> None:
        """Enter or a click on a row."""
        self.finish(value)

    # -- rows ---------------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[Row[T]], highlighted: int = 0) -> None:
        """Show these rows."""
        self._rows = rows
        self.rows.clear_options()
        self.rows.add_options([Option(words) for words, _ in rows])
        self.rows.highlighted = highlighted if rows else None
        if not rows:
            self.rows.add_option(Option(Content.styled(self.nothing, "$text-muted"), disabled=True))
            self.said.update("")

    @property
    def row_width(self) -> int:
        """The cells a row may take."""
        return max(10, self.rows.scrollable_content_region.width - 2)

    @property
    def highlighted(self) -> T | None:
        """The value of the highlighted row."""
        place = self.rows.highlighted
        return None if place is None or place >= len(self._rows) else self._rows[place][1]

    async def action_move(self, how: str) -> None:
        """Move the highlight while the line keeps the focus."""
        await self.rows.run_action(how)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow what is typed in the line."""
        event.stop()
        if event.input is self.line:
            self.narrow(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the highlighted row."""
        event.stop()
        if event.input is self.line:
            self.take_highlighted()

    def take_highlighted(self) -> None:
        """Choose the highlighted row, if there is one."""
        value = self.highlighted
        if value is not None:
            self.choose(value)

    def on_option_list_option_highlighted(self, event: PagedOptionList.OptionHighlighted) -> None:
        """Say more about it."""
        event.stop()
        value = self.highlighted
        self.said.update("" if value is None else self.describe(value))

    def on_option_list_option_selected(self, event: PagedOptionList.OptionSelected) -> None:
        """Take the row that was clicked."""
        event.stop()
        self.choose(self._rows[event.option_index][1])


class FewPicker(Picker[T], Generic[T]):
    """A picker of a few rows, in which nothing is typed.

    It opens once something has been reckoned, while one may be writing on: letters close it and go
    on in the prompt, as in any window without a field.
    """

    def _give_focus(self) -> None:
        self.line.display = False
        self.rows.can_focus = True
        self.rows.focus()


class LivePicker(Picker[T], Generic[T]):
    """A picker whose rows are looked up, shortly after the last key and off the event loop."""

    _timer: Timer | None = None
    _answered: str | None = None
    _is_awaited = False

    async def look_up(self, query: str) -> Sequence[Row[T]]:
        """The rows for what was typed; may raise ``GroqchatError`` or ``QueryError``."""
        raise NotImplementedError

    def narrow(self, query: str) -> None:
        """Look up when the typing pauses."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = call_after(self, DEBOUNCE_S, lambda: self._start(query))

    def _start(self, query: str) -> None:
        self.run_worker(self._look(query), group="look-up", exclusive=True)

    async def _look(self, query: str) -> None:
        try:
            rows = await self.look_up(query)
        except QueryError as mistake:
            self.show_rows(())
            self.said.update(Content(str(mistake)))
        except GroqchatError as error:
            self.show_rows(())
            self.said.update(Content(f"{error.message} {error.suggestion}"))
        else:
            self.show_rows(rows)
        self._answered = query
        if self._is_awaited:
            self.take_highlighted()

    def take_highlighted(self) -> None:
        """Take the highlighted row; before the look-up has ended, wait for its first one."""
        self._is_awaited = self._answered != self.line.value
        if not self._is_awaited:
            super().take_highlighted()
