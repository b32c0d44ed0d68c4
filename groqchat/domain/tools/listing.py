"""The tools of a server, made ready for a model, and those that cannot be offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.text.sanitize import sanitize
from groqchat.domain.tools.names import MOST_TOOLS, sent_name
from groqchat.domain.tools.schemas import UnsendableError, sent_description, sent_parameters
from groqchat.domain.tools.tool import Tool, fingerprint_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class ListedTool:
    """A tool as its server lists it; nothing of it was checked."""

    name: str
    description: str
    schema: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A tool that is not offered to models; ``reason`` is the end of a sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a server offers.

    ``tools`` are those that models may call, ``left_out`` the others.
    """

    tools: tuple[Tool, ...]
    left_out: tuple[LeftOut, ...] = ()


def listing_of(source: str, listed: Iterable[ListedTool]) -> Listing:
    """The tools of a server as they are offered, in the order of its list.

    Args:
        source: The server's name.
        listed: Its tools.
    """
    tools: dict[str, Tool] = {}
    left_out: list[LeftOut] = []
    for each in listed:
        try:
            tool = _offered(source, each)
            if tool.sent_name in tools:
                raise UnsendableError("another tool of this server has the same name")
            if len(tools) >= MOST_TOOLS:
                raise UnsendableError(f"a request has room for {MOST_TOOLS} tools")
        except UnsendableError as problem:
            left_out.append(LeftOut(shown_name(each.name), str(problem)))
        else:
            tools[tool.sent_name] = tool
    return Listing(tuple(tools.values()), tuple(left_out))


def shown_name(name: str) -> str:
    """A tool's own name, fit to be shown on one line."""
    return " ".join(sanitize(name[:120]).split()) or "(no name)"


def _offered(source: str, listed: ListedTool) -> Tool:
    if not listed.name.strip():
        raise UnsendableError("it has no name")
    return Tool(
        source=source,
        name=listed.name,
        sent_name=sent_name(source, listed.name),
        description=sent_description(sanitize(listed.description).strip()),
        parameters=sent_parameters(listed.schema),
        # Of all that the server says: a change in what is not sent is a change too.
        fingerprint=fingerprint_of(source, listed.name, listed.description, listed.schema),
    )
