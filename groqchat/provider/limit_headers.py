"""Reads the rate limits in the headers of a response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.limits.rate_headers import read_headers

if TYPE_CHECKING:
    import httpx

    from groqchat.domain.limits.quota import Reading

_GROQ = "api.groq.com"


def read_limits(response: httpx.Response, now: float) -> Reading:
    """The rate limits in a response's headers; ``now`` is a Unix time in seconds."""
    return read_headers(response.headers, now, is_groq=response.url.host == _GROQ)
