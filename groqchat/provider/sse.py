"""Cuts a stream of bytes into server-sent events, however the network cut it."""

from __future__ import annotations

LONGEST_EVENT = 16 * 2**20
"""Bytes after which something that never ends is no event any more."""


class FloodedError(ValueError):
    """A line or an event is longer than any that makes sense."""


class EventDecoder:
    """The field lines of the event stream format: ``data`` and ``event`` count, others do not.

    Lines end with LF, CRLF or CR. Bytes that are no UTF-8 are replaced, each event for itself.
    (WHATWG HTML standard, section 9.2.6.)
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._data: list[bytes] = []
        self._name = ""
        self._held = 0
        self._after_cr = False

    def feed(self, data: bytes) -> list[tuple[str, str]]:
        """Take what arrived.

        Returns:
            The events that are complete with it: name (mostly empty) and data.

        Raises:
            FloodedError: Nothing has ended for :data:`LONGEST_EVENT` bytes.
        """
        if self._after_cr or b"\r" in data:
            data = self._with_plain_ends(data)
        if b"\n" not in data:
            self._hold(data)
            self._pieces.append(data)
            return []
        if self._pieces:
            data = b"".join((*self._pieces, data))
        *lines, rest = data.split(b"\n")
        self._pieces = [rest]
        events = [event for line in lines if (event := self._line(line))]
        self._held = len(rest) + sum(map(len, self._data))
        return events

    def finish(self) -> list[tuple[str, str]]:
        """The body has ended: an event that lacks only its blank line counts."""
        return self.feed(b"\n\n")

    def _line(self, line: bytes) -> tuple[str, str] | None:
        if line.startswith(b"data:"):
            self._hold(line)
            self._data.append(line[6:] if line[5:6] == b" " else line[5:])
        elif not line:
            return self._event()
        elif line.startswith(b"event:"):
            self._name = line[6:].decode("utf-8", "replace").strip()
        return None

    def _event(self) -> tuple[str, str] | None:
        data = b"\n".join(self._data).decode("utf-8", "replace")
        name = self._name
        self._data.clear()
        self._name = ""
        self._held = 0
        return (name, data) if data else None

    def _hold(self, data: bytes) -> None:
        self._held += len(data)
        if self._held > LONGEST_EVENT:
            raise FloodedError

    def _with_plain_ends(self, data: bytes) -> bytes:
        """All line ends as LF; a CR ends its line at once, an LF that follows it later is void."""
        if self._after_cr and data.startswith(b"\n"):
            data = data[1:]
        self._after_cr = data.endswith(b"\r") or (self._after_cr and not data)
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
