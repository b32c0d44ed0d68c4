"""Foreign text made fit to be shown: harmless, and no longer than can be read."""

from __future__ import annotations

from groqchat.domain.images.image import may_hold_images, shown_prompt
from groqchat.domain.text.sanitize import sanitize

LONGEST_LINE = 300
LONGEST_BLOCK = 4_000


def line(text: str, longest: int = LONGEST_LINE) -> str:
    """Foreign text on one line, cut after so many characters."""
    # Not more is looked at than could be shown: a megabyte must not stop the screen.
    text = shown_prompt(text) if may_hold_images(text) else text
    head = " ".join(sanitize(text[: 4 * longest]).split())
    is_whole = len(text) <= 4 * longest and len(head) <= longest
    return head if is_whole else head[: longest - 1] + "…"


def block(text: str, longest: int = LONGEST_BLOCK) -> str:
    """Foreign text with its line breaks, cut after so many characters."""
    head = sanitize(text[:longest]).strip("\n")
    return head if len(text) <= longest else head + "…"
