"""An image of a prompt, and the mark that stands for it in the prompt's text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.text.humanize import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MOST_IMAGES = 3
"""The most images of one request (Groq's vision page)."""
IMAGE_TOKENS = 2_048
"""The tokens that an image counts as (Groq's vision page)."""
_DIGITS = 32
# The name is the user's; what would end a mark early is left out of it.
_MARK = re.compile(r"!\[([^\[\]\n]*?) (\d{1,6})×(\d{1,6})\]\(image:([0-9a-f]{32})\)")
_BEGINNING = "](image:"
_NO_NAME = re.compile(r"[\[\]()\n\r]")


@dataclass(frozen=True, slots=True)
class Image:
    """An image, named by the digest of its bytes.

    Attributes:
        digest: The first 32 digits of the SHA-256 of ``data``.
        name: What people call it, such as the name of its file.
        width: Pixels.
        height: Pixels.
        media_type: Such as ``image/png``; empty where ``data`` was not read.
        data: The bytes of its file; empty where they were not read.
    """

    digest: str
    name: str
    width: int
    height: int
    media_type: str = ""
    data: bytes = b""

    @classmethod
    def of(cls, name: str, media_type: str, width: int, height: int, data: bytes) -> Image:
        """An image of some bytes."""
        import hashlib  # with the first image

        digest = hashlib.sha256(data).hexdigest()[:_DIGITS]
        return cls(
            digest, _NO_NAME.sub("", name).strip() or "image", width, height, media_type, data
        )

    @property
    def mark(self) -> str:
        """The mark that stands for the image in a text."""
        return f"![{self.name} {self.width}×{self.height}](image:{self.digest})"

    @property
    def words(self) -> str:
        """The name and the size for people."""
        return f"{self.name} {self.width}×{self.height}"

    @property
    def data_url(self) -> str:
        """The image as a URL that holds its bytes."""
        import base64  # with the first image

        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode()}"


class ImagePlace(NamedTuple):
    """The mark of an image in a text: from one character up to another."""

    start: int
    end: int
    image: Image


def may_hold_images(text: str) -> bool:
    """Whether a text may hold marks; quickly told, and seldom wrong."""
    return _BEGINNING in text


def image_places(text: str) -> Iterator[ImagePlace]:
    """The marks in a text, in their order; the images have no bytes."""
    if may_hold_images(text):
        for found in _MARK.finditer(text):
            image = Image(found[4], found[1], int(found[2]), int(found[3]))
            yield ImagePlace(found.start(), found.end(), image)


@lru_cache(maxsize=2)  # a prompt of megabytes is looked through several times with each key
def images_in(text: str) -> tuple[Image, ...]:
    """The images that a text has marks of, each once, in their order; they have no bytes."""
    return tuple({place.image.digest: place.image for place in image_places(text)}.values())


def with_images_as(text: str, written: Callable[[Image], str]) -> str:
    """A text with something else in the place of each mark.

    Args:
        text: The text.
        written: What is written for an image.
    """
    parts, at = [], 0
    for place in image_places(text):
        parts += [text[at : place.start], written(place.image)]
        at = place.end
    return "".join([*parts, text[at:]]) if parts else text


def without_images(text: str) -> str:
    """A text without marks, and without the blank lines that they stood on."""
    bare = with_images_as(text, lambda _: "")
    return text if bare is text else re.sub(r"\n{3,}", "\n\n", bare).strip()


def shown_prompt(text: str) -> str:
    """A prompt for people: words stand for its images."""
    return with_images_as(text, lambda image: f"[▣ {image.words}]")


def read_from(image: Image, kept: Mapping[str, Image]) -> Image | None:
    """An image with its bytes and under its own name; None where they are not kept."""
    found = kept.get(image.digest)
    return found and replace(found, name=image.name)


def cost_words(number: int) -> str:
    """The tokens of some images.

    >>> cost_words(1), cost_words(2)
    ('2,048 tokens', '4,096 tokens')
    """
    return counted(number * IMAGE_TOKENS, "token")
