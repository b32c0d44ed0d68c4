"""Notices that the terminal is gone, also where no signal tells; outlasts it, and being stopped."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
from contextlib import suppress
from functools import partial
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App
    from textual.driver import Driver

# 128 + the signal's number, as shells have it.
HANG_UP = 129
SIGNALS = (("SIGTERM", 143), ("SIGHUP", HANG_UP))


def end_in_order(app: App[str]) -> None:
    """Let an app save and close when its terminal is gone or the system asks it to end."""
    loop = asyncio.get_running_loop()
    for name, code in SIGNALS:
        # Windows has no SIGHUP, and its event loops have no handlers of signals.
        with suppress(AttributeError, NotImplementedError):
            loop.add_signal_handler(getattr(signal, name), app.exit, None, code)
    if not app.is_headless:
        watch(sys.__stdin__, partial(loop.call_soon_threadsafe, app.exit, None, HANG_UP))


def watch(terminal: IO[str] | None, gone: Callable[[], object]) -> None:
    """Call something, in a thread, once a terminal has hung up.

    Textual's own reader takes the end of the input for a pause, and asks again and again.
    """
    if terminal is None or not hasattr(select, "poll"):  # Windows has none
        return
    poll = select.poll()
    poll.register(terminal.fileno(), 0)  # nothing but hang-ups and errors

    def wait() -> None:
        poll.poll()
        with suppress(RuntimeError):  # the program has ended by itself
            gone()

    threading.Thread(target=wait, daemon=True, name="hang-up").start()


def outlasting(driver: type[Driver]) -> type[Driver]:
    """Let a driver's writer live on when there is nobody to write to, and its reader be one.

    The writer would die of the first write that fails, and the program wait for it for ever. A
    process that was stopped without asking (SIGSTOP) and goes on would begin with a second reader
    beside the first: keys would be torn between them, and the first would never end.
    """

    class Outlasting(driver):  # type: ignore[misc, valid-type]  # known when it runs
        """A driver that outlasts its terminal."""

        def start_application_mode(self) -> None:
            """Begin to draw; also where a pause was never begun."""
            reader = getattr(self, "_key_thread", None)
            if is_reading := reader is not None and reader.is_alive():
                self.suspend_application_mode()
            file = getattr(self, "_file", None)
            if file is not None and not isinstance(file, LastingFile):
                self._file = LastingFile(file)
            super().start_application_mode()
            if is_reading:
                self._app.call_later(self._app.refresh, layout=True)

        # Handlers of signals write to the terminal at once. One that comes in the middle of
        # another write (a terminal that closes sends SIGHUP and SIGCONT) would wait for itself.

        def _sigtstp_application(self, *signal_and_frame: object) -> None:
            self._loop.call_soon_threadsafe(super()._sigtstp_application, *signal_and_frame)

        def _sigcont_application(self, *signal_and_frame: object) -> None:
            self._loop.call_soon_threadsafe(super()._sigcont_application, *signal_and_frame)

    return Outlasting


class LastingFile:
    """A terminal's file that turns into a void when the terminal is gone."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write, if there is anything to write to."""
        try:
            self._file.write(text)
        except OSError:
            self._let_go()

    def flush(self) -> None:
        """Send what was written."""
        try:
            self._file.flush()
        except OSError:
            self._let_go()

    def fileno(self) -> int:
        """The file's number."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether the stream is a terminal."""
        return self._file.isatty()

    def _let_go(self) -> None:
        """Discard what is still buffered: writing it at the very end would fail again."""
        void = os.open(os.devnull, os.O_WRONLY)
        os.dup2(void, self._file.fileno())
        os.close(void)
