"""``groqchat usage --team``: what a team has used, and who of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import narrate, print_json
from groqchat.cli.team.use_table import print_sums
from groqchat.domain.ledger.usage_report import sums_document
from groqchat.domain.team.entries import TeamGrouping

if TYPE_CHECKING:
    import argparse

    from groqchat.bootstrap import LocalServices


async def print_team_use(services: LocalServices, args: argparse.Namespace) -> int:
    """Print what everybody has used, oneself, and each of a group as far as one may know it."""
    if args.csv or args.limit is not None:
        raise MisuseError("--team takes no --csv and no --limit; --json prints data")
    if args.by not in set(TeamGrouping):
        raise MisuseError(f"--team has no rows by {args.by}; by model, person or machine")
    server = services.team.server()
    try:
        use = await server.use(args.since, math.inf, TeamGrouping(args.by))
    finally:
        await server.close()
    if args.json:
        rows = [{"key": key, **sums_document(sums)} for key, sums in use.rows]
        everybody, mine = sums_document(use.everybody), sums_document(use.mine)
        print_json({**everybody, "mine": mine, "rows": rows, "sees_others": use.sees_others})
        return ExitCode.DONE
    whole = [("you", use.mine), ("all", use.everybody)]
    print_sums(args.by, [*use.rows, *whole], use.everybody)
    if not use.sees_others:
        narrate("The rows are your own use alone: you may not read what each of the others uses.")
    return ExitCode.DONE
