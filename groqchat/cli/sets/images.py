"""The images that the prompts of a set name: files beside it, each read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.services.images.loading import read_image

if TYPE_CHECKING:
    from pathlib import Path

    from groqchat.domain.images.image import Image


class SetImages:
    """Reads images.

    Args:
        folder: The folder of the set's file, from which their paths lead.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._by_name: dict[str, Image] = {}

    @property
    def images(self) -> tuple[Image, ...]:
        """The images that were read."""
        return tuple(self._by_name.values())

    def mark(self, name: str) -> str:
        """The mark of the image of a path.

        Raises:
            ValueError: It cannot be read; the message names it.
        """
        if name not in self._by_name:
            try:
                self._by_name[name] = read_image(self._folder / name)
            except OSError as error:
                raise ValueError(f"cannot read the image {name}: {error.strerror}") from None
            except ValueError as mistake:
                raise ValueError(f"the image {name} {mistake}") from None
        return self._by_name[name].mark
