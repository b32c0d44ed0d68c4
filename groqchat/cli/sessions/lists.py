"""``groqchat sessions list`` and ``search``: what is saved, and where words are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from groqchat.cli.arguments import limit, subcommand
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.found_session import prefix_length
from groqchat.cli.output import BOLD, narrate, print_json, say, say_marked, table
from groqchat.cli.sessions.running import reading
from groqchat.domain.money.pricing import usd_string
from groqchat.domain.text.humanize import count, exact_money
from groqchat.domain.turns.session_kind import SessionKind

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.arguments import Commands
    from groqchat.domain.sessions.summaries import Hit
    from groqchat.domain.turns.chat import Session

OPERATORS = """\
words        messages that hold all of them; "in quotes", a phrase
model:ID     answers of a model, and their prompts; a part of its id is enough
after:DAY    from that day on: 2026-11-01, 2026-11, today, yesterday, 7d (days ago)
before:DAY   before that day
role:ROLE    user or assistant
tag:TAG      in sessions with that tag; several: with all of them
cost>USD     in sessions that cost more; cost<USD: less
is:pinned    in pinned sessions; is:archived: in archived ones

The best matches come first. Without words, each session is shown by its newest message.
"""


def declare_lists(commands: Commands) -> None:
    """Declare ``list`` and ``search``."""
    listed = subcommand(
        commands,
        "list",
        "list sessions, the last used first",
        "groqchat sessions list -n 10\ngroqchat sessions list --tag work --json\n",
        reading(_list),
    )
    listed.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="only those with this tag"
    )
    listed.add_argument(
        "--archived", action="store_true", help="archived sessions, which are left out otherwise"
    )
    search = subcommand(
        commands,
        "search",
        "find messages by words and operators",
        "groqchat sessions search 'limit \"per day\"'\n"
        "groqchat sessions search 'cache model:gpt-oss after:2026-11 tag:work'\n"
        "groqchat sessions search 'cost>0.10 role:user' --limit 0 --json\n",
        reading(_search),
    )
    search.description = f"Find messages by words and operators.\n\n{OPERATORS}"
    search.add_argument("query", metavar="QUERY")
    for command in (listed, search):
        command.add_argument(
            "-n", "--limit", type=limit, default=50, help="the most to list (50); 0: all"
        )


async def _list(services: LocalServices, args: argparse.Namespace) -> int:
    from groqchat.domain.sessions.shelf import Shelf

    sessions = await _wanted(services, args)
    if args.json:
        print_json([document(session) for session in sessions])
    elif sessions:
        await show(services, sessions)
    elif args.tag or args.archived:
        narrate("No session matches.")
    elif await services.store.sessions(limit=1, shelf=Shelf.ARCHIVED):
        narrate("All sessions are in the archive: `groqchat sessions list --archived`.")
    else:
        narrate("There are no sessions yet.")
    return ExitCode.DONE


async def _wanted(services: LocalServices, args: argparse.Namespace) -> Sequence[Session]:
    from groqchat.domain.sessions.labels import tag_from
    from groqchat.domain.sessions.queries import Query
    from groqchat.domain.sessions.shelf import Shelf

    shelf = Shelf.ARCHIVED if args.archived else Shelf.LISTED
    if not args.tag:
        return await services.store.sessions(limit=args.limit, shelf=shelf)
    query = replace(Query(), tags=tuple(map(tag_from, args.tag)), shelf=shelf)
    return await services.store.matching(query, limit=args.limit)


async def show(services: LocalServices, sessions: Sequence[Session]) -> None:
    """Print a table of sessions."""
    shown = await prefix_length(services.store, [session.id for session in sessions])
    rows = [_row(session, session.id[:shown]) for session in sessions]
    table(("id", "used", "turns>", "cost.>", "kind", "title"), rows)


async def _search(services: LocalServices, args: argparse.Namespace) -> int:
    from groqchat.domain.sessions.queries import QueryError

    try:
        hits = await services.store.search(args.query, limit=args.limit)
    except QueryError as mistake:
        raise MisuseError(str(mistake).rstrip(".")) from None
    if args.json:
        print_json([_hit_document(hit) for hit in hits])
        return ExitCode.DONE
    for hit in hits:
        kind = "" if hit.session_kind is SessionKind.CHAT else f"{hit.session_kind}  "
        shelf = "archived  " if hit.is_archived else ""
        say(f"{hit.session_id}  {day(hit.created)}  {shelf}{kind}{hit.session_title}", BOLD)
        say_marked("    ", hit.snippet)
    if not hits:
        narrate("No message matches.")
    return ExitCode.DONE


def _hit_document(hit: Hit) -> dict[str, object]:
    marks, at = [], 0
    for text, is_match in hit.snippet:
        if is_match:
            marks.append([at, at + len(text)])
        at += len(text)
    return {
        "session_id": hit.session_id,
        "title": hit.session_title,
        "kind": hit.session_kind,
        "message_id": hit.message_id,
        "role": hit.role,
        "created": hit.created,
        "snippet": "".join(text for text, _ in hit.snippet),
        "matches": marks,
        "archived": hit.is_archived,
    }


def document(session: Session) -> dict[str, object]:
    """A session of a list as JSON."""
    return {
        "id": session.id,
        "title": session.title,
        "created": session.created,
        "updated": session.updated,
        "model": session.model,
        "kind": session.kind,
        "turns": session.turns,
        "cost_usd": None if session.cost is None else usd_string(session.cost),
        "pinned": session.is_pinned,
        "archived": session.is_archived,
        "tags": list(session.tags),
    }


def _row(session: Session, name: str) -> list[str]:
    cost = exact_money(session.cost) if session.cost is not None else "-"
    kind = "" if session.kind is SessionKind.CHAT else session.kind
    pin = "* " if session.is_pinned else ""
    tags = "".join(f"  #{tag}" for tag in session.tags)
    title = f"{pin}{session.title}{tags}"
    return [name, day(session.updated), count(session.turns), cost, kind, title]


def day(time: float) -> str:
    """A Unix time as lists show it, in the local time zone."""
    try:
        return datetime.fromtimestamp(time).astimezone().strftime("%Y-%m-%d %H:%M")
    except (OverflowError, OSError, ValueError):  # whatever a file that was imported once said
        return "unknown"
