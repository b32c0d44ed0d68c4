"""The text of a web page: fetched once the user asks for it, and made readable."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from groqchat.domain.text.plain_text import plain_text
from groqchat.services.file_text import file_text, is_pdf
from groqchat.services.images.loading import image_of, is_image
from groqchat.services.pages.ports import PageError

if TYPE_CHECKING:
    from groqchat.domain.images.image import Image
    from groqchat.services.pages.ports import Fetch, Fetched

# The longest time for the pages of a PDF, in seconds.
_PDF_S = 10.0
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_TEXT = re.compile(
    r"(?:text/.*|application/(?:json|xml|javascript|x-yaml|yaml|toml|.*\+json|.*\+xml))?"
)
# What servers say of a file whose kind they do not know, such as ``.log``.
_UNKNOWN = frozenset({"application/octet-stream", "binary/octet-stream", "application/unknown"})
# What is no text of the page: programs, forms, and the way to other pages.
_NO_TEXT = (
    "script", "style", "noscript", "template", "svg", "iframe", "nav", "header", "footer",
    "aside", "form", "button",
)  # fmt: skip
# A part that holds less than this share of all words is not the page's main part.
_MAIN_SHARE = 0.3
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")
_BEGINS_AS_HTML = re.compile(rb"\s*(?:<!doctype html|<html)", re.IGNORECASE)
_DEMO = "is not fetched: the demo has no network"


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page as text: Markdown, where it was HTML. ``image`` is there where it is an image."""

    url: str
    text: str
    image: Image | None = None


class WebPages:
    """Reads web pages.

    Args:
        fetch: Fetches them; None where there is no network.
    """

    def __init__(self, fetch: Fetch | None) -> None:
        self._fetch = fetch

    async def read(self, url: str, *, is_private_allowed: bool = False) -> WebPage:
        """Fetch a page and read its text.

        Raises:
            PrivateAddressError: It is on this machine or in its own network, and may not be.
            PageError: It cannot be had, or holds no text.
        """
        if self._fetch is None:
            raise PageError(_DEMO)
        fetched = await self._fetch(url, is_private_allowed=is_private_allowed)
        return await asyncio.to_thread(page_of, fetched)


def page_of(fetched: Fetched) -> WebPage:
    """The text of what was fetched.

    Raises:
        PageError: It is no text, or none that can be read.
    """
    kind, data = fetched.content_type, fetched.data
    try:
        if is_image(data):
            name = unquote(urlsplit(fetched.url).path).rpartition("/")[2]
            return WebPage(fetched.url, "", image_of(name, data))
        if is_pdf(data):
            text = file_text(data, _PDF_S)
        elif kind in _HTML or (not kind and _BEGINS_AS_HTML.match(data)):
            text = html_text(data, fetched.charset)
        elif _TEXT.fullmatch(kind):
            text = _decoded(data, fetched.charset)
        elif kind in _UNKNOWN and (found := _text_in(data)) is not None:
            text = found
        else:
            raise PageError(f"is {kind}; text, HTML, PDF and images are read")
    except ValueError as mistake:
        raise PageError(str(mistake)) from None
    if not text.strip():
        raise PageError("holds no text; pages that a program builds in the browser hold none")
    return WebPage(fetched.url, text.strip())


def html_text(data: bytes, charset: str = "") -> str:
    """The readable part of a page in HTML, as Markdown.

    Raises:
        ValueError: The page is nested too deeply.
    """
    from bs4 import BeautifulSoup
    from markdownify import MarkdownConverter

    soup = BeautifulSoup(data, "html.parser", from_encoding=charset or None)
    title = " ".join(soup.title.get_text().split()) if soup.title else ""
    for tag in soup(["title", *_NO_TEXT]):
        tag.decompose()
    body = soup.body or soup
    parts = [(len(part.get_text()), part) for part in soup(["main", "article"])]
    length, main = max(parts, key=lambda each: each[0], default=(0, body))
    if length < _MAIN_SHARE * len(body.get_text()):
        main = body
    try:
        text = MarkdownConverter(heading_style="ATX", strip=["img"]).convert_soup(main)
    except RecursionError:
        raise ValueError("is nested too deeply to be read") from None
    text = _BLANK_LINES.sub("\n\n", text).strip()
    is_headed = not title or title in text[:500]
    return text if is_headed or not text else f"# {title}\n\n{text}"


def _text_in(data: bytes) -> str | None:
    """The text of data of an unknown kind; None where it is no text in UTF-8."""
    try:
        return plain_text(data)
    except ValueError:
        return None


def _decoded(data: bytes, charset: str) -> str:
    if not charset:
        return plain_text(data)
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return plain_text(data)
