"""Fetches web pages; what does so is loaded with the first one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.services.pages.ports import Fetched


async def fetch(url: str, *, is_private_allowed: bool) -> Fetched:
    """Fetch a page; see :func:`groqchat.provider.web_pages.fetch`."""
    from groqchat.provider.web_pages import fetch

    return await fetch(url, is_private_allowed=is_private_allowed)
