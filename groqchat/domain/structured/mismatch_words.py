"""The plain sentence on what is wrong at one place of an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.text.humanize import in_words
from groqchat.domain.text.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_LONGEST = 160
_LONGEST_VALUE = 60
_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


class Failure(Protocol):
    """What is used of an error of jsonschema."""

    message: str
    path: Sequence[str | int]
    absolute_path: Sequence[str | int]
    validator: str
    validator_value: object
    instance: object
    schema: object


def words_of(failure: Failure) -> str:
    """The sentence on an error of jsonschema, without the place and the full stop.

    Keywords without a sentence of their own keep the words of the package.
    """
    tell = _SENTENCES.get(failure.validator)
    return shortened(tell(failure) if tell else failure.message)


def shortened(text: str) -> str:
    """A text on one line, cut where it is long."""
    words = " ".join(sanitize(text).split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _missing(failure: Failure) -> str:
    """The key that is missing; jsonschema makes an error of each."""
    has = failure.instance if isinstance(failure.instance, dict) else {}
    wanted = failure.validator_value if isinstance(failure.validator_value, list) else []
    missing = [name for name in wanted if name not in has]
    named = [name for name in missing if failure.message.startswith(f"{name!r} is")]
    return _keys(named or missing, "missing")


def _stray(failure: Failure) -> str:
    """The keys that are too much."""
    has = failure.instance if isinstance(failure.instance, dict) else {}
    schema = failure.schema if isinstance(failure.schema, dict) else {}
    if schema.get("patternProperties"):
        return failure.message
    known = schema.get("properties") or {}
    return _keys([name for name in has if name not in known], "not allowed")


def _keys(names: Sequence[object], what: str) -> str:
    named = in_words([f"“{name}”" for name in names])
    return f"the key {named} is {what}" if len(names) == 1 else f"the keys {named} are {what}"


def _kind(failure: Failure) -> str:
    wanted = failure.validator_value
    kinds = wanted if isinstance(wanted, list) else [wanted]
    said = " or ".join(_KINDS.get(str(each), str(each)) for each in kinds)
    return f"{_value(failure)} is not {said}"


def _choice(failure: Failure) -> str:
    wanted = failure.validator_value
    choices = wanted if isinstance(wanted, list) else [wanted]
    return f"{_value(failure)} is not one of {', '.join(_written(each) for each in choices)}"


def _value(failure: Failure) -> str:
    return _written(failure.instance)


def _written(value: object) -> str:
    """A value as JSON has it, cut where it is long."""
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= _LONGEST_VALUE else f"{written[: _LONGEST_VALUE - 1]}…"


_SENTENCES: Mapping[str, Callable[[Failure], str]] = {
    "required": _missing,
    "additionalProperties": _stray,
    "type": _kind,
    "enum": _choice,
    "const": lambda each: f"{_value(each)} is not {_written(each.validator_value)}",
    "minLength": lambda each: f"{_value(each)} has fewer than {each.validator_value} characters",
    "maxLength": lambda each: f"{_value(each)} has more than {each.validator_value} characters",
    "minItems": lambda each: f"the list has fewer than {each.validator_value} entries",
    "maxItems": lambda each: f"the list has more than {each.validator_value} entries",
    "uniqueItems": lambda _: "the list has an entry twice",
    "minimum": lambda each: f"{_value(each)} is less than {each.validator_value}",
    "maximum": lambda each: f"{_value(each)} is more than {each.validator_value}",
    "multipleOf": lambda each: f"{_value(each)} is no multiple of {each.validator_value}",
    "pattern": lambda each: f"{_value(each)} does not match {each.validator_value}",
    "format": lambda each: f"{_value(each)} is no {each.validator_value}",
    "anyOf": lambda each: f"{_value(each)} fits none of the allowed forms",
    "oneOf": lambda each: f"{_value(each)} does not fit exactly one of the allowed forms",
}
