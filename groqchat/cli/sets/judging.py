"""The judges of a set on the command line: which models they are, and what they cost."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.cli.models.names import asked_model, one_of
from groqchat.cli.output import YELLOW, narrate, narrate_error
from groqchat.cli.work_bar import work_bar
from groqchat.domain.prompt_sets.judged import judges_named, with_judges
from groqchat.domain.text.humanize import counted, in_words, money
from groqchat.services.prompt_sets.judging import (
    Judged,
    JudgeFailed,
    JudgingServices,
    SetJudging,
)
from groqchat.services.prompt_sets.shared_budget import SharedBudget

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.sets.job import Job
    from groqchat.cli.sets.reports import Stops
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.prompt_sets.rubrics import StoredVerdict
    from groqchat.services.account.connection import Connection
    from groqchat.services.prompt_sets.prompt_sets import PromptSetRun


def add_judge_argument(of_sets: argparse._ArgumentGroup) -> None:
    """Declare the option that names a judge."""
    of_sets.add_argument(
        "--judge",
        metavar="ID",
        help="the model that judges answers by the check judge, where the file names none",
    )


async def with_asked_judges(connection: Connection, job: Job) -> Job:
    """The job with the ids of its judges.

    Raises:
        MisuseError: A judge is missing, not clear, or has nothing to judge.
    """
    names, default = judges_named(job.prompts), job.args.judge
    if default and "" not in names:
        raise MisuseError("--judge is for prompts with the check judge that name no model")
    if "" in names and not default:
        raise MisuseError(
            f"{job.args.file} has the check judge: name the model that judges with --judge ID"
        )
    ids = {name: await asked_model(connection, name or default) for name in names}
    return replace(job, prompts=with_judges(job.prompts, ids))


def with_stored_judges(job: Job, verdicts: Iterable[StoredVerdict]) -> Job:
    """The job with the ids of judges whose verdicts are stored; without a name, of any."""
    there = dict.fromkeys(verdict.judge for verdict in verdicts)
    ids = {
        name: one_of(wanted, there) if (wanted := name or job.args.judge) else ""
        for name in judges_named(job.prompts)
    }
    return replace(job, prompts=with_judges(job.prompts, ids))


def set_judging(
    services: LocalServices, connection: Connection, job: Job, run: PromptSetRun
) -> SetJudging | None:
    """The judging of a run; None where no check needs a judge.

    Raises:
        MisuseError: ``--budget`` needs a price that is not known.
    """
    ids = judges_named(job.prompts)
    if not ids:
        return None
    args, price_of = job.args, connection.models.price_of
    for unknown in (each for each in ids if args.budget is not None and price_of(each) is None):
        raise MisuseError(f"the price of {unknown} is not known, so --budget cannot be kept")
    limit = args.budget
    return SetJudging(
        run,
        {each: connection.judge(connection.models.model(each)) for each in ids},
        JudgingServices(services.prompt_sets, connection.lane_of, services.clock),
        budget=None if limit is None else SharedBudget(services.ledger, run.session.id, limit),
        before_asking=connection.budget.allow_once if args.over_budget else lambda: None,
    )


def announce_judging(judging: SetJudging, job: Job) -> None:
    """Say how many verdicts are missing, and the most that they may cost."""
    rest = judging.estimate()
    if rest.verdicts:
        by = in_words(judges_named(job.prompts))
        narrate(
            f"Judging by {by}: {counted(rest.verdicts, 'verdict')}, at most {money(rest.cost)}."
        )


async def judge_answers(judging: SetJudging) -> Stops:
    """Judge the answers, with a bar; returns the errors that stopped judges, by model."""
    stops: dict[str, GroqchatError] = {}
    unread, total = 0, sum(each.answer is not None for each in judging.missing)
    done = 0
    with work_bar("judging", "answers") as draw:
        async with aclosing(judging.judge()) as events:
            async for event in events:
                done += 1
                draw(done, total)
                judge = event.missing.rubric.model
                if isinstance(event, Judged):
                    unread += event.verdict is None
                elif event.stops:
                    stops[judge] = event.error
                else:
                    _tell(event)
    for judge, error in stops.items():
        narrate_error(f"{judge} stopped judging: {error.message} {error.command_suggestion}")
    if unread:
        said = f"{counted(unread, 'answer')} of a judge held no verdict"
        kept = "`groqchat sessions list` names what was said"
        narrate(f"{said}: {kept}, and the same command asks again.", YELLOW)
    return stops


def _tell(failed: JudgeFailed) -> None:
    place = f"{failed.missing.rubric.model} · {failed.missing.prompt.id}"
    narrate_error(f"{place}: not judged: {failed.error.message}")
