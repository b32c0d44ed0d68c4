"""A real server from its package, as a program and at an address."""

import os
import sys

import pytest

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.secret import Secret
from groqchat.domain.tools.server_state import State
from groqchat.domain.tools.servers import McpServer
from groqchat.mcp.http import Address
from groqchat.mcp.problems import problem_of

BERLIN = {"timezone": "Europe/Berlin"}


async def asked(source):
    """The names of the tools, the answer of a good call, and that of one that fails."""
    names = [tool.sent_name for tool in await source.tools()]
    good = await source.call("get_current_time", BERLIN)
    bad = await source.call("get_current_time", {"timezone": "Mars/Olympus"})
    assert source.state.state is State.READY
    return names, good, bad


def check(names, good, bad):
    assert names == ["s__get_current_time", "s__convert_time"]
    assert '"timezone": "Europe/Berlin"' in good.text
    assert not good.is_error
    assert bad.is_error
    assert bad.text.startswith("Error executing tool get_current_time: Invalid timezone:")


async def test_over_stdio(ask):
    source = ask(sys.executable, "-m", "mcp_server_time")
    check(*await asked(source))
    process = source.connection.pid
    await source.stop()
    assert source.connection is None
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


async def token(_):
    return Secret("s3cret")


async def test_over_http_with_its_token(ask, address):
    source = ask(url=f"{address}/mcp", token=token)
    check(*await asked(source))
    unknown = await source.call("nothing", {})
    assert unknown.text == "The MCP server s answered with an error: Unknown tool: nothing."
    assert unknown.is_error


@pytest.mark.parametrize(
    ("path", "kind", "told"),
    [
        ("/mcp", "key_rejected", "The MCP server s does not accept the token, or wants one"),
        ("/403", "not_permitted", "The MCP server s does not permit this (HTTP 403)."),
        ("/404", "unreachable", "No MCP server answers for s: HTTP 404 from http://127.0.0.1:"),
        ("/503", "service_error", "The MCP server s is overloaded or out of order (HTTP 503"),
        ("/huge", "unreachable", "The MCP server s broke off: it sent more than 8 MB at once."),
        ("/page", "service_error", "The MCP server s answered with an error: "),
    ],
)
async def test_a_status_is_explained(ask, address, path, kind, told):
    with pytest.raises(GroqchatError) as error:
        await ask(
            url=address + path, **({"token": token} if path in {"/page", "/huge"} else {})
        ).listing()
    assert error.value.kind == kind
    assert error.value.message.startswith(told)


@pytest.mark.parametrize(
    ("path", "given", "cause"),
    [
        ("/oauth/mcp", {}, "mcp_oauth"),
        ("/oauth/mcp", {"token": token}, "mcp_token"),
        ("/old/sse", {}, "mcp_sse"),
        ("/old/messages/", {}, "mcp_elsewhere"),
    ],
)
async def test_a_server_that_wants_what_we_do_not_do_says_what_to_do(
    ask, signs_in, path, given, cause
):
    with pytest.raises(GroqchatError) as error:
        await ask(url=signs_in + path, **given).listing()
    assert error.value.cause.name == cause


async def test_nobody_at_the_address_is_said(ask):
    with pytest.raises(GroqchatError) as error:
        await ask(url="http://127.0.0.1:9/mcp").listing()
    assert error.value.message == (
        "The MCP server s cannot be reached: http://127.0.0.1:9/mcp: "
        "All connection attempts failed."
    )


async def test_without_the_package_the_command_that_installs_it_is_said(ask, monkeypatch):
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(GroqchatError) as error:
        await ask("hostile", "plain").listing()
    assert error.value.suggestion == "Install it: pip install mcp>=2.3,<3"


async def test_a_session_that_the_server_has_forgotten_is_begun_anew():
    from mcp import MCPError

    server = McpServer("s", url="https://example.org/mcp")
    way = Address(server, None)
    way.status = 404
    problem = await problem_of(server, MCPError(-32600, "Session terminated"), way, 1.0)
    assert problem.cause.name == "mcp_broken"  # the connection is not used again
    assert problem.message == "The MCP server s broke off: it has ended the session."
