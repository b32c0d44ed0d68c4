"""The images of a request: which are sent, and what is said in the place of the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.images.image import read_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.images.image import Image
    from groqchat.domain.turns.request import RequestMessage

_LEFT_OUT = "[image {}: not sent any more]"
_UNSEEN = "[image {}: not sent]"
_LOST = "[image {}: not kept here]"


def with_newest_images(messages: Sequence[RequestMessage], most: int) -> tuple[RequestMessage, ...]:
    """The messages of a request with as many of their newest images as it may hold.

    In the place of each other one stands a word, so that no message is empty.

    Args:
        messages: The messages of a request, the oldest first.
        most: The most images of the request; 0 for a model that does not see.
    """
    room, words = most, _LEFT_OUT if most else _UNSEEN
    chosen: list[RequestMessage] = []
    for message in reversed(messages):
        first = max(0, len(message.images) - room)
        room -= len(message.images) - first
        chosen.append(_without(message, message.images[:first], words))
    return tuple(reversed(chosen))


def with_bytes(
    messages: Sequence[RequestMessage], kept: Mapping[str, Image]
) -> tuple[RequestMessage, ...]:
    """The messages with the bytes of their images; a word stands for those that are not kept."""
    return tuple(_with_bytes(each, kept) if each.images else each for each in messages)


def _with_bytes(message: RequestMessage, kept: Mapping[str, Image]) -> RequestMessage:
    lost = [image for image in message.images if image.digest not in kept]
    there = _without(message, lost, _LOST)
    read = (read_from(image, kept) for image in there.images)
    return replace(there, images=tuple(image for image in read if image is not None))


def _without(message: RequestMessage, images: Sequence[Image], words: str) -> RequestMessage:
    if not images:
        return message
    marks = [words.format(image.name) for image in images]
    content = "\n".join(filter(None, (message.content, *marks)))
    kept = tuple(image for image in message.images if image not in images)
    return replace(message, content=content, images=kept)
