"""The checks of the way to the server: its proxy, and whether both have the same time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from groqchat.cli.examining.finding import Finding
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import duration

if TYPE_CHECKING:
    from groqchat.services.account.key_checks import KeyCheck

# So long a proxy may take to accept a connection, in seconds.
_LONGEST_S = 5.0
# So far the clocks may be apart, in seconds: headers have whole seconds, and answers take some.
MOST_APART_S = 30.0
_PORTS = {"http": 80, "https": 443}
_PORT_OF_SOCKS = 1080


async def proxy(base_url: str) -> Finding:
    """The check of the proxy that the server is asked through, if there is one.

    Args:
        base_url: The address of the server.
    """
    from groqchat.provider.route import proxy_for

    server = urlsplit(base_url)
    host = server.hostname or ""
    try:
        found = proxy_for(server.scheme, host, server.port)
    except (GroqchatError, ValueError, KeyError) as error:
        fix = error.command_suggestion if isinstance(error, GroqchatError) else ""
        return Finding("proxy", False, str(error), fix or "Correct GROQ_BASE_URL.")
    if found is None:
        return Finding("proxy", True, "none: the server is asked directly")
    place = urlsplit(found.address)
    port = place.port or _PORTS.get(found.scheme, _PORT_OF_SOCKS)
    try:
        async with asyncio.timeout(_LONGEST_S):
            _, writer = await asyncio.open_connection(place.hostname, port)
        writer.close()
    except OSError as error:
        why = error.strerror or f"no answer within {_LONGEST_S:.0f} s"
        hint = f"Correct or unset {found.variable}, or name {host} in NO_PROXY."
        return Finding("proxy", False, f"{found} is not reached: {why}", hint)
    return Finding("proxy", True, str(found))


def clock(check: KeyCheck) -> Finding:
    """The check of this machine's clock by the server's.

    Args:
        check: A check of the key just made, whose answer has the server's time.
    """
    ahead = check.clock_ahead_s
    if ahead is None:
        return Finding("clock", None, "the server did not tell its time")
    if abs(ahead) <= MOST_APART_S:
        return Finding("clock", True, "right, by the server's")
    how = "ahead of" if ahead > 0 else "behind"
    hint = (
        "Set it by the network (`timedatectl set-ntp true`): limits, budgets by the day and "
        "certificates go by it."
    )
    return Finding("clock", False, f"{duration(abs(ahead))} {how} the server's", hint)
