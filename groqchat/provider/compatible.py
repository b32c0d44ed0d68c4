"""Creates providers: for Groq, or for another vendor through OpenAI's package."""

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
    """The provider for an endpoint, or for Groq's API at an address.

    Args:
        place: The endpoint, or the address of a server with Groq's API.
        key: The API key.
        clock_now: The Unix time in seconds.
        gap_timeout: The limit without useful data, in seconds.
        is_simulated: Whether the built-in simulator serves the address.
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
    """The provider for an endpoint; its package is imported with the first request.

    Args:
        endpoint: The endpoint.
        key: The API key of the endpoint.
        clock_now: The Unix time in seconds.
        gap_timeout: The limit without useful data, in seconds.
    """
    return GroqProvider(
        key,
        endpoint.base_url,
        clock_now=clock_now,
        gap_timeout=gap_timeout,
        dialect=dialect_of(endpoint),
    )
