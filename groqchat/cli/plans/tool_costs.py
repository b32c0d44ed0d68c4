"""The cost of Groq's own tools in ``plan cost``, beside that of the tokens."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.models.parameters import can_run
from groqchat.domain.money.pricing import usd_string
from groqchat.domain.planning.tool_prices import price_words, uses_cost
from groqchat.domain.text.humanize import exact_money
from groqchat.domain.tools.executed import BROWSER_SEARCH, CODE_INTERPRETER

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from groqchat.cli.plans.reports import Report
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.money.pricing import ToolPrice

_HEADS = {BROWSER_SEARCH: "searches", CODE_INTERPRETER: "hours of code"}


def has_tools(args: argparse.Namespace) -> bool:
    """Whether a command line asks for the cost of a tool."""
    return args.searches is not None or args.code_hours is not None


def with_tools(
    report: Report, args: argparse.Namespace, prices: Mapping[str, ToolPrice], model: Model
) -> Report:
    """A report on the cost of tokens, with that of searches and of hours of code.

    Args:
        report: The report; its fact ``cost_usd`` stays that of the tokens.
        args: The command line, with ``searches`` and ``code_hours``.
        prices: The prices of the tools, by name.
        model: The model, which may not have them.
    """
    wanted = {BROWSER_SEARCH: args.searches, CODE_INTERPRETER: args.code_hours}
    asked = {name: amount for name, amount in wanted.items() if amount is not None}
    if not asked:
        return report
    costs = {
        BROWSER_SEARCH: uses_cost(prices.get(BROWSER_SEARCH), uses=args.searches or 0),
        CODE_INTERPRETER: uses_cost(
            prices.get(CODE_INTERPRETER), hours=args.code_hours or Decimal(0)
        ),
    }
    known = [report.facts["cost_usd"], *(costs[name] for name in asked)]
    total = None if None in known else sum((Decimal(str(each)) for each in known), Decimal(0))
    tools = {
        name: {"amount": str(amount), "cost_usd": _usd(costs[name])}
        for name, amount in asked.items()
    }
    rows = [
        (_HEADS[name], f"{amount:,f}", exact_money(costs[name]))
        for name, amount in ((name, Decimal(amount)) for name, amount in asked.items())
    ]
    notes = [f"Price of {name}: {price_words(prices.get(name))}." for name in asked]
    notes += [f"{model.id} has no {name}." for name in asked if not can_run(model, name)]
    return replace(
        report,
        facts={**report.facts, "tools": tools, "total_cost_usd": _usd(total)},
        rows=[*report.rows, *rows, ("with tools", exact_money(total), "")],
        notes=[*report.notes, *notes],
    )


def _usd(amount: Decimal | None) -> str | None:
    return None if amount is None else usd_string(amount)
