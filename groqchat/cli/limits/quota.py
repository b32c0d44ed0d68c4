"""``groqchat quota``: what is left of a model's limits, for people, status lines and CI.

Everything comes from the ledger: no request is sent, and no key is read.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from groqchat.cli.answers import quota_document
from groqchat.cli.arguments import add_json, run_async
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.models.names import model_id
from groqchat.cli.output import flush, narrate, print_json, print_json_line, say, table
from groqchat.cli.team.shared import limits_shared, tell_if_away
from groqchat.domain.ledger.sums import Grouping
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.limits.quota_line import FIELDS, UNKNOWN, QuotaLine
from groqchat.domain.models.catalog import Plan
from groqchat.domain.models.names import UnknownModelError, resolved_model
from groqchat.domain.planning.planner import read_count
from groqchat.domain.text.humanize import count, countdown, counted, money, percent
from groqchat.services.account.last_model import model_used_last
from groqchat.services.quota.budget import day_end, day_start, month_start
from groqchat.services.quota.forecasts import quota_by_profile

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.limits.quota import Level, QuotaView

    Bounds = Sequence[tuple[LimitKind, int]]

HELP = "what is left of a model's limits, from the ledger; no request, no key"
EXAMPLES = """\
groqchat quota
groqchat quota -m 120b --below TPD=50000 && groqchat ask "Hi" -m 120b
groqchat quota --line '{model} {TPM.remaining:,}/{TPM.limit:,}'
set -g status-right '#(groqchat quota --line "{TPD.percent}%% of TPD")'      # in .tmux.conf
"""

COST_TODAY, COST_MONTH = "cost_today", "cost_month"
_WATCHED_EVERY_S = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("-m", "--model", help="the model (the one of your newest chat)")
    form = parser.add_mutually_exclusive_group()
    add_json(form)
    form.add_argument(
        "--line",
        type=_line,
        metavar="FORMAT",
        help=f"print one line; fields in braces are {FIELDS}; ? is unknown".replace("%", "%%"),
    )
    parser.add_argument(
        "--below",
        type=_bound,
        action="append",
        default=[],
        metavar="BUCKET=N",
        help="exit with 6 if less is left of a bucket, with 12 if that is unknown; may be repeated",
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="print again each second in which something changed, until Ctrl+C or --below is met",
    )


def run(args: argparse.Namespace) -> int:
    """Print what is left; the exit code tells what ``--below`` asks."""
    return run_async(args, lambda services: _run(services, args), may_forget=True)


async def _run(services: LocalServices, args: argparse.Namespace) -> int:
    catalog = services.catalog
    model = (
        model_id(args.model, catalog)
        if args.model
        else await model_used_last(services.saved, catalog)
    )
    profiles, plan = services.settings.organization_of(services.profile), services.settings.plan
    team = limits_shared(services, profiles)
    quota = quota_by_profile(
        services.ledger,
        catalog,
        services.clock,
        profiles,
        Plan(plan) if plan else None,
        shared=team,
    )
    printed: object = None
    if args.model and (doubt := await _doubt(services, model)):
        narrate(f"groqchat: {doubt}")
    while True:
        if team is not None:
            await team.read(model)
        view = await quota.refresh(model)
        costs = await _costs(services, args.line.names) if args.line else {}
        # A countdown that a line does not name is no news of it.
        news = args.line.filled(view, costs) if args.line else (view.plan, view.levels)
        if news != printed:
            _print(args, view, costs, is_first=printed is None)
            printed = news
        code = _code(args.below, view)
        if not args.watch or code is ExitCode.LIMITED:
            break
        await services.clock.sleep(_WATCHED_EVERY_S)
    for sentence in _sentences(args.below, view):
        narrate(f"groqchat: {sentence}")
    tell_if_away(team)
    return code


async def _doubt(services: LocalServices, model: str) -> str:
    """A sentence on a model that neither the catalogue nor the ledger has, or nothing."""
    try:
        resolved_model(model, services.catalog, for_chat=False)
    except UnknownModelError as error:
        used = await services.ledger.by(Grouping.MODEL, since=0.0, until=None, limit=-1)
        if model not in {share.key for share in used}:
            known = "" if str(error).endswith("?") else "; `groqchat models` lists those there are."
            return f"{error}{known}"
    return ""


# -- what is printed ------------------------------------------------------------------------------


def _print(
    args: argparse.Namespace, view: QuotaView, costs: Mapping[str, str], *, is_first: bool
) -> None:
    if args.json:
        document: dict[str, object] = {"model": view.model, "plan": view.plan}
        document["buckets"] = quota_document(view)
        if sharing := view.sharing:
            is_there = sharing.away_since is None
            document["team"] = {"active": sharing.active, "is_there": is_there}
        (print_json_line if args.watch else print_json)(document)
    elif args.line:
        say(args.line.filled(view, costs))
        flush()
    else:
        if not is_first:
            say()
        say(_heading(view))
        if view.binding:
            head = ("bucket", "left>", "limit>", "left %>", "full again in>", "from")
            table(head, [_row(level) for level in view.levels])
        say(_turns(view))
        flush()


def _heading(view: QuotaView) -> str:
    inferred = ", inferred" if view.plan_inferred else ""
    plan = f"{view.plan} plan{inferred}" if view.plan else "plan unknown"
    team = view.sharing is not None and view.sharing.away_since is None
    return f"{view.model} · {plan}{' · shared by the team' if team else ''}"


def _row(level: Level) -> Sequence[str]:
    if level.remaining is None or level.limit is None:
        return level.kind, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, ""
    again = countdown(level.resets_in_s) if level.resets_in_s else ""
    share = percent(level.share_left or 0.0)
    return level.kind, count(level.remaining), count(level.limit), share, again, level.source or ""


def _turns(view: QuotaView) -> str:
    if view.turns_left is None:
        return "Nothing is known of its limits yet: they come with the first answer."
    return f"≈ {counted(view.turns_left, 'turn')} left ({view.binding})"


async def _costs(services: LocalServices, names: Container[str]) -> dict[str, str]:
    """What was spent, of those that a line names, in US dollars at list price."""
    now = services.clock.now()
    until = day_end(now)
    begins = {COST_TODAY: day_start(now), COST_MONTH: month_start(now)}
    return {
        name: money((await services.ledger.spent(since=since, until=until)).known_cost)
        for name, since in begins.items()
        if name in names
    }


# -- bounds ---------------------------------------------------------------------------------------


def _line(text: str) -> QuotaLine:
    try:
        return QuotaLine(text, (COST_TODAY, COST_MONTH))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _bound(text: str) -> tuple[LimitKind, int]:
    name, _, least = text.partition("=")
    if name.upper() not in LimitKind.__members__ or not least:
        kinds = ", ".join(LimitKind)
        raise argparse.ArgumentTypeError(
            f"{text!r} is no bucket and number such as TPD=50000; the buckets are {kinds}"
        )
    try:
        return LimitKind[name.upper()], read_count(least)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _code(bounds: Bounds, view: QuotaView) -> ExitCode:
    """The exit code: a bound that is missed outweighs one that is unknown."""
    left = [(_left(view, kind), least) for kind, least in bounds]
    if any(rest is not None and rest < least for rest, least in left):
        return ExitCode.LIMITED
    return ExitCode.UNKNOWN if any(rest is None for rest, _ in left) else ExitCode.DONE


def _sentences(bounds: Bounds, view: QuotaView) -> Iterator[str]:
    for kind, least in bounds:
        left = _left(view, kind)
        if left is None:
            yield f"what is left of {kind} of {view.model} is unknown; an answer tells most limits."
        elif left < least:
            yield f"{count(left)} {kind} of {view.model} left, which is below {count(least)}."


def _left(view: QuotaView, kind: LimitKind) -> int | None:
    level = view.level(kind)
    return level.remaining if level else None
