"""``groqchat models``: models with their prices, limits, speeds and uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.arguments import add_json, add_profile, run_async, used_key
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.models.tables import fitting, model_columns, model_document, use_case_document
from groqchat.cli.output import DIM, narrate, print_json, table
from groqchat.cli.team.shared import tell_if_away
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.models.catalog import Plan
from groqchat.domain.models.choosing import Order, ordered
from groqchat.domain.models.use_cases import advice, suggestions
from groqchat.domain.text.spelling import did_you_mean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.models.tables import Column
    from groqchat.domain.models.catalog import Catalog
    from groqchat.domain.models.choosing import Choice
    from groqchat.domain.models.use_cases import UseCase
    from groqchat.services.account.models import Models
    from groqchat.services.quota.quota import QuotaService

HELP = "models with prices, limits, what is left today, speed, and what to use them for"
EXAMPLES = """\
groqchat models
groqchat models --sort price
groqchat models --for                    what one may want to do, and the model to begin with
groqchat models --for coding
groqchat models --all
groqchat models --json | jq -r '.[] | select(.kind == "chat") | .id'
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--all", action="store_true", help="also retired models, with their replacements"
    )
    parser.add_argument(
        "--sort",
        choices=tuple(map(str, Order)),
        default=Order.BEST.value,
        help="what comes first (best: the recommended models)",
    )
    parser.add_argument(
        "--for",
        dest="use",
        nargs="?",
        const="",
        metavar="USE",
        help="only models for this use; without USE, list all uses",
    )
    add_profile(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the list."""
    return run_async(args, lambda services: _print(services, args), may_forget=True)


async def _print(services: LocalServices, args: argparse.Namespace) -> int:
    cases = services.use_cases()
    case = _use_case(args.use, cases) if args.use else None
    catalog, quota = await _account(services)
    if args.use == "":
        _print_use_cases(cases, catalog, as_json=args.json)
        return ExitCode.DONE
    choices = await _choices(services, catalog, quota, cases)
    if case is not None:
        narrate(f"{case.title}: {advice(case, catalog)} {case.source}, {case.as_of}.", DIM)
        by_id = {choice.model.id: choice for choice in choices}
        choices = [by_id[found.model.id] for found in suggestions(case, catalog)]
    choices = ordered(choices, Order(args.sort))
    shown = [choice for choice in choices if args.all or choice.model.is_usable]
    if args.json:
        print_json([model_document(choice, catalog) for choice in shown])
    else:
        _print_table(model_columns(shown, catalog, _plan(services, quota, shown)))
    return ExitCode.DONE


def _print_table(columns: Sequence[Column]) -> None:
    fitted = fitting(columns)
    table(fitted.head, fitted.rows)
    if fitted.left_out:
        names = ", ".join(fitted.left_out)
        narrate(
            f"groqchat: no room at this width for {names}; "
            "`groqchat models | less -S` or --json shows them."
        )


async def _account(services: LocalServices) -> tuple[Catalog, QuotaService | None]:
    """The account's own list where there is a key and a network, else the last known one."""
    try:
        connection = services.connect(await used_key(services))
    except GroqchatError as error:
        narrate(f"groqchat: the shipped list, not your account's: {error.message}")
        return services.catalog, None
    try:
        catalog = await _listed(connection.models)
        if connection.team is not None:
            for model in catalog.models.values():
                if model.is_usable:
                    await connection.team.limits.read(model.id)
            tell_if_away(connection.team.limits)
        return catalog, connection.quota
    finally:
        await connection.close()


async def _listed(models: Models) -> Catalog:
    """The account's own list, else the last known one."""
    try:
        return await models.refresh()
    except GroqchatError as error:
        why = f"{error.message} {error.command_suggestion}"
        narrate(f"groqchat: the last list known, not today's: {why}")
        return models.catalog


async def _choices(
    services: LocalServices, catalog: Catalog, quota: QuotaService | None, cases: Sequence[UseCase]
) -> Sequence[Choice]:
    from groqchat.services.account.model_overview import look_over
    from groqchat.services.quota.budget import local_day

    favourites = services.settings.favourites
    return await look_over(
        catalog,
        services.ledger,
        quota,
        favourites=favourites,
        use_cases=cases,
        today=local_day(services.clock.now()),
    )


def _plan(services: LocalServices, quota: QuotaService | None, choices: Sequence[Choice]) -> Plan:
    """The plan whose limits are shown: the account's if it is known, else the free one."""
    views = (quota.view(choice.model.id).plan for choice in choices) if quota else ()
    known = next((plan for plan in views if plan), None)
    return Plan(known or services.settings.plan or Plan.FREE)


def _use_case(name: str, cases: Sequence[UseCase]) -> UseCase:
    """The use case of an id, or of a part of an id or title that only one has."""
    close = [case for case in cases if name.lower() in f"{case.id} {case.title}".lower()]
    found = [case for case in cases if case.id == name] or close
    if len(found) != 1:
        known = ", ".join(case.id for case in cases)
        meant = did_you_mean(name, [case.id for case in cases])
        raise MisuseError(f"{name!r} is none of the uses: {known}{meant}")
    return found[0]


def _print_use_cases(cases: Sequence[UseCase], catalog: Catalog, *, as_json: bool) -> None:
    if as_json:
        print_json([use_case_document(case, catalog) for case in cases])
        return
    rows = [
        (
            case.id,
            case.title,
            case.way or ", ".join(found.model.id for found in suggestions(case, catalog)),
        )
        for case in cases
    ]
    table(("use", "what for", "begin with"), rows)
