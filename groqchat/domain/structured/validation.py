"""The check of an answer against its schema, by the package jsonschema, which is imported late."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.structured.mismatch_words import shortened, words_of
from groqchat.domain.structured.references import flaw_of_references
from groqchat.domain.structured.sendable import PATTERNS, checkable
from groqchat.domain.text.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from groqchat.domain.structured.mismatch_words import Failure

NOT_JSON = object()
"""The value of a text that is no JSON."""
_MOST = 20
_MOST_STEPS = 50_000
_REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What is wrong at one place of an answer; ``path`` is like ``people[0].age``, or empty."""

    path: str
    words: str

    def __str__(self) -> str:
        return f"{self.path}: {self.words}" if self.path else self.words


def parsed(text: str) -> object:
    """The JSON value of an answer; ``NOT_JSON`` where it is none."""
    try:
        value: object = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return NOT_JSON
    return value


def has_patterns(schema: str) -> bool:
    """Whether a schema holds regular expressions, which may take for ever."""
    return any(f'"{keyword}"' in schema for keyword in PATTERNS)


def mismatches(
    schema: str | None, answer: str, *, with_patterns: bool = True
) -> tuple[Mismatch, ...]:
    """What keeps an answer from being what was asked for, the outermost first; at most 20.

    Args:
        schema: The schema as JSON; None where any JSON object will do.
        answer: The whole answer.
        with_patterns: Whether regular expressions are tried, which may never end.
    """
    value = parsed(answer)
    if value is NOT_JSON:
        return (Mismatch("", "the answer is no JSON"),)
    if schema is None:
        return () if isinstance(value, dict) else (Mismatch("", "the answer is no JSON object"),)
    from referencing.exceptions import Unresolvable

    validator, steps = _validator(schema, with_patterns=with_patterns)
    steps.left = _MOST_STEPS
    try:
        errors = validator.iter_errors(value)
        found = sorted(errors, key=lambda error: len(error.path))
    except Unresolvable:
        return (Mismatch("", "the schema refers to something that it does not hold"),)
    except RecursionError:
        return (Mismatch("", "the schema refers to itself without an end"),)
    except _TooManyStepsError:
        return (Mismatch("", "the schema has too many branches to be checked"),)
    return tuple(Mismatch(_path(error.absolute_path), words_of(error)) for error in found[:_MOST])


def flaw_of_schema(document: Mapping[str, object]) -> str:
    """What is wrong with a schema itself; empty if nothing is."""
    from jsonschema import Draft202012Validator, SchemaError
    from jsonschema.validators import validator_for

    try:
        validator_for(document, default=Draft202012Validator).check_schema(document)
        return flaw_of_references(document)
    except SchemaError as error:
        place = "/".join(str(step) for step in error.absolute_path)
        return f"it is no JSON Schema: {f'{place}: ' if place else ''}{shortened(error.message)}"
    except RecursionError:
        return "it is no JSON Schema: it is too deep"


class _Validator(Protocol):
    """What is used of a validator of jsonschema."""

    def iter_errors(self, instance: object) -> Iterable[Failure]:
        """The errors of a value."""


class _TooManyStepsError(Exception):
    """More references were followed than any answer needs."""


@dataclass(slots=True)
class _Steps:
    """The number of references that may still be followed in a check.

    A few parts that each name the next one twice would take for ever.
    """

    left: int = 0

    def bounded(self, follow: Callable[..., Iterable[Failure]]) -> Callable[..., Iterable[Failure]]:
        """The check of a keyword that follows a reference, which counts."""

        def followed(*asked: object) -> Iterable[Failure]:
            self.left -= 1
            if self.left < 0:
                raise _TooManyStepsError
            return follow(*asked)

        return followed


@lru_cache(maxsize=8)
def _validator(schema: str, *, with_patterns: bool) -> tuple[_Validator, _Steps]:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend, validator_for
    from referencing import Registry

    document = checkable(json.loads(schema, object_hook=None if with_patterns else _plain))
    kind, steps = validator_for(document, default=Draft202012Validator), _Steps()
    following = {name: kind.VALIDATORS[name] for name in _REFERENCES & kind.VALIDATORS.keys()}
    counted = {name: steps.bounded(follow) for name, follow in following.items()}
    # By default the package would fetch what a reference names from the network.
    # Formats are tried as far as the package knows them by itself: date and time, but not both.
    made: _Validator = extend(kind, counted)(
        document, registry=Registry(), format_checker=kind.FORMAT_CHECKER
    )
    return made, steps


def _plain(part: dict[str, object]) -> dict[str, object]:
    """A part of a schema without regular expressions, unless they are names of keys."""
    is_pattern = isinstance(part.get("pattern"), str)
    left_out = {"patternProperties", *(("pattern",) if is_pattern else ())}
    return {name: value for name, value in part.items() if name not in left_out}


def _path(steps: Iterable[str | int]) -> str:
    written = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return sanitize(written.removeprefix("."))


def _refuse(constant: str) -> None:
    """Refuse NaN and the infinities, which only Python takes for JSON."""
    raise ValueError(constant)
