"""``groqchat team``: the limits and the ledger that the machines of an organisation share."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.cli.arguments import add_json, run_chosen, subcommand, with_services
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.keys.key_input import piped_key, typed_key
from groqchat.cli.output import GREEN, YELLOW, narrate, print_json, say, table
from groqchat.cli.team.runs import list_runs
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.domain.team.settings import team_url
from groqchat.domain.text.humanize import counted, duration

if TYPE_CHECKING:
    import argparse

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.team.entries import Member
    from groqchat.domain.team.settings import TeamSettings
    from groqchat.domain.text.secret import Secret

HELP = "one ledger and one set of limits for an organisation on many machines"
EXAMPLES = """\
groqchat team init postgresql://anna@db.example.org/team
groqchat team status
groqchat team members --allow anna
groqchat team runs
groqchat usage --team --by person
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the commands."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    init = subcommand(
        commands,
        "init",
        "create the team in a database of PostgreSQL, upgrade it, or join it",
        "groqchat team init postgresql://anna@db.example.org/team\n"
        "pass db/anna | groqchat team init postgresql://anna@db.example.org/team --stdin\n",
        with_services(_init),
    )
    init.add_argument("url", nargs="?", metavar="ADDRESS", help="the database, with your user name")
    init.add_argument("--stdin", action="store_true", help="read the password from a pipe")
    status = subcommand(
        commands,
        "status",
        "say whether the team's server answers, and who uses it now",
        "groqchat team status --json\n",
        with_services(_status, may_forget=True),
    )
    members = subcommand(
        commands,
        "members",
        "list the persons of the team, with their roles and machines",
        "groqchat team members\ngroqchat team members --allow anna\n",
        with_services(_members, may_forget=True),
    )
    change = members.add_mutually_exclusive_group()
    change.add_argument("--allow", metavar="PERSON", help="let a person read what others use")
    change.add_argument("--deny", metavar="PERSON", help="let a person do so no longer")
    runs = subcommand(
        commands,
        "runs",
        "list the sets of prompts that you ask together with others, or delete one's answers",
        "groqchat team runs\ngroqchat team runs --delete 1c8e02f7\n",
        with_services(list_runs, may_forget=True),
    )
    runs.add_argument("--delete", metavar="RUN", help="delete what the team's database has of it")
    for command in (init, status, members, runs):
        add_json(command)


run = run_chosen


async def _init(services: LocalServices, args: argparse.Namespace) -> int:
    settings = _settings(services, args)
    password = piped_key("password") if args.stdin else None
    try:
        password, changed = await _joined(services, settings, password)
    except GroqchatError as error:
        if error.cause.name != "team_password" or args.stdin:
            raise
        narrate(f"groqchat: {error.message}")
        typed = typed_key("Password", "password", "--stdin")
        password, changed = await _joined(services, settings, typed)
    services.team.use(settings.url)
    where = await _stored(services, settings, password) if password else ""
    if args.json:
        print_json({"url": settings.url, "changed": changed, "password_store": where or None})
        return ExitCode.DONE
    say("The team's tables are up to date." if changed else "You are in the team.", GREEN)
    if where:
        say(f"The password is stored in {where}.")
    say("Others join with `groqchat team init` and this address, with their own user name.")
    return ExitCode.DONE


def _settings(services: LocalServices, args: argparse.Namespace) -> TeamSettings:
    try:
        url = team_url(args.url or services.team.settings.url)
    except ValueError as mistake:
        raise MisuseError(str(mistake).replace("“team.url”", "ADDRESS")) from None
    if not url:
        raise failure("team_unset")
    return replace(services.team.settings, url=url)


async def _joined(
    services: LocalServices, settings: TeamSettings, password: Secret | None
) -> tuple[Secret | None, bool]:
    server = services.team.server_at(settings, password)
    try:
        return password, await server.init(services.clock.now())
    finally:
        await server.close()


async def _stored(services: LocalServices, settings: TeamSettings, password: Secret) -> str:
    """The name of the keyring that the password was stored in; empty where there is none."""
    try:
        return await services.team.store_password(settings.url, password)
    except ValueError as mistake:
        raise MisuseError(str(mistake)) from None
    except StorageError as error:
        narrate(f"groqchat: {error.message} {error.command_suggestion}")
        narrate("Until then PGPASSWORD or ~/.pgpass can hold the password.")
        return ""


async def _status(services: LocalServices, args: argparse.Namespace) -> int:
    server = services.team.server()
    began = time.perf_counter()
    try:
        members = await server.members()
    finally:
        await server.close()
    took = time.perf_counter() - began
    now = services.clock.now()
    active = [
        f"{member.person} on {name}"
        for member in members
        for name, seen in member.machines
        if now - seen < _RECENT_S
    ]
    if args.json:
        document = {"url": services.team.settings.url, "connected_in_s": round(took, 4)}
        print_json({**document, "members": len(members), "recent": active})
        return ExitCode.DONE
    say(f"{services.team.settings.url} answers, in {duration(took)}.", GREEN)
    say(f"The team has {counted(len(members), 'member')}.")
    for each in active:
        say(f"  {each} was there within the last minutes", YELLOW)
    return ExitCode.DONE


_RECENT_S = 300.0


async def _members(services: LocalServices, args: argparse.Namespace) -> int:
    server = services.team.server()
    try:
        person = args.allow or args.deny
        if person and not await server.allow(person, may_read=bool(args.allow)):
            raise MisuseError(f"nobody in the team is called {person!r}")
        members = await server.members()
    finally:
        await server.close()
    if args.json:
        print_json([_document(member) for member in members])
    else:
        rows = [_row(member, services.clock.now()) for member in members]
        table(("person", "role", "machines"), rows)
    return ExitCode.DONE


def _document(member: Member) -> dict[str, object]:
    machines = [{"name": name, "last_used": seen} for name, seen in member.machines]
    return {"person": member.person, "role": member.role, "machines": machines}


def _row(member: Member, now: float) -> list[str]:
    machines = (f"{name} ({duration(max(0.0, now - seen))} ago)" for name, seen in member.machines)
    return [member.person, member.role, ", ".join(machines)]
