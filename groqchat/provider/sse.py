"""Decoder of server-sent events."""

from __future__ import annotations

from codecs import BOM_UTF8

LONGEST_EVENT = 16 * 2**20
"""The largest size of an event, in bytes."""


class EventTooLongError(ValueError):
    """An event is longer than ``LONGEST_EVENT``."""


class EventDecoder:
    """Decoder of the fields ``data`` and ``event`` (WHATWG HTML, 9.2.6), fed in any pieces.

    Lines end with LF, CRLF or CR, and a byte order mark may stand before the first.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self._after_cr = False
        self._is_begun = False

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Decode the next bytes.

        Returns:
            The events that they complete, as name (mostly empty) and data (never empty).

        Raises:
            EventTooLongError: An event is longer than :data:`LONGEST_EVENT`.
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
                raise EventTooLongError
            return []
        blocks = bytes(self._held[:end]).split(b"\n\n")
        del self._held[: end + 2]
        if not self._is_begun:
            self._is_begun = True
            blocks[0] = blocks[0].removeprefix(BOM_UTF8)
        return [event for block in blocks if (event := _event(block))]

    def finish(self) -> list[tuple[bytes, bytes]]:
        """Decode the rest at the end of the body; the last blank line may be missing."""
        return self.feed(b"\n\n")

    def _with_plain_ends(self, data: bytes) -> bytes:
        """The data with all line ends as LF; an LF that completes an earlier CR is dropped."""
        if self._after_cr:
            data = data.removeprefix(b"\n")
        self._after_cr = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _event(block: bytes) -> tuple[bytes, bytes] | None:
    """The event in a block of lines; None without data, as in a comment."""
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
