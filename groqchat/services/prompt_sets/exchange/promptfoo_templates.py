"""Templates of promptfoo: of Nunjucks, variables alone, with ``dump`` and ``raw``; and chats."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import TYPE_CHECKING, Any

from groqchat.domain.prompt_sets.conversations import read_conversation
from groqchat.services.prompt_sets.exchange.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_PART = re.compile(
    r"\{%-?\s*raw\s*-?%\}(?P<raw>.*?)\{%-?\s*endraw\s*-?%\}"
    r"|\{\{-?\s*(?P<name>[A-Za-z_]\w*)\s*(?P<dump>\|\s*dump\s*)?-?\}\}"
    r"|(?P<other>\{\{|\{%|\{#)",
    re.DOTALL,
)
_DEEPEST = 5
_MOST_COMBINATIONS = 10_000


class _MissingValueError(ValueError):
    """A variable has no value."""


def filled(template: str, values: Mapping[str, Any], depth: int = 0) -> str:
    """A text with values in place of its variables, which may have variables themselves.

    Raises:
        ValueError: It has something else of Nunjucks, or a variable without a value.
    """

    def replaced(match: re.Match[str]) -> str:
        if match["other"]:
            around = template[match.start() : match.start() + 40].splitlines()[0]
            raise ValueError(f"of templates, variables alone are supported, not {around}")
        name = match["name"]
        if name is None:
            return match["raw"]
        if name not in values:
            raise _MissingValueError(f"the variable {name} has no value")
        value = values[name]
        if match["dump"]:
            return json.dumps(value, ensure_ascii=False)  # texts in objects are no templates
        if isinstance(value, str):
            return _nested(value, values, depth + 1)
        if isinstance(value, dict | list) or value is None:
            raise ValueError(f"the variable {name} is no text")
        return json.dumps(value)

    return _PART.sub(replaced, template)


def _nested(value: str, values: Mapping[str, Any], depth: int) -> str:
    """A value with others in it; one that names variables that are not there is a plain text."""
    try:
        return filled(value, values, depth) if depth < _DEEPEST else value
    except _MissingValueError:
        return value


def filled_in(value: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401  # YAML may be anything
    """A value with values in place of the variables in all its texts."""
    if isinstance(value, str):
        return filled(value, values)
    if isinstance(value, list):
        return [filled_in(each, values) for each in value]
    if isinstance(value, dict):
        return {name: filled_in(each, values) for name, each in value.items()}
    return value


def combinations(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The values of one prompt each: a list of texts stands for one prompt with each of them.

    Raises:
        ValueError: There are too many.
    """
    names = list(values)
    choices = [value if _is_choice(value) else [value] for value in values.values()]
    number = 1
    for each in choices:
        number *= len(each)
    if number > _MOST_COMBINATIONS:
        raise ValueError(f"its lists of values make {number:,} prompts")
    return [dict(zip(names, each, strict=True)) for each in product(*choices)]


def _is_choice(value: object) -> bool:
    return isinstance(value, list) and bool(value) and not isinstance(value[0], dict | list)


def prompt_fields(template: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a row that asks what a template asks: a prompt, or messages.

    Raises:
        ValueError: It cannot be asked here; the message says why.
    """
    chat = _chat(template)
    if chat is not None:
        return _of_chat(filled_in(chat, values))
    text = filled(template, values)
    chat = _chat(text)
    return {"prompt": text} if chat is None else _of_chat(chat)


def _chat(text: str) -> list[Any] | None:
    """The messages in a text of JSON or YAML; None where it is an ordinary text."""
    begins = text.lstrip()
    try:
        if begins.startswith("["):
            found = json.loads(text)
        elif begins.startswith("- role:"):
            found = read_yaml(text)
        else:
            return None
    except (ValueError, RecursionError):
        return None
    is_chat = isinstance(found, list) and all(isinstance(e, dict) and "role" in e for e in found)
    return found if is_chat and found else None


def _of_chat(messages: list[Any]) -> dict[str, Any]:
    plain = [dict(message) for message in messages]
    system, history, text = read_conversation(plain)
    if history:
        return {"messages": plain}
    return {"prompt": text} | ({"system": system} if system else {})
