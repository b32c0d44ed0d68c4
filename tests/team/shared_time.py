"""Virtual time that several processes share: it jumps when nothing is left to do in any of them.

The first process is the coordinator. Each other one tells it through a socket when it is idle, and
until when; what comes in wakes it. When all are idle, the coordinator asks all of them whether
really nothing has come in (what was sent before the question is there by then), and then lets the
time jump to the next timer.
"""

from __future__ import annotations

import math
import selectors
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass

from tests.virtual_time import VirtualTimeLoop

IDLE, BUSY, QUIET, ASK, JUMP = range(5)
# What is told, and its number: a time, or the number of a question.
_WORD = struct.Struct("=id")


class Member(selectors.DefaultSelector):
    """The selector of a process which is told the time."""

    def __init__(self, loop, control):
        super().__init__()
        self._loop = loop
        self._control = control
        self.register(control, selectors.EVENT_READ)

    def select(self, timeout=None):
        own, _ = self._ready(0)
        if own or (timeout is not None and timeout <= 0):
            return own
        if self._loop.is_waiting_for_threads:
            return self._until_own()
        until = math.inf if timeout is None else self._loop.passed + timeout
        self._tell(IDLE, until)
        while True:
            own, words = self._ready(None)
            if own:
                self._tell(BUSY, 0)
                return own
            for kind, value in words:
                if kind == ASK:
                    if own := self._own(super().select(0)):
                        self._tell(BUSY, 0)
                        return own
                    self._tell(QUIET, value)
                elif self._loop.passed >= until:
                    return []
                else:
                    self._tell(IDLE, until)

    def _until_own(self):
        while True:
            own, _ = self._ready(None)
            if own:
                return own

    def _ready(self, timeout):
        """What is ready of the loop's own, and what the coordinator says."""
        ready = super().select(timeout)
        own = self._own(ready)
        if len(own) == len(ready):
            return own, []
        words = []
        with suppress(BlockingIOError):
            while data := self._control.recv(_WORD.size, socket.MSG_DONTWAIT):
                words.append(_WORD.unpack(data))
        if not words:
            raise SystemExit("the coordinator is gone")
        for kind, value in words:
            if kind == JUMP:
                self._loop.passed = value
        return own, words

    def _own(self, ready):
        return [each for each in ready if each[0].fileobj is not self._control]

    def _tell(self, kind, value):
        self._control.send(_WORD.pack(kind, value))


@dataclass
class _Other:
    """What is known of another process."""

    control: socket.socket
    until: float | None = None  # until when it is idle; None: it is busy


class Coordinator(selectors.DefaultSelector):
    """The selector of the process which lets the time jump."""

    def __init__(self, loop):
        super().__init__()
        self._loop = loop
        self._others = {}
        self._question = 0
        self._asked = set()
        self._quiet = set()
        self._ended = []

    async def all_ended(self):
        """Wait until all other processes have ended."""
        while self._others:
            ended = self._loop.create_future()
            self._ended.append(ended)
            await ended

    def admit(self):
        """A new process; returns its end of the socket, to be inherited."""
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._others[mine] = _Other(mine)
        self.register(mine, selectors.EVENT_READ)
        mine.send(_WORD.pack(JUMP, self._loop.passed))
        return theirs

    def select(self, timeout=None):
        until = math.inf if timeout is None else self._loop.passed + timeout
        own = self._ready(0)
        if own or (timeout is not None and timeout <= 0):
            self._asked = set()
            return own
        while True:
            if self._tell_ended():
                return []
            own = self._ready(0 if self._may_jump(until) else None)
            if own:
                self._asked = set()
                return own
            if self._may_jump(until):
                self._jump(until)
                if self._loop.passed >= until:
                    return []

    def _tell_ended(self):
        """Wake those who wait for the end of a process; returns whether anybody does."""
        if not self._others and self._ended:
            for ended in self._ended:
                ended.set_result(None)
            self._ended.clear()
            return True
        return False

    def _may_jump(self, until):
        """Whether all were asked, and nothing had come in anywhere."""
        if self._loop.is_waiting_for_threads:
            return False
        if any(other.until is None for other in self._others.values()):
            self._asked = set()
            return False
        if not self._asked:
            self._question += 1
            self._asked = set(self._others)
            for control in self._others:
                _say(control, ASK, self._question)
            self._quiet = set()
        return self._quiet >= set(self._others) and self._next(until) < math.inf

    def _next(self, until):
        return min([until, *(other.until for other in self._others.values())])

    def _jump(self, until):
        self._asked = set()
        self._loop.passed = now = max(self._loop.passed, self._next(until))
        for control, other in self._others.items():
            _say(control, JUMP, now)
            other.until = None  # until it says so anew: what it said before may be old

    def _ready(self, timeout):
        ready = super().select(timeout)
        own = [each for each in ready if each[0].fileobj not in self._others]
        for key, _ in ready:
            if key.fileobj in self._others:
                self._heard(key.fileobj)
        return own

    def _heard(self, control):
        try:
            data = control.recv(_WORD.size)
        except ConnectionResetError:
            data = b""
        if not data:  # the process has ended
            self.unregister(control)
            del self._others[control]
            control.close()
            self._asked = set()
            return
        kind, value = _WORD.unpack(data)
        if kind == IDLE:
            self._others[control].until = value
            self._asked = set()
        elif kind == BUSY:
            self._others[control].until = None
            self._asked = set()
        elif value == self._question and self._asked:
            self._quiet.add(control)


def _say(control, kind, value):
    with suppress(BrokenPipeError):  # its end is heard next
        control.send(_WORD.pack(kind, value))


class CoordinatorLoop(VirtualTimeLoop):
    """The loop of the first process."""

    def __init__(self):
        super().__init__(Coordinator)

    @property
    def coordinator(self):
        return self._selector


def member_loop(descriptor):
    """Makes the loop of another process; the descriptor is that of its socket."""
    control = socket.socket(fileno=descriptor)
    return lambda: VirtualTimeLoop(lambda loop: Member(loop, control))
