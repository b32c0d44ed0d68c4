"""The images of ``ask --image``: files and addresses, added to the prompt."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.asking.patterns import ADDRESS, matching
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import DIM, narrate
from groqchat.domain.errors.table import failure
from groqchat.domain.images.image import MOST_IMAGES, cost_words, images_in
from groqchat.domain.models.vision import sees
from groqchat.domain.text.humanize import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from groqchat.domain.images.image import Image
    from groqchat.domain.models.catalog import Model
    from groqchat.services.images.ports import ImageStore
    from groqchat.services.pages.web_pages import WebPages

UNASKED = "Describe what is shown."
"""The prompt of images about which nothing was written."""


def add_images(parser: argparse.ArgumentParser) -> None:
    """Declare ``--image``."""
    parser.add_argument(
        "--image",
        action="append",
        default=[],
        metavar="FILE|URL",
        help=f"add an image, for a model that sees; up to {MOST_IMAGES}, {cost_words(1)} each",
    )


async def with_images(
    prompt: str, sources: Sequence[str], pages: WebPages, store: ImageStore
) -> str:
    """A prompt with the images of a command line, which are kept in the store.

    Args:
        prompt: The prompt.
        sources: The paths and addresses of the images.
        pages: Fetches what is behind an address.
        store: Where images are kept.

    Raises:
        MisuseError: One cannot be read, or they are too many.
    """
    if not sources:
        return prompt
    paths = [path for source in sources for path in matching(source)]
    if len(paths) > MOST_IMAGES:
        has = counted(len(paths), "image")
        raise MisuseError(f"--image: {has} are too many; one request takes {MOST_IMAGES}")
    images = [await _image(path, pages) for path in paths]
    await store.keep_images(images)
    total = cost_words(len(images))
    narrate(f"groqchat: {', '.join(image.words for image in images)}: {total}.", DIM)
    return "\n\n".join([prompt, *(image.mark for image in images)])


async def _image(source: str, pages: WebPages) -> Image:
    from groqchat.services.pages.ports import PageError, UnreachablePageError

    try:
        if not ADDRESS.match(source):
            return await asyncio.to_thread(_of_file, source)
        # Who writes an address on a command line has asked for it, wherever it leads.
        page = await pages.read(source, is_private_allowed=True)
    except OSError as error:
        raise MisuseError(f"cannot read {source}: {error.strerror}") from None
    except RuntimeError:
        raise MisuseError(f"cannot read {source}: there is no such user") from None
    except UnreachablePageError as mistake:
        raise failure("page_unreachable", detail=f"{source} {mistake}") from None
    except (ValueError, PageError) as mistake:
        raise MisuseError(f"{source} {mistake}") from None
    if page.image is None:
        raise MisuseError(f"{source} is no image; --file attaches the text of a saved page")
    return page.image


def _of_file(source: str) -> Image:
    from groqchat.services.images.loading import read_image

    return read_image(Path(source).expanduser())


def tell_unseen(prompt: str, models: Iterable[Model]) -> None:
    """Say which models of a comparison are asked without the images of its prompt."""
    blind = [model.id for model in models if not sees(model)] if images_in(prompt) else []
    if blind:
        names = ", ".join(blind)
        narrate(f"groqchat: {names}: sees no images, and is told their names alone.", DIM)


def refuse_unseen(prompt: str, model: Model, provider: str | None) -> None:
    """Refuse a prompt whose images the model cannot see.

    Raises:
        MisuseError: The message names what sees.
    """
    if images_in(prompt) and not sees(model, provider):
        from groqchat.storage.catalog import load_catalog

        seeing = next((each.id for each in load_catalog().chat_models() if sees(each)), "")
        choice = f"; choose one that does: --model {seeing}" if seeing else ""
        raise MisuseError(f"--image: {model.id} does not see images{choice}")
