"""Puts the way to the team's database together; the driver is loaded when it is used."""

from __future__ import annotations

import secrets
import socket
from typing import TYPE_CHECKING

from groqchat.services.team.access import TeamAccess

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.domain.team.settings import TeamSettings
    from groqchat.domain.text.secret import Secret
    from groqchat.services.key_store import KeyStore
    from groqchat.team.calls import TeamCalls
    from groqchat.team.set_runs import PostgresSetRuns
    from groqchat.team.store import PostgresTeam

    PasswordOf = Callable[[], Awaitable[Secret | None]]


def access_of(
    settings_now: Callable[[], TeamSettings],
    change: Callable[[str, str], object],
    key_store: KeyStore,
    install: Callable[[str], str],
) -> TeamAccess:
    """The way to the team's database.

    Args:
        settings_now: Gives the settings of the team.
        change: Changes a setting, in the file too.
        key_store: Where passwords are kept.
        install: Gives the command that installs a package.
    """
    client = secrets.token_hex(8)  # a process is a client, and so is each of two on one machine

    def calls_to(settings: TeamSettings, password_of: PasswordOf) -> tuple[TeamCalls, str, str]:
        from groqchat.team.calls import TeamCalls  # most people have no team

        machine = settings.machine or socket.gethostname()
        return TeamCalls(settings.url, password_of, install), client, machine

    def make(settings: TeamSettings, password_of: PasswordOf) -> PostgresTeam:
        from groqchat.team.store import PostgresTeam

        return PostgresTeam(*calls_to(settings, password_of))

    def make_sets(settings: TeamSettings, password_of: PasswordOf) -> PostgresSetRuns:
        from groqchat.team.set_runs import PostgresSetRuns

        return PostgresSetRuns(*calls_to(settings, password_of))

    def use(url: str) -> object:
        return change("team.url", url)

    return TeamAccess(settings_now, use, key_store, make=make, make_sets=make_sets, client=client)
