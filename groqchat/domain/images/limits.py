"""The limits of an image, and the size to which a larger one is scaled down."""

from __future__ import annotations

from groqchat.domain.text.humanize import count, size

MOST_BYTES = 1_000_000
"""The most bytes of an image that is sent as it is.

In base64, which is a third longer, three of these fit into the 4 MB that Groq's page named as the
limit of a request; today it names 20 MB for images behind a URL alone.
"""
MOST_PIXELS = 33_177_600
"""The most pixels of an image (Groq's vision page, as of 2025)."""
LONGEST_SIDE = 2_048
"""The longest side of an image that was scaled down, in pixels."""
MOST_BYTES_READ = 64 * 2**20
"""The most bytes of a file that are read."""


def is_too_large(width: int, height: int, data_size: int) -> bool:
    """Whether an image has to be scaled down."""
    return data_size > MOST_BYTES or width * height > MOST_PIXELS


def why_too_large(width: int, height: int, data_size: int) -> str:
    """The reason, which goes on a sentence that names the image."""
    if data_size > MOST_BYTES:
        return f"has {size(data_size)}; an image may have {size(MOST_BYTES)} at most"
    return f"has {count(width * height)} pixels; an image may have {count(MOST_PIXELS)} at most"
