"""The reports of ``groqchat plan``, as facts for JSON and as lines for people."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import Plan
from groqchat.domain.money.pricing import HOUR_S, billed_audio_s, price_strings, usd_string
from groqchat.domain.money.usage import Usage
from groqchat.domain.planning import planner
from groqchat.domain.planning.tier_facts import tier_facts
from groqchat.domain.text.humanize import UNKNOWN, count, exact_money

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.money.pricing import Cost

DEFAULT_DAYS = 30

_COMMAND_OF_UNIT = {
    "token": "groqchat plan cost --input … --output …",
    "hour": "groqchat plan audio --hours …",
    "character": "groqchat plan audio --characters …",
}


class MisuseError(Exception):
    """Arguments that do not make sense together; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report: facts for JSON, and for people a title, rows (name, figure, remark) and notes."""

    title: str
    facts: dict[str, object]
    rows: list[tuple[str, str, str]]
    notes: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The lines for people."""
        names = max(len(name) for name, _, _ in self.rows)
        figures = max(len(figure) for _, figure, _ in self.rows)
        yield self.title
        yield ""
        for name, figure, remark in self.rows:
            yield f"  {name:<{names}}  {figure:>{figures}}  {remark}".rstrip()
        yield ""
        yield from self.notes


def limits(args: argparse.Namespace, model: Model) -> Report:
    """The number of calls of one size that a plan allows.

    Raises:
        MisuseError: The size of a call is missing, or larger than a call can be.
    """
    call = planner.Call(args.tokens, args.tokens_out, args.seconds)
    if call.tokens is None and call.audio_s is None:
        raise MisuseError("say what one call uses, as in --tokens 2000 (or --seconds 90 of audio)")
    if (call.output_tokens or 0) > (call.tokens or 0):
        raise MisuseError("--tokens-out is part of --tokens and cannot be more")
    window = model.context_window
    if window is not None and (call.tokens or 0) > window:
        raise MisuseError(f"{model.id} takes no more than {count(window)} tokens, its window")
    plan = Plan(args.plan)
    known, origin = model.limits.get(plan, {}), model.limits_from.get(plan)
    capacity = planner.capacity(known, call)
    facts = {
        "plan": plan,
        "tokens_per_call": call.tokens,
        "output_tokens_per_call": call.output_tokens,
        "audio_s_per_call": call.audio_s,
        **_binding_facts(capacity),
        "limits": dict(known),
        "source": origin.source if origin else None,
        "as_of": origin.as_of if origin else None,
    }
    minute, day = capacity.per_minute, capacity.per_day
    rows = [
        ("calls per minute", count(minute.calls) if minute else UNKNOWN, _binding(minute)),
        ("calls per day", count(day.calls_per_day) if day else UNKNOWN, _binding(day)),
    ]
    title = f"{model.id}, {plan} plan, {_call_words(call)}"
    return Report(title, facts, rows, list(_limit_notes(plan, model, capacity)))


def cost(args: argparse.Namespace, model: Model) -> Report:
    """The cost of a number of tokens.

    Raises:
        MisuseError: The number is missing or given twice, or the model has no price for tokens.
    """
    workload = _workload(args)
    facts: dict[str, object] = {
        "input_tokens": workload.prompt_tokens,
        "cached_tokens": workload.cached_tokens,
        "output_tokens": workload.completion_tokens,
    }
    cached = f"{count(workload.cached_tokens)} cached" if workload.cached_tokens else ""
    rows = [
        ("input tokens", count(workload.prompt_tokens), cached),
        ("output tokens", count(workload.completion_tokens), ""),
    ]
    notes = []
    if cached and model.price is not None and model.price.cached_input is None:
        notes.append(f"{model.id} has no price for cached input: it counts as ordinary input.")
    if cached and args.batch:
        notes.append("A batch is billed at half price whatever the cache did: they never stack.")
    report = Report(model.id, facts, rows, notes)
    return _priced(report, model, "token", planner.project_tokens(workload, model.price), args)


def tiers(args: argparse.Namespace, model: Model) -> Report:
    """What each service tier means for limits and price on a plan."""
    plan = Plan(args.plan)
    found = tier_facts(model, plan)
    facts: dict[str, object] = {"plan": plan, "tiers": [asdict(each) for each in found]}
    has = {True: "yes", False: "no", None: UNKNOWN}
    rows = [(str(each.tier), has[each.is_open], f"limits: {each.limits}") for each in found]
    notes = [f"{each.tier}: {each.summary} Price: {each.price}." for each in found]
    return Report(f"{model.id}, {plan} plan: what each tier means", facts, rows, notes)


def audio(args: argparse.Namespace, model: Model) -> Report:
    """The cost of audio.

    Raises:
        MisuseError: The model transcribes where it should speak, or the reverse.
    """
    return _speech(args, model) if args.hours is None else _transcription(args, model)


def _speech(args: argparse.Namespace, model: Model) -> Report:
    notes = ["Speech cannot be sent as a batch."] if args.batch else []
    rows = [("characters", count(args.characters), "")]
    report = Report(model.id, {"characters": args.characters}, rows, notes)
    projection = planner.project_speech(args.characters, model.price)
    return _priced(report, model, "character", projection, args)


def _transcription(args: argparse.Namespace, model: Model) -> Report:
    seconds, files = args.hours * HOUR_S, 1 if args.files is None else args.files
    billed = billed_audio_s(seconds, files)
    facts = {"audio_s": float(seconds), "billed_s": float(billed), "files": files}
    rows = [("hours", f"{args.hours:,f}", f"in {count(files)} files" if files > 1 else "")]
    notes = ["Each file is billed as ten seconds at least."] if billed > seconds else []
    report = Report(model.id, facts, rows, notes)
    return _priced(report, model, "hour", planner.project_audio(seconds, files, model.price), args)


def _priced(
    report: Report,
    model: Model,
    unit: str,
    projection: planner.WorkloadCost,
    args: argparse.Namespace,
) -> Report:
    """The report with the cost of the workload, at once and as a batch, and the price."""
    _check_unit(model, unit)
    whole, batch = projection.synchronous, projection.batch
    asked = batch if args.batch and batch else whole
    facts = {
        "batch": args.batch,
        "cost_usd": _usd(asked),
        "synchronous_cost_usd": _usd(whole),
        "batch_cost_usd": _usd(batch),
        "saved_by_cache_usd": usd_string(asked.saved_by_cache) if asked else None,
        "price": price_strings(model.price),
    }
    rows = [("cost", exact_money(whole.total) if whole else UNKNOWN, _saving(whole))]
    if batch:
        rows.insert(0 if args.batch else 1, ("as a batch", exact_money(batch.total), ""))
    return replace(
        report,
        facts={**report.facts, **facts},
        rows=[*report.rows, *rows],
        notes=[*report.notes, _price_note(model)],
    )


def _check_unit(model: Model, unit: str) -> None:
    """Refuse a model that is priced in another unit, and name the right command."""
    price = model.price
    if price is None:
        return
    figures = {"token": price.input, "hour": price.per_hour, "character": price.per_million_chars}
    priced = [name for name, figure in figures.items() if figure is not None]
    if priced and unit not in priced:
        right = priced[0]
        raise MisuseError(f"{model.id} is priced by the {right}: {_COMMAND_OF_UNIT[right]}")


def _workload(args: argparse.Namespace) -> Usage:
    total = _total(args) if args.input is None and args.output is None else _given(args)
    try:
        cached = planner.read_part(args.cached, total.prompt_tokens)
    except ValueError as error:
        raise MisuseError(f"--cached: {error}") from None
    return replace(total, cached_tokens=cached)


def _given(args: argparse.Namespace) -> Usage:
    per_call = (args.calls_per_day, args.tokens_in, args.tokens_out, args.days)
    if any(value is not None for value in per_call):
        raise MisuseError("give either --input and --output, or --calls-per-day and its tokens")
    return Usage(prompt_tokens=args.input or 0, completion_tokens=args.output or 0)


def _total(args: argparse.Namespace) -> Usage:
    if args.calls_per_day is None or (args.tokens_in is None and args.tokens_out is None):
        raise MisuseError(
            "say how much: --input 100M --output 20M,"
            " or --calls-per-day 2000 --tokens-in 1500 --tokens-out 500"
        )
    call = Usage(prompt_tokens=args.tokens_in or 0, completion_tokens=args.tokens_out or 0)
    days = DEFAULT_DAYS if args.days is None else args.days
    return planner.repeated(call, days * args.calls_per_day)


def _binding_facts(capacity: planner.Capacity) -> dict[str, object]:
    minute, day = capacity.per_minute, capacity.per_day
    return {
        "calls_per_minute": minute.calls if minute else None,
        "binding_per_minute": minute.kind if minute else None,
        "calls_per_day": day.calls_per_day if day else None,
        "binding_per_day": day.kind if day else None,
    }


def _binding(call_limit: planner.CallLimit | None) -> str:
    if call_limit is None:
        return ""
    return f"{call_limit.kind} binds: {count(call_limit.limit)} {call_limit.kind.meaning}"


def _call_words(call: planner.Call) -> str:
    parts = [f"{count(call.tokens)} tokens"] if call.tokens is not None else []
    if call.output_tokens is not None:
        parts.append(f"{count(call.output_tokens)} of them answer")
    if call.audio_s is not None:
        parts.append(f"{count(call.audio_s)} s of audio")
    return f"{', '.join(parts)} a call"


# The option that says how much of a limit a call takes. All tokens together leave open how many
# of them are input.
_COUNTED_BY = {
    LimitKind.TPM: "--tokens",
    LimitKind.TPD: "--tokens",
    LimitKind.ITPM: "--tokens-out",
    LimitKind.OTPM: "--tokens-out",
    LimitKind.ASH: "--seconds",
    LimitKind.ASD: "--seconds",
}


def _limit_notes(plan: Plan, model: Model, capacity: planner.Capacity) -> Iterator[str]:
    origin = model.limits_from.get(plan)
    if origin is None:
        yield f"No limits are published for {model.id} on the {plan} plan."
    else:
        yield f"Limits: {origin.source}, {origin.as_of}. Your account may have others."
    if any(call_limit.calls == 0 for call_limit in capacity.call_limits):
        yield "One call is more than a limit allows: it is refused however long you wait."
    if capacity.unmeasured:
        missing = ", ".join(capacity.unmeasured)
        options = dict.fromkeys(_COUNTED_BY[kind] for kind in capacity.unmeasured)
        them = "it" if len(capacity.unmeasured) == 1 else "them"
        yield f"Not counted: {missing}; add {' and '.join(options)} to count {them}."


def _price_note(model: Model) -> str:
    if model.price is None:
        return f"The price of {model.id} is not known."
    return f"List price: {model.price.source}, {model.price.as_of}."


def _saving(cost: Cost | None) -> str:
    if cost is None or not cost.saved_by_cache:
        return ""
    return f"the cache saves {exact_money(cost.saved_by_cache)}"


def _usd(cost: Cost | None) -> str | None:
    return usd_string(cost.total) if cost else None
