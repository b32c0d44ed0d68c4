"""What went wrong with a server, as one of our errors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import duration
from groqchat.domain.text.redact import redact
from groqchat.mcp.http import Address
from groqchat.mcp.results import lines_of

if TYPE_CHECKING:
    from groqchat.domain.tools.servers import McpServer
    from groqchat.mcp.program import Program

# JSON-RPC's codes of the SDK: the connection was closed, and a request took too long.
CLOSED, TIMED_OUT = -32000, -32001
_LONGEST = 300
# The SDK's own words for an answer that holds no error of the protocol.
_BARE = ("Server returned an error response", "Not Found")
# What the older transport answers to a message (the protocol, on backwards compatibility).
_OLD = (400, 404, 405)
_FORGOTTEN = "Session terminated"
# A redirect within the server is followed, so what it leads to tells more.
_STATUSES = {
    307: None,
    308: None,
    401: "mcp_token",
    403: "mcp_forbidden",
    429: "mcp_unavailable",
}


async def problem_of(
    server: McpServer, error: BaseException, way: Program | Address, limit_s: float
) -> GroqchatError:
    """The error for a server that does not answer as it should.

    Args:
        server: The server.
        error: What the SDK raised, maybe a group of errors.
        way: How the server is reached.
        limit_s: The time limit that held, in seconds.
    """
    if isinstance(error, GroqchatError):
        return error
    cause = _leaf(error)
    if isinstance(way, Address):
        return await _address_problem(server, cause, way, limit_s)
    if _is_late(cause):  # which is an OSError too
        said = f"; it wrote: {way.complaints}" if way.complaints else ""
        return _late(server, limit_s, said)
    if isinstance(cause, OSError) and way.pid is None:
        return _unstarted(server, cause)
    if way.reason or getattr(cause, "code", None) == CLOSED:
        await way.settle()
        return failure("mcp_broken", parameter=server.name, detail=redact(way.ending))
    return failure("mcp_odd", parameter=server.name, detail=_words(cause))


async def _address_problem(
    server: McpServer, cause: BaseException, way: Address, limit_s: float
) -> GroqchatError:
    reason = "it has ended the session" if str(cause) == _FORGOTTEN else way.reason
    if reason:
        return failure("mcp_broken", parameter=server.name, detail=reason)
    status = way.status or 0
    if status in _OLD and await way.speaks_sse():
        return failure("mcp_sse", parameter=server.name)
    if name := _cause_of(status, cause):
        is_sign_in = name == "mcp_token" and way.is_oauth and not way.has_token
        name = "mcp_oauth" if is_sign_in else name
        known = {"status": status, "detail": f"HTTP {status} from {server.url}"}
        return failure(name, parameter=server.name, **known)
    if _is_late(cause):
        return _late(server, limit_s, "")
    if not status:
        detail = f"{server.url}: {_words(cause)}"
        return failure("mcp_unreachable", parameter=server.name, detail=detail)
    return failure("mcp_odd", parameter=server.name, detail=_words(cause))


def _cause_of(status: int, cause: BaseException) -> str | None:
    """The cause that a status tells; None where it tells nothing, or the error tells more."""
    if status in _STATUSES:
        return _STATUSES[status]
    if status >= 500:
        return "mcp_unavailable"
    is_told = getattr(cause, "message", _BARE[0]) not in _BARE
    return "mcp_elsewhere" if status >= 300 and not is_told else None


def _unstarted(server: McpServer, cause: OSError) -> GroqchatError:
    """The error for a program that cannot be run."""
    if server.cwd and not Path(server.cwd).is_dir():
        detail = f"there is no folder {server.cwd}"
    elif isinstance(cause, FileNotFoundError):
        detail = f"there is no program {server.command[0]}"
    else:
        detail = f"{server.command[0]}: {cause.strerror or cause}"
    return failure("mcp_unstarted", parameter=server.name, detail=detail)


def _late(server: McpServer, limit_s: float, said: str) -> GroqchatError:
    detail = f"{duration(limit_s)}{redact(said)}"
    return failure("mcp_silent", parameter=server.name, detail=detail)


def _is_late(cause: BaseException) -> bool:
    return isinstance(cause, TimeoutError) or getattr(cause, "code", None) == TIMED_OUT


def _leaf(error: BaseException) -> BaseException:
    """The first error within groups of errors."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _words(cause: BaseException) -> str:
    """What an error says, on one line."""
    from pydantic import ValidationError  # the SDK's own, and large

    if isinstance(cause, ValidationError):
        return "what it sent is not what the protocol asks for"
    said = " ".join(lines_of(str(cause)[: 4 * _LONGEST])) or type(cause).__name__
    return redact(said[:_LONGEST])
