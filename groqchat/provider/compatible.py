"""Asks other vendors' servers that speak the same API, through the package of OpenAI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.provider.dialects import dialect_of
from groqchat.provider.groq_provider import GAP_S, GroqProvider

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.endpoints import Endpoint
    from groqchat.domain.secret import Secret


def compatible_provider(
    endpoint: Endpoint,
    key: Secret,
    *,
    clock_now: Callable[[], float],
    gap_timeout: float = GAP_S,
) -> GroqProvider:
    """Who asks an endpoint; nothing is imported yet.

    Args:
        endpoint: Which one.
        key: Its API key.
        clock_now: The Unix time in seconds.
        gap_timeout: Seconds in which nothing of use may arrive.
    """
    return GroqProvider(
        key,
        endpoint.base_url,
        clock_now=clock_now,
        gap_timeout=gap_timeout,
        dialect=dialect_of(endpoint),
    )
