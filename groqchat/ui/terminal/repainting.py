"""Widgets that are painted again where they are: their screen learns of it without a message.

Textual 8.2.8 posts a message to the widget, which posts one to its screen: a third of the messages
of a short answer.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

from groqchat.ui.terminal.textual_internals import is_tried

if TYPE_CHECKING:
    from typing import Any

_check_idle = MessagePump.check_idle
# What each screen is about to learn.
_due: WeakKeyDictionary[Screen[Any], list[Widget]] = WeakKeyDictionary()


def repaint_without_messages() -> None:
    """Let all widgets of the process be painted so, where Textual's version was tried."""
    if is_tried():
        Widget.check_idle = _check_idle_or_repaint  # type: ignore[method-assign, assignment]


def paint_now(widget: Widget) -> None:
    """Paint what has changed on a widget's screen now; Textual 8.2.8 waits for a timer."""
    if is_tried():
        _tell(widget.screen)
        widget.screen._on_timer_update()


def is_asked_for_more(widget: Widget) -> bool:
    """Whether a widget is to be laid out, scrolled or styled, which Textual has to see to."""
    return widget._layout_required or widget._scroll_required or widget._refresh_styles_required


def _check_idle_or_repaint(self: Widget) -> None:
    if self._repaint_required and not is_asked_for_more(self):
        screen = _screen_over(self)
        if screen is not None:
            self._repaint_required = False
            _note(screen, self)
            if not self._next_callbacks:
                return
    _check_idle(self)


def _screen_over(widget: Widget) -> Screen[Any] | None:
    """The screen above a widget; None where Textual has to see to it."""
    if not widget.is_running or widget._closing or isinstance(widget, Screen):
        return None
    node = widget.parent
    while node is not None and not isinstance(node, Screen):
        node = node.parent
    return node if node is not None and node.is_running else None


def _note(screen: Screen[Any], widget: Widget) -> None:
    due = _due.setdefault(screen, [])
    if not due:
        # As soon as a message would have come to the widget: a layout that is due as well is known
        # by then, and both are one frame.
        asyncio.get_running_loop().call_soon(_tell, screen)
    due.append(widget)


def _tell(screen: Screen[Any]) -> None:
    """Do what a screen does that is told to paint some widgets."""
    due = _due.pop(screen, ())
    shown = [widget for widget in due if widget._repaint_regions and widget.display]
    if shown and screen in screen._compositor:
        screen._dirty_widgets.update(shown)
        screen.check_idle()
