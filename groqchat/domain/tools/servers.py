"""The MCP servers of the settings: ``[mcp.NAME]``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from groqchat.domain.text.secret import KEY_VARIABLE

# A name is part of the names that models see, and ends where two underscores follow.
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]|_(?!_)){0,30}[A-Za-z0-9]|[A-Za-z0-9]")
# Built-in tools, which sessions name beside servers.
_TAKEN: Final = frozenset({"browser_search", "code_interpreter"})
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ADDRESS: Final = re.compile(
    r"(?:https://[^\s/?#\\]+|http://(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?)(?:[/?#]\S*)?"
)
_FIELDS: Final = ("command", "url", "env", "cwd", "in_new_sessions", "start_s", "call_s")
_SECRETS: Final = ("token", "key", "password", "secret", "header", "authorization", "bearer")


@dataclass(frozen=True, slots=True)
class McpServer:
    """A server of tools: a program that is started here, or an address.

    Attributes:
        name: The name that the user gave it.
        command: The program and its arguments, run without a shell; empty where there is a URL.
        env: The names of the variables of our environment that the program gets, besides HOME,
            LOGNAME, PATH, SHELL, TERM and USER.
        cwd: The folder in which the program runs; empty: the present one.
        url: The address of a server that speaks streamable HTTP; empty where there is a command.
        in_new_sessions: New sessions begin with its tools; else they are switched on by hand.
        start_s: The longest time until it answers for the first time, in seconds.
        call_s: The longest time that a tool may take, in seconds.
        problem: Why its table cannot be read, as the end of a sentence; empty where it can.
    """

    name: str
    command: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    cwd: str = ""
    url: str = ""
    in_new_sessions: bool = False
    start_s: float = 60.0
    call_s: float = 60.0
    problem: str = ""

    @property
    def place(self) -> str:
        """The command or the address, for people to read."""
        return self.url or " ".join(self.command)

    def as_table(self) -> dict[str, object]:
        """The table of the settings, without what is as it would be anyway."""
        given: dict[str, object] = {
            "command": list(self.command),
            "url": self.url,
            "env": list(self.env),
            "cwd": self.cwd,
            "in_new_sessions": self.in_new_sessions,
        }
        return {name: value for name, value in given.items() if value}


def read_servers(value: object) -> Mapping[str, McpServer]:
    """Read the table of servers, by name; one that is wrong says so, and leaves the others alone.

    Raises:
        ValueError: It is no table; the message says so.
    """
    if not isinstance(value, Mapping):
        raise ValueError("“mcp” must be a table, written [mcp.NAME]")
    return {name: _read_or_problem(name, table) for name, table in value.items()}


def _read_or_problem(name: str, table: object) -> McpServer:
    try:
        return read_server(name, table)
    except ValueError as mistake:
        return McpServer(name, problem=str(mistake))


def read_server(name: str, table: object) -> McpServer:
    """Read the table of one server.

    Raises:
        ValueError: The name or the table is wrong; the message says why.
    """
    place = f"mcp.{name}"
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"“{place}” must be a name of at most 32 letters and digits, with single “-” and “_” "
            "between them"
        )
    if name in _TAKEN:
        raise ValueError(f"“{place}” needs another name: Groq's own tool has this one")
    if not isinstance(table, Mapping):
        raise ValueError(f"“{place}” must be a table, written [{place}]")
    _refuse_unknown(name, table)
    if ("command" in table) == ("url" in table):
        raise ValueError(f"“{place}” must have either a command or a url")
    return McpServer(
        name,
        command=_command(f"{place}.command", table["command"]) if "command" in table else (),
        env=_env(f"{place}.env", table.get("env", [])),
        cwd=_text(f"{place}.cwd", table.get("cwd", "")),
        url=_url(f"{place}.url", table["url"]) if "url" in table else "",
        in_new_sessions=_flag(f"{place}.in_new_sessions", table.get("in_new_sessions", False)),
        start_s=_seconds(f"{place}.start_s", table.get("start_s", 60.0)),
        call_s=_seconds(f"{place}.call_s", table.get("call_s", 60.0)),
    )


def _refuse_unknown(name: str, table: Mapping[str, object]) -> None:
    for field in table:
        if any(word in field.lower() for word in _SECRETS):
            raise ValueError(
                f"no token belongs into “mcp.{name}”: `groqchat mcp token {name}` stores it in the "
                "keyring"
            )
        if field not in _FIELDS:
            raise ValueError(f"“mcp.{name}.{field}” is no setting")
    if "url" in table:
        for field in ("env", "cwd"):
            if field in table:
                raise ValueError(f"“mcp.{name}.{field}” is for a command, and there is a url")


def _command(place: str, value: object) -> tuple[str, ...]:
    words = _list(place, value, 'a list of the program and its arguments, ["…", "…"]')
    if not words or not words[0].strip():
        raise ValueError(f"“{place}” must name a program")
    return words


def refuse_secrets(server: McpServer) -> None:
    """Refuse a server whose table would write a secret into the settings.

    Raises:
        ValueError: The message says what to do instead.
    """
    from groqchat.domain.text.secret_formats import secret_formats  # reads a file

    for word in (*server.command, server.url):
        found = next((each for each in secret_formats() if each.is_in(word)), None)
        if found is not None:
            way = (
                f"`groqchat mcp token {server.name}` keeps a token in the keyring"
                if server.url
                else "put it into a variable, and name that with --env or in env"
            )
            raise ValueError(
                f"what looks like {found.name} does not belong into config.toml: {way}"
            )


def _env(place: str, value: object) -> tuple[str, ...]:
    names = _list(place, value, "a list of names; the values are those of your environment")
    for name in names:
        if not _VARIABLE.fullmatch(name):
            raise ValueError(
                f"“{place}” must hold names of variables alone, not “{name.partition('=')[0]}=…”; "
                "the values are those of your environment"
            )
        if name.upper() == KEY_VARIABLE:
            raise ValueError(
                f"“{place}” must not name {KEY_VARIABLE}: no program that groqchat starts gets its "
                "key; give the server a key of its own in a variable of another name"
            )
    return names


def _list(place: str, value: object, what: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"“{place}” must be {what}")
    if any("\0" in each for each in value):
        raise ValueError(f"“{place}” must not hold a NUL character")
    return tuple(value)


def _text(place: str, value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(f"“{place}” must be text in quotes")
    return value


def _flag(place: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"“{place}” must be true or false")
    return value


def _seconds(place: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 3600:
        raise ValueError(f"“{place}” must be a number of seconds up to 3600")
    return float(value)


def _url(place: str, value: object) -> str:
    """An address to which a token may be sent."""
    address = _text(place, value).strip()
    if "@" in address.split("://", 1)[-1].split("/", 1)[0]:
        raise ValueError(f"“{place}” must not hold a name or password")
    if not _ADDRESS.fullmatch(address):
        raise ValueError(
            f"“{place}” must be an address with https:// (http:// is for this machine alone)"
        )
    return address
