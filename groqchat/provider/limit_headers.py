"""Reads the limits that the headers of an answer tell, and knows whether Groq itself tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.limits.rate_headers import read_headers

if TYPE_CHECKING:
    import httpx

    from groqchat.domain.limits.quota import Reading

_GROQ = "api.groq.com"


def read_limits(response: httpx.Response, now: float) -> Reading:
    """What an answer's headers say about limits, at this Unix time."""
    return read_headers(response.headers, now, is_groq=response.url.host == _GROQ)
