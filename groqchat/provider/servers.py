"""Whose server stands at an address."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from groqchat.domain.errors.servers import GROQ, server_called
from groqchat.provider.route import is_here

if TYPE_CHECKING:
    from groqchat.domain.errors.servers import Server

_GROQS_HOST = "groq.com"


def server_at(base_url: str) -> Server:
    """The server at an address that stands in the place of Groq's: Groq's own, or its host's.

    A name and a password that stand in the address are not shown.
    """
    try:
        url = urlsplit(base_url)
        host, port = url.hostname or "", url.port
    except ValueError:  # no address at all, which is told otherwise
        return server_called("the server")
    if host == _GROQS_HOST or host.endswith(f".{_GROQS_HOST}"):
        return GROQ
    name = f"[{host}]" if ":" in host else host
    called = f"{name}:{port}" if port else name or "the server"
    return server_called(called, is_on_this_machine=is_here(host))
