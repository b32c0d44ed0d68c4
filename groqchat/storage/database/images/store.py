"""The store of images, as a part of that of sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.storage.database.images.rows import images_of, put_images

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from groqchat.domain.images.image import Image
    from groqchat.storage.database.database import Database


class StoredImages:
    """The :class:`~groqchat.services.images.ports.ImageStore` of this machine."""

    _database: Database

    async def keep_images(self, images: Iterable[Image]) -> None:
        """Keep images, so that a text can name them; those that are kept already stay."""
        await self._database.write(lambda db: put_images(db, images))

    async def images(self, digests: Iterable[str]) -> Mapping[str, Image]:
        """The kept images with some digests, by digest."""
        wanted = list(digests)
        if not wanted:
            return {}
        return await self._database.read(lambda db: images_of(db, wanted))
