"""Which models see, and why the images of a prompt cannot be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.images.image import MOST_IMAGES, images_in
from groqchat.domain.text.humanize import counted

if TYPE_CHECKING:
    from groqchat.domain.models.catalog import Model

ABILITY = "vision"


def sees(model: Model, provider: str | None = None) -> bool:
    """Whether images are sent to a model; of other vendors' models nobody knows."""
    return model.can(ABILITY) or (provider is not None and not model.abilities)


def most_images(model: Model, provider: str | None = None) -> int:
    """The most images that a request to a model holds."""
    return MOST_IMAGES if sees(model, provider) else 0


def image_problem(text: str, model: Model, provider: str | None = None) -> str:
    """The reason why the images of a prompt cannot be sent, with a remedy; empty if they can."""
    number = len(images_in(text))
    if not number:
        return ""
    if not sees(model, provider):
        return f"{model.id} does not see images: /model vision lists what sees."
    if number > MOST_IMAGES:
        has = counted(number, "image")
        return f"The prompt has {has}; one request takes {MOST_IMAGES}: remove the others."
    return ""
