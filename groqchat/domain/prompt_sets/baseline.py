"""A baseline: an earlier report of ours as JSON, with which a new one is compared.

Only what was asked and checked in the same way is compared; what is left out is said.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groqchat.domain.compare.rules import variant_name
from groqchat.domain.text.humanize import counted
from groqchat.domain.text.redact import without_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.prompt_sets.outcomes import Outcome
    from groqchat.domain.prompt_sets.report import SetReport

_NOT_OURS = "it is no report of groqchat: `compare --file … --json` writes one"
_NAMED = 5


@dataclass(frozen=True, slots=True)
class EarlierResult:
    """One result of the earlier report; ``passes`` is None where nothing was checked."""

    prompt: str
    checks: tuple[str, ...]
    passes: bool | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The results of the earlier report, by column, and by the ids of prompts."""

    columns: Mapping[str, Mapping[str, Sequence[EarlierResult]]]


@dataclass(frozen=True, slots=True)
class InBoth:
    """What can be compared: for each prompt in both reports, whether its runs pass.

    ``notes`` are sentences on what cannot be compared.
    """

    before: tuple[tuple[bool, ...], ...] = ()
    now: tuple[tuple[bool, ...], ...] = ()
    notes: tuple[str, ...] = ()


def read_baseline(text: str) -> Baseline:
    """Read the JSON document of a report.

    Raises:
        ValueError: It is none; the message is for the user.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(_NOT_OURS) from None
    columns: dict[str, dict[str, list[EarlierResult]]] = {}
    try:
        for result in document["results"]:
            name = variant_name(_text(result["model"]), result.get("variant") or "")
            column = columns.setdefault(name, defaultdict(list))
            column[_text(result["id"])].append(_earlier(result))
    except (KeyError, TypeError, AttributeError):
        raise ValueError(_NOT_OURS) from None
    if not columns:
        raise ValueError("there are no results in it")
    return Baseline(columns)


def _earlier(result: dict[str, Any]) -> EarlierResult:
    checks = [(_text(each["check"]), each["passed"]) for each in result["checks"]]
    passes = all(passed is True for _, passed in checks) if checks else None
    return EarlierResult(_text(result["prompt"]), tuple(name for name, _ in checks), passes)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def compared(report: SetReport, model: str, baseline: Baseline) -> InBoth:
    """What of one column can be compared with the baseline."""
    earlier = baseline.columns.get(model)
    if earlier is None:
        there = ", ".join(baseline.columns)
        return InBoth(notes=(f"the baseline has no such model, but {there}",))
    place = [each.model for each in report.models].index(model)
    rows: defaultdict[str, list[Outcome]] = defaultdict(list)
    for row in report.outcomes:
        rows[row[place].prompt.id].append(row[place])
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    before, now = [], []
    for name, outcomes in rows.items():
        if reason := _obstacle(outcomes, earlier.get(name, ())):
            reasons[reason].append(name)
            continue
        before.append(tuple(bool(each.passes) for each in earlier[name]))
        now.append(tuple(bool(each.passes) for each in outcomes))
    reasons["not asked any more"] = [name for name in earlier if name not in rows]
    notes = (_note(reason, names) for reason, names in reasons.items() if names)
    return InBoth(tuple(before), tuple(now), tuple(notes))


def _obstacle(outcomes: Sequence[Outcome], earlier: Sequence[EarlierResult]) -> str:
    """The reason why a prompt cannot be compared; empty where it can."""
    prompt = outcomes[0].prompt
    if not earlier:
        return "not in the baseline"
    texts = {prompt.conversation, without_keys(prompt.conversation)}
    if any(each.prompt not in texts for each in earlier):
        return "with another text than in the baseline"
    if any(each.passes is None for each in outcomes):
        return "not answered yet" if any(each.is_missing for each in outcomes) else "without checks"
    if any(each.passes is None for each in earlier):
        return "not checked in the baseline"
    checks = [str(check) for check in outcomes[0].checks]
    kept = [list(checks), list(map(without_keys, checks))]
    if any(list(each.checks) not in kept for each in earlier):
        return "with other checks than in the baseline"
    return ""


def _note(reason: str, names: Sequence[str]) -> str:
    listed = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    return f"left out {counted(len(names), 'prompt')} {reason}: {listed}"
