"""Lists of tools as servers send them, mended before the SDK reads them.

The SDK (2.3.0) refuses a whole list because of one tool whose schema is not as the protocol wants
it, and every result that does not match the schema that its tool names for results. So what is
not used of a tool is left out, a schema without a type becomes one of an object, which every tool
takes, and a tool that cannot be called is left out alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, Self

from groqchat.domain.tools.listing import LeftOut, shown_name
from groqchat.domain.tools.schemas import UnsendableError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from contextlib import AbstractAsyncContextManager
    from types import TracebackType

    from mcp.client._transport import TransportStreams
    from mcp.shared._stream_protocols import ReadStream
    from mcp.shared.message import SessionMessage

# Tools of one list; a server may go on for ever.
MOST_LISTED: Final = 1_000
_WORDS = ("description", "title")


class ToolLists:
    """Mends the lists of one connection.

    Attributes:
        left_out: The tools that were left out since it was cleared last, by name.
    """

    def __init__(self) -> None:
        self.left_out: dict[str, LeftOut] = {}

    @asynccontextmanager
    async def mended(
        self, streams: AbstractAsyncContextManager[TransportStreams]
    ) -> AsyncGenerator[TransportStreams, None]:
        """The streams of a transport, with lists of tools that the SDK can read."""
        async with streams as (read, write):
            yield _Mended(read, self), write

    def mend(self, message: SessionMessage | Exception) -> None:
        """Mend the list in a message; any other message stays as it is."""
        from mcp_types import JSONRPCResponse

        said = None if isinstance(message, Exception) else message.message
        if isinstance(said, JSONRPCResponse) and isinstance(said.result.get("tools"), list):
            listed = map(self._kept, said.result["tools"])
            said.result["tools"] = [tool for tool in listed if tool is not None]

    def _kept(self, tool: object) -> dict[str, Any] | None:
        name = tool.get("name") if isinstance(tool, Mapping) else None
        shown = shown_name(name if isinstance(name, str) else "")
        try:
            return mended_tool(tool)
        except UnsendableError as problem:
            if len(self.left_out) < MOST_LISTED:
                self.left_out[shown] = LeftOut(shown, str(problem))
            return None


def mended_tool(tool: object) -> dict[str, Any]:
    """A tool of a list, with what is used of it alone.

    Raises:
        UnsendableError: It cannot be called; the message says why.
    """
    if not isinstance(tool, Mapping) or not isinstance(tool.get("name"), str):
        raise UnsendableError("it has no name")
    words = {name: tool[name] for name in _WORDS if isinstance(tool.get(name), str)}
    return {"name": tool["name"], **words, "inputSchema": _schema(tool.get("inputSchema"))}


def _schema(schema: object) -> dict[str, Any]:
    if schema is None:
        return {"type": "object"}
    if not isinstance(schema, Mapping):
        raise UnsendableError("its schema is no JSON object")
    kind = schema.get("type", "object")
    if "object" not in (kind if isinstance(kind, list) else [kind]):
        raise UnsendableError("its arguments are no object")
    sent = {**schema, "type": "object"}
    properties = sent.get("properties")
    if not isinstance(properties, Mapping | None):
        raise UnsendableError("its schema does not say what its arguments are called")
    if properties is not None:
        sent["properties"] = {each: _part(part) for each, part in properties.items()}
    required = sent.get("required", [])
    if not isinstance(required, list) or not all(isinstance(each, str) for each in required):
        del sent["required"]
    if not isinstance(sent.get("$schema", ""), str):
        del sent["$schema"]
    return sent


def _part(schema: object) -> object:
    """The schema of an argument; what is no schema allows anything."""
    return schema if isinstance(schema, Mapping | bool) else {}


class _Mended:
    """A stream of messages whose lists of tools are mended."""

    def __init__(self, inner: ReadStream[SessionMessage | Exception], lists: ToolLists) -> None:
        self._inner = inner
        self._lists = lists

    @property
    def last_context(self) -> object:
        """The context of who sent the last message, which the SDK looks for."""
        return getattr(self._inner, "last_context", None)

    async def receive(self) -> SessionMessage | Exception:
        message = await self._inner.receive()
        self._lists.mend(message)
        return message

    async def aclose(self) -> None:
        await self._inner.aclose()

    def __aiter__(self) -> _Mended:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        message = await anext(self._inner)
        self._lists.mend(message)
        return message

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        return await self._inner.__aexit__(kind, error, trace)
