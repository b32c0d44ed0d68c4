"""``groqchat models``: what may be called, at which price, under which limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.arguments import add_json, add_profile, run_async
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.output import narrate, print_json, table
from groqchat.domain.catalog import Plan
from groqchat.domain.errors import GroqchatError
from groqchat.domain.humanize import count, exact_money
from groqchat.domain.pricing import price_strings

if TYPE_CHECKING:
    import argparse
    from decimal import Decimal

    from groqchat.bootstrap import Parts
    from groqchat.domain.catalog import Catalog, Model

HELP = "models with status, context, prices and limits"
EXAMPLES = """\
groqchat models
groqchat models --all
groqchat models --json | jq -r '.[] | select(.kind == "chat") | .id'
"""
_HEAD = ("model", "status", "kind", "context>", "in $/M>", "cached>", "out $/M>", "free TPM>", "")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--all", action="store_true", help="retired ones and their replacement too")
    add_profile(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the list."""
    return run_async(args, lambda parts: _print(parts, args))


async def _print(parts: Parts, args: argparse.Namespace) -> int:
    catalog = await _newest(parts)
    models = [
        model
        for model in sorted(catalog.models.values(), key=lambda model: (model.kind, model.id))
        if args.all or (model.is_usable and not model.is_retired)
    ]
    if args.json:
        print_json([_document(model, catalog) for model in models])
    else:
        table(_HEAD, [_row(model, catalog) for model in models])
    return ExitCode.DONE


async def _newest(parts: Parts) -> Catalog:
    """The account's own list where there is a key and a network, else what is known without."""
    try:
        connection = parts.connect(await parts.find_key())
    except GroqchatError as error:
        narrate(f"groqchat: the shipped list, not your account's: {error.message}")
        return parts.catalog
    try:
        return await connection.models.refresh()
    except GroqchatError as error:
        narrate(f"groqchat: the last list known, not today's: {error.message} {error.suggestion}")
        return connection.models.catalog
    finally:
        await connection.close()


def _document(model: Model, catalog: Catalog) -> dict[str, object]:
    return {
        "id": model.id,
        "status": model.status,
        "live": model.live,
        "kind": model.kind,
        "context_window": model.context_window,
        "max_completion_tokens": model.max_completion_tokens,
        "price": price_strings(model.price),
        "limits": {plan: dict(limits) for plan, limits in model.limits.items()},
        "abilities": list(model.abilities),
        "retired_on": model.retired_on,
        "replacement": _heir(model, catalog),
    }


def _row(model: Model, catalog: Catalog) -> list[str]:
    price = model.price
    heir = _heir(model, catalog)
    notes = [f"retired {model.retired_on or ''}".strip()] if model.is_retired else []
    notes += [f"use {heir}"] if heir else []
    notes += ["not in your account's list"] if model.live is False and not notes else []
    per_hour = f"{exact_money(price.per_hour)}/h" if price and price.per_hour is not None else "-"
    return [
        model.id,
        model.status,
        model.kind,
        count(model.context_window) if model.context_window else "-",
        _dollars(price.input if price else None) if per_hour == "-" else per_hour,
        _dollars(price.cached_input if price else None),
        _dollars(price.output if price else None),
        _free_tokens(model),
        ", ".join(notes),
    ]


def _heir(model: Model, catalog: Catalog) -> str | None:
    return catalog.replacement_for(model.id).id if model.is_retired else model.replacement


def _dollars(amount: Decimal | None) -> str:
    return "-" if amount is None else exact_money(amount)


def _free_tokens(model: Model) -> str:
    limits = {bucket.value: limit for bucket, limit in model.limits.get(Plan.FREE, {}).items()}
    return count(limits["TPM"]) if "TPM" in limits else "-"
