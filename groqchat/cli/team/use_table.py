"""The table of sums over requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.output import table
from groqchat.domain.text.humanize import count, duration, exact_money, percent

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.domain.ledger.sums import Sums


MOST_ROWS = 50
"""The most days or sessions in a table, unless another number is asked for."""


def most_rows(args: argparse.Namespace) -> int:
    """The most days or sessions; -1 is no limit, which holds for data unless one is asked for."""
    if args.limit is not None:
        return int(args.limit)
    return -1 if args.json or args.csv else MOST_ROWS


def print_sums(by: str, rows: Sequence[tuple[str, Sums]], total: Sums) -> None:
    """Print a row for each of some sums; columns for sound are there where some was used."""
    columns = {"heard>": bool(total.audio_s), "spoken>": bool(total.characters)}
    sound = [name for name, is_shown in columns.items() if is_shown]
    head = ("requests>", "in>", "cached>", "share>", "out>", *sound, "cost.>")
    table((by, *head), [_row(key, sums, sound) for key, sums in rows])


def _row(key: str, sums: Sums, sound: Sequence[str]) -> list[str]:
    share = percent(sums.cached_share or 0.0) if sums.cached_tokens else ""
    cached = (count(sums.cached_tokens), share)
    tokens = (count(sums.prompt_tokens), *cached, count(sums.completion_tokens))
    used = {
        "heard>": duration(sums.audio_s) if sums.audio_s else "",
        "spoken>": count(sums.characters) if sums.characters else "",
    }
    shown = [used[name] for name in sound]
    return [key, count(sums.requests), *tokens, *shown, sums.cost_text(exact_money)]
