"""The differences between the vendors' APIs: package, paths, names of parameters."""

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
    from groqchat.domain.turns.endpoints import Endpoint
    from groqchat.domain.turns.request import ChatRequest

# The requirement in pyproject.toml.
_OPENAI = "openai>=3,<4"
# These servers refuse `max_tokens`; many others know no other name.
_KNOW_NEW_NAMES = ("openai.com", "openai.azure.com")


class Sdk(NamedTuple):
    """The client of a vendor's package; the packages are generated alike, so they share types."""

    client: AsyncGroq
    stream: type[AsyncStream[object]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A vendor's variant of the chat API.

    Attributes:
        root: The beginning of every path, after the server's address.
        connect: Imports the vendor's package on a thread and creates its client from key, address
            and transport. Raises ``GroqchatError`` where the package is not installed.
        body: The JSON of a request.
        headers_variable: The environment variable with the user's headers; empty for none.
        vendor: The endpoint's name; None is Groq, or a server with Groq's API.
    """

    root: str
    connect: Callable[[str, str, httpx.AsyncClient], Sdk]
    body: Callable[[ChatRequest], dict[str, object]]
    headers_variable: str = ""
    vendor: str | None = None

    @property
    def server(self) -> Server | None:
        """The name of the endpoint's server in sentences; None where only its address tells it."""
        return None if self.vendor is None else server_of_endpoint(self.vendor)

    @property
    def tells_limits(self) -> bool:
        """Whether the rate limit headers have Groq's meaning; other vendors count per minute."""
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
    """The dialect of another vendor's endpoint, through OpenAI's package."""

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
    """Hide a vendor's environment variables, which its SDK would send to any server."""
    hidden = {name: value for name, value in os.environ.items() if name.startswith(prefix)}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)
