"""The names of servers, by their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from groqchat.domain.errors.servers import GROQ, server_called
from groqchat.provider.route import is_here

if TYPE_CHECKING:
    from groqchat.domain.errors.servers import Server

_GROQS_HOST = "groq.com"


def server_at(base_url: str) -> Server:
    """The server at an address: Groq, or one that is called by its host.

    User name and password in the address are left out.
    """
    try:
        url = urlsplit(base_url)
        host, port = url.hostname or "", url.port
    except ValueError:  # an invalid address, which another error reports
        return server_called("the server")
    if host == _GROQS_HOST or host.endswith(f".{_GROQS_HOST}"):
        return GROQ
    name = f"[{host}]" if ":" in host else host
    called = f"{name}:{port}" if port else name or "the server"
    return server_called(called, is_on_this_machine=is_here(host))
