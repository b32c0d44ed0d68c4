"""Images in exported and imported files."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from groqchat.domain.images.header import header_of
from groqchat.domain.images.image import Image
from groqchat.services.images.loading import image_of
from groqchat.services.sessions.json_fields import Fields

if TYPE_CHECKING:
    from collections.abc import Iterable

_DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,")
_NO_NAME = "image"


def images_document(images: Iterable[Image]) -> dict[str, object]:
    """The field ``images`` of a session's JSON, which only sessions with images have."""
    documents = [
        {
            "digest": each.digest,
            "name": each.name,
            "media_type": each.media_type,
            "width": each.width,
            "height": each.height,
            "data": base64.b64encode(each.data).decode(),
        }
        for each in images
    ]
    return {"images": documents} if documents else {}


def images_from(entries: object) -> list[Image]:
    """The images of a session's JSON; what is no image, or not the one it says, is left out."""
    found = []
    for entry in entries if isinstance(entries, list) else ():
        fields = Fields.of(entry)
        data = decoded(fields.text("data") or "") or b""
        if (header := header_of(data)) is None:
            continue
        image = Image.of(fields.text("name") or _NO_NAME, *header, data)
        if image.digest == fields.text("digest"):
            found.append(image)
    return found


def image_from_part(part: Fields) -> Image | None:
    """The image of a part of a message in OpenAI's shape, made ready to be sent.

    Returns:
        None where the part does not hold its bytes.

    Raises:
        ValueError: It cannot be sent; the message goes on a sentence that names it.
    """
    encoded = encoded_in(part.text("image_url") or part.inner("image_url").text("url") or "")
    data = None if encoded is None else decoded(encoded)
    return None if data is None else image_of(_NO_NAME, data)


def encoded_in(url: str) -> str | None:
    """The image in a data URL, in base64; None for any other URL."""
    beginning = _DATA_URL.match(url)
    return url[beginning.end() :] if beginning else None


def decoded(encoded: str) -> bytes | None:
    """The bytes of a text in base64; None where it is none."""
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
