"""The order of keys: the action of a key is finished before the next key is handed on."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.events import Callback, Key
from textual.widgets import Input, TextArea

from groqchat.ui.chat.opening import EarlyKeys
from groqchat.ui.terminal.active_screen import is_answering
from groqchat.ui.terminal.unmarked_pastes import Lines, Together
from groqchat.ui.widgets.own_keys import as_pressed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.app import App
    from textual.dom import DOMNode
    from textual.events import Paste
    from textual.message_pump import MessagePump
    from textual.worker import Worker

# Keys wait for one that acts no longer than this, in seconds: a slow disk must not hold them back.
LONGEST_S = 1.0
# What a key does comes before the wait for it, which takes as much of the event loop, in seconds.
FIRST_S = 0.008
# How often a command that runs is looked at, in seconds.
STEP_S = 0.002
# How often the queues between the focused widget and the app are waited for at most. A key leads to
# a message, that to another one, and so on: the composer's Enter takes five steps to the screen.
ROUNDS = 16
# The groups of workers that open windows and sessions.
_COMMANDS = frozenset({"command", "open", "columns"})


class KeyOrder:
    """Hands keys and pastes to the app; those behind a key that acts wait until it has acted.

    A letter that is typed right behind ``/new`` and Enter belongs to the new session, and one
    behind Ctrl+K to the window that opens. Letters in a text are handed on at once.

    Args:
        app: The application.
        hand_on: Textual's own handling of a key or a paste.
    """

    def __init__(self, app: App[Any], hand_on: Callable[[Key | Paste], Awaitable[None]]) -> None:
        self._app = app
        self._hand_on = hand_on
        self._early = EarlyKeys()
        self._together = Together(app, self._follow)
        self._held: list[Key | Paste | Lines] = []
        self._settling: asyncio.Task[None] | None = None

    async def take(self, event: Key | Paste | Lines) -> None:
        """Hand a key on, at the latest when it can act and the keys before it have acted."""
        if isinstance(event, Key):
            event = as_pressed(event, self._app)
        if not (self._early.hold(event) or await self._together.keeps(event)):
            await self._follow(event)

    async def take_first(self, event: Key | Paste) -> None:
        """Hand a key or a paste on before those that are held back."""
        self._held.insert(0, event)
        if self._settling is None:
            await self._go_on()

    async def composer_is_there(self) -> None:
        """Hand on the letters that were typed before there was a composer."""
        for event in self._early.composer_is_there():
            await self._follow(event)

    async def all_is_there(self) -> None:
        """Hand on the keys that were typed before everything was there."""
        for event in self._early.all_is_there():
            await self._follow(event)

    async def _follow(self, event: Key | Paste | Lines) -> None:
        if self._settling is not None:
            self._held.append(event)
            return
        if isinstance(event, Lines):
            self._held[:0] = event.for_focus(self._app)
            await self._go_on()
            return
        before = _State(self._app)
        acts = self._acts(event)
        await self._hand_on(event)
        if acts:
            self._settling = asyncio.create_task(self._settle(before))

    def _acts(self, event: Key | Paste) -> bool:
        """Whether a key may do more than write a letter."""
        is_letter = not isinstance(event, Key) or event.is_printable
        return not (is_letter and isinstance(self._app.focused, Input | TextArea))

    async def _settle(self, before: _State) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_S):
                await asyncio.sleep(FIRST_S)
                await self._rounds()
                if await before.has_led_on():
                    await self._rounds()
        self._app.call_later(self._go_on)

    async def _go_on(self) -> None:
        """Hand on the keys that are held back, up to the next one that acts."""
        self._settling = None
        while self._held and self._settling is None:
            await self._follow(self._held.pop(0))

    async def _rounds(self) -> None:
        """Wait until the focused widget and all around it had nothing to do at the same moment."""
        for _ in range(ROUNDS):
            focused: DOMNode = self._app.focused or self._app.screen
            if await _were_at_rest(focused.ancestors_with_self):
                return


class _State:
    """The commands that ran and the windows that were open before a key was handed on."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._windows = len(app.screen_stack)
        self._commands = _running(app)

    async def has_led_on(self) -> bool:
        """Wait for the commands that the key began, or went on with by closing their window.

        Returns:
            Whether there was anything to wait for.
        """
        mine = _running(self._app)
        opened = len(self._app.screen_stack) - self._windows
        if opened > 0:
            return True
        if opened == 0:
            mine -= self._commands
        for _ in range(round(LONGEST_S / STEP_S)):
            has_opened = len(self._app.screen_stack) != self._windows + opened
            if has_opened or is_answering(self._app.screen):
                break
            if all(one.is_finished for one in mine):
                break
            await asyncio.sleep(STEP_S)
        return bool(mine) or opened != 0


def _running(app: App[Any]) -> set[Worker[object]]:
    return {one for one in app.workers if one.group in _COMMANDS and not one.is_finished}


async def _were_at_rest(nodes: Sequence[MessagePump]) -> bool:
    """Wait until nodes have handled what is in their queues now, or are gone.

    Returns:
        Whether there was nothing in any queue, and no message was being handled.
    """
    handled = [(node, asyncio.Event()) for node in nodes]
    # Textual's `call_later` makes a partial of it, whose signature it inspects anew each time.
    asked = [each for each in handled if each[0].post_message(Callback(callback=each[1].set))]
    await asyncio.sleep(0)  # a node that waits for its queue has handled it by then
    if all(event.is_set() for _, event in asked):
        return True
    for node, event in asked:
        while not event.is_set() and node.is_running:
            with suppress(TimeoutError):
                async with asyncio.timeout(0.02):
                    await event.wait()
    return False
