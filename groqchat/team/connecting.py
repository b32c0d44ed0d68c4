"""Connections to the team's server: bounded in time, over TLS, with errors in our words."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import conninfo
from psycopg.rows import TupleRow

from groqchat.domain.errors.table import failure
from groqchat.domain.text.humanize import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psycopg.abc import PQGen

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.text.secret import Secret

# What the driver warns of is told by its errors; without a handler it would go to stderr, and so
# over the screen.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

CONNECT_S = 3
"""The longest wait for a connection, in seconds."""

ANSWER_S = 5.0
"""The longest wait for the answer to a query, in seconds."""

LOCK_S = 3
"""The longest wait for what another client has locked, in seconds."""

# The server gives up before the client does, and lets others have what it had locked.
_BOUNDS = (
    "SELECT set_config('statement_timeout', '4s', false), "
    f"set_config('lock_timeout', '{LOCK_S}s', false), "
    "set_config('idle_in_transaction_session_timeout', '5s', false)"
)
_LOOPBACK = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1|[/@].*|")
_READABLE = frozenset({"disable", "allow", "prefer"})
# What the driver says of a failed connection has no codes; the words are those of libpq 18 and of
# PostgreSQL 15.
_CONNECTING = (
    (re.compile(r"password|fe_sendauth|authentication failed|role .* does not exist"), "password"),
    (re.compile(r"(?i)\bssl\b|certificate|no encryption"), "tls"),
    (re.compile(r"database .* does not exist"), "database"),
    (re.compile(r"no pg_hba\.conf entry|permission denied for database"), "forbidden"),
    (re.compile(r"timeout|timed out"), "silent"),
)


class BoundedConnection(psycopg.Connection[TupleRow]):
    """A connection on which no query waits for ever."""

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:  # noqa: ANN401 - as the driver declares it
        """Wait for an answer; raises the driver's error for time that is over."""
        return super().wait(gen, interval, ANSWER_S if timeout is None else timeout)


def connect(url: str, password: Secret | None) -> BoundedConnection:
    """Connect to the team's server.

    Args:
        url: The address, without a password.
        password: The password; None where the server wants none, or libpq's own files have it.

    Raises:
        GroqchatError: There is no connection; its cause begins with ``team_``.
    """
    with errors_of_connecting():
        wanted = parameters(url)
        if password:
            wanted["password"] = password.reveal()
        connection = BoundedConnection.connect(**wanted, autocommit=True)
        connection.execute(_BOUNDS)
        return connection


def parameters(url: str) -> dict[str, Any]:
    """The parameters of a connection; TLS with a checked certificate unless it is to this machine.

    Raises:
        GroqchatError: The address switches TLS off.
    """
    wanted: dict[str, Any] = conninfo.conninfo_to_dict(url)
    wanted |= {"connect_timeout": CONNECT_S, "application_name": "groqchat"}
    wanted |= {"tcp_user_timeout": 1_000 * round(ANSWER_S), "client_encoding": "utf8"}
    if is_local(wanted):
        return wanted
    if wanted.get("sslmode") in _READABLE:
        raise failure("team_tls_off", detail=f"sslmode={wanted['sslmode']}")
    if "sslmode" not in wanted:
        wanted["sslmode"] = "verify-full"
        wanted.setdefault("sslrootcert", "system")
    return wanted


def is_local(wanted: Mapping[str, Any]) -> bool:
    """Whether all hosts of an address are this machine."""
    hosts = str(wanted.get("host") or "").split(",")
    return all(_LOOPBACK.fullmatch(host) for host in hosts)


@contextmanager
def errors_of_connecting() -> Iterator[None]:
    """Raise what goes wrong while connecting as one of our errors."""
    try:
        yield
    except psycopg.Error as error:
        said = _said(error)
        found = (name for words, name in _CONNECTING if words.search(said))
        name = next(found, "unreachable")
        detail = duration(CONNECT_S) if name == "silent" else said
        raise failure(f"team_{name}", detail=detail) from None


def query_error(error: psycopg.Error) -> GroqchatError:
    """The error for a query that failed."""
    match error:
        case psycopg.errors.InsufficientPrivilege():
            return failure("team_forbidden", detail=_said(error))
        case psycopg.errors.LockNotAvailable() | psycopg.errors.QueryCanceled():
            return failure("team_busy", detail=f"{LOCK_S} s")
        case psycopg.errors.UndefinedTable() | psycopg.errors.InvalidSchemaName():
            return failure("team_empty")
        case psycopg.OperationalError() if "timeout" in str(error):
            return failure("team_silent", detail=duration(ANSWER_S))
        case psycopg.OperationalError():
            return failure("team_unreachable", detail=_said(error))
    return failure("team_failed", detail=_said(error))


def _said(error: psycopg.Error) -> str:
    """The last sentence of the driver, which names the reason, without its place and its point."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = lines[0] if lines else type(error).__name__
    said = re.sub(r".*?(?:FATAL|ERROR):\s+|.*?failed: ", "", said)
    return said.rstrip(".")
