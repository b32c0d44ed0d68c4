"""Finds the handlers of a message by what was found for its kind before.

Textual 8.2.8 looks through all bases of a widget for each message, and again when the widget is
idle, and prepares a line for its console of developers: a tenth of what a short answer costs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from textual import Logger, constants, message_pump
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget

from groqchat.ui.terminal.repainting import is_asked_for_more
from groqchat.ui.terminal.textual_internals import is_tried

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

# The bases that handle a kind of message and the names of their methods; None where a decorator has
# to say so, which looks at the widget that a message comes from.
_Handlers = tuple[tuple[type, str], ...] | None

_known: dict[tuple[type[MessagePump], type[Message], str], _Handlers] = {}
_look_through_all = MessagePump._get_dispatch_methods
_check_refresh = Widget._check_refresh


class _Unheard(Logger):
    """Textual's log of messages where nobody reads it; each line costs as much as a handler."""

    @property
    def event(self) -> Logger:
        return self

    def verbosity(self, verbose: bool) -> Logger:
        return self

    def __call__(self, *args: object, **kwargs: object) -> None:
        pass


def remember_handlers() -> None:
    """Let all widgets of the process find their handlers so, where Textual's version was tried."""
    if is_tried():
        MessagePump._get_dispatch_methods = _remembered  # type: ignore[method-assign]
        Widget._check_refresh = _refresh_where_required  # type: ignore[method-assign]
        if not (constants.LOG_FILE or "devtools" in os.environ.get("TEXTUAL", "")):
            message_pump.log = _Unheard(None)  # type: ignore[attr-defined]


def _remembered(
    self: MessagePump, method_name: str, message: Message
) -> Iterable[tuple[type, Callable[[Message], Awaitable[Any]]]]:
    """The handlers of a message with their classes, in Textual's order."""
    key = type(self), type(message), method_name
    if key not in _known:
        _known[key] = _handlers(*key)
    if (known := _known[key]) is None:
        yield from _look_through_all(self, method_name, message)
        return
    for base, name in known:
        if message._no_default_action:
            return
        yield base, base.__dict__[name].__get__(self, base)


def _handlers(pump: type[MessagePump], message: type[Message], method_name: str) -> _Handlers:
    kinds = [base for base in message.__mro__ if issubclass(base, Message)]
    found = list[tuple[type, str]]()
    for base in pump.__mro__:
        own = base.__dict__
        if any(kind in own.get("_decorated_handlers", ()) for kind in kinds):
            return None
        name = f"_{method_name}" if own.get(f"_{method_name}") else method_name
        if (method := own.get(name)) is not None and not hasattr(method, "_textual_on"):
            found.append((base, name))
    return tuple(found)


def _refresh_where_required(self: Widget) -> None:
    """Look at what was asked for; mostly nothing was."""
    if self._repaint_required or is_asked_for_more(self):
        _check_refresh(self)
