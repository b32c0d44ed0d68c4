"""The causes of the table for servers of tools."""

from __future__ import annotations

from groqchat.domain.errors.cause import Action, Cause, ErrorKind

_SERVER = (Action.DETAILS,)
_REST = "Keep tools that may fail apart from those that a task needs."

MCP_CAUSES = (
    Cause(
        "mcp_unread", ErrorKind.STORAGE, "MCP server not readable",
        "The MCP server {parameter} is left out: {detail}.",
        "Correct that line (/settings file opens it), or remove the server: F6 in /mcp.",
        _REST,
        actions=_SERVER,
        command_fix="Correct that line, or remove the server: `groqchat mcp remove {parameter}`.",
    ),
    Cause(
        "mcp_missing", ErrorKind.STORAGE, "Package missing",
        "The package that asks MCP servers is not installed.",
        "Install it: {detail}",
        "Install it with groqchat.",
        actions=_SERVER,
    ),
    Cause(
        "mcp_unstarted", ErrorKind.STORAGE, "MCP server not started",
        "The MCP server {parameter} cannot be started: {detail}.",
        "Correct its command in the settings, under [mcp.{parameter}], or install the program.",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "mcp_broken", ErrorKind.UNREACHABLE, "MCP server broke off",
        "The MCP server {parameter} broke off: {detail}.",
        "Try it with `groqchat mcp test {parameter}`; it is started again when it is used.",
        _REST,
        actions=_SERVER,
        command_fix="It is started again when it is used; its command, run by hand, may say more.",
    ),
    Cause(
        "mcp_silent", ErrorKind.UNREACHABLE, "MCP server silent",
        "The MCP server {parameter} did not answer within {detail}.",
        "Try it again, or give it more time: start_s and call_s under [mcp.{parameter}].",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "mcp_unreachable", ErrorKind.UNREACHABLE, "MCP server not reached",
        "The MCP server {parameter} cannot be reached: {detail}.",
        "Check its address in the settings, under [mcp.{parameter}], and whether it runs.",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "mcp_elsewhere", ErrorKind.UNREACHABLE, "No MCP server there",
        "No MCP server answers for {parameter}: {detail}.",
        "Check its address in the settings, under [mcp.{parameter}].",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "mcp_token", ErrorKind.KEY_REJECTED, "MCP server wants a token",
        "The MCP server {parameter} does not accept the token, or wants one (HTTP 401).",
        "Store its token: `groqchat mcp token {parameter}`.",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "mcp_oauth", ErrorKind.KEY_REJECTED, "MCP server wants a sign-in",
        "The MCP server {parameter} wants a sign-in in a browser with OAuth (HTTP 401), which "
        "groqchat does not do.",
        "Where its maker gives out access tokens, store one: `groqchat mcp token {parameter}`. "
        "A program that signs in for you, such as mcp-remote, can stand between as a command.",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "mcp_sse", ErrorKind.INVALID_REQUEST, "MCP server too old",
        "The MCP server {parameter} speaks only the older transport, HTTP with SSE, which groqchat "
        "does not.",
        "Ask its maker for the address of streamable HTTP, and set it "
        "under [mcp.{parameter}].",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "mcp_forbidden", ErrorKind.NOT_PERMITTED, "MCP server refuses",
        "The MCP server {parameter} does not permit this (HTTP 403).",
        "Ask whoever runs it what the token may do.",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "mcp_unavailable", ErrorKind.SERVICE_ERROR, "MCP server unavailable",
        "The MCP server {parameter} is overloaded or out of order ({detail}).",
        "Try again later.",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "mcp_odd", ErrorKind.SERVICE_ERROR, "MCP server answered an error",
        "The MCP server {parameter} answered with an error: {detail}.",
        "Tell whoever makes it; another version may work.",
        _REST,
        actions=_SERVER,
    ),
)  # fmt: skip
