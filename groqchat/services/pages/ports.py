"""What web pages need of the network, and what goes wrong there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

MOST_BYTES = 2 * 2**20
"""The most bytes of a page, once it is decompressed."""
MOST_IMAGE_BYTES = 20 * 2**20
"""The most bytes of an image, as many as Groq's vision page names for one behind a URL."""
LIMIT_S = 20.0
"""The longest time for all of a page, redirects included, in seconds."""
MOST_REDIRECTS = 5


class PageError(Exception):
    """A page that cannot be had; the message goes on a sentence that names it."""


class UnreachablePageError(PageError):
    """A page whose server does not answer, or has no address."""


class PrivateAddressError(PageError):
    """A page on this machine or in its own network, which is fetched only if the user says so."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server sent.

    Attributes:
        url: The address that it came from, behind all redirects.
        content_type: The media type in lower case, without parameters; empty where none was told.
        charset: The encoding as the server named it; empty where none was told.
        data: The decompressed body.
    """

    url: str
    content_type: str
    charset: str
    data: bytes


class Fetch(Protocol):
    """Fetches a page by GET, without cookies, credentials or a referrer."""

    async def __call__(self, url: str, *, is_private_allowed: bool) -> Fetched:
        """The page.

        Args:
            url: Its address.
            is_private_allowed: Whether the address may be this machine's, or in its own network;
                a redirect never leads there.

        Raises:
            PrivateAddressError: It is, and may not be.
            PageError: It cannot be had.
        """
