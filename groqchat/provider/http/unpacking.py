"""Unpacks what servers send, by what it is: their labels are missing or wrong at times."""

from __future__ import annotations

import codecs
import zlib
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ASKED_FOR = "gzip, deflate"
"""The encodings that answers may have, whatever else this machine could unpack."""
_GZIP, _ZLIB, _DEFLATE = 31, 15, -15  # zlib's names of them
_ZSTD = b"\x28\xb5\x2f\xfd"
_PLAIN = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_ENOUGH = 4  # bytes to tell an encoding by
_LOOKED_AT = 256
MOST_OF_REFUSAL = 1_000_000
"""Bytes of a refusal that are read."""


class UnaskedEncodingError(httpx.DecodingError):
    """The answer has an encoding that was not asked for."""


class Unpacker:
    """Unpacks a body piece by piece.

    Args:
        label: What ``content-encoding`` says; believed where the bytes do not say otherwise.
    """

    def __init__(self, label: str) -> None:
        self._label = label.strip().lower()
        self._head = b""
        self._is_known = False
        self._unpack: zlib._Decompress | None = None

    def feed(self, data: bytes) -> bytes:
        """What a piece holds, as far as it can be told by now.

        Raises:
            UnaskedEncodingError: It is packed in another way.
            zlib.error: It is broken.
        """
        if not self._is_known:
            data = self._head + data
            if len(data) < _ENOUGH and not (_is_text(data) and self._label in _PLAIN):
                self._head = data
                return b""
            self._know(data)
        return self._unpack.decompress(data) if self._unpack else data

    def end(self) -> bytes:
        """What is left at the end."""
        if not self._is_known:
            return self._head
        return self._unpack.flush() if self._unpack else b""

    def _know(self, data: bytes) -> None:
        self._is_known = True
        if data.startswith(b"\x1f\x8b"):
            self._unpack = zlib.decompressobj(_GZIP)
        elif data.startswith(_ZSTD):
            raise UnaskedEncodingError("zstd")
        elif _is_text(data):
            return
        elif data[0] & 15 == zlib.DEFLATED and int.from_bytes(data[:2]) % 31 == 0:
            self._unpack = zlib.decompressobj(_ZLIB)
        elif self._label == "deflate":
            self._unpack = zlib.decompressobj(_DEFLATE)
        elif self._label not in _PLAIN:
            raise UnaskedEncodingError(self._label)


class UnpackedBody(httpx.AsyncByteStream):
    """A body as it was before it was packed.

    Args:
        body: As it comes.
        label: What ``content-encoding`` says.
        is_refusal: Whether as much of it as can be read is enough.
    """

    def __init__(self, body: httpx.AsyncByteStream, label: str, *, is_refusal: bool) -> None:
        self._body = body
        self._label = label
        self._is_refusal = is_refusal

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces as they come."""
        unpacker, length = Unpacker(self._label), 0
        try:
            async for data in self._body:
                if piece := unpacker.feed(data):
                    yield piece
                length += len(piece)
                if self._is_refusal and length > MOST_OF_REFUSAL:
                    return
            if piece := unpacker.end():
                yield piece
        except (zlib.error, UnaskedEncodingError) as error:
            if self._is_refusal:
                return  # its status says enough
            if isinstance(error, UnaskedEncodingError):
                raise
            raise httpx.DecodingError(str(error)) from error

    async def aclose(self) -> None:
        """Give the connection back."""
        await self._body.aclose()


def unpacked(response: httpx.Response) -> httpx.Response:
    """The response with the body unpacked as it is read."""
    body = response.stream
    assert isinstance(body, httpx.AsyncByteStream)  # noqa: S101 - an asynchronous transport's
    label = response.headers.pop("content-encoding", "")
    is_refusal = not response.is_success
    return httpx.Response(
        response.status_code,
        headers=response.headers,
        stream=UnpackedBody(body, label, is_refusal=is_refusal),
        extensions=response.extensions,
    )


def _is_text(data: bytes) -> bool:
    """Whether bytes begin a text; a character may be cut at their end."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data[:_LOOKED_AT])
    except UnicodeDecodeError:
        return False
    return all(letter >= " " or letter in "\t\r\n" for letter in text)
