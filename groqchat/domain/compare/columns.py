"""The JSON form of the columns of a comparison, as it is stored and exported."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from groqchat.domain.compare.compare import SavedColumn
from groqchat.domain.errors.servers import GROQ, Server
from groqchat.domain.errors.table import CAUSES, failure
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.turns.chat import Options
from groqchat.domain.turns.stored_parameters import options_stored

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError

# The facts of an error that stay true: not how long to wait, nor what its headers said. By their
# names in JSON.
_LASTING = {
    name: name
    for name in (
        "status", "code", "model", "limit", "used", "requested", "parameter", "replacement",
        "detail", "vendor", "allowed", "advice",
    )
} | {"bucket": "limit_kind"}  # fmt: skip
_SERVER = tuple(field.name for field in fields(Server))
_OPTIONS = frozenset(field.name for field in fields(Options))


def column_document(column: SavedColumn) -> dict[str, object]:
    """The JSON object of a column; sets are lists there."""
    options = {**asdict(column.options), "dropped": sorted(column.options.dropped)}
    error = column.error and {
        "cause": column.error.cause.name,
        "facts": {
            **{
                name: getattr(column.error.facts, attribute) for name, attribute in _LASTING.items()
            },
            "server": _server_document(column.error.facts.server),
        },
    }
    return {
        "options": options,
        "prompt_id": column.prompt_id,
        "failures": column.failures,
        "error": error,
        **({"variant": column.variant} if column.variant else {}),
    }


def column_from(document: dict[str, Any]) -> SavedColumn:
    """The column that a JSON object describes; options unknown to this version are left out.

    Raises:
        KeyError, TypeError, ValueError: The object describes no column.
    """
    options = {name: value for name, value in document["options"].items() if name in _OPTIONS}
    options |= options_stored(options)
    return SavedColumn(
        Options(**{**options, "dropped": frozenset(options["dropped"])}),
        document["prompt_id"],
        document["failures"],
        _error(document.get("error")),
        document.get("variant", ""),
    )


def _error(written: dict[str, Any] | None) -> GroqchatError | None:
    """The error that a JSON object describes; None where its cause is unknown to this version."""
    if written is None or written["cause"] not in CAUSES:
        return None
    told = written["facts"]
    facts = {_LASTING[name]: value for name, value in told.items() if name in _LASTING}
    facts["server"] = _server(told.get("server"))
    if facts.get("limit_kind"):
        facts["limit_kind"] = LimitKind(facts["limit_kind"])
    return failure(written["cause"], **facts)


def _server_document(server: Server | None) -> dict[str, str] | None:
    """The JSON object of the server that was asked; None for Groq's own."""
    return None if server in {None, GROQ} else asdict(server)


def _server(document: dict[str, str] | None) -> Server | None:
    """The server that a JSON object describes; None for Groq's own."""
    if document is None:
        return None
    server = Server(**{name: document[name] for name in _SERVER})
    if not all(isinstance(word, str) for word in asdict(server).values()):
        message = "a word about the server is no text"
        raise TypeError(message)
    return server
