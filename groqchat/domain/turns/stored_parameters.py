"""The options of a session that are stored together, as one JSON object by their names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from groqchat.domain.turns.chat import Options

# Numbers as the database and every server take them.
_MOST = 2**63


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and math.isfinite(value) else None  # type: ignore[arg-type, return-value]  # a number


def _whole(value: object) -> int | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_whole and -_MOST <= value < _MOST else None  # type: ignore[operator, return-value]  # an int


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> tuple[str, ...]:
    texts = value if isinstance(value, list | tuple) else ()
    return tuple(text for text in texts if isinstance(text, str) and text)


def _flag(value: object) -> bool:
    return value is True


STORED: Mapping[str, Callable[[object], object]] = {
    "temperature": _number,
    "top_p": _number,
    "seed": _whole,
    "stop": _texts,
    "reasoning_format": _text,
    "is_json": _flag,
    "schema": _text,
    "tools": _texts,
}
"""The stored options, each with what makes its value from JSON; of the wrong type, it is unset."""


def options_stored(parameters: Mapping[str, object]) -> dict[str, object]:
    """The fields of :class:`~groqchat.domain.turns.chat.Options` that a JSON object holds."""
    return {name: read(parameters[name]) for name, read in STORED.items() if name in parameters}


def merged(parameters: Mapping[str, object], options: Options) -> dict[str, object]:
    """The JSON object of some options; what else an older object holds stays in it.

    Args:
        parameters: The older object, perhaps of a newer version with more options.
        options: The options.
    """
    others = {name: value for name, value in parameters.items() if name not in STORED}
    values = {name: getattr(options, name) for name in STORED}
    known = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value is not None and value is not False and value != ()
    }
    return others | known
