"""The text of files that are sent with a prompt: plain text, and PDF by the extra ``pdf``."""

from __future__ import annotations

import io
import logging
from time import monotonic

from groqchat.domain.text.plain_text import plain_text

_PDF = b"%PDF-"
_WITHOUT = "is a PDF, whose text is read after: pip install 'pypdf>=7,<8'"


def file_text(data: bytes, limit_s: float) -> str:
    """The text of a file.

    Args:
        data: The whole file.
        limit_s: The longest time for the pages of a PDF, in seconds.

    Raises:
        ValueError: It is no text, or its text cannot be read; the message goes on a sentence that
            names the file.
    """
    return _pdf_text(data, limit_s) if is_pdf(data) else plain_text(data)


def is_pdf(data: bytes) -> bool:
    """Whether a file, or its beginning, is that of a PDF."""
    return data.startswith(_PDF)


def _pdf_text(data: bytes, limit_s: float) -> str:
    try:
        from pypdf import PdfReader
    except ImportError:
        raise ValueError(_WITHOUT) from None
    # What it thinks of the file would stand on the screen.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    end, texts = monotonic() + limit_s, []
    try:
        for page in PdfReader(io.BytesIO(data)).pages:
            texts.append(page.extract_text().strip())
            if monotonic() > end:
                break
        else:
            end = float("inf")
    except Exception as error:  # beside its own errors, broken files raise any other
        raise ValueError("is a PDF that is broken or needs a password") from error
    if monotonic() > end:
        raise ValueError(f"is a PDF of more text than can be read here in {limit_s:g} s")
    if not any(texts):
        raise ValueError("is a PDF without text: its pages are pictures")
    return "\n\n".join(text for text in texts if text)
