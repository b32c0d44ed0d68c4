"""Assertions of promptfoo as checks of a set, as far as the two mean the same.

The types are those of promptfoo's documentation (site/docs/configuration/expected-outputs).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from groqchat.domain.prompt_sets.check_fields import number, read_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Fields = dict[str, Any]

_GROQ = "groq:"
# What changes an answer, or the weight of a check, before it counts; checks here have neither.
_CHANGES = ("transform", "contextTransform", "rubricPrompt", "config")
_NOT = "not-"


def is_known(kind: object) -> bool:
    """Whether a type of assertion has a check here."""
    if not isinstance(kind, str):
        return False
    return kind in _KINDS or (kind.startswith(_NOT) and kind.removeprefix(_NOT) in _NEGATED)


def check_fields(assertion: Mapping[str, Any]) -> Fields:
    """The fields of a row that check the same as an assertion.

    Args:
        assertion: The assertion, with values in place of variables.

    Raises:
        ValueError: There is no such check here; the message says why.
    """
    kind = assertion.get("type")
    if not isinstance(kind, str):
        raise ValueError("an assertion without a type")
    if not is_known(kind):
        raise ValueError(f"{kind} is not supported")
    if changed := next((name for name in _CHANGES if assertion.get(name) is not None), None):
        raise ValueError(f"{kind} with {changed} is not supported")
    if assertion.get("weight") == 0:
        raise ValueError(f"{kind} with a weight of 0 counts for nothing")
    make = _KINDS[kind] if kind in _KINDS else _NEGATED[kind.removeprefix(_NOT)]
    fields = make(assertion)
    try:
        read_checks(fields)
    except ValueError as mistake:
        raise ValueError(f"{kind}: {mistake}") from None
    return fields


def _text(assertion: Mapping[str, Any]) -> str:
    value = assertion.get("value")
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        raise ValueError(f"{assertion['type']} wants a text here")
    return str(value)


def _texts(assertion: Mapping[str, Any]) -> list[str]:
    value = assertion.get("value")
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not parts:
        raise ValueError(f"{assertion['type']} wants a list here")
    return [str(part).strip() if isinstance(value, str) else str(part) for part in parts]


def _any_of(texts: list[str]) -> str:
    return "|".join(map(re.escape, texts))


def _absent(pattern: str) -> Fields:
    """The check that a pattern is nowhere."""
    return {"regex": rf"\A(?![\s\S]*(?:{pattern}))"}


def _equals(assertion: Mapping[str, Any]) -> Fields:
    if isinstance(assertion.get("value"), dict | list):
        raise ValueError("equals with an object is not supported: is-json with a schema is")
    return {"exact": _text(assertion)}


def _is_json(assertion: Mapping[str, Any]) -> Fields:
    value = assertion.get("value")
    if value is None:
        return {"json": True}
    if isinstance(value, dict):
        return {"schema": value}
    raise ValueError("is-json wants a JSON Schema as an object here")


def _similar(assertion: Mapping[str, Any]) -> Fields:
    threshold = assertion.get("threshold")
    return {
        "similar": {
            "text": _text(assertion),
            "threshold": 0.75 if threshold is None else threshold,  # promptfoo's own
        }
    }


def _rubric(assertion: Mapping[str, Any]) -> Fields:
    if assertion.get("threshold") is not None:
        raise ValueError(
            f"{assertion['type']} with a threshold is not supported: judges say yes or no"
        )
    provider = assertion.get("provider")
    rubric: Fields = {"rubric": _text(assertion)}
    if isinstance(provider, str) and provider.startswith(_GROQ):
        rubric["model"] = provider.removeprefix(_GROQ)
    return {"judge": rubric if "model" in rubric else rubric["rubric"]}


def _limit(name: str, factor: str = "1") -> Callable[[Mapping[str, Any]], Fields]:
    def made(assertion: Mapping[str, Any]) -> Fields:
        threshold = number(assertion.get("threshold"))
        if threshold is None:
            raise ValueError(f"{assertion['type']} wants a threshold here")
        return {name: float(threshold * Decimal(factor))}

    return made


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], Fields]] = {
    "equals": _equals,
    "contains": lambda each: {"contains": _text(each)},
    "icontains": lambda each: {"regex": f"(?i){re.escape(_text(each))}"},
    "contains-all": lambda each: {"contains": _texts(each)},
    "icontains-all": lambda each: {"regex": [f"(?i){re.escape(text)}" for text in _texts(each)]},
    "contains-any": lambda each: {"regex": _any_of(_texts(each))},
    "icontains-any": lambda each: {"regex": f"(?i){_any_of(_texts(each))}"},
    "starts-with": lambda each: {"regex": rf"\A{re.escape(_text(each))}"},
    "regex": lambda each: {"regex": _text(each)},
    "is-json": _is_json,
    "similar": _similar,
    "llm-rubric": _rubric,
    "model-graded-closedqa": _rubric,
    "latency": _limit("latency_under", "0.001"),
    "cost": _limit("cost_under"),
}
_NEGATED: Mapping[str, Callable[[Mapping[str, Any]], Fields]] = {
    "equals": lambda each: {"regex": rf"\A(?!{re.escape(_text(each))}\Z)"},
    "contains": lambda each: _absent(re.escape(_text(each))),
    "icontains": lambda each: _absent(f"(?i:{re.escape(_text(each))})"),
    "contains-any": lambda each: _absent(_any_of(_texts(each))),
    "icontains-any": lambda each: _absent(f"(?i:{_any_of(_texts(each))})"),
    "starts-with": lambda each: {"regex": rf"\A(?!{re.escape(_text(each))})"},
    "regex": lambda each: _absent(_text(each)),
}


def merged(checks: list[Fields]) -> Fields:
    """The fields of several checks as those of one row; a limit that is there twice: the lower one.

    Raises:
        ValueError: Two schemas, which one row cannot have.
    """
    row: Fields = {}
    for fields in checks:
        for name, value in fields.items():
            if name not in row or value == row[name]:
                row[name] = value
            elif name.endswith("_under"):
                row[name] = min(row[name], value)
            elif name in {"schema", "json"}:
                raise ValueError(f"a prompt has one check {name}")
            else:
                row[name] = [*_listed(row[name]), *_listed(value)]
    return row


def _listed(value: Any) -> list[Any]:  # noqa: ANN401  # JSON
    return value if isinstance(value, list) else [value]
