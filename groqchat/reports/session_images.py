"""The images of a prompt in exports for readers, which hold their bytes."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from groqchat.domain.images.image import images_in, read_from
from groqchat.domain.turns.chat import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.images.image import Image
    from groqchat.domain.turns.chat import Message

# Formats that browsers show; what is sent never has another.
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def images_as_markdown(message: Message, kept: Mapping[str, Image]) -> list[str]:
    """The images of a prompt as Markdown with their bytes, or as words where they are not kept."""
    return [
        f"![{image.words}]({image.data_url})" if image.data else f"\\[image {image.words}\\]"
        for image in _images(message, kept)
    ]


def images_as_html(message: Message, kept: Mapping[str, Image]) -> str:
    """The images of a prompt as HTML with their bytes, or as words where they are not kept."""
    return "".join(
        f'\n<img alt="{_escaped(image.words)}" src="{_escaped(image.data_url)}">'
        if image.data
        else f"\n<p>[image {_escaped(image.words)}]</p>"
        for image in _images(message, kept)
    )


def _images(message: Message, kept: Mapping[str, Image]) -> list[Image]:
    if message.role is not Role.USER:
        return []
    found = [(image, read_from(image, kept)) for image in images_in(message.content)]
    return [read if read and read.media_type in _SHOWN else image for image, read in found]


def _escaped(text: str) -> str:
    return html.escape(text, quote=True)
