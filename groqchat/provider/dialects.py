"""Where the vendors' APIs differ: the package that speaks to them, the paths, a few names."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from groqchat.domain.errors.refusal_bodies import shown
from groqchat.domain.errors.servers import server_of_endpoint
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import Facts
from groqchat.provider.chat import plain_body, request_body
from groqchat.provider.packages import install_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx
    from groq import AsyncGroq, AsyncStream

    from groqchat.domain.errors.servers import Server
    from groqchat.domain.turns.chat import ChatRequest
    from groqchat.domain.turns.endpoints import Endpoint

# As pyproject.toml has it.
_OPENAI = "openai>=3,<4"
# These servers refuse the old name of the answer's bound, many others know no other.
_KNOW_NEW_NAMES = ("openai.com", "openai.azure.com")


class Sdk(NamedTuple):
    """A vendor's package, ready; one generator made them all, and they are used alike."""

    client: AsyncGroq
    stream: type[AsyncStream[object]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One vendor's way of speaking the chat API.

    Attributes:
        root: What stands before every path, after the server's address.
        connect: Imports the vendor's package, for a thread, and makes its client of key, address
            and transport. Raises ``GroqchatError`` where it is not installed.
        body: The JSON of a request.
        headers_variable: Where the user keeps headers of their own; empty: nowhere.
        vendor: The endpoint's name; None is the server that takes the place of Groq's, or Groq's.
    """

    root: str
    connect: Callable[[str, str, httpx.AsyncClient], Sdk]
    body: Callable[[ChatRequest], dict[str, object]]
    headers_variable: str = ""
    vendor: str | None = None

    @property
    def server(self) -> Server | None:
        """How sentences call the endpoint's server; None: nobody but its address says."""
        return None if self.vendor is None else server_of_endpoint(self.vendor)

    @property
    def tells_limits(self) -> bool:
        """Whether headers mean what Groq means by them; others count requests by the minute."""
        return self.vendor is None


def _connect_groq(key: str, base_url: str, transport: httpx.AsyncClient) -> Sdk:
    # The SDK would log to stderr, over the screen.
    os.environ.pop("GROQ_LOG", None)
    import groq

    client = groq.AsyncGroq(
        api_key=key,
        base_url=base_url,
        timeout=transport.timeout,
        max_retries=0,
        http_client=transport,
    )
    return Sdk(client, groq.AsyncStream[object])


GROQ = Dialect("/openai/v1", _connect_groq, request_body, "GROQ_CUSTOM_HEADERS")


def dialect_of(endpoint: Endpoint) -> Dialect:
    """How to speak to another vendor's endpoint: through the package of OpenAI."""

    def connect(key: str, base_url: str, transport: httpx.AsyncClient) -> Sdk:
        with _without_variables("OPENAI_"):
            try:
                import openai
            except ImportError as missing:
                command = install_command(_OPENAI)
                facts = Facts(vendor=endpoint.name, parameter=command, detail=shown(str(missing)))
                raise failure("extra_missing", facts) from missing
            client = openai.AsyncOpenAI(
                api_key=key,
                base_url=base_url,
                timeout=cast("Any", transport.timeout),
                max_retries=0,
                http_client=cast("Any", transport),
            )
        return Sdk(cast("AsyncGroq", client), cast("Any", openai.AsyncStream[object]))

    host = endpoint.base_url.partition("://")[2].partition("/")[0].partition(":")[0]
    bound = "max_completion_tokens" if host.endswith(_KNOW_NEW_NAMES) else "max_tokens"
    return Dialect("", connect, lambda request: plain_body(request, bound), vendor=endpoint.name)


@contextmanager
def _without_variables(prefix: str) -> Iterator[None]:
    """Hide what the environment holds for a vendor: its SDK would send it to whoever is asked."""
    hidden = {name: value for name, value in os.environ.items() if name.startswith(prefix)}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)
