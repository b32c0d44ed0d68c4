"""The team of the settings: ``[team]``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_ADDRESS: Final = re.compile(r"postgres(?:ql)?://(?:(?P<user>[^@/?]*)@)?(?P<rest>[^\s]*)")
_IN_QUERY: Final = re.compile(r"[?&](?:password|sslpassword)=")
_IN_KEYRING: Final = (
    "no password belongs into “team.url”: `groqchat team init` keeps it in the keyring"
)


@dataclass(frozen=True, slots=True)
class TeamSettings:
    """The database that the machines of an organisation share.

    Attributes:
        url: The address, ``postgresql://USER@HOST/DATABASE``; empty: there is no team.
        machine: The name of this machine among the team's; empty: its host name.
        profiles: The profiles whose keys belong to the organisation; empty: all that are for Groq.
    """

    url: str = ""
    machine: str = ""
    profiles: tuple[str, ...] = ()

    def includes(self, profile: str) -> bool:
        """Whether the requests of a profile are the team's."""
        return bool(self.url) and (not self.profiles or profile in self.profiles)


def read_team(value: object) -> TeamSettings:
    """Read the table of the team.

    Raises:
        ValueError: The table is wrong; the message says why.
    """
    if not isinstance(value, Mapping):
        raise ValueError("“team” must be a table, written [team]")
    for name in value:
        if name not in {"url", "machine", "profiles"}:
            hint = f"; {_IN_KEYRING}" if "pass" in name.lower() else ""
            raise ValueError(f"“team.{name}” is no setting{hint}")
    profiles = value.get("profiles", [])
    if not isinstance(profiles, list) or not all(isinstance(each, str) for each in profiles):
        raise ValueError('“team.profiles” must be a list of profiles, ["…", "…"]')
    machine = value.get("machine", "")
    if not isinstance(machine, str):
        raise ValueError("“team.machine” must be text in quotes")
    return TeamSettings(team_url(value.get("url", "")), machine.strip(), tuple(profiles))


def team_url(value: object) -> str:
    """An address of PostgreSQL without a password in it; it may be empty.

    Raises:
        ValueError: It is none; the message says why.
    """
    if not isinstance(value, str):
        raise ValueError("“team.url” must be text in quotes")
    address = value.strip()
    found = _ADDRESS.fullmatch(address)
    if address and not found:
        raise ValueError("“team.url” must be an address like postgresql://anna@db.example.org/team")
    if found and (":" in (found["user"] or "") or _IN_QUERY.search(found["rest"])):
        raise ValueError(_IN_KEYRING)
    return address
