"""The private names of Textual that groqchat uses, each with a way to do without it.

A private name may be gone with any release. Where Textual's version was not tried, nothing here
touches one: painting, parsing and undo are Textual's own then. ``doctor`` and the log say so.
`tests/ui/terminal/test_textual_internals` lists all names and looks for them in Textual.
"""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import textual
from textual.app import App
from textual.screen import Screen, ScreenResultType
from textual.scroll_view import ScrollView
from textual.widget import Widget

from groqchat.ui.terminal.tried import TRIED

if TYPE_CHECKING:
    from asyncio import Task
    from collections.abc import Awaitable, Callable

    from textual.binding import Binding
    from textual.document._document import EditResult as EditResult  # noqa: PLC0414 - for annotations
    from textual.document._edit import Edit as Edit  # noqa: PLC0414 - for annotations
    from textual.dom import DOMNode
    from textual.driver import Driver
    from textual.events import Key, Resize
    from textual.geometry import Size
    from textual.message import Message
    from textual.scrollbar import ScrollBar
    from textual.timer import Timer
    from textual.widgets import TextArea
    from textual.worker import Worker


@cache
def is_tried() -> bool:
    """Whether the private names may be used with the Textual that is installed.

    Textual 8.2.8 reads its version from the disk whenever it is asked for, in 0.6 ms.
    """
    return textual.__version__ in TRIED


# -- timers ---------------------------------------------------------------------------------------


class HasTimers(Protocol):
    """A widget or an app, as far as timers are concerned."""

    def set_timer(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Textual's own."""


def call_after(waiting: HasTimers, seconds: float, call: Callable[[], object]) -> Timer:
    """Call something once, so many seconds from now.

    A timer of Textual 8.2.8 that is due once never calls where the process is kept from running for
    longer than its time right after the timer's start: it takes the call for one that was missed
    and skips it.
    """
    timer = waiting.set_timer(seconds, call)
    if is_tried():
        timer._skip = False
    return timer


# -- keys -----------------------------------------------------------------------------------------


def forward_key(widget: Widget, key: Key) -> None:
    """Give a widget a key that was pressed elsewhere, in front of what its queue holds."""
    if is_tried():
        widget._forward_event(key)
    else:
        widget.post_message(key)


def bindings_of(node: DOMNode) -> dict[str, list[Binding]]:
    """The bindings of a node by their keys, to be changed; an empty copy where that is unknown."""
    return node._bindings.key_to_bindings if is_tried() else {}


def keymap_of(app: App[Any]) -> dict[str, str]:
    """The keys that the user chose, by the ids of their bindings."""
    return dict(app._keymap) if is_tried() else {}


# -- clipboard ------------------------------------------------------------------------------------


def driver_of(app: App[Any]) -> Driver | None:
    """The driver, which writes to the terminal; None where there is none, or it is unknown."""
    return app._driver if is_tried() else None


def remember_copy(app: App[Any], text: str) -> None:
    """Let Ctrl+V paste a text; where that is private, Textual copies to the terminal with it."""
    if is_tried():
        app._clipboard = text
    else:
        App.copy_to_clipboard(app, text)  # not what a subclass makes of it


# -- workers --------------------------------------------------------------------------------------


def when_ended(worker: Worker[Any], call: Callable[[], object]) -> None:
    """Call something when the task of a worker has ended, also one that never began."""
    task: Task[Any] | None = worker._task if is_tried() else None
    if task is not None:
        task.add_done_callback(lambda _task: call())


# -- undo -----------------------------------------------------------------------------------------


def next_undo(area: TextArea) -> list[Edit] | None:
    """The batch of edits that is undone next, moved to the redo stack; None if there is none."""
    return area.history._pop_undo()


def next_redo(area: TextArea) -> list[Edit] | None:
    """The batch of edits that is done again next, moved to the undo stack; None if none."""
    return area.history._pop_redo()


def show_edited(area: TextArea, edit: Edit) -> None:
    """Show a text as an edit left it.

    Textual 8.2.8 refreshes the scroll bar while the cursor still stands where the undone text was,
    and raises ValueError when that line is gone. Here the text is wrapped and the cursor moved
    first.
    """
    area.wrapped_document.wrap(area.wrap_width, area.indent_width)
    edit.after(area)
    area._refresh_size()
    area._build_highlight_map()


# -- bases of classes -----------------------------------------------------------------------------


class SeesMessages(Widget):
    """A widget that stands around the handling of each message that it gets."""

    async def handle_message(
        self, message: Message, handle: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Handle a message; ``handle`` runs the widget's own handlers."""
        await handle(message)

    async def _on_message(self, message: Message) -> None:
        await self.handle_message(message, super()._on_message)


class PaintsOnce(Screen[ScreenResultType]):
    """A screen that is not painted while it is about to be laid out and painted as a whole.

    Another size makes Textual 8.2.8 lay out and paint in one step of the event loop, and once more
    a moment later. Here it is painted then alone; keys are handled in between.
    """

    _is_due = False

    def _compositor_refresh(self) -> None:
        if not (is_tried() and self._layout_required and self._repaint_required):
            super()._compositor_refresh()
        elif not self._is_due:
            self._is_due = True
            # A timer, since what is called soon comes before a key that is there already.
            asyncio.get_running_loop().call_later(0, self._update_whole)

    def _on_timer_update(self) -> None:
        if not self._is_due:
            super()._on_timer_update()

    def _update_whole(self) -> None:
        if self.is_running:
            super()._on_timer_update()
        self._is_due = False


class QuietEnd(App[Any]):
    """An app that a bug ends without Textual's report: whoever started it logs and tells it."""

    @property
    def bug(self) -> Exception | None:
        """The bug that ended the program; None where there was none, or where it is unknown."""
        return self._exception if is_tried() else None

    def _fatal_error(self) -> None:
        if is_tried():
            self._close_messages_no_wait()
        else:
            super()._fatal_error()


class EarlySize(ScrollView):
    """A scroll view that lays itself out before the first frame of a new size is painted.

    The event of a new size comes only after a frame that shows nothing.
    """

    def sized(self, *, is_other: bool) -> None:
        """Lay out for the size there is now; ``is_other`` where it is not that of before."""
        raise NotImplementedError

    def make_scrollbar(self) -> ScrollBar:
        """The vertical scroll bar, when it is asked for first."""
        raise NotImplementedError

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The vertical scroll bar; Textual's own where another cannot be put in its place."""
        if not is_tried():
            return super().vertical_scrollbar
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = bar = self.make_scrollbar()
            bar.display = False
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        is_other = super()._size_updated(size, virtual_size, container_size, layout)
        if is_tried():
            self.sized(is_other=is_other)
        return is_other

    def on_resize(self, event: Resize) -> None:
        """Lay out late rather than never."""
        if not is_tried():
            self.sized(is_other=True)
