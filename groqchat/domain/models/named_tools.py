"""The tools that a user names for a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.models.parameters import can_run
from groqchat.domain.text.spelling import did_you_mean
from groqchat.domain.tools.executed import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from groqchat.domain.models.catalog import Model


def named_tools(
    names: Iterable[str], model: Model, servers: Collection[str], called: str
) -> tuple[str, ...]:
    """The tools of some names, each once.

    Args:
        names: Tools of Groq's, or MCP servers.
        model: The model, which has to be able to use them.
        servers: The names of the user's MCP servers.
        called: What stands before a name, such as ``--tool `` or ``tools=``.

    Raises:
        ValueError: There is no such tool, or the model has none; the message is for the user.
    """
    known = [*BUILT_IN, *servers]
    found = tuple(dict.fromkeys(names))
    for name in found:
        if name not in known:
            meant = did_you_mean(name, known) or f"; there are {', '.join(known)}."
            raise ValueError(f"{called}{name}: no tool or MCP server is called so{meant}")
        if not can_run(model, name):
            raise ValueError(f"{called}{name}: {model.id} has no {name}")
    return found


def own_servers(tools: Iterable[str]) -> list[str]:
    """The servers among some tools: the calls of theirs are carried out here."""
    return [name for name in tools if name not in BUILT_IN]
