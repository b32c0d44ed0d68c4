"""Reads the checks of a prompt from the fields of its row."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from groqchat.domain.prompt_sets.checks import Check, CheckKind
from groqchat.domain.prompt_sets.rubrics import Rubric
from groqchat.domain.prompt_sets.similarity import USUAL_THRESHOLD, Likeness
from groqchat.domain.structured.schema import read_any_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNITS = {
    CheckKind.LATENCY_UNDER: "seconds such as 2.5",
    CheckKind.COST_UNDER: "US dollars such as 0.001",
    CheckKind.TOKENS_UNDER: "tokens such as 200",
}
_LIKENESS = 'similar wants a text, a list of texts, or {"text": …, "threshold": 0.8}'
_RUBRIC = (
    'judge wants a rubric in words, a list of them, or {"rubric": …, "model": …, "reference": …}'
)


def read_checks(fields: Mapping[str, Any]) -> tuple[Check, ...]:
    """The checks that the fields of one prompt ask for; a field of None asks for none.

    Raises:
        ValueError: One of them cannot be; the message is for the user.
    """
    checks: list[Check] = []
    for kind in CheckKind:
        wanted = fields.get(kind)
        if wanted is not None:
            checks += _checks_of(kind, wanted)
    return tuple(checks)


def _checks_of(kind: CheckKind, wanted: object) -> list[Check]:
    if kind in _UNITS:
        return [Check(kind, _limit(kind, wanted))]
    match kind:
        case CheckKind.SCHEMA:
            return [_schema_check(wanted)]
        case CheckKind.JSON:
            return _json_checks(wanted)
        case CheckKind.SIMILAR:
            return [Check(kind, _likeness(each)) for each in _listed(wanted)]
        case CheckKind.JUDGE:
            return [Check(kind, _rubric(each)) for each in _listed(wanted)]
        case _:
            return [_text_check(kind, each) for each in _listed(wanted)]


def _listed(wanted: object) -> list[object]:
    return wanted if isinstance(wanted, list) else [wanted]


def _text_check(kind: CheckKind, wanted: object) -> Check:
    if not isinstance(wanted, str) or not wanted:
        raise ValueError(f"{kind} wants a text or a list of texts")
    if kind is CheckKind.REGEX:
        try:
            re.compile(wanted)
        except (re.error, RecursionError, OverflowError) as error:
            raise ValueError(f"{wanted!r} is no regular expression: {error}") from None
    return Check(kind, wanted)


def _schema_check(wanted: object) -> Check:
    try:
        return Check(CheckKind.SCHEMA, read_any_schema(wanted))
    except ValueError as mistake:
        raise ValueError(f"schema: {mistake}") from None


def _json_checks(wanted: object) -> list[Check]:
    if wanted is True or wanted == {}:
        return [Check(CheckKind.JSON)]
    if not isinstance(wanted, dict) or not all(wanted):
        raise ValueError("json wants true, or an object of paths and their values")
    return [Check(CheckKind.JSON, value, path) for path, value in wanted.items()]


def _likeness(wanted: object) -> Likeness:
    fields = {"text": wanted} if isinstance(wanted, str) else wanted
    if not isinstance(fields, dict) or not fields.keys() <= {"text", "threshold"}:
        raise ValueError(_LIKENESS)
    text, threshold = fields.get("text"), number(fields.get("threshold", USUAL_THRESHOLD))
    if not isinstance(text, str) or not text.strip():
        raise ValueError(_LIKENESS)
    if threshold is None or not 0 < threshold <= 1:
        raise ValueError("the threshold of similar is a number over 0 and up to 1")
    return Likeness(text, float(threshold))


def _rubric(wanted: object) -> Rubric:
    fields = {"rubric": wanted} if isinstance(wanted, str) else wanted
    if not isinstance(fields, dict) or not fields.keys() <= {"rubric", "reference", "model"}:
        raise ValueError(_RUBRIC)
    texts = [fields.get(name, "") for name in ("rubric", "reference", "model")]
    if not all(isinstance(text, str) for text in texts) or not texts[0].strip():
        raise ValueError(_RUBRIC)
    return Rubric(*texts)


def _limit(kind: CheckKind, wanted: object) -> Decimal:
    """The limit of a figure, exact as it was written."""
    limit = number(wanted)
    if limit is None or limit <= 0:
        raise ValueError(f"{kind} wants a number over 0: {_UNITS[kind]}")
    return limit


def number(value: object) -> Decimal | None:
    """A finite number, also one in a text as cells of CSV have it; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return read if read.is_finite() else None
