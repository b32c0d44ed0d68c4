"""Makes who asks: Groq's API, or through the package of OpenAI another vendor's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.servers import SIMULATED
from groqchat.provider.dialects import dialect_of
from groqchat.provider.groq_provider import GAP_S, GroqProvider

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.text.secret import Secret
    from groqchat.domain.turns.endpoints import Endpoint


def provider_for(
    place: Endpoint | str,
    key: Secret,
    *,
    clock_now: Callable[[], float],
    gap_timeout: float = GAP_S,
    is_simulated: bool = False,
) -> GroqProvider:
    """Who asks an endpoint, or Groq or what takes its place at another address.

    Args:
        place: The endpoint, or the address.
        key: The API key.
        clock_now: The Unix time in seconds.
        gap_timeout: Seconds in which nothing of use may arrive.
        is_simulated: Whether the built-in simulator answers there.
    """
    if isinstance(place, str):
        server = SIMULATED if is_simulated else None
        return GroqProvider(key, place, clock_now=clock_now, gap_timeout=gap_timeout, server=server)
    return compatible_provider(place, key, clock_now=clock_now, gap_timeout=gap_timeout)


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
