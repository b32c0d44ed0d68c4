"""The text of files that are sent with a prompt."""

from __future__ import annotations


def plain_text(data: bytes) -> str:
    """The text of a file, without a byte order mark.

    Raises:
        ValueError: It is no text; the message goes on a sentence that names it.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("is not text in UTF-8") from None
    if "\0" in text:
        raise ValueError("is not text: it holds NUL characters")
    return text
