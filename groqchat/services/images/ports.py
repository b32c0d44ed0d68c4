"""What images need of the layers beside the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from groqchat.domain.images.image import Image


class ImageStore(Protocol):
    """Keeps images by their digests. Every call may raise ``StorageError``."""

    async def keep_images(self, images: Iterable[Image]) -> None:
        """Keep images, so that a text can name them; those that are kept already stay."""

    async def images(self, digests: Iterable[str]) -> Mapping[str, Image]:
        """The kept images with some digests, by digest."""
