"""Decompresses bodies by their first bytes, since ``content-encoding`` is sometimes wrong."""

from __future__ import annotations

import codecs
import zlib
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ASKED_FOR = "gzip, deflate"
"""The value of ``accept-encoding``."""
_GZIP, _ZLIB, _DEFLATE = 31, 15, -15  # zlib's window sizes
_ZSTD = b"\x28\xb5\x2f\xfd"
_PLAIN = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_ENOUGH = 4  # bytes that tell the encoding
_LOOKED_AT = 256
MOST_OF_REFUSAL = 1_000_000
"""The bytes of a refusal that are read."""


class UnexpectedEncodingError(httpx.DecodingError):
    """The body has an encoding that was not requested."""


class Decompressor:
    """A streaming decompressor.

    Args:
        label: The value of ``content-encoding``, used where the bytes are ambiguous.
    """

    def __init__(self, label: str) -> None:
        self._label = label.strip().lower()
        self._head = b""
        self._is_detected = False
        self._decompress: zlib._Decompress | None = None

    def feed(self, data: bytes) -> bytes:
        """The decompressed bytes of a piece, as far as the encoding is known.

        Raises:
            UnexpectedEncodingError: The encoding is another one.
            zlib.error: The data is damaged.
        """
        if not self._is_detected:
            data = self._head + data
            if len(data) < _ENOUGH and not (_is_text(data) and self._label in _PLAIN):
                self._head = data
                return b""
            self._detect(data)
        return self._decompress.decompress(data) if self._decompress else data

    def end(self) -> bytes:
        """The rest at the end of the body."""
        if not self._is_detected:
            return self._head
        return self._decompress.flush() if self._decompress else b""

    def _detect(self, data: bytes) -> None:
        self._is_detected = True
        if data.startswith(b"\x1f\x8b"):
            self._decompress = zlib.decompressobj(_GZIP)
        elif data.startswith(_ZSTD):
            raise UnexpectedEncodingError("zstd")
        elif _is_text(data):
            return
        elif data[0] & 15 == zlib.DEFLATED and int.from_bytes(data[:2]) % 31 == 0:
            self._decompress = zlib.decompressobj(_ZLIB)
        elif self._label == "deflate":
            self._decompress = zlib.decompressobj(_DEFLATE)
        elif self._label not in _PLAIN:
            raise UnexpectedEncodingError(self._label)


class DecompressedBody(httpx.AsyncByteStream):
    """A decompressed body.

    Args:
        body: The body from the network.
        label: The value of ``content-encoding``.
        is_refusal: Whether a part of the body is enough.
    """

    def __init__(self, body: httpx.AsyncByteStream, label: str, *, is_refusal: bool) -> None:
        self._body = body
        self._label = label
        self._is_refusal = is_refusal

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The decompressed pieces."""
        decompressor, length = Decompressor(self._label), 0
        try:
            async for data in self._body:
                if piece := decompressor.feed(data):
                    yield piece
                length += len(piece)
                if self._is_refusal and length > MOST_OF_REFUSAL:
                    return
            if piece := decompressor.end():
                yield piece
        except (zlib.error, UnexpectedEncodingError) as error:
            if self._is_refusal:
                return  # the status is enough
            if isinstance(error, UnexpectedEncodingError):
                raise
            raise httpx.DecodingError(str(error)) from error

    async def aclose(self) -> None:
        """Return the connection to the pool."""
        await self._body.aclose()


def decompressed(response: httpx.Response) -> httpx.Response:
    """The response with a body that is decompressed as it is read."""
    body = response.stream
    assert isinstance(body, httpx.AsyncByteStream)  # noqa: S101 - an asynchronous transport's
    label = response.headers.pop("content-encoding", "")
    is_refusal = not response.is_success
    return httpx.Response(
        response.status_code,
        headers=response.headers,
        stream=DecompressedBody(body, label, is_refusal=is_refusal),
        extensions=response.extensions,
    )


def _is_text(data: bytes) -> bool:
    """Whether bytes are the beginning of a text; the last character may be cut."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data[:_LOOKED_AT])
    except UnicodeDecodeError:
        return False
    return all(letter >= " " or letter in "\t\r\n" for letter in text)
