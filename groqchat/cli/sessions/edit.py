"""``groqchat sessions edit``: titles, tags, pins and the archive."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from groqchat.cli.arguments import subcommand, used_key
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.found_session import found_session
from groqchat.cli.models.names import asked_model
from groqchat.cli.output import DIM, narrate, print_json, say
from groqchat.cli.sessions.lists import document
from groqchat.cli.sessions.running import sending, writing
from groqchat.domain.sessions.labels import changed_tags, tags_from
from groqchat.domain.sessions.summaries import LONGEST_TITLE
from groqchat.domain.text.humanize import count, money
from groqchat.domain.text.redact import without_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.arguments import Commands
    from groqchat.domain.turns.chat import Session


def declare_edit(commands: Commands) -> None:
    """Declare the command."""
    command = subcommand(
        commands,
        "edit",
        "rename, tag, pin or archive sessions",
        "groqchat sessions edit 1m82pjvd --title 'Tax return' --add-tag work --pin\n"
        "groqchat sessions edit 1m82pjvd 1m82pjw0 --archive\n",
        lambda args: (sending if args.auto_title else writing)(_edit)(args),
    )
    command.add_argument(
        "ids", nargs="+", metavar="ID", help="a session's id, or enough of its beginning"
    )
    title = command.add_mutually_exclusive_group()
    title.add_argument("--title", metavar="TEXT", help="another title")
    title.add_argument(
        "--auto-title",
        action="store_true",
        help="have a cheap model write the title; model and cost are said first",
    )
    command.add_argument(
        "-m",
        "--model",
        metavar="ID",
        default=argparse.SUPPRESS,
        help="the model that writes it; without it the cheapest one",
    )
    for name in ("add", "remove"):
        command.add_argument(
            f"--{name}-tag",
            action="append",
            default=[],
            metavar="TAGS",
            help=f"{name} a tag, or several between commas or spaces",
        )
    for name, words in (("pin", "first in lists"), ("archive", "out of lists")):
        way = command.add_mutually_exclusive_group()
        field = f"is_{name}d" if name == "archive" else "is_pinned"
        way.add_argument(f"--{name}", dest=field, action="store_true", default=None, help=words)
        way.add_argument(f"--un{name}", dest=field, action="store_false", help="back in its place")


async def _edit(services: LocalServices, args: argparse.Namespace) -> int:
    sessions = [await found_session(services.store, name) for name in args.ids]
    if not (_changes(sessions[0], args) or args.auto_title):
        raise MisuseError(
            "nothing to change; name --title, --auto-title, --add-tag, --pin or --archive"
        )
    for session in sessions:
        await services.store.update_session(session.id, **_changes(session, args))
    if args.auto_title:
        await _write_titles(services, args, sessions)
    changed = [await found_session(services.store, session.id) for session in sessions]
    if args.json:
        print_json([document(session) for session in changed])
    else:
        for session in changed:
            tags = f" {_tags_of(session)}" if args.add_tag or args.remove_tag else ""
            say(f"Changed {session.id} ({session.title}).{tags}")
    return ExitCode.DONE


async def _write_titles(
    services: LocalServices, args: argparse.Namespace, sessions: Sequence[Session]
) -> None:
    """Have a model write the titles of sessions one after another; its cost is said before."""
    connection = services.connect(await used_key(services))
    try:
        await connection.models.recall()
        model = await asked_model(connection, args.model) if args.model else ""
        for session in sessions:
            plan = await connection.titles.plan(session, model)
            if plan is None:
                narrate(f"groqchat: nothing was said in {session.id} yet; it keeps its title.")
                continue
            cost = "unknown" if plan.cost is None else f"≈ {money(plan.cost)}"
            tokens = f"≈ {count(plan.tokens)} tokens"
            narrate(f"groqchat: asking {plan.model} for a title: {tokens}, cost {cost}.", DIM)
            title = await connection.titles.write(plan)
            if title.text:
                await services.store.update_session(session.id, title=title.text)
            else:
                narrate(f"groqchat: {plan.model} wrote no title; {session.id} keeps its own.")
    finally:
        await connection.close()


def _tags_of(session: Session) -> str:
    named = " ".join(f"#{tag}" for tag in session.tags)
    return f"Its tags are {named}." if named else "It has no tags."


def _changes(session: Session, args: argparse.Namespace) -> dict[str, object]:
    """The changes of one session."""
    changes: dict[str, object] = {
        name: getattr(args, name)
        for name in ("is_pinned", "is_archived")
        if getattr(args, name) is not None
    }
    if args.title is not None:
        title = without_keys(" ".join(args.title.split()))[:LONGEST_TITLE]
        if not title:
            raise MisuseError("--title needs a text")
        changes["title"] = title
    if args.add_tag or args.remove_tag:
        signs = (("+", args.add_tag), ("-", args.remove_tag))
        signed = [f"{sign}{tag}" for sign, tags in signs for tag in tags_from(",".join(tags))]
        changes["tags"] = changed_tags(session.tags, ",".join(signed))
    return changes
