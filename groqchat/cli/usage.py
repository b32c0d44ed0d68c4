"""``groqchat usage``: requests, tokens and cost from the ledger on this machine."""

from __future__ import annotations

import argparse
import time
from datetime import datetime
from typing import TYPE_CHECKING

from groqchat.cli.arguments import add_json, limit, run_async
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.output import narrate, print_json, write
from groqchat.cli.team.shared import limits_shared, tell_if_away
from groqchat.cli.team.use_table import MOST_ROWS, most_rows, print_sums
from groqchat.domain.ledger.sums import Grouping
from groqchat.domain.ledger.usage_report import share_rows, shares_csv, sums_document
from groqchat.domain.models.catalog import Plan
from groqchat.domain.money.pricing import usd_string
from groqchat.domain.team.entries import TeamGrouping
from groqchat.domain.text.humanize import count
from groqchat.domain.text.redact import without_keys
from groqchat.services.quota.budget import day_end
from groqchat.services.quota.forecasts import limit_forecasts, month_forecast
from groqchat.services.sessions.dates import day_start

if TYPE_CHECKING:
    from groqchat.bootstrap import LocalServices
    from groqchat.services.quota.forecasts import LimitForecast

HELP = "requests, tokens and cost, from the ledger on this machine"
EXAMPLES = """\
groqchat usage
groqchat usage --by day --since 2026-11-01
groqchat usage --by model --json
groqchat usage --by day --csv > usage.csv
groqchat usage --team --by day
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--by",
        choices=list(dict.fromkeys(group.value for group in (*Grouping, *TeamGrouping))),
        default="model",
        help="one row for each model, day, session or profile; with --team also for each person or "
        "machine (model)",
    )
    parser.add_argument(
        "--since",
        type=_time,
        default=0.0,
        metavar="DATE",
        help="only from this day on: 2026-11-30, 2026-11, yesterday, 7d",
    )
    parser.add_argument(
        "-n",
        "--limit",
        type=limit,
        help=f"the most days or sessions to show, the newest ({MOST_ROWS} in a table); 0: all",
    )
    parser.add_argument(
        "--team", action="store_true", help="what the team of the settings has used"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="print the rows as CSV")
    add_json(form)


def run(args: argparse.Namespace) -> int:
    """Print the sums."""
    if args.team or args.by not in set(Grouping):
        from groqchat.cli.team.usage import print_team_use

        return run_async(args, lambda services: print_team_use(services, args), may_forget=True)
    return run_async(args, lambda services: _print(services, args), may_forget=True)


async def _print(services: LocalServices, args: argparse.Namespace) -> int:
    # What a clock that was ahead has dated counts in all, but not since a day.
    until = day_end(services.clock.now()) if args.since else None
    most = most_rows(args)
    # One more than is shown tells that there are more.
    asked = most if most < 0 else most + 1
    grouping = Grouping(args.by)
    shares = await services.ledger.by(grouping, since=args.since, until=until, limit=asked)
    is_cut = grouping.is_by_time and 0 <= most < len(shares)
    shares = shares[:most] if is_cut else shares
    total = await services.ledger.spent(since=args.since, until=until)
    if args.json:
        forecast = await _forecast_document(services)
        print_json({**sums_document(total), "rows": share_rows(shares), "forecast": forecast})
        return ExitCode.DONE
    if args.csv:
        write(without_keys(shares_csv(shares)))
        return ExitCode.DONE
    if not shares:
        narrate("No requests since then." if args.since else "No requests yet.")
        return ExitCode.DONE
    rows = [(share.key or "-", share.sums) for share in shares]
    print_sums(args.by, [*rows, ("all", total)] if len(shares) > 1 else rows, total)
    if is_cut:
        narrate(f"These are the newest {count(most)}; -n 0 shows every {args.by}.")
    if said := total.without_price():
        narrate(said)
    for said in filter(None, (total.from_cache(), total.of_sound())):
        narrate(said)
    for sentence in await forecast_sentences(services):
        narrate(sentence)
    return ExitCode.DONE


async def _forecast_document(services: LocalServices) -> dict[str, object]:
    month = await month_forecast(services.ledger, services.clock.now())
    limits = await limits_of_day(services)
    return {
        "month_end_usd": usd_string(month.cost) if month else None,
        "limits": [
            {
                "model": each.model,
                "bucket": each.level.kind,
                "limit": each.level.limit,
                "remaining": each.level.remaining,
                "runs_out_at": each.runs_out_at,
            }
            for each in limits
        ],
    }


async def forecast_sentences(services: LocalServices) -> list[str]:
    """The forecasts of the month and of the limits of the day."""
    month = await month_forecast(services.ledger, services.clock.now())
    return [*([str(month)] if month else []), *map(str, await limits_of_day(services))]


async def limits_of_day(services: LocalServices) -> tuple[LimitForecast, ...]:
    """The limits of the day of the models in use."""
    settings = services.settings
    profiles = settings.organization_of(services.profile)
    plan = Plan(settings.plan) if settings.plan else None
    team = limits_shared(services, profiles)
    forecasts = await limit_forecasts(
        services.ledger, services.catalog, services.clock, profiles, plan, shared=team
    )
    tell_if_away(team)
    return forecasts


def _time(text: str) -> float:
    if (day := day_start(text, now=time.time())) is not None:
        return day
    try:
        return datetime.fromisoformat(text).astimezone().timestamp()
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date; write it like 2026-11-30, yesterday or 7d"
        ) from None
