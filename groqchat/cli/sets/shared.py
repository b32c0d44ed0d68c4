"""``groqchat compare --file --team``: a set that several machines ask, and its words."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.cli.output import YELLOW, narrate, narrate_error
from groqchat.domain.prompt_sets.judged import judges_named
from groqchat.domain.team.set_runs import SetPlan, SharedRun, short_name
from groqchat.domain.text.humanize import counted
from groqchat.domain.text.redact import without_keys
from groqchat.services.prompt_sets.shared.desk import Desk
from groqchat.services.prompt_sets.shared.sharing import Joined, SharedSet
from groqchat.services.quota.header_reconciliation import origin

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.sets.job import Job
    from groqchat.cli.sets.progress import ProgressDisplay
    from groqchat.domain.prompt_sets.columns import SetColumn
    from groqchat.services.account.connection import Connection
    from groqchat.services.ports import Clock
    from groqchat.services.prompt_sets.prompt_sets import PromptSetRun
    from groqchat.services.prompt_sets.set_services import SetServices

_LOOK_S = 1.0
# So often lines say how far all have come, where there are no bars.
_TELL_S = 15.0


async def join(
    services: LocalServices, connection: Connection, job: Job, columns: Sequence[SetColumn]
) -> Joined:
    """Take part in the run of a set, or begin it.

    Raises:
        MisuseError: The set cannot be shared.
        GroqchatError: The team's store cannot be used.
    """
    store = services.team.sets()
    if connection.team is None:
        raise MisuseError(
            f"the profile {connection.account.profile!r} is not the team's: see profiles under "
            "[team] in the settings"
        )
    if judges_named(job.prompts):
        raise MisuseError(
            "--team does not share verdicts: leave the check judge out, or judge in a second "
            "command without --team, once all answers are there"
        )
    narrate(
        f"--team: answers, without prompts, go to {services.team.settings.url}; whoever asks the "
        "same set there gets them.",
        YELLOW,
    )
    keys = tuple(prompt.key for prompt in job.prompts)
    name = without_keys(job.path.name)
    plan = SetPlan(origin(connection.base_url), name, keys, tuple(columns))
    now = services.clock.now()
    run = SharedRun(await store.join(plan, now, anew=bool(job.args.again)), len(keys))
    await store.reopen(run, now)
    return Joined(store, run, plan)


def share(
    joined: Joined, run: PromptSetRun, services: SetServices, limit: Decimal | None
) -> SharedSet:
    """The part of this machine; its run asks what the others do not.

    Args:
        joined: The run of all.
        run: The run of this machine.
        services: The services that the run uses.
        limit: The most that the run of all may cost; None: there is no limit.
    """
    desk = Desk(
        joined.store,
        joined.run,
        joined.plan,
        services.clock,
        limit=limit,
        cost_of=run.most_expected if limit is not None else lambda _: Decimal(0),
    )
    run.source = shared = SharedSet(joined, run, desk, services)
    return shared


@asynccontextmanager
async def together(
    shared: SharedSet | None, shown: ProgressDisplay, clock: Clock
) -> AsyncGenerator[None, None]:
    """Take part in asking a set, and show how far all have come; in the end get all answers.

    Raises:
        GroqchatError: The team's store cannot be used.
    """
    if shared is None:
        yield
        return
    await shared.begin()
    watching = asyncio.create_task(_watch(shared, shown, clock))
    try:
        yield
    finally:
        watching.cancel()
        left = await shared.end()
        if shared.trouble is not None:
            narrate_error(f"{shared.trouble.message} {shared.trouble.command_suggestion}")
        if left:
            narrate(
                f"{counted(left, 'answer')} of this machine could not be handed in: the same "
                "command does so, and asks none of them again.",
                YELLOW,
            )


async def _watch(shared: SharedSet, shown: ProgressDisplay, clock: Clock) -> None:
    told, is_away = clock.monotonic(), False
    while True:
        await clock.sleep(_LOOK_S)
        desk = shared.desk
        for column, standing in desk.standings.items():
            shown.settled(column, standing.settled, standing.failed)
        because = desk.away_because
        if because is not None and not is_away:
            shown.say(f"{because.message} What is answered is kept here, and handed in later.")
        if because is None and is_away:
            shown.say("The team's server is there again.")
        is_away = because is not None
        if clock.monotonic() - told >= _TELL_S and desk.standings and not is_away:
            told = clock.monotonic()
            _tell(shared, shown)


def _tell(shared: SharedSet, shown: ProgressDisplay) -> None:
    done = sum(each.settled for each in shared.desk.standings.values())
    shown.joint(len(shared.desk.workers), done, shared.size)


def announce_team(shared: SharedSet) -> None:
    """Say which run this machine takes part in."""
    narrate(f"The run is {short_name(shared.id)}: `groqchat team runs` lists it.")
