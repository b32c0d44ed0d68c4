"""Files with the images of a request, for copies of the request that read them."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.turns.request_copy import image_in, image_urls

if TYPE_CHECKING:
    from groqchat.domain.turns.request_copy import SentRequest

_DIGITS = 16


def written_images(request: SentRequest) -> dict[str, str]:
    """Write the images of a request into a new folder, which only its user can read.

    The folder stays: a copy of the request may be run at any time.

    Returns:
        The paths of the files by the data URLs of the images; empty where there are none.

    Raises:
        OSError: They cannot be written.
    """
    urls = image_urls(request)
    folder = Path(tempfile.mkdtemp(prefix="groqchat-images-")) if urls else Path()
    return {url: str(_written(url, folder)) for url in urls}


def _written(url: str, folder: Path) -> Path:
    media_type, encoded = image_in(url)
    data = base64.b64decode(encoded)
    ending = media_type.removeprefix("image/").partition("+")[0]
    path = folder / f"{hashlib.sha256(data).hexdigest()[:_DIGITS]}.{ending}"
    path.write_bytes(data)
    return path
