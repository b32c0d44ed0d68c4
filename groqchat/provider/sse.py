"""Cuts a stream of bytes into server-sent events, however the network cut it."""

from __future__ import annotations

LONGEST_EVENT = 16 * 2**20
"""Bytes after which something that does not end is no event any more."""


class FloodedError(ValueError):
    """Something is longer than any event."""


class EventDecoder:
    """The event stream format, of which ``data`` and ``event`` count (WHATWG HTML, 9.2.6).

    Lines end with LF, CRLF or CR.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self._after_cr = False

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Take what arrived.

        Returns:
            The events that are complete with it: name (mostly empty) and data (never empty).

        Raises:
            FloodedError: Nothing has ended for :data:`LONGEST_EVENT` bytes.
        """
        if not data:
            return []
        if self._after_cr or b"\r" in data:
            data = self._with_plain_ends(data)
        searched = len(self._held)
        self._held += data
        end = self._held.rfind(b"\n\n", max(0, searched - 1))
        if end < 0:
            if len(self._held) > LONGEST_EVENT:
                raise FloodedError
            return []
        blocks = bytes(self._held[:end]).split(b"\n\n")
        del self._held[: end + 2]
        return [event for block in blocks if (event := _event(block))]

    def finish(self) -> list[tuple[bytes, bytes]]:
        """The body has ended: an event that lacks only its blank line counts."""
        return self.feed(b"\n\n")

    def _with_plain_ends(self, data: bytes) -> bytes:
        """All line ends as LF; a CR ends its line at once, an LF that follows it later is void."""
        if self._after_cr:
            data = data.removeprefix(b"\n")
        self._after_cr = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _event(block: bytes) -> tuple[bytes, bytes] | None:
    """The event of some lines; None where they hold no data, as comments do not."""
    if block.startswith(b"data: ") and b"\n" not in block:
        return (b"", block[6:]) if len(block) > 6 else None
    name, data = b"", []
    for line in block.split(b"\n"):
        field, _, value = line.partition(b":")
        if field == b"data":
            data.append(value.removeprefix(b" "))
        elif field == b"event":
            name = value.strip()
    joined = b"\n".join(data)
    return (name, joined) if joined else None
