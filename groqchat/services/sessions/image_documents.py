"""Images in exported and imported files."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from groqchat.domain.images.header import header_of
from groqchat.domain.images.image import Image
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
        image = _image(fields.text("name") or _NO_NAME, fields.text("data") or "")
        if image is not None and image.digest == fields.text("digest"):
            found.append(image)
    return found


def image_from_part(part: Fields) -> Image | None:
    """The image of a part of a message in OpenAI's shape, where the part holds its bytes."""
    url = part.text("image_url") or part.inner("image_url").text("url") or ""
    beginning = _DATA_URL.match(url)
    return _image(_NO_NAME, url[beginning.end() :]) if beginning else None


def _image(name: str, encoded: str) -> Image | None:
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    header = header_of(data)
    return header and Image.of(name, *header, data)
