"""The images of imported chats: each is made ready to be sent, or counted as left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.services.images.loading import image_of
from groqchat.services.sessions.image_documents import decoded, encoded_in

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable

    from groqchat.domain.images.image import Image

OMITTED = "image"
"""The name under which images are counted that are not in the file."""
_BROKEN = "broken image"
# Sessions wait in memory until all of a file is read.
_MOST_BYTES = 512 * 2**20
_NO_NAME = "image"


def _no_file(_: str) -> bytes | None:
    return None


class ImportedImages:
    """Takes the images of the chats of one import.

    Args:
        file_of: The bytes of the file of an image that a chat names by its id; None where the
            export has none.
        most_bytes: The most bytes of all images.
    """

    def __init__(
        self, file_of: Callable[[str], bytes | None] = _no_file, most_bytes: int = _MOST_BYTES
    ) -> None:
        self._file_of = file_of
        self._room = most_bytes

    def of_file(self, identifier: str, name: str, omitted: Counter[str]) -> Image | None:
        """The image in the file of an id; None where it is left out, which is counted."""
        return self.of_bytes(self._file_of(identifier), name, omitted)

    def of_url(self, url: str, omitted: Counter[str]) -> Image | None:
        """The image in a data URL."""
        encoded = encoded_in(url)
        return self.of_bytes(None if encoded is None else decoded(encoded), _NO_NAME, omitted)

    def of_base64(self, encoded: str, omitted: Counter[str]) -> Image | None:
        """The image of some bytes in base64."""
        return self.of_bytes(decoded(encoded), _NO_NAME, omitted)

    def of_bytes(self, data: bytes | None, name: str, omitted: Counter[str]) -> Image | None:
        """The image of some bytes; None is none at all."""
        if not data or len(data) > self._room:
            omitted[OMITTED] += 1
            return None
        try:
            image = image_of(name or _NO_NAME, data)
        except ValueError:
            omitted[_BROKEN] += 1
            return None
        self._room -= len(image.data)
        return image


def with_marks(text: str, images: Iterable[Image]) -> str:
    """A text with the marks of its images below it."""
    return "\n\n".join(filter(None, (text, *(image.mark for image in images))))
