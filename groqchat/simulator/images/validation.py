"""Validation of the images of a request."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Any

from groqchat.domain.images.header import header_of
from groqchat.domain.images.image import MOST_IMAGES
from groqchat.domain.images.limits import MOST_PIXELS
from groqchat.domain.text.humanize import counted
from groqchat.simulator.faults.refusals import bad_request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from groqchat.domain.models.catalog import Model

_DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,")
# The whole of a request's images; documented until 2025 (vision page), uncertain today.
_MOST_BASE64 = 4 * 2**20


def check_images(messages: Sequence[Mapping[str, Any]], model: Model) -> int:
    """Refuse images as Groq does.

    That a model without eyes takes texts alone was observed, with these words (2024-08-29 in
    vercel/ai#2837, 2026-09-05 in sam3gp8/jarvis-aio#17). That 3 images are the most is documented;
    the words of that refusal, and of those of broken and large images, are not known.

    Returns:
        The number of images.

    Raises:
        RefusedError: 400.
    """
    number = size = 0
    for where, url in _urls(messages):
        if not model.can("vision"):
            raise bad_request(f"{where} must be a string", param=where)
        number += 1
        size += _size(url, where)
    if number > MOST_IMAGES:
        many = f"too many images: {number}; this model supports up to {MOST_IMAGES} images"
        raise bad_request(many, param="messages")
    if size > _MOST_BASE64:
        large = f"images are too large: {size} bytes in base64; at most {_MOST_BASE64} are allowed"
        raise bad_request(large, param="messages")
    return number


def seen(images: int) -> str:
    """A sentence of an answer on images, which nobody looks at here."""
    return f"I was sent {counted(images, 'image')}, and looked at none.\n\n" if images else ""


def _urls(messages: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, object]]:
    for index, message in enumerate(messages):
        content = message.get("content")
        for part in content if isinstance(content, list) else ():
            if isinstance(part, dict) and part.get("type") == "image_url":
                address = part.get("image_url")
                where = f"messages[{index}].content"
                yield where, address.get("url") if isinstance(address, dict) else None


def _size(url: object, where: str) -> int:
    """The length of an image in base64; that behind an address is not fetched, and 0."""
    if not isinstance(url, str):
        raise bad_request(f"{where}: 'image_url' must be an object with a 'url'", param=where)
    if url.startswith(("https://", "http://")):
        return 0
    beginning = _DATA_URL.match(url)
    if beginning is None:
        raise bad_request(f"{where}: invalid image url", param=where)
    encoded = url[beginning.end() :]
    try:
        header = header_of(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        header = None
    if header is None:
        raise bad_request(f"{where}: failed to decode image", param=where)
    if header.width * header.height > MOST_PIXELS:
        raise bad_request(f"{where}: image has more than {MOST_PIXELS} pixels", param=where)
    return len(encoded)
