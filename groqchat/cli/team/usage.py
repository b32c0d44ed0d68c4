"""``groqchat usage --team``: what a team has used, and who of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import narrate, print_json, write
from groqchat.cli.team.use_table import most_rows, print_sums
from groqchat.domain.ledger.sums import Share
from groqchat.domain.ledger.usage_report import share_rows, shares_csv, sums_document
from groqchat.domain.team.entries import TeamGrouping
from groqchat.domain.text.humanize import count
from groqchat.domain.text.redact import without_keys

if TYPE_CHECKING:
    import argparse

    from groqchat.bootstrap import LocalServices


async def print_team_use(services: LocalServices, args: argparse.Namespace) -> int:
    """Print what everybody has used, oneself, and each of a group as far as one may know it."""
    if args.by not in set(TeamGrouping):
        raise MisuseError(f"--team has no rows by {args.by}; by model, day, person or machine")
    server = services.team.server()
    try:
        use = await server.use(args.since, math.inf, TeamGrouping(args.by))
    finally:
        await server.close()
    rows = [Share(key, sums) for key, sums in use.rows]
    most = most_rows(args)
    is_cut = args.by == TeamGrouping.DAY and 0 <= most < len(rows)
    rows = rows[:most] if is_cut else rows
    if args.csv:
        write(without_keys(shares_csv(rows)))
        return ExitCode.DONE
    if args.json:
        everybody, mine = sums_document(use.everybody), sums_document(use.mine)
        seen = {"rows": share_rows(rows), "sees_others": use.sees_others}
        print_json({**everybody, "mine": mine, **seen})
        return ExitCode.DONE
    whole = [("you", use.mine), ("all", use.everybody)]
    print_sums(args.by, [*((row.key or "-", row.sums) for row in rows), *whole], use.everybody)
    if is_cut:
        narrate(f"These are the newest {count(most)}; -n 0 shows every day.")
    if not use.sees_others:
        narrate("The rows are your own use alone: you may not read what each of the others uses.")
    total = use.everybody
    for said in filter(None, (total.without_price(), total.from_cache(), total.of_sound())):
        narrate(said)
    return ExitCode.DONE
