"""``groqchat team runs``: the sets of prompts that machines of a team ask together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import GREEN, print_json, say, table
from groqchat.domain.money.pricing import usd_string
from groqchat.domain.team.set_runs import short_name
from groqchat.domain.text.humanize import count, duration, money

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.team.set_runs import SetRunUse


async def list_runs(services: LocalServices, args: argparse.Namespace) -> int:
    """List the runs in which the person takes part, or delete one of them."""
    store, now = services.team.sets(), services.clock.now()
    try:
        runs = await store.runs(now)
        deleted = _named(runs, args.delete) if args.delete else None
        if deleted is not None:
            await store.delete(deleted.run, now)
            runs = [each for each in runs if each is not deleted]
    finally:
        await store.close()
    if args.json:
        print_json([_document(each) for each in runs])
    elif deleted is not None:
        say(f"The answers of {deleted.name} are gone from the team's database.", GREEN)
        say("What machines have collected of them stays there.")
    elif not runs:
        say("You take part in no shared run: `groqchat compare --file FILE --team` begins one.")
    else:
        head = ("run", "set", "begun by", "begun", "done>", "failed>", "cost.>", "workers")
        table(head, [_row(each, now) for each in runs])
    return ExitCode.DONE


def _named(runs: Sequence[SetRunUse], name: str) -> SetRunUse:
    found = [each for each in runs if short_name(each.run).startswith(name) or each.run == name]
    if len(found) != 1:
        known = ", ".join(short_name(each.run) for each in runs) or "none"
        raise MisuseError(f"no single run is called {name!r}; yours are: {known}")
    return found[0]


def _document(run: SetRunUse) -> dict[str, object]:
    return {
        "run": short_name(run.run),
        "name": run.name,
        "person": run.person,
        "created": run.begun,
        "last_used": run.used,
        "tasks": run.tasks,
        "done": run.settled - run.failed,
        "failed": run.failed,
        "cost_usd": usd_string(run.cost),
        "workers": [{"person": each.person, "machine": each.machine} for each in run.workers],
    }


def _row(run: SetRunUse, now: float) -> list[str]:
    done = f"{count(run.settled - run.failed)}/{count(run.tasks)}"
    workers = ", ".join(f"{each.person} on {each.machine}" for each in run.workers)
    begun = f"{duration(max(0.0, now - run.begun))} ago"
    failed = count(run.failed) if run.failed else ""
    counts = (done, failed, money(run.cost), workers)
    return [short_name(run.run), run.name, run.person, begun, *counts]
