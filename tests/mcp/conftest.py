"""Servers of tools for the tests, and what asks them."""

import socket
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from groqchat.domain.settings import read_settings
from groqchat.mcp.sources import Servers

HOSTILE = Path(__file__).with_name("hostile.py")


async def no_token(_):
    return None


@pytest.fixture
async def ask():
    """Makes the source of one server: ``ask("hostile", *arguments, **settings)``."""
    made = []

    def source(*words, token=no_token, **table):
        if words and words[0] == "hostile":
            words = (sys.executable, "-S", str(HOSTILE), *words[1:])
        table = {"command": list(map(str, words)), **table} if words else table
        settings, mistakes = read_settings({"mcp": {"s": table}})
        assert not mistakes
        servers = Servers(token, lambda package: f"pip install {package}")
        made.append(servers)
        return servers.of(settings.mcp["s"])

    yield source
    for servers in made:
        await servers.close()


@pytest.fixture(scope="module")
def address():
    """The same server at an address that wants a token, on a thread; ``/403`` and so on refuse."""
    from mcp_server_time.server import create_server

    app = create_server("UTC").streamable_http_app()

    async def guarded(scope, receive, send):
        if scope["type"] == "http":
            given = dict(scope["headers"]).get(b"authorization", b"").decode()
            place = scope["path"].strip("/")
            status = int(place) if place.isdecimal() else 200
            if status == 200 and given != "Bearer s3cret":
                status = 401
            if status != 200 or place in {"page", "huge"}:
                kind = b"text/html" if place != "huge" else b"application/json"
                await send(
                    {
                        "type": "http.response.start",
                        "status": status,
                        "headers": [(b"content-type", kind)],
                    }
                )
                body = b" " * (9 * 2**20) if place == "huge" else b"<html>no</html>"
                await send({"type": "http.response.body", "body": body})
                return
        await app(scope, receive, send)

    with served(guarded) as place:
        yield place


@pytest.fixture(scope="module")
def signs_in():
    """A server of the SDK that wants a sign-in with OAuth, and one of the older transport."""
    from mcp.server.auth.settings import AuthSettings
    from mcp.server.mcpserver import MCPServer
    from starlette.applications import Starlette
    from starlette.routing import Mount

    class Nobody:
        async def verify_token(self, token):
            return None

    here = "http://127.0.0.1"
    auth = AuthSettings(issuer_url=here, resource_server_url=here, validate_token_resource=False)
    wanting = MCPServer("wanting", auth=auth, token_verifier=Nobody()).streamable_http_app()
    old = MCPServer("old").sse_app()
    with served(Starlette(routes=[Mount("/oauth", wanting), Mount("/old", old)])) as place:
        yield place


@contextmanager
def served(app):
    """Serve an application on a thread; gives its address."""
    import uvicorn

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="critical", ws="none", timeout_graceful_shutdown=0)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
